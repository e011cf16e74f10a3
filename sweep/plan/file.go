package plan

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"budget/model"
	"budget/model/document"
	"budget/solver"
	"budget/sweep"
)

// Read reads a plan from a TOML file; docs/plans.md describes what it may hold. The
// base scenario and the records that it names are found beside it. The error is a
// Problems value where the plan is wrong, and not one where a file cannot be read.
func Read(file string) (*Plan, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(file, data)
}

// Parse reads a plan that has been read from a file of that name.
func Parse(file string, data []byte) (*Plan, error) {
	root, err := document.Parse(file, data)
	if err != nil {
		return nil, err
	}
	r := &reader{file: file, plan: &Plan{
		Name: strings.TrimSuffix(filepath.Base(file), ".toml"), File: file,
		Readings: []solver.Reading{solver.Cautious}, Tolerances: solver.DefaultTolerances, Confidence: solver.DefaultConfidence,
		Sampling: solver.Tilted, Seed: sweep.DefaultSeed, Paths: sweep.DefaultPaths,
	}}
	r.read(root)
	problems := r.problems
	if len(problems) == 0 {
		r.plan.expand()
		problems = r.plan.checkCells()
	} else {
		problems = append(problems, r.plan.checkLevels()...)
	}
	if len(problems) > 0 {
		slices.SortStableFunc(problems, func(a, b model.Problem) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		problems = slices.Compact(problems)
		return nil, problems[:min(len(problems), maxProblems)]
	}
	return r.plan, nil
}

// reader makes a plan of a document. It goes on after a problem, so that all are
// reported at once.
type reader struct {
	file     string
	plan     *Plan
	problems model.Problems
}

func (r *reader) complain(at document.Position, key, format string, args ...any) {
	r.problems = append(r.problems, model.Problem{File: r.file, Line: at.Line, Column: at.Column, Key: key, Message: fmt.Sprintf(format, args...)})
}

// table is a table of the plan, of which it is known what keys it has.
type section struct {
	*document.Element
	from *reader
	name string // path
	at   document.Position
}

// table checks that an element is a table with no keys but those known.
func (r *reader) section(path string, e *document.Element, known ...string) *section {
	if e.Kind != document.Table {
		r.complain(e.At, path, "expected a table")
		return nil
	}
	t := &section{e, r, path, e.At}
	for _, entry := range e.Entries {
		if slices.Contains(known, entry.Key) {
			continue
		}
		hint := ": expected one of " + strings.Join(known, ", ")
		if near := model.Nearest(entry.Key, known); near != "" {
			hint = fmt.Sprintf(": did you mean %q?", near)
		} else if path == "" && slices.Contains(scenarioTables, entry.Key) {
			hint = fmt.Sprintf(": a scenario's keys stand under [scenario.%s]", entry.Key)
		}
		r.complain(entry.At, t.path(entry.Key), "unknown key%s", hint)
	}
	return t
}

// scenarioTables are the tables of scenario files.
var scenarioTables = []string{"grid", "battery", "gauge", "thermal", "population", "policy", "workload", "session"}

func (t *section) path(key string) string { return document.Join(t.name, key) }

// get returns the value of a key, or nil.
func (t *section) get(key string) *document.Element { return t.Lookup(key) }

// need returns the value of a key that must be there.
func (t *section) need(key string) *document.Element {
	e := t.Lookup(key)
	if e == nil {
		t.from.complain(t.at, t.path(key), "is missing")
	}
	return e
}

func (r *reader) read(root *document.Element) {
	t := r.section("", root, "name", "base", "scenario", "sessions", KeyDevice, KeyEnvironment, KeyStartLevel, "readings",
		"tolerances", "confidence", "on_resign", "sampling", "seed", "paths", "trajectories", "durations", "axis", "exclude")
	p := r.plan
	r.base(t)
	if e := t.get("name"); e != nil {
		p.Name, _ = r.word("name", e, nil)
	}
	p.Sessions = model.IDs(p.Base.Sessions)
	if e := t.get("sessions"); e != nil {
		p.Sessions = r.words("sessions", e, p.Sessions)
	}
	for _, key := range CaseKeys {
		if e := t.get(key); e != nil {
			p.fixed = append(p.fixed, model.Setting{Key: key, At: e.At, Value: e})
		}
	}
	if e := t.get("readings"); e != nil {
		words := r.words("readings", e, []string{string(solver.Cautious), string(solver.AsDocumented)})
		p.Readings = nil
		for _, word := range words {
			p.Readings = append(p.Readings, solver.Reading(word))
		}
	}
	if e := t.get("tolerances"); e != nil {
		p.Tolerances = nil
		items, _ := r.items("tolerances", e)
		for _, item := range items {
			if x, ok := r.share("tolerances", item, 0, 1); ok {
				p.Tolerances = append(p.Tolerances, x)
			}
		}
		r.once("tolerances", items)
	}
	if e := t.get("confidence"); e != nil {
		if x, ok := r.share("confidence", e, 0.5, 1-1e-12); ok {
			p.Confidence = x
		}
	}
	if e := t.get("on_resign"); e != nil {
		word, _ := r.word("on_resign", e, []string{"pause", "end"})
		p.EndOnResign = word == "end"
	}
	if e := t.get("sampling"); e != nil {
		word, _ := r.word("sampling", e, []string{string(solver.Tilted), string(solver.Sobol), string(solver.Stratified), string(solver.Independent)})
		p.Sampling = solver.Sampling(word)
	}
	if e := t.get("seed"); e != nil {
		seed, err := strconv.ParseUint(strings.ReplaceAll(e.Text, "_", ""), 10, 64)
		if err != nil || e.Kind != document.Integer {
			r.complain(e.At, "seed", "expected a whole number that is not negative, such as 1")
		}
		p.Seed = seed
	}
	if e := t.get("paths"); e != nil {
		n, _ := r.whole("paths", e, 1, 2_000_000_000)
		p.Paths = int64(n)
	}
	if e := t.get("trajectories"); e != nil {
		p.Trajectories, _ = r.whole("trajectories", e, 0, 10_000)
	}
	r.durations(t.get("durations"))
	if e := t.get("axis"); e != nil {
		r.axes(e)
	}
	if e := t.get("exclude"); e != nil && len(r.problems) == 0 {
		r.exclude(e)
	}
}

// base reads the scenario below the axes.
func (r *reader) base(t *section) {
	r.plan.Base = model.Default()
	if e := t.get("base"); e != nil {
		if name, ok := r.word("base", e, nil); ok {
			file := r.beside(name)
			data, err := os.ReadFile(file)
			if err != nil {
				r.complain(e.At, "base", "cannot read scenario %s: %v", file, reason(err))
			} else if base, err := model.Parse(file, data); err != nil {
				r.problems = append(r.problems, err.(model.Problems)...)
			} else {
				r.plan.Base = base
			}
		}
	}
	if e := t.get("scenario"); e != nil {
		base, err := r.plan.Base.Over(r.file, e)
		if err != nil {
			r.problems = append(r.problems, err.(model.Problems)...)
			return
		}
		r.plan.Base = base
	}
}

// beside returns the path of a file that the plan names.
func (r *reader) beside(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(r.file), filepath.FromSlash(name))
}

// reason says why a file operation failed, without its name.
func reason(err error) string {
	if path, ok := err.(*os.PathError); ok {
		return path.Err.Error()
	}
	return err.Error()
}

// durations reads the durations that incidence is told of: a list, or one that they are
// the multiples of.
func (r *reader) durations(e *document.Element) {
	p := r.plan
	p.Durations = map[string][]float64{}
	step := float64(p.Base.Grid.Step)
	var list []float64
	every := 0.0
	if e != nil {
		items := []*document.Element{e}
		if e.Kind == document.Array {
			items, _ = r.items("durations", e)
		}
		for _, item := range items {
			x, _, ok := r.quantity("durations", item, model.KindDuration)
			switch {
			case !ok:
			case x < step*(1-1e-9):
				r.complain(item.At, "durations", "%s is shorter than a step (%v)", document.Shorten(item.Text), p.Base.Grid.Step)
			case e.Kind == document.Array:
				list = append(list, x)
			default:
				every = x
			}
		}
	}
	some := false
	for _, id := range p.Sessions {
		session := p.Base.Session(id)
		if session == nil {
			continue
		}
		horizon := float64(session.Horizon)
		switch {
		case len(list) > 0:
			p.Durations[id] = onGrid(list, step, horizon)
			some = some || len(p.Durations[id]) > 0
		case every > 0:
			var multiples []float64
			for n := 1.0; n*every <= horizon+1e-9; n++ {
				multiples = append(multiples, n*every)
			}
			p.Durations[id] = onGrid(multiples, step, horizon)
		default:
			p.Durations[id] = usualDurations(p.Base, session)
		}
	}
	if len(list) > 0 && !some {
		r.complain(e.At, "durations", "all are longer than any horizon: expected shorter ones, or scenario.session with a longer horizon")
	}
}

// axes reads the axes, and bounds the cells.
func (r *reader) axes(e *document.Element) {
	if e.Kind != document.Array {
		r.complain(e.At, "axis", "expected an array of tables: [[axis]]")
		return
	}
	cells := 1.0
	set := map[string]string{}
	for _, setting := range r.plan.fixed {
		set[setting.Key] = "the plan itself"
	}
	names, columns := map[string]bool{}, map[string]string{}
	for _, item := range e.Items {
		before := len(r.problems)
		a, ok := r.axis(item)
		if !ok || len(r.problems) > before {
			continue
		}
		if names[a.Name] {
			r.complain(item.At, "axis", "there are two axes %q: expected a name = \"...\" of its own for each", a.Name)
		}
		names[a.Name] = true
		for _, c := range a.Columns {
			lower := strings.ToLower(c.Name)
			if other, ok := columns[lower]; ok {
				r.complain(item.At, "axis", "makes the column %s, as %s does: expected another name", c.Name, other)
			} else if slices.Contains(reserved, lower) && !c.onCase() {
				r.complain(item.At, "axis", "makes the column %s, which tables have anyway: expected another name", c.Name)
			}
			columns[lower] = "axis " + a.Name
		}
		for _, key := range a.Keys() {
			if other, ok := set[key]; ok {
				r.complain(item.At, "axis", "sets %s, which %s sets already", key, other)
			}
			set[key] = "axis " + a.Name
		}
		if cells *= float64(len(a.Levels)); cells > maxCells {
			r.complain(item.At, "axis", "makes %.4g cells with the axes before it: expected at most %d; a design = %q or %q fills a space with few points", cells, maxCells, designLatin, designSobol)
			return
		}
		r.plan.Axes = append(r.plan.Axes, *a)
	}
}

// axis reads one axis.
func (r *reader) axis(e *document.Element) (*Axis, bool) {
	t := r.section("axis", e, "name", "key", "values", "from", "to", "step", "count", "scale", "zip", "case", "design", "points",
		"seed", "over", "records", "set", "time", "by", "every", "missing")
	if t == nil {
		return nil, false
	}
	a := &Axis{}
	if name := t.get("name"); name != nil {
		a.Name, _ = r.word("axis.name", name, nil)
	}
	forms := []string{"key", "zip", "case", "design", "records"}
	var found []string
	for _, form := range forms {
		if t.get(form) != nil {
			found = append(found, form)
		}
	}
	if len(found) != 1 {
		r.complain(e.At, "axis", "expected one of key (with values, or from and to), zip, case, design, records; found %s", cmp.Or(strings.Join(found, " and "), "none"))
		return nil, false
	}
	if a.Name == "" && found[0] != "key" {
		r.complain(e.At, "axis.name", "is missing: what should tables call it?")
		return nil, false
	}
	form := t.get(found[0])
	switch found[0] {
	case "key":
		key, ok := r.key(t)
		if !ok {
			return nil, false
		}
		a.Name = cmp.Or(a.Name, key.Key)
		values := t.get("values")
		if values == nil && t.get("from") == nil {
			r.complain(e.At, "axis", "expected values = [...], or from, to and step, beside the key")
			return nil, false
		}
		if values == nil {
			r.ranged(a, t, key)
			break
		}
		if items, ok := r.items("axis.values", values); ok {
			r.once("axis.values", items)
			r.listed(a, []document.Entry{key}, [][]*document.Element{items})
		}
	case "zip":
		r.zipped(a, t, form)
	case "case":
		r.cases(a, t, form)
	case "design":
		r.designed(a, t, form)
	case "records":
		r.recorded(a, t, form)
	}
	return a, true
}

// key reads the key that an axis varies; the entry's value has its place.
func (r *reader) key(t *section) (document.Entry, bool) {
	e := t.need("key")
	if e == nil {
		return document.Entry{}, false
	}
	key, ok := r.word(t.path("key"), e, nil)
	if !ok {
		return document.Entry{}, false
	}
	// A key that is unknown, or a table, is known by what a word there would be.
	if !slices.Contains(CaseKeys, key) && r.plan.Base.Parameter(key) == nil {
		probe := &document.Element{Kind: document.String, Text: "?", At: e.At}
		_, err := r.plan.Base.With(r.file, []model.Setting{{Key: key, At: e.At, Value: probe}})
		if problems, _ := err.(model.Problems); len(problems) > 0 && strings.Contains(problems[0].Message, "unknown") && !strings.Contains(problems[0].Message, `"?"`) {
			r.problems = append(r.problems, problems[0])
			return document.Entry{}, false
		}
	}
	return document.Entry{Key: key, At: e.At, Value: e}, true
}

// exclude reads which cells are left out.
func (r *reader) exclude(e *document.Element) {
	if e.Kind != document.Array {
		r.complain(e.At, "exclude", "expected an array of tables: [[exclude]]")
		return
	}
	names := make([]string, len(r.plan.Axes))
	for i, a := range r.plan.Axes {
		names[i] = a.Name
	}
	for _, item := range e.Items {
		if item.Kind != document.Table || len(item.Entries) == 0 {
			r.complain(item.At, "exclude", "expected axes with the levels to leave out: device = [...], ambient = \"...\"")
			continue
		}
		out := exclusion{}
		for _, entry := range flatten(item, "") {
			path := document.Join("exclude", entry.Key)
			axis := slices.Index(names, entry.Key)
			if axis < 0 {
				r.complain(entry.At, path, "there is no such axis: expected one of %s", strings.Join(names, ", "))
				continue
			}
			values := []*document.Element{entry.Value}
			if entry.Value.Kind == document.Array {
				values = entry.Value.Items
			}
			for _, v := range values {
				level := r.levelOf(&r.plan.Axes[axis], v)
				if level < 0 {
					r.complain(v.At, path, "%s is no level of the axis: expected one of %s", document.Quote(labelOf(v)), someLabels(r.plan.Axes[axis].Levels))
					continue
				}
				out[axis] = append(out[axis], level)
			}
		}
		r.plan.exclusions = append(r.plan.exclusions, out)
	}
}

// levelOf finds the level that a value stands for: by its label, or by being the same
// quantity in another unit. It returns -1 for none.
func (r *reader) levelOf(a *Axis, v *document.Element) int {
	label := labelOf(v)
	for i, level := range a.Levels {
		if level.Label == label {
			return i
		}
	}
	keys := a.Keys()
	if len(keys) != 1 || r.kindOf(keys[0]) == nil {
		return -1
	}
	kind := r.kindOf(keys[0])
	si, _, err := kind.Parse(v.Text)
	if err != nil {
		return -1
	}
	return slices.IndexFunc(a.Levels, func(l Level) bool { return l.Values[0] == any(kind.InColumn(si)) })
}

// someLabels names levels, not at length.
func someLabels(levels []Level) string {
	var labels []string
	for i, level := range levels {
		if i == 12 {
			labels = append(labels, "…")
			break
		}
		labels = append(labels, level.Label)
	}
	return strings.Join(labels, ", ")
}

// word reads a text, one of the known ones where there are any.
func (r *reader) word(path string, e *document.Element, known []string) (string, bool) {
	if e.Kind != document.String {
		r.complain(e.At, path, "expected text in quotes")
		return "", false
	}
	if known != nil && !slices.Contains(known, e.Text) {
		hint := "expected one of " + strings.Join(known, ", ")
		if near := model.Nearest(e.Text, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		r.complain(e.At, path, "unknown word %s: %s", document.Quote(e.Text), hint)
		return "", false
	}
	return e.Text, true
}

// words reads a list of known words, each there once.
func (r *reader) words(path string, e *document.Element, known []string) []string {
	var out []string
	items, _ := r.items(path, e)
	for _, item := range items {
		if word, ok := r.word(path, item, known); ok {
			out = append(out, word)
		}
	}
	r.once(path, items)
	return out
}

// items reads a list with something in it.
func (r *reader) items(path string, e *document.Element) ([]*document.Element, bool) {
	if e.Kind != document.Array {
		r.complain(e.At, path, "expected a list: [...]")
		return nil, false
	}
	if len(e.Items) == 0 {
		r.complain(e.At, path, "is empty: expected at least one value")
		return nil, false
	}
	return e.Items, true
}

// once complains of values that are there twice.
func (r *reader) once(path string, items []*document.Element) {
	seen := map[string]bool{}
	for _, item := range items {
		label := labelOf(item)
		if seen[label] {
			r.complain(item.At, path, "%s is there twice", document.Quote(label))
		}
		seen[label] = true
	}
}

// quantity reads a value of a kind.
func (r *reader) quantity(path string, e *document.Element, kind *model.Kind) (si float64, unit string, ok bool) {
	switch e.Kind {
	case document.String, document.Integer, document.Float:
	default:
		r.complain(e.At, path, "expected a quantity")
		return 0, "", false
	}
	si, unit, err := kind.Parse(e.Text)
	if err != nil {
		r.complain(e.At, path, "%v", err)
	}
	return si, unit, err == nil
}

// share reads a probability between bounds; 0 itself is none.
func (r *reader) share(path string, e *document.Element, low, high float64) (float64, bool) {
	x, _, ok := r.quantity(path, e, model.KindNumber)
	if ok && (x <= 0 || x < low || x > high || x >= 1) {
		r.complain(e.At, path, "%s is out of range: expected more than %v and less than 1", document.Shorten(e.Text), low)
		return 0, false
	}
	return x, ok
}

// whole reads a whole number between bounds.
func (r *reader) whole(path string, e *document.Element, low, high int) (int, bool) {
	x, ok := 0.0, false
	if e.Kind == document.Integer || e.Kind == document.Float {
		x, ok = finite(strings.ReplaceAll(e.Text, "_", ""))
	}
	n := int(x)
	switch {
	case !ok || float64(n) != x:
		r.complain(e.At, path, "expected a whole number, such as %d", max(low, min(100, high)))
		return low, false
	case n < low || n > high:
		r.complain(e.At, path, "%s is out of range: expected %d to %d", document.Shorten(e.Text), low, high)
		return low, false
	}
	return n, true
}
