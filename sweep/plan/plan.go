package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"budget/internal/parallel"
	"budget/model"
	"budget/model/document"
	"budget/solver"
	"budget/sweep"
)

// Plan is a base scenario, the axes that vary it, and what to compute for every
// cell. A cell has one level of every axis.
type Plan struct {
	Name     string
	File     string          // file name
	Base     *model.Scenario // including the plan's own overrides
	Set      []string        // settings of the base scenario from outside the file: KEY=VALUE
	Sessions []string        // session type ids; every cell simulates all of them
	Axes     []Axis
	// by session type: session lengths of the incidence table [s], ascending
	Durations map[string][]float64

	Readings     []solver.Reading
	Tolerances   []float64
	Confidence   float64 // of all caps of the plan together, and of every other single interval
	EndOnResign  bool
	CountRefused bool // refused starts are failures
	Sampling     solver.Sampling
	Seed         uint64
	Paths        int64 // for every cell and session type
	// Trajectories is the number of paths of every cell and session type to record over
	// time (solver.States); 0 records none.
	Trajectories int
	Code         string // sweep.CodeDigest; blocks of other code have other keys

	design     bool            // of ParseDesign
	fixed      []model.Setting // device, environment and start level if no axis sets them
	exclusions []exclusion
	cells      []Cell
	facts      *knownFacts
}

// Of makes a plan from a request for a scenario, with axes for devices and
// environments if there are several.
func Of(s *model.Scenario, q sweep.Request) (*Plan, error) {
	if _, err := q.Cases(s); err != nil {
		return nil, err
	}
	if q.Pause {
		var err error
		if s, err = s.WithResign("", model.ResignPause); err != nil {
			return nil, err
		}
	}
	p := &Plan{Name: s.Name, Base: s, Sessions: q.Sessions, Durations: map[string][]float64{},
		Readings: q.Readings, Tolerances: q.Tolerances,
		Confidence: q.Confidence, EndOnResign: q.EndOnResign, CountRefused: q.CountRefused,
		Sampling: q.Sampling, Seed: q.Seed, Paths: q.Paths, Code: sweep.CodeDigest()}
	for _, id := range q.Sessions {
		p.Durations[id] = usualDurations(s, s.Session(id))
	}
	setting := func(key, text string) model.Setting {
		return model.Setting{Key: key, Value: &document.Element{Kind: document.String, Text: text}}
	}
	if q.StartLevel != nil {
		p.fixed = append(p.fixed, setting(KeyStartLevel, strconv.FormatFloat(*q.StartLevel, 'g', -1, 64)))
	}
	for key, ids := range map[string][]string{KeyDevice: q.Devices, KeyEnvironment: q.Environments} {
		if len(ids) == 1 {
			p.fixed = append(p.fixed, setting(key, ids[0]))
			continue
		}
		a := Axis{Name: key, Columns: []Column{{Name: key, Meaning: key, Title: key, key: key}}}
		for _, id := range ids {
			a.Levels = append(a.Levels, Level{id, []any{id}, []model.Setting{setting(key, id)}})
		}
		p.Axes = append(p.Axes, a)
	}
	slices.SortFunc(p.Axes, func(a, b Axis) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(p.fixed, func(a, b model.Setting) int { return strings.Compare(a.Key, b.Key) })
	p.expand()
	if problems := p.checkCells(); len(problems) > 0 {
		return nil, problems
	}
	p.addCycleEnds()
	return p, nil
}

// Cell is one scenario of a plan.
type Cell struct {
	Number int     // from 1; the last axis changes fastest
	levels []int32 // by axis
}

// Level returns the index of the cell's level on an axis.
func (c Cell) Level(axis int) int { return int(c.levels[axis]) }

// maxCells is the largest number of cells of a plan. Each has a row for every
// session type, duration and cause.
const maxCells = 1_000_000

const (
	// maxLevels is the largest number of levels of an axis. The scenario of each is checked before
	// anything is simulated.
	maxLevels     = 20_000
	maxAxes       = 100
	maxExclusions = 100
	// maxListed is the largest number of tolerances, and of durations.
	maxListed = 1000
)

// Cells lists the cells that are not excluded.
func (p *Plan) Cells() []Cell { return p.cells }

// Levels returns the levels of a cell, by axis.
func (p *Plan) Levels(c Cell) []Level {
	levels := make([]Level, len(c.levels))
	for i, n := range c.levels {
		levels[i] = p.Axes[i].Levels[n]
	}
	return levels
}

// Describe returns a cell's levels as text.
func (p *Plan) Describe(c Cell) string {
	if len(p.Axes) == 0 {
		return p.Base.Name
	}
	parts := make([]string, len(p.Axes))
	for i, level := range p.Levels(c) {
		parts[i] = p.Axes[i].Name + " " + level.Label
	}
	return strings.Join(parts, ", ")
}

// expand makes the cells. The caller has checked that their number before
// exclusions is at most maxCells.
func (p *Plan) expand() {
	levels := make([]int32, len(p.Axes))
	var room []int32 // of the levels of many cells, which saves memory
	for {
		if !slices.ContainsFunc(p.exclusions, func(e exclusion) bool { return e.holds(levels) }) {
			if cap(room)-len(room) < len(levels) {
				room = make([]int32, 0, 1024*len(levels))
			}
			n := len(room)
			room = append(room, levels...)
			p.cells = append(p.cells, Cell{len(p.cells) + 1, room[n:len(room):len(room)]})
		}
		axis := len(levels) - 1
		for ; axis >= 0; axis-- {
			if levels[axis]++; int(levels[axis]) < len(p.Axes[axis].Levels) {
				break
			}
			levels[axis] = 0
		}
		if axis < 0 {
			return
		}
	}
}

// exclusion excludes the cells that have one of some levels on every axis it names. It has the
// levels by axis, nil for axes that it does not name.
type exclusion [][]bool

func (e exclusion) holds(levels []int32) bool {
	for axis, excluded := range e {
		if excluded != nil && !excluded[levels[axis]] {
			return false
		}
	}
	return true
}

// settings returns the settings of a cell, in the order of the plan.
func (p *Plan) settings(c Cell) []model.Setting {
	settings := slices.Clone(p.fixed)
	for i, n := range c.levels {
		settings = append(settings, p.Axes[i].Levels[n].settings...)
	}
	return settings
}

// FixedLabels returns the plan's device, environment and start level by key, as text for
// people, if no axis sets them.
func (p *Plan) FixedLabels() map[string]string {
	labels := map[string]string{}
	for _, s := range p.fixed {
		labels[s.Key] = labelOf(s.Value)
	}
	return labels
}

// Scenario returns the scenario of a cell and its case without a session type. The
// error is a Problems value.
func (p *Plan) Scenario(c Cell) (*model.Scenario, solver.Case, error) {
	if f, ok := p.known(c); ok && f.scenario != nil {
		return f.scenario, f.On, nil
	}
	on := solver.Case{Device: solver.Fleet, Environment: solver.Mix}
	var rest []model.Setting
	var problems model.Problems
	complain := func(s model.Setting, format string, args ...any) {
		problems = append(problems, model.Problem{File: p.File, Line: s.Value.At.Line,
			Column: s.Value.At.Column, Key: s.Key,
			Message: fmt.Sprintf(format, args...)})
	}
	pick := func(s model.Setting, together string, known []string) string {
		if s.Value.Kind != document.String || s.Value.Text != together &&
			!slices.Contains(known, s.Value.Text) {
			complain(s, "unknown %s %s: expected %s or one of %s", s.Key, document.Quote(s.Value.Text),
				together, strings.Join(known, ", "))
		}
		return s.Value.Text
	}
	for _, s := range p.settings(c) {
		key := s.Key
		if !slices.Contains(p.caseKeys(), key) {
			key = ""
		}
		switch key {
		case KeyDevice:
			on.Device = pick(s, solver.Fleet, model.IDs(p.Base.Devices))
		case KeyEnvironment:
			on.Environment = pick(s, solver.Mix, model.IDs(p.Base.Environments))
		case KeyStartLevel:
			level, _, err := model.KindNumber.Parse(s.Value.Text)
			switch {
			case err != nil:
				complain(s, "%v", err)
			case level < 0 || level > 1:
				complain(s, "%s is out of range: expected at least 0 and at most 1",
					document.Shorten(s.Value.Text))
			}
			on.StartLevel = &level
		case KeySession:
			if on.Session = s.Value.Text; p.Base.Session(on.Session) == nil {
				complain(s, "unknown session type %s: expected one of %s", document.Quote(on.Session),
					strings.Join(model.IDs(p.Base.Sessions), ", "))
			}
		case KeyRestart:
			if on.Restart = s.Value.Text == "true"; s.Value.Kind != document.Bool {
				complain(s, "expected true or false")
			}
		case KeyGate:
			level, _, err := model.KindNumber.Parse(s.Value.Text)
			on.Gate = int(math.Round(100 * level))
			switch {
			case err != nil:
				complain(s, "%v", err)
			case !(level >= 0 && level <= 1) || math.Abs(100*level-float64(on.Gate)) > 1e-9:
				complain(s, "%s is no level that a watch shows: expected whole per cent, such as \"15 %%\"",
					document.Shorten(s.Value.Text))
			}
		default:
			if s.Key == KeyOnResign {
				s.Key = "timer.resign"
			}
			rest = append(rest, s)
		}
	}
	if len(problems) > 0 {
		return nil, on, problems
	}
	scenario, err := p.Base.With(p.File, rest)
	return scenario, on, err
}

// caseKeys lists the keys that are no quantities of the scenario.
func (p *Plan) caseKeys() []string {
	if p.design {
		return append([]string{KeyGate, KeyRestart, KeySession}, CaseKeys...)
	}
	return CaseKeys
}

// Chosen returns the base scenario with the settings of a cell's levels on some axes, without
// those of the case. The error is a Problems value.
func (p *Plan) Chosen(c Cell, axes []int) (*model.Scenario, error) {
	var settings []model.Setting
	for _, axis := range axes {
		for _, s := range p.Axes[axis].Levels[c.levels[axis]].settings {
			if !slices.Contains(p.caseKeys(), s.Key) {
				settings = append(settings, s)
			}
		}
	}
	return p.Base.With(p.File, settings)
}

// checkLevels builds the scenario of every level, with the first level on all other
// axes, and returns all problems.
func (p *Plan) checkLevels() model.Problems {
	var cells []Cell
	for axis := range p.Axes {
		for level := range p.Axes[axis].Levels {
			c := Cell{levels: make([]int32, len(p.Axes))}
			c.levels[axis] = int32(level)
			cells = append(cells, c)
		}
	}
	if len(p.Axes) == 0 {
		cells = []Cell{{}}
	}
	return p.check(cells)
}

// checkCells builds the scenario of every cell and returns all problems. With too many
// cells to build twice it builds that of every level only.
func (p *Plan) checkCells() model.Problems {
	p.facts = newFacts(len(p.cells))
	switch {
	case len(p.cells) == 0:
		return model.Problems{{File: p.File,
			Message: "every cell is excluded: expected at least one that is not"}}
	case len(p.cells) > maxChecked:
		return p.checkLevels()
	}
	return p.check(p.cells)
}

// check builds the scenarios of cells and returns all problems.
func (p *Plan) check(cells []Cell) model.Problems {
	found := make([]model.Problems, len(cells))
	parallel.For(runtime.GOMAXPROCS(0), len(cells), func(_, i int) {
		s, on, err := p.Scenario(cells[i])
		found[i], _ = err.(model.Problems)
		if err == nil && cells[i].Number > 0 {
			p.note(cells[i], s, on)
		}
	})
	var problems model.Problems
	for _, f := range found {
		problems = append(problems, f...)
	}
	return problems
}

// Facts are the properties of a cell that are needed repeatedly.
type Facts struct {
	*Circumstances
	digest   sweep.Key       // of its scenario
	scenario *model.Scenario // kept if there are few cells
}

// Circumstances are the facts that most cells of a plan have in common: its device, environment
// and start level, its timer's cycles, and by session type the limits [s] and the mean loads [W].
type Circumstances struct {
	On     solver.Case
	Limits []float64
	Loads  []float64
	Cycles sweep.Cycles
}

// knownFacts are the facts of a plan's cells, by cell, as far as they are known. Goroutines may
// share them.
type knownFacts struct {
	mu    sync.RWMutex
	of    []Facts // without Circumstances where they are not known
	alike map[string]*Circumstances
	// The number of caps that hold together, which takes a look at every level of every axis.
	family struct {
		once sync.Once
		n    int
	}
}

func newFacts(cells int) *knownFacts {
	return &knownFacts{of: make([]Facts, cells), alike: map[string]*Circumstances{}}
}

// known returns the facts of a cell; ok is false if they are not known.
func (p *Plan) known(c Cell) (f Facts, ok bool) {
	if p.facts == nil || c.Number == 0 {
		return Facts{}, false
	}
	p.facts.mu.RLock()
	defer p.facts.mu.RUnlock()
	f = p.facts.of[c.Number-1]
	return f, f.Circumstances != nil
}

// note finds the facts of a cell, given its scenario and case, and keeps them.
func (p *Plan) note(c Cell, s *model.Scenario, on solver.Case) Facts {
	f := Facts{Circumstances: &Circumstances{On: on, Cycles: sweep.NewCycles(s.CycleEnds())}}
	if _, err := hex.Decode(f.digest[:], []byte(s.Digest())); err != nil {
		panic("plan: a scenario's digest is not hexadecimal: " + err.Error())
	}
	for _, id := range p.Sessions {
		session := s.Session(id)
		f.Limits = append(f.Limits, float64(s.LimitOf(session)))
		f.Loads = append(f.Loads, s.Workload.ByID[session.Workload].MeanPower(s.Grid.Step))
	}
	if p.facts == nil || c.Number == 0 {
		return f
	}
	if len(p.cells) <= maxKept {
		f.scenario = s
	}
	start := "drawn"
	if on.StartLevel != nil {
		start = fmt.Sprintf("%x", *on.StartLevel)
	}
	on.StartLevel = nil
	alike := fmt.Sprintf("%+v %s %x %x %s", on, start, f.Limits, f.Loads, f.Cycles)
	p.facts.mu.Lock()
	defer p.facts.mu.Unlock()
	if other, ok := p.facts.alike[alike]; ok {
		f.Circumstances = other
	} else {
		p.facts.alike[alike] = f.Circumstances
	}
	p.facts.of[c.Number-1] = f
	return f
}

// FactsOf returns the facts of a cell.
func (p *Plan) FactsOf(c Cell) (Facts, error) {
	if f, ok := p.known(c); ok {
		return f, nil
	}
	s, on, err := p.Scenario(c)
	if err != nil {
		return Facts{}, err
	}
	return p.note(c, s, on), nil
}

const (
	maxChecked = 20_000 // most cells built before any is simulated: a second or two
	maxKept    = 2048   // most cells whose scenarios are kept, at about 20 kB each
)

// Question returns the question for the caps of the plan.
func (p *Plan) Question() solver.Question {
	return solver.Question{Tolerances: p.Tolerances, Confidence: p.Confidence, Family: p.Family(),
		Paths: p.Paths}
}

// Family returns the number of caps of the plan; they hold together. Caps of readings
// that cannot differ in any cell count once.
func (p *Plan) Family() int {
	if p.facts == nil {
		return p.family()
	}
	p.facts.family.once.Do(func() { p.facts.family.n = p.family() })
	return p.facts.family.n
}

func (p *Plan) family() int {
	curves := 0
	for _, session := range p.Sessions {
		n := len(p.Readings)
		if !p.limits(session) {
			n = solver.DifferingReadings(p.Base.Session(session), n)
		}
		curves += n
	}
	return curves * len(p.cells) * len(p.Tolerances)
}

// limits reports whether an axis sets the limit of a session type.
func (p *Plan) limits(session string) bool {
	for _, axis := range p.Axes {
		for _, level := range axis.Levels {
			for _, s := range level.settings {
				if s.Key == "session."+session+".limit" {
					return true
				}
			}
		}
	}
	return false
}

// Fingerprint identifies the plan's results: plans with equal fingerprints have the
// same tables.
func (p *Plan) Fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%q\n", model.CatalogDigest(), p.Base.Digest(), p.Sessions)
	for _, session := range p.Sessions {
		fmt.Fprintf(h, "%v\n", p.Durations[session])
	}
	fmt.Fprintf(h, "%v %v %v %v %v %s %d %d %d\n", p.Readings, p.Tolerances, p.Confidence,
		p.EndOnResign, p.CountRefused, p.Sampling, p.Seed, p.Paths, p.Trajectories)
	writeSettings(h, p.fixed)
	for _, a := range p.Axes {
		fmt.Fprintf(h, "axis %q %v\n", a.Name, a.Columns)
		for _, level := range a.Levels {
			fmt.Fprintf(h, "level %q %v\n", level.Label, level.Values)
			writeSettings(h, level.settings)
		}
	}
	for _, c := range p.cells {
		fmt.Fprintf(h, "%v\n", c.levels)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// writeSettings writes settings in a canonical form, for hashing.
func writeSettings(w io.Writer, settings []model.Setting) {
	for _, s := range settings {
		fmt.Fprintf(w, "%q=", s.Key)
		writeElement(w, s.Value)
		io.WriteString(w, "\n")
	}
}

func writeElement(w io.Writer, e *document.Element) {
	fmt.Fprintf(w, "%v %q", e.Kind, e.Text)
	for _, item := range e.Items {
		io.WriteString(w, ",")
		writeElement(w, item)
	}
	for _, entry := range e.Entries {
		fmt.Fprintf(w, ";%q:", entry.Key)
		writeElement(w, entry.Value)
	}
}

// usualDurations returns the default durations of the incidence table: every few
// minutes up to the horizon, and the longest session within the limit.
func usualDurations(s *model.Scenario, session *model.Session) []float64 {
	horizon, step := float64(s.Longest(session)), float64(s.Grid.Step)
	every := 0.0
	for _, minutes := range []float64{1, 2, 5, 10, 15, 20, 30, 60, 120, 240} {
		if every = 60 * minutes; horizon/every <= 16 {
			break
		}
	}
	durations := []float64{horizon}
	for t := every; t < horizon; t += every {
		durations = append(durations, t)
	}
	if limit := float64(s.LimitOf(session)); limit > 0 && limit <= horizon {
		durations = append(durations, limit, limit-step-float64(s.Grid.Margin))
	}
	return onGrid(durations, step, horizon)
}

// addCycleEnds adds the ends of the cycles of all timers of the plan to the session lengths of the
// incidence table, unless they are too many.
func (p *Plan) addCycleEnds() {
	var ends []float64
	seen := map[sweep.Cycles]bool{}
	for _, f := range p.facts.of {
		if f.Circumstances != nil && !seen[f.Cycles] {
			seen[f.Cycles] = true
			ends = append(ends, f.Cycles.Ends()...)
		}
	}
	slices.Sort(ends)
	if ends = slices.Compact(ends); len(ends) > maxListed {
		return
	}
	for _, id := range p.Sessions {
		all := slices.Concat(p.Durations[id], ends)
		slices.Sort(all)
		p.Durations[id] = slices.Compact(all)
	}
}

// onGrid rounds durations down to steps, drops duplicates and keeps those from one
// step up to the horizon.
func onGrid(durations []float64, step, horizon float64) []float64 {
	var out []float64
	for _, t := range durations {
		if n := math.Floor(t/step + 1e-9); n >= 1 && t <= horizon+1e-9 {
			out = append(out, n*step)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
