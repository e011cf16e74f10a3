package plots

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"budget/sweep"
)

// A chart shows so many levels, cells or rows at most: as many as a page holds and an eye
// tells apart.
const (
	mostPanels    = 12
	mostScenarios = 8
	mostRows      = 10
	mostBars      = 24
	mostFans      = 3
)

func (v view) drawIncidence() ([]Named, error) {
	d, cells, notes, err := v.along(v.choice.X, mostPanels)
	if err != nil {
		return nil, err
	}
	incidences := make([]sweep.Incidence, len(cells))
	if err := each(len(cells), func(i int) (err error) {
		incidences[i], err = v.incidence(KindIncidence, cells[i])
		return err
	}); err != nil {
		return nil, err
	}
	if len(cells) == 1 {
		var caps []sweep.Cap
		for _, t := range v.tolerances() {
			found, err := v.cap(cells[0], t)
			if err != nil {
				return nil, err
			}
			caps = append(caps, found)
		}
		for _, c := range cells[0].Caps {
			if c.Reading != v.reading && v.choice.Reading == "" && len(v.choice.Tolerances) == 0 {
				caps = append(caps, c)
			}
		}
		c, err := IncidenceChart(incidences[0], caps, append(notes, v.seed())...)
		return named(c, err, "incidence", v.session)
	}
	var panels []Panel
	for i, cell := range cells {
		panels = append(panels, Panel{d.text(d.value(cell)), incidences[i]})
	}
	notes = append(notes, fmt.Sprintf("Straight between the %d durations of the tables.", len(incidences[0].Durations)))
	c, err := IncidencesChart(v.heading(cells[0], notes...), d.title, panels, v.tolerances())
	return named(c, err, "incidence", v.session, d.name)
}

// seed is the small print of charts that say the rest by themselves.
func (v view) seed() string {
	return fmt.Sprintf("“%s” · seed %d", v.results.Name, v.results.Provenance.Seed)
}

func drawFailure(r *sweep.Results, c Choice) ([]Named, error) { return Overlay([]*sweep.Results{r}, c) }

// Overlay draws how often plans fail in the results of several directories, over one
// another: one chart for each session type that all have.
func Overlay(all []*sweep.Results, c Choice) ([]Named, error) {
	byDir := make([][]view, len(all))
	for i, r := range all {
		var err error
		if byDir[i], err = newViews(r, c); err != nil {
			return nil, fmt.Errorf("%s: %w", r.Dir, err)
		}
	}
	var out []Named
	for _, first := range byDir[0] {
		var together []view
		for _, views := range byDir {
			if i := slices.IndexFunc(views, func(v view) bool { return v.session == first.session }); i >= 0 {
				together = append(together, views[i])
			}
		}
		if len(together) < len(all) {
			continue
		}
		drawn, err := overlay(together)
		if err != nil {
			return nil, err
		}
		out = append(out, drawn...)
	}
	if len(out) == 0 {
		return nil, &Missing{KindFailure, "the directories have no session type in common"}
	}
	return out, nil
}

func overlay(views []view) ([]Named, error) {
	var scenarios []Scenario
	var notes []string
	title, name := "", views[0].session
	type entry struct {
		v    view
		cell *sweep.ResultCell
		name string
	}
	var entries []entry
	for _, v := range views {
		d, cells, more, err := v.along(v.choice.X, max(1, mostScenarios/len(views)))
		if err != nil {
			return nil, err
		}
		for _, note := range more {
			notes = appendNew(notes, note)
		}
		of := ""
		if len(views) > 1 {
			of = shortest(v, views)
		}
		for _, cell := range cells {
			e := entry{v, cell, of}
			if len(cells) > 1 {
				title = d.title
				e.name = strings.TrimPrefix(of+", "+d.text(d.value(cell)), ", ")
			}
			if e.name == "" {
				e.name = strings.Trim(cell.Device+", "+cell.Environment, ", ")
			}
			entries = append(entries, e)
		}
	}
	scenarios = make([]Scenario, len(entries))
	if err := each(len(entries), func(i int) error {
		e := entries[i]
		curves, err := e.cell.Curves()
		if err != nil {
			return err
		}
		failure, err := curves.Failure(e.v.reading, e.v.confidence())
		scenarios[i] = Scenario{e.name, curves.Durations, failure}
		return err
	}); err != nil {
		return nil, err
	}
	for _, v := range views[1:] {
		notes = append(notes, v.print(entries[0].cell.Caps[0].Paths))
	}
	v := views[0]
	notes = append([]string{"For a user who means to finish; each interval holds with " + percent(v.confidence()) + " confidence by itself."}, notes...)
	c, err := FailureChart(v.heading(entries[0].cell, notes...), title, scenarios, v.tolerances())
	return named(c, err, "failure", name)
}

// shortest names a directory among others by its last part, or in full where another ends
// alike.
func shortest(of view, all []view) string {
	name := filepath.Base(of.results.Dir)
	for _, v := range all {
		if v.results != of.results && filepath.Base(v.results.Dir) == name {
			return of.results.Dir
		}
	}
	return name
}

func drawCaps(r *sweep.Results, c Choice) ([]Named, error) {
	views, err := newViews(r, c)
	if err != nil {
		return nil, err
	}
	type entry struct {
		v    view
		cell *sweep.ResultCell
	}
	var entries []entry
	var notes []string
	for _, v := range views {
		thinned, note := v.thin(max(mostRows/len(views), 2))
		if note != "" {
			notes = appendNew(notes, note)
		}
		for _, cell := range thinned.cells {
			entries = append(entries, entry{v, cell})
		}
	}
	rows := make([]CellCaps, len(entries))
	if err := each(len(entries), func(i int) error {
		e := entries[i]
		rows[i].Label = e.v.label(e.cell)
		if c.Reading == "" && len(c.Tolerances) == 0 && c.Confidence == 0 {
			rows[i].Caps = e.cell.Caps
			return nil
		}
		for _, t := range e.v.tolerances() {
			found, err := e.v.cap(e.cell, t)
			if err != nil {
				return err
			}
			rows[i].Caps = append(rows[i].Caps, found)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	chart, err := CellCapsChart(rows, append(notes, views[0].seed())...)
	return named(chart, err, "caps")
}

// label names what tells a cell apart, beside the session type.
func (v view) label(cell *sweep.ResultCell) string {
	var parts []string
	for _, d := range v.varying() {
		parts = append(parts, d.title+" "+d.text(d.value(cell)))
	}
	return strings.Join(parts, ", ")
}

func (v view) drawMap() ([]Named, error) {
	varying := v.varying()
	x, y := v.choice.X, v.choice.Y
	// The level at the start stands upright; else the second does.
	for _, d := range varying {
		if y == "" && d.name == "start_level" && x != d.name {
			y = d.name
		}
	}
	for _, d := range varying {
		switch {
		case x == "" && d.name != y:
			x = d.name
		case y == "" && d.name != x:
			y = d.name
		}
	}
	if x != "" && x == y {
		return nil, unfit("a map needs two axes: %s is given as both", x)
	}
	if x == "" || y == "" {
		what := "nothing varies here"
		if len(varying) > 0 {
			what = "this sweep varies " + varying[0].name + " alone"
		}
		return nil, &Missing{KindMap, "a map needs two axes that vary: " + what}
	}
	dx, err := v.dimension(x)
	if err != nil {
		return nil, err
	}
	dy, err := v.dimension(y)
	if err != nil {
		return nil, err
	}
	whole := v
	v, held := v.hold(dx, dy)
	xs, ys := v.levels(dx), v.levels(dy)
	if 2*len(v.cells) < len(xs)*len(ys) {
		return nil, &Missing{KindMap, fmt.Sprintf("a map needs a grid: %s and %s vary together, in %d cells of %d", dx.name, dy.name, len(v.cells), len(xs)*len(ys))}
	}
	var notes []string
	if held != "" {
		notes = append(notes, held)
	}
	m := CapMap{Heading: whole.heading(v.cells[0], notes...), Tolerance: v.tolerance(),
		X: Levels{dx.title, levelTexts(dx, xs)}, Y: Levels{dy.title, levelTexts(dy, ys)}}
	m.Caps = make([][]*sweep.Cap, len(ys))
	for j := range m.Caps {
		m.Caps[j] = make([]*sweep.Cap, len(xs))
	}
	if err := each(len(v.cells), func(k int) error {
		cell := v.cells[k]
		found, err := v.cap(cell, m.Tolerance)
		m.Caps[slices.Index(ys, dy.value(cell))][slices.Index(xs, dx.value(cell))] = &found
		return err
	}); err != nil {
		return nil, err
	}
	c, err := MapChart(m)
	return named(c, err, "map", v.session)
}

func levelTexts(d dimension, values []string) []string {
	var out []string
	for _, value := range values {
		out = append(out, d.text(value))
	}
	return out
}

// tradeOffs are the tolerances that a trade-off is drawn at: 24 from the first to the last,
// evenly apart on a logarithmic scale.
func tradeOffs(lo, hi float64) []float64 {
	const n = 24
	var out []float64
	for i := range n {
		out = append(out, lo*math.Pow(hi/lo, float64(i)/(n-1)))
	}
	return out
}

func (v view) drawTolerance() ([]Named, error) {
	d, cells, notes, err := v.along(v.choice.X, mostScenarios)
	if err != nil {
		return nil, err
	}
	asked := v.tolerances()
	at := tradeOffs(min(0.001, slices.Min(asked)), max(0.2, slices.Max(asked)))
	scenarios := make([]TradeOff, len(cells))
	if err := each(len(cells), func(i int) error {
		scenarios[i].Name = "cap"
		if len(cells) > 1 {
			scenarios[i].Name = d.text(d.value(cells[i]))
		}
		curves, err := cells[i].Curves()
		if err != nil {
			return err
		}
		for _, t := range at {
			found, err := curves.Cap(v.reading, t, v.confidence())
			if err != nil {
				return err
			}
			scenarios[i].Caps = append(scenarios[i].Caps, found)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	title := ""
	if len(cells) > 1 {
		title = d.title
	}
	notes = append([]string{fmt.Sprintf("For a user who means to finish. At each tolerance, as many caps as the tables have, %s, hold together with %s confidence.",
		count(int64(v.results.Provenance.Caps)), percent(v.confidence()))}, notes...)
	c, err := ToleranceChart(v.heading(cells[0], notes...), title, scenarios, asked)
	return named(c, err, "tolerance", v.session)
}

// loadAxis returns what the load depends on: the column that moves it while all others are
// held, those of the watch and its surroundings last.
func (v view) loadAxis() (dimension, bool) {
	load, _ := v.dimension(loadName)
	var last []dimension
	for _, d := range v.varying() {
		if held, _ := v.hold(d); len(held.levels(load)) > 1 {
			if d.name != "device" && d.name != "environment" {
				return d, true
			}
			last = append(last, d)
		}
	}
	if len(last) > 0 {
		return last[0], true
	}
	return dimension{}, false
}

func (v view) drawLoad() ([]Named, error) {
	x, err := v.dimension(loadName)
	if v.choice.X != "" {
		x, err = v.dimension(v.choice.X)
	}
	if err != nil {
		return nil, err
	}
	along := x
	if x.name == loadName {
		var ok bool
		if along, ok = v.loadAxis(); !ok {
			return nil, &Missing{KindLoad, "the mean power of the watch does not vary: expected a plan over a workload's power, such as workload.seated.power, or another number by --x"}
		}
	}
	if !x.number {
		return nil, unfit("%s is no number: expected one as the axis of a load chart", x.name)
	}
	held, text := v.hold(along)
	var notes []string
	if text != "" {
		notes = append(notes, text)
	}
	cells := slices.DeleteFunc(slices.Clone(held.cells), func(c *sweep.ResultCell) bool { return math.IsNaN(x.at(x.value(c))) })
	slices.SortStableFunc(cells, func(a, b *sweep.ResultCell) int {
		switch xa, xb := x.at(x.value(a)), x.at(x.value(b)); {
		case xa < xb:
			return -1
		case xa > xb:
			return 1
		}
		return 0
	})
	cells = slices.CompactFunc(cells, func(a, b *sweep.ResultCell) bool { return x.value(a) == x.value(b) })
	if len(cells) < 2 {
		return nil, &Missing{KindLoad, x.name + " does not vary"}
	}
	frontiers := make([]Frontier, len(v.tolerances()))
	if err := each(len(frontiers), func(i int) error {
		f := &frontiers[i]
		f.Tolerance = v.tolerances()[i]
		for _, cell := range cells {
			found, err := v.cap(cell, f.Tolerance)
			if err != nil {
				return err
			}
			f.Load, f.Caps = append(f.Load, x.at(x.value(cell))), append(f.Caps, found)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	c, err := LoadChart(v.heading(cells[0], notes...), x.title, x.unit, frontiers)
	return named(c, err, "load", v.session)
}

func (v view) drawStates() ([]Named, error) {
	x := v.choice.X
	for _, d := range v.varying() {
		if x == "" && d.name == "start_level" {
			x = d.name
		}
	}
	d, cells, notes, err := v.along(x, mostFans)
	if err != nil {
		return nil, err
	}
	drawn := make([][]Named, len(cells))
	if err := each(len(cells), func(i int) error {
		curves, err := cells[i].Curves()
		if err != nil {
			return err
		}
		if curves.States == nil {
			return &Missing{KindStates, "no states are kept: add trajectories = 256 to the plan"}
		}
		parts := []string{"states", v.session}
		of := ""
		if len(cells) > 1 {
			of = ", " + d.title + " " + d.text(d.value(cells[i]))
			parts = append(parts, d.name, d.value(cells[i]))
		}
		c, err := StatesChart(v.heading(cells[i], notes...), of, curves.States)
		drawn[i], err = named(c, err, parts...)
		return err
	}); err != nil {
		return nil, err
	}
	return slices.Concat(drawn...), nil
}

// planned is the duration that a chart of one is for: that of the choice, else just before
// the documented limit, else the cap at the tolerance.
func (v view) planned(cell *sweep.ResultCell) float64 {
	if v.choice.Duration > 0 {
		return v.choice.Duration
	}
	if cell.Limit > 0 {
		// A plan needs up to a step more than its length, at its start.
		return cell.Limit - 2*v.results.Provenance.Step
	}
	if found, err := v.cap(cell, v.tolerance()); err == nil && hasCap(found) {
		return found.Cap
	}
	return 0
}

func drawCauses(r *sweep.Results, c Choice) ([]Named, error) {
	views, err := newViews(r, c)
	if err != nil {
		return nil, err
	}
	var out []Named
	var single []view
	for _, v := range views {
		axes := v.varying()
		if c.X != "" {
			d, err := v.dimension(c.X)
			if err != nil {
				return nil, err
			}
			axes = []dimension{d}
		}
		if len(axes) == 0 {
			single = append(single, v)
			continue
		}
		for _, d := range axes[:min(len(axes), 3)] {
			drawn, err := v.drawCausesAlong(d)
			if err != nil {
				return nil, err
			}
			out = append(out, drawn...)
		}
	}
	if len(single) == 0 {
		return out, nil
	}
	bars := make([]Endings, len(single))
	if err := each(len(single), func(i int) error {
		v, cell := single[i], single[i].cells[0]
		in, err := v.incidence(KindCauses, cell)
		if err == nil {
			bars[i] = endingsAt(sessionName(cell.Case), in, v.planned(cell))
		}
		return err
	}); err != nil {
		return nil, err
	}
	h := single[0].heading(single[0].cells[0])
	if len(single) > 1 {
		h.Case = sweep.Case{}
	}
	h.Notes = append([]string{"By the longest plan before a documented limit, else by the cap at " + percent(single[0].tolerance()) + "."}, h.Notes...)
	chart, err := CausesChart(h, "session type", bars)
	drawn, err := named(chart, err, "causes")
	return append(out, drawn...), err
}

func (v view) drawCausesAlong(d dimension) ([]Named, error) {
	_, cells, notes, err := v.along(d.name, mostBars)
	if err != nil {
		return nil, err
	}
	planned := v.planned(cells[len(cells)/2])
	bars := make([]Endings, len(cells))
	if err := each(len(cells), func(i int) error {
		in, err := v.incidence(KindCauses, cells[i])
		if err == nil {
			bars[i] = endingsAt(d.text(d.value(cells[i])), in, planned)
		}
		return err
	}); err != nil {
		return nil, err
	}
	c, err := CausesChart(v.heading(cells[0], notes...), d.title, bars)
	return named(c, err, "causes", v.session, d.name)
}

func (v view) drawConvergence() ([]Named, error) {
	held, text := v.hold()
	cell := held.cells[0]
	curves, err := cell.Curves()
	if err != nil {
		return nil, err
	}
	planned := v.planned(cell)
	if v.results.Plan != nil {
		// Means of nets are kept for the durations of the tables alone.
		kept := v.results.Plan.Durations[v.session]
		k := len(kept) - 1
		for k > 0 && kept[k] > planned*(1+1e-9) {
			k--
		}
		planned = kept[k]
	}
	settling, err := curves.Settling(v.reading, planned, v.confidence())
	if err != nil {
		return nil, &Missing{KindConvergence, err.Error()}
	}
	if len(settling) < 2 {
		return nil, &Missing{KindConvergence, "a run of caps with --paths looks at them once: leave it out, or sweep"}
	}
	var notes []string
	if text != "" {
		notes = append(notes, text)
	}
	notes = append([]string{"For a user who means to finish; each interval holds with " + percent(v.confidence()) + " confidence by itself."}, notes...)
	c, err := ConvergenceChart(v.heading(cell, notes...), planned, settling, v.tolerances())
	return named(c, err, "convergence", v.session)
}
