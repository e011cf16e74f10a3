package plan

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"budget/internal/escape"
	"budget/model"
	"budget/model/document"
	"budget/solver"
	"budget/sweep"
)

// Read reads a plan from a TOML file; docs/plans.md describes the format. Paths of
// the base scenario and of records are relative to the file. The error is a
// Problems value if the plan is wrong, another error if a file cannot be read.
func Read(file string) (*Plan, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return Parse(file, data)
}

// Parse parses the text of a plan. file is its name, for messages and relative
// paths.
func Parse(file string, data []byte) (*Plan, error) { return ParseWith(file, data, nil) }

// ParseWith is Parse with changes to the base scenario from outside the file; nil changes nothing.
// It returns the error of over as it is.
func ParseWith(file string, data []byte,
	over func(*model.Scenario) (*model.Scenario, error)) (*Plan, error) {
	root, err := document.Parse(file, data)
	if err != nil {
		return nil, err
	}
	return fromDocument(file, root, over, false)
}

// ParseDesign is ParseWith for the document of a design (package optimize), whose own keys are
// taken out of it. Its axes may also set KeyGate, KeyRestart and KeySession.
func ParseDesign(file string, root *document.Element,
	over func(*model.Scenario) (*model.Scenario, error)) (*Plan, error) {
	return fromDocument(file, root, over, true)
}

func fromDocument(file string, root *document.Element,
	over func(*model.Scenario) (*model.Scenario, error), design bool) (*Plan, error) {
	r := &reader{file: file, plan: &Plan{
		Name: escape.Line(strings.TrimSuffix(filepath.Base(file), ".toml")), File: file,
		Readings: []solver.Reading{solver.Cautious}, Tolerances: solver.DefaultTolerances,
		Confidence: solver.DefaultConfidence,
		Sampling:   solver.Tilted, Seed: sweep.DefaultSeed, Paths: sweep.DefaultPaths,
		Code: sweep.CodeDigest(), design: design,
	}}
	r.over, r.kinds = over, map[string]*model.Kind{}
	r.read(root)
	if r.failed != nil {
		return nil, r.failed
	}
	problems := r.problems
	if len(problems) == 0 {
		r.plan.expand()
		problems = r.plan.checkCells()
		if root.Lookup("durations") == nil {
			r.plan.addCycleEnds()
		}
	} else {
		problems = append(problems, r.plan.checkLevels()...)
	}
	if len(problems) > 0 {
		return nil, problems.Listed(document.MostListed, r.counted)
	}
	return r.plan, nil
}

func (r *reader) read(root *document.Element) {
	t := r.section("", root, "name", "base", "scenario", "sessions", KeyDevice, KeyEnvironment,
		KeyStartLevel, "readings",
		"tolerances", "confidence", "on_resign", "count_refused", "sampling", "seed", "paths",
		"trajectories", "durations", "axis", "exclude")
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
		items := r.values("tolerances", e)
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
		if word, ok := r.word("on_resign", e, model.Resigns); ok {
			s, err := p.Base.WithResign(p.File, word)
			if p.Base = s; err != nil {
				r.failed = err
			}
		}
	}
	if e := t.get("count_refused"); e != nil {
		if p.CountRefused = e.Text == "true"; e.Kind != document.Bool {
			r.complain(e.At, "count_refused", "expected true or false")
		}
	}
	if e := t.get("sampling"); e != nil {
		word, _ := r.word("sampling", e, []string{string(solver.Tilted), string(solver.Sobol),
			string(solver.Stratified), string(solver.Independent)})
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

// base reads the scenario that the axes vary.
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
	if r.over != nil {
		base, err := r.over(r.plan.Base)
		if r.failed = err; err == nil {
			r.plan.Base = base
		}
	}
}

// durations reads the durations of the incidence table: a list, or one duration for all
// its multiples.
func (r *reader) durations(e *document.Element) {
	p := r.plan
	p.Durations = map[string][]float64{}
	step := float64(p.Base.Grid.Step)
	var list []float64
	every := 0.0
	if e != nil {
		items := []*document.Element{e}
		if e.Kind == document.Array {
			items = r.values("durations", e)
		}
		for _, item := range items {
			x, _, ok := r.quantity("durations", item, model.KindDuration)
			switch {
			case !ok:
			case x < step*(1-1e-9):
				r.complain(item.At, "durations", "%s is shorter than a step (%v)", document.Shorten(item.Text),
					p.Base.Grid.Step)
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
		horizon := float64(p.Base.Longest(session))
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
		r.complain(e.At, "durations", "all are longer than every horizon: expected shorter ones, or "+
			"scenario.session with a longer horizon")
	}
}

// axes reads the axes and limits the number of cells.
func (r *reader) axes(e *document.Element) {
	if e.Kind != document.Array {
		r.complain(e.At, "axis", "expected an array of tables: [[axis]]")
		return
	}
	if n := len(e.Items); n > maxAxes {
		r.complain(e.At, "axis", "there are %d axes: expected at most %d", n, maxAxes)
		return
	}
	cells := 1.0
	set := map[string]string{}
	for _, setting := range r.plan.fixed {
		set[setting.Key] = "the plan itself"
	}
	names, columns := map[string]bool{}, map[string]string{}
	for _, item := range e.Items {
		before := len(r.problems) + r.counted
		a, ok := r.axis(item)
		if !ok || len(r.problems)+r.counted > before {
			continue
		}
		if names[a.Name] {
			r.complain(item.At, "axis",
				"there are two axes %q: expected a name = \"...\" of its own for each", a.Name)
		}
		names[a.Name] = true
		for _, c := range a.Columns {
			lower := strings.ToLower(c.Name)
			if other, ok := columns[lower]; ok {
				r.complain(item.At, "axis", "makes the column %s, as %s does: expected another name",
					c.Name, other)
			} else if slices.Contains(reserved, lower) && !c.onCase() && c.key != KeySession {
				r.complain(item.At, "axis",
					"makes the column %s, which tables already have: expected another name", c.Name)
			}
			columns[lower] = "axis " + a.Name
		}
		for _, key := range a.Keys() {
			if other, ok := set[key]; ok {
				r.complain(item.At, "axis", "sets %s, which %s already sets", key, other)
			}
			set[key] = "axis " + a.Name
		}
		if cells *= float64(len(a.Levels)); cells > maxCells {
			r.complain(item.At, "axis", "makes %.4g cells with the axes before it: expected at most %d; "+
				"use a design = %q or %q to fill a space with few points", cells, maxCells, designLatin, designSobol)
			return
		}
		r.plan.Axes = append(r.plan.Axes, *a)
	}
}

// axis reads one axis.
func (r *reader) axis(e *document.Element) (*Axis, bool) {
	t := r.section("axis", e, "name", "key", "values", "from", "to", "step", "count", "scale", "zip",
		"case", "design", "points",
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
		r.complain(e.At, "axis",
			"expected one of key (with values, or from and to), zip, case, design, records; found %s",
			cmp.Or(strings.Join(found, " and "), "none"))
		return nil, false
	}
	if a.Name == "" && found[0] != "key" {
		r.complain(e.At, "axis.name", "is missing: expected a name for the axis in tables")
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

// exclude reads the exclusions.
func (r *reader) exclude(e *document.Element) {
	if e.Kind != document.Array {
		r.complain(e.At, "exclude", "expected an array of tables: [[exclude]]")
		return
	}
	if n := len(e.Items); n > maxExclusions {
		r.complain(e.At, "exclude", "there are %d exclusions: expected at most %d", n, maxExclusions)
		return
	}
	names := make([]string, len(r.plan.Axes))
	finders := make([]finder, len(r.plan.Axes))
	for i, a := range r.plan.Axes {
		names[i], finders[i] = a.Name, r.finder(&r.plan.Axes[i])
	}
	for _, item := range e.Items {
		if item.Kind != document.Table || len(item.Entries) == 0 {
			r.complain(item.At, "exclude",
				"expected axes with the levels to leave out: device = [...], ambient = \"...\"")
			continue
		}
		out := make(exclusion, len(r.plan.Axes))
		for _, entry := range flatten(item, "") {
			path := document.Join("exclude", entry.Key)
			axis := slices.Index(names, entry.Key)
			if axis < 0 {
				r.complain(entry.At, path, "unknown axis: expected one of %s",
					strings.Join(names, ", "))
				continue
			}
			values := []*document.Element{entry.Value}
			if entry.Value.Kind == document.Array {
				values = entry.Value.Items
			}
			for _, v := range values {
				level := finders[axis].level(v)
				if level < 0 {
					r.complain(v.At, path, "%s is not a level of the axis: expected one of %s",
						document.Quote(labelOf(v)), someLabels(r.plan.Axes[axis].Levels))
					continue
				}
				if out[axis] == nil {
					out[axis] = make([]bool, len(r.plan.Axes[axis].Levels))
				}
				out[axis][level] = true
			}
		}
		r.plan.exclusions = append(r.plan.exclusions, out)
	}
}

// finder finds the levels of an axis.
type finder struct {
	labels map[string]int
	values map[any]int // in the column of the axis's only key
	kind   *model.Kind // of that key; nil without a single quantity
}

func (r *reader) finder(a *Axis) finder {
	f := finder{labels: map[string]int{}, values: map[any]int{}}
	keys := a.Keys()
	if len(keys) == 1 {
		f.kind = r.kindOf(keys[0])
	}
	for i := len(a.Levels) - 1; i >= 0; i-- { // the first of equal ones stays
		f.labels[a.Levels[i].Label] = i
		if f.kind != nil {
			f.values[a.Levels[i].Values[0]] = i
		}
	}
	return f
}

// level returns the index of the level with a value: the same label, or the same quantity in
// another unit; -1 if there is none.
func (f *finder) level(v *document.Element) int {
	if i, ok := f.labels[labelOf(v)]; ok {
		return i
	}
	if f.kind == nil {
		return -1
	}
	if si, _, err := f.kind.Parse(v.Text); err == nil {
		if i, ok := f.values[f.kind.InColumn(si)]; ok {
			return i
		}
	}
	return -1
}

// someLabels lists the labels of levels, shortened.
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
