package plots

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"budget/plots/figure"
	"budget/solver/estimate"
	"budget/sweep/store"
)

// KindFailure is the kind of charts in this file.
const KindFailure Kind = "failure"

// mostScenarios is the number of curves that an eye tells apart.
const mostScenarios = 8

// Scenario is the failure of plans in one scenario, for a user who means to finish.
type Scenario struct {
	Name      string // what tells it apart
	Durations []float64
	Failure   []estimate.Estimate // by duration
}

// FailureChart draws the probability that a plan fails against its duration, on a
// logarithmic scale, with the interval of every scenario, the tolerances and the
// documented limit.
func FailureChart(h Heading, title string, scenarios []Scenario, tolerances []float64) (*figure.Chart, error) {
	if len(scenarios) == 0 {
		return nil, fmt.Errorf("plots: no scenarios to draw")
	}
	g := figure.Graph{Header: h.header("how often plans fail, by duration"), Title: title, Poles: h.limitMarks()}
	longest, least := 0.0, 1.0
	for i, s := range scenarios {
		if err := checkScenario(s); err != nil {
			return nil, fmt.Errorf("plots: %w", err)
		}
		c := figure.Series{Name: s.Name, X: s.Durations}.Style(i)
		for _, p := range s.Failure {
			c.Y, c.Lower, c.Upper = append(c.Y, p.Value), append(c.Lower, p.Lower), append(c.Upper, p.Upper)
			for _, v := range []float64{p.Value, p.Upper} {
				if v > 0 {
					least = min(least, v)
				}
			}
		}
		longest = max(longest, s.Durations[len(s.Durations)-1])
		g.Curves = append(g.Curves, c)
	}
	if limit := h.Case.Limit; limit > 0 && limit <= longest {
		longest = min(longest, beyond*limit)
	}
	for _, t := range tolerances {
		g.Across = append(g.Across, figure.Mark{At: t, Label: percent(t), Style: toleranceLine})
		least = min(least, t)
	}
	ticks, unit := figure.DurationTicks(longest)
	g.X = figure.Scale{Title: "Planned duration (" + unit + ")", Hi: longest, Ticks: ticks}
	// Six decades are as many as there is something to see of.
	floor := max(math.Pow(10, math.Floor(math.Log10(max(least, 1e-6))+1e-9)), 1e-6)
	g.Y = figure.Scale{Title: "Plans that fail (logarithmic)", Lo: min(floor, 0.1), Hi: 1, Log: true}
	g.Y.Ticks = figure.DecadeTicks(g.Y.Lo, 1, percent)
	g.Legend = figure.Legend{figure.PatchEntry("band: interval at each duration", figure.Faint)}
	if len(tolerances) > 0 {
		g.Legend = append(g.Legend, figure.AcrossEntry("tolerance", toleranceLine))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Probability that a plan fails, by planned duration up to %s, on a logarithmic scale.", duration(longest))
	for _, s := range scenarios {
		last := len(s.Durations) - 1
		for last > 0 && s.Durations[last] > longest {
			last--
		}
		half := last / 2
		fmt.Fprintf(&b, " %s: %s by %s, %s by %s.", s.Name, share(s.Failure[half].Value), duration(s.Durations[half]),
			share(s.Failure[last].Value), duration(s.Durations[last]))
	}
	return g.Chart(b.String()), nil
}

func checkScenario(s Scenario) error {
	if s.Name == "" {
		return fmt.Errorf("a scenario has no name")
	}
	if err := checkDurations(s.Durations); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if err := checkCurve("failure", s.Failure, len(s.Durations)); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	return nil
}

func drawFailure(r *store.Results, c Choice) ([]Named, error) { return Overlay([]*store.Results{r}, c) }

// Overlay draws how often plans fail in the results of several directories, over one
// another: one chart for each session type that all have.
func Overlay(all []*store.Results, c Choice) ([]Named, error) {
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
		cell *store.Cell
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
