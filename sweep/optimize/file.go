package optimize

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"budget/model"
	"budget/model/document"
	"budget/sweep/plan"
)

const (
	defaultTolerance = 0.01
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
	r := &reader{file: file, root: root, design: &Design{weights: map[int][]float64{},
		values: map[int][]float64{}}}
	hasTolerances, hasPaths := root.Lookup("tolerances"), root.Lookup("paths")
	goal, requirements := take(root, "goal"), take(root, "require")
	axes := r.axes()
	p, err := plan.ParseDesign(file, root, over)
	if err != nil {
		if problems, ok := err.(model.Problems); ok {
			for i, p := range problems {
				if slices.Contains(r.steps, document.Position{Line: p.Line, Column: p.Column}) {
					problems[i].Key = "axis.resolution"
				}
			}
			return nil, append(r.problems, problems...)
		}
		return nil, err
	}
	d := r.design
	sum := sha256.Sum256(data)
	d.digest = hex.EncodeToString(sum[:])
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
	if len(r.problems) == 0 {
		r.sense(axes)
	}
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b model.Problem) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		return nil, r.problems
	}
	return d, nil
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
			a.weights, a.value = take(item, "weights"), take(item, "value")
			r.resolution(item, a.choose)
		}
		all = append(all, a)
	}
	return all
}

// resolution makes the resolution of a knob the step of its range.
func (r *reader) resolution(axis *document.Element, choose bool) {
	e := take(axis, "resolution")
	switch {
	case e == nil:
	case !choose:
		r.complain(e.At, "axis.resolution", "is for what is ours to set: expected choose = true, or step")
	case axis.Lookup("step") != nil || axis.Lookup("count") != nil:
		r.complain(e.At, "axis.resolution", "does not go with step or count: expected one of them")
	default:
		axis.Entries = append(axis.Entries, document.Entry{Key: "step", At: e.At, Value: e})
		r.steps = append(r.steps, e.At)
	}
}

// columns are those of the tables of designs and fronts, beside which each knob has one.
var columns = []string{"design", "state", "meets_requirements", "largest_excess", "paths", "looks",
	"against", "amount", "cap_s", "cap_lower_s", "cap_upper_s", "cap_best_s", "completed_s",
	"completed_lower_s", "completed_upper_s", "completed_best_s", "worth_s", "worth_lower_s",
	"worth_upper_s", "worth_best_s"}

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
			if slices.Contains(columns, name) {
				r.complain(keys.at, "axis.name", "%s is a column of the tables already: expected another name",
					document.Quote(name))
			}
			if keys.weights != nil {
				r.complain(keys.weights.At, "axis.weights",
					"are for circumstances: %s is a knob (choose = true)", name)
			}
			if len(d.Axes[i].Levels) < 2 {
				r.complain(keys.at, "axis", "the knob %s has one level: expected two or more to choose from",
					name)
			}
			r.value(i, keys)
			continue
		}
		if keys.value != nil {
			r.complain(keys.value.At, "axis.value", "is what a level of ours is worth: expected choose = true")
		}
		d.Circumstances = append(d.Circumstances, i)
		r.weights(i, keys)
		for _, key := range []string{plan.KeyGate, plan.KeyRestart, plan.KeySession} {
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

// value reads what a minute at each level of a knob is worth.
func (r *reader) value(axis int, keys axisKeys) {
	levels, e := r.design.Axes[axis].Levels, keys.value
	if e == nil {
		return
	}
	if e.Kind != document.Array || len(e.Items) != len(levels) {
		r.complain(e.At, "axis.value", "expected a list of %d values, one for each level", len(levels))
		return
	}
	for _, item := range e.Items {
		r.design.values[axis] = append(r.design.values[axis],
			r.quantity("axis.value", item, model.KindNumber, 1e6))
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
			value := 1.0
			for _, axis := range d.Knobs {
				if values := d.values[axis]; values != nil {
					value *= values[c.Level(axis)]
				}
			}
			d.Candidates = append(d.Candidates, Candidate{Value: value})
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
		if !d.alike(c, &d.Candidates[0]) {
			r.complain(r.root.Lookup("exclude").At, "exclude", "leaves circumstances of one design that "+
				"others do not have: expected the same of each")
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

// alike reports whether two candidates have the same circumstances.
func (d *Design) alike(a, b *Candidate) bool {
	return slices.EqualFunc(a.Cells, b.Cells, func(x, y plan.Cell) bool {
		return !slices.ContainsFunc(d.Circumstances, func(axis int) bool {
			return x.Level(axis) != y.Level(axis)
		})
	})
}
