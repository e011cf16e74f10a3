package optimize

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"budget/model"
	"budget/model/document"
	"budget/sweep/plan"
)

// Defaults of a design file.
const (
	defaultTolerance = 0.01
	defaultWithin    = 60   // [s]
	defaultRelative  = 0.02 // of the cap
	defaultZone      = 0.05 // of a requirement's limit
	// MostPaths is the largest number of paths of a candidate in a circumstance: as many as
	// package solver reads side by side.
	MostPaths = 1 << 18
	mostGates = 8 // of solver.Case.Gates
)

// Parse parses a design file; docs/optimize.md describes the format. over changes the base
// scenario from outside the file; nil changes nothing. The error is a Problems value if the file
// is wrong; that of over stays as it is.
func Parse(file string, data []byte,
	over func(*model.Scenario) (*model.Scenario, error)) (*Design, error) {
	root, err := document.Parse(file, data)
	if err != nil {
		return nil, err
	}
	r := &reader{file: file, root: root, design: &Design{weights: map[int][]float64{}}}
	hasTolerances, hasPaths := root.Lookup("tolerances"), root.Lookup("paths")
	goal, requirements := take(root, "goal"), take(root, "require")
	axes := r.axes()
	p, err := plan.ParseDesign(file, root, over)
	if err != nil {
		if problems, ok := err.(model.Problems); ok {
			return nil, append(r.problems, problems...)
		}
		return nil, err
	}
	d := r.design
	d.Plan = p
	if hasTolerances == nil {
		p.Tolerances = []float64{defaultTolerance}
	} else if len(p.Tolerances) > 1 {
		r.complain(hasTolerances.At, "tolerances", "a design has one tolerance: expected one value")
	}
	if hasPaths == nil {
		p.Paths = MostPaths
	} else if p.Paths < 128 || p.Paths > MostPaths {
		r.complain(hasPaths.At, "paths", "is the most paths of a candidate: expected 128 to %d", MostPaths)
	}
	r.goal(goal)
	r.require(requirements)
	r.kinds(axes)
	if len(r.problems) == 0 {
		r.candidates()
	}
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b model.Problem) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		return nil, r.problems
	}
	return d, nil
}

// take takes a key out of a table and returns its value, nil without one.
func take(table *document.Element, key string) *document.Element {
	i := slices.IndexFunc(table.Entries, func(e document.Entry) bool { return e.Key == key })
	if i < 0 {
		return nil
	}
	value := table.Entries[i].Value
	table.Entries = slices.Delete(table.Entries, i, i+1)
	return value
}

// reader reads what a design file has beyond a plan.
type reader struct {
	file     string
	root     *document.Element
	design   *Design
	problems model.Problems
}

func (r *reader) complain(at document.Position, key, format string, args ...any) {
	r.problems = append(r.problems, model.Problem{File: r.file, Line: at.Line, Column: at.Column,
		Key: key, Message: fmt.Sprintf(format, args...)})
}

// axisKeys are the keys of an axis that plans do not have.
type axisKeys struct {
	at      document.Position
	choose  bool
	weights *document.Element
}

// axes takes the keys that plans do not have out of the axes.
func (r *reader) axes() []axisKeys {
	var all []axisKeys
	list := r.root.Lookup("axis")
	if list == nil || list.Kind != document.Array {
		return nil
	}
	for _, item := range list.Items {
		a := axisKeys{at: item.At}
		if item.Kind == document.Table {
			if e := take(item, "choose"); e != nil {
				if a.choose = e.Text == "true"; e.Kind != document.Bool {
					r.complain(e.At, "axis.choose", "expected true or false")
				}
			}
			a.weights = take(item, "weights")
		}
		all = append(all, a)
	}
	return all
}

// known complains of keys of a table that are unknown.
func (r *reader) known(path string, e *document.Element, keys ...string) bool {
	if e.Kind != document.Table {
		r.complain(e.At, path, "expected a table")
		return false
	}
	for _, entry := range e.Entries {
		if !slices.Contains(keys, entry.Key) {
			hint := ": expected one of " + strings.Join(keys, ", ")
			if near := model.Nearest(entry.Key, keys); near != "" {
				hint = fmt.Sprintf(": did you mean %q?", near)
			}
			r.complain(entry.At, document.Join(path, entry.Key), "unknown key%s", hint)
		}
	}
	return true
}

// word reads one of some words.
func (r *reader) word(path string, e *document.Element, words ...string) string {
	if e.Kind != document.String || !slices.Contains(words, e.Text) {
		r.complain(e.At, path, "unknown word %s: expected one of %s", document.Quote(e.Text),
			strings.Join(words, ", "))
	}
	return e.Text
}

// quantity reads a quantity that is more than 0, and less than the upper end.
func (r *reader) quantity(path string, e *document.Element, kind *model.Kind,
	below float64) float64 {
	switch e.Kind {
	case document.String, document.Integer, document.Float:
	default:
		r.complain(e.At, path, "expected a quantity")
		return 0
	}
	si, _, err := kind.Parse(e.Text)
	switch {
	case err != nil:
		r.complain(e.At, path, "%v", err)
	case !(si > 0 && si < below):
		limit := ""
		if kind == model.KindNumber {
			limit = fmt.Sprintf(" and less than %v", below)
		}
		r.complain(e.At, path, "%s is out of range: expected more than 0%s", document.Shorten(e.Text),
			limit)
	}
	return si
}

// day is the longest session that a design can be about [s].
const day = 86_400.0 + 1

// goal reads the goal.
func (r *reader) goal(e *document.Element) {
	g := &r.design.Goal
	*g = Goal{Over: Mean, Within: defaultWithin, Relative: defaultRelative}
	if e == nil || !r.known("goal", e, "maximize", "over", "against", "within", "relative",
		"longest") {
		return
	}
	if x := e.Lookup("maximize"); x != nil {
		r.word("goal.maximize", x, "cap")
	}
	if x := e.Lookup("over"); x != nil {
		g.Over = Over(r.word("goal.over", x, string(Mean), string(Worst)))
	}
	if x := e.Lookup("against"); x != nil {
		g.Against = Aspect(r.word("goal.against", x, string(Cues), string(Power), string(BelowGate)))
	}
	if x := e.Lookup("within"); x != nil {
		g.Within, g.Relative = r.quantity("goal.within", x, model.KindDuration, day), 0
	}
	if x := e.Lookup("relative"); x != nil {
		g.Relative = r.quantity("goal.relative", x, model.KindNumber, 1)
	}
	if x := e.Lookup("longest"); x != nil {
		g.Longest = r.quantity("goal.longest", x, model.KindDuration, day)
		if err := r.design.Base.Grid.Hold(model.Duration(g.Longest)); err != nil {
			r.complain(x.At, "goal.longest", "%v", err)
		}
	}
}

// require reads the requirements.
func (r *reader) require(e *document.Element) {
	if e == nil {
		return
	}
	if e.Kind != document.Array {
		r.complain(e.At, "require", "expected an array of tables: [[require]]")
		return
	}
	for _, item := range e.Items {
		if !r.known("require", item, "what", "length", "most", "zone") {
			continue
		}
		what, most, length := item.Lookup("what"), item.Lookup("most"), item.Lookup("length")
		if what == nil || most == nil {
			r.complain(item.At, "require", "expected what and most: "+
				`what = "failure", length = "20 min", most = "0.5 %%"`)
			continue
		}
		q := Requirement{At: item.At, What: What(r.word("require.what", what, string(Failure),
			string(Refused), string(LeftOut))),
			Most: r.quantity("require.most", most, model.KindNumber, 1)}
		q.Zone = defaultZone * q.Most
		if zone := item.Lookup("zone"); zone != nil {
			q.Zone = r.quantity("require.zone", zone, model.KindNumber, 1)
		}
		switch {
		case length != nil && q.What != Failure:
			r.complain(length.At, "require.length", "is only for what = %q", Failure)
		case length == nil && q.What == Failure:
			r.complain(item.At, "require.length", "is missing: the session length that may fail so often")
		case length != nil:
			q.Length = r.quantity("require.length", length, model.KindDuration, day)
		}
		for _, other := range r.design.Requirements {
			if other.What == q.What && other.Length == q.Length {
				r.complain(item.At, "require", "repeats the requirement of line %d: expected one of them",
					other.At.Line)
			}
		}
		r.design.Requirements = append(r.design.Requirements, q)
	}
}

// kinds divides the axes into knobs and circumstances and reads the weights of these.
func (r *reader) kinds(axes []axisKeys) {
	d := r.design
	sets := func(key string) (at document.Position, ok bool) {
		for i := range d.Axes {
			if slices.Contains(d.Axes[i].Keys(), key) {
				return axes[i].at, true
			}
		}
		return at, false
	}
	for i, keys := range axes {
		name := d.Axes[i].Name
		if keys.choose {
			d.Knobs = append(d.Knobs, i)
			if keys.weights != nil {
				r.complain(keys.weights.At, "axis.weights",
					"are for circumstances: %s is a knob (choose = true)", name)
			}
			if len(d.Axes[i].Levels) < 2 {
				r.complain(keys.at, "axis", "the knob %s has one level: expected two or more to choose from",
					name)
			}
			continue
		}
		d.Circumstances = append(d.Circumstances, i)
		r.weights(i, keys)
		for _, key := range []string{plan.KeyGate, plan.KeySession} {
			if slices.Contains(d.Axes[i].Keys(), key) {
				r.complain(keys.at, "axis", "%s is ours to set: expected choose = true", key)
			}
		}
	}
	if len(d.Knobs) == 0 {
		r.complain(r.root.At, "axis", "nothing is ours to choose: expected choose = true in an axis")
	}
	if _, ok := sets(plan.KeySession); !ok && len(d.Sessions) != 1 {
		r.complain(r.root.At, "sessions", `expected one session type, such as sessions = ["mindfulness"], `+
			`or a knob with key = "session"`)
	}
	if len(d.Readings) > 1 {
		r.complain(r.root.Lookup("readings").At, "readings",
			"a design has one reading: expected one value")
	}
	if _, gated := sets(plan.KeyGate); gated && d.CountRefused {
		r.complain(r.root.Lookup("count_refused").At, "count_refused",
			"starts that a gate leaves out are no refusals: leave it out, or the gate")
	}
	if d.Trajectories > 0 {
		r.complain(r.root.Lookup("trajectories").At, "trajectories", "is for sweeps: leave it out")
	}
}

// weights reads the weights of a circumstance; without any, its levels weigh the same.
func (r *reader) weights(axis int, keys axisKeys) {
	levels := r.design.Axes[axis].Levels
	weights := slices.Repeat([]float64{1 / float64(len(levels))}, len(levels))
	if e := keys.weights; e != nil {
		switch {
		case e.Kind != document.Array || len(e.Items) != len(levels):
			r.complain(e.At, "axis.weights", "expected a list of %d weights, one for each level",
				len(levels))
			return
		case r.design.Goal.Over == Worst:
			r.complain(e.At, "axis.weights", "the worst case has no weights: leave them out")
		}
		sum := 0.0
		for i, item := range e.Items {
			weights[i] = r.quantity("axis.weights", item, model.KindNumber, 1e9)
			sum += weights[i]
		}
		for i := range weights {
			weights[i] /= sum
		}
	}
	r.design.weights[axis] = weights
}

// candidates groups the cells of the plan by the levels of the knobs. Where cells are excluded,
// every candidate must be left with the same circumstances.
func (r *reader) candidates() {
	d := r.design
	number := map[string]int{}
	for _, c := range d.Cells() {
		key := ""
		for _, axis := range d.Knobs {
			key += fmt.Sprint(c.Level(axis), " ")
		}
		i, ok := number[key]
		if !ok {
			i = len(d.Candidates)
			number[key] = i
			d.Candidates = append(d.Candidates, Candidate{})
		}
		weight := 1.0
		for _, axis := range d.Circumstances {
			weight *= d.weights[axis][c.Level(axis)]
		}
		of := &d.Candidates[i]
		of.Cells, of.Weights = append(of.Cells, c), append(of.Weights, weight)
	}
	for _, c := range d.Cells() {
		if _, on, _ := d.Scenario(c); on.Gate > 0 && !slices.Contains(d.Gates, on.Gate) {
			d.Gates = append(d.Gates, on.Gate)
		}
	}
	if len(d.Gates) > mostGates {
		r.complain(r.root.At, "axis", "there are %d gates besides 0 %%: expected at most %d",
			len(d.Gates), mostGates)
	}
	for i := range d.Candidates {
		c := &d.Candidates[i]
		if len(c.Cells) != len(d.Candidates[0].Cells) {
			r.complain(r.root.At, "exclude", "leaves %d circumstances of one design and %d of another: "+
				"expected as many of each", len(d.Candidates[0].Cells), len(c.Cells))
			return
		}
		sum := 0.0
		for _, w := range c.Weights {
			sum += w
		}
		for k := range c.Weights {
			c.Weights[k] /= sum
		}
	}
}
