package plots

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/store"
)

// KindFailure is the kind of charts in this file.
const KindFailure Kind = "failure"

// mostScenarios is the number of curves that an eye tells apart.
const mostScenarios = 8

// Scenario is the failure of plans in one scenario, for a user who means to finish.
type Scenario struct {
	Name      string  // what tells it apart
	Limit     float64 // [s]; 0 without one
	Durations []float64
	Failure   []estimate.Estimate // by duration
}

// FailureChart draws the probability that a plan fails against its duration, on a
// logarithmic scale, with the interval of every scenario, the tolerances and the
// limit. The title is that of the scenarios.
func FailureChart(h Heading, title string, scenarios []Scenario, tolerances []float64) (
	*Chart, error) {
	if len(scenarios) == 0 {
		return nil, wrong("no scenarios to draw")
	}
	g := figure.Graph{Of: title, Poles: limitPoles(h.Case, scenarios),
		Across: toleranceMarks(tolerances)}
	longest, least := 0.0, 1.0
	for i, s := range scenarios {
		if s.Name == "" {
			return nil, wrong("a scenario has no name")
		}
		if err := checkDurations(s.Name, s.Durations); err != nil {
			return nil, err
		}
		if err := checkCurve(s.Name, "failure", s.Failure, len(s.Durations)); err != nil {
			return nil, err
		}
		c := figure.NewSeries(i, s.Name)
		for k, p := range s.Failure {
			c.Add(s.Durations[k], p.Value, p.Lower, p.Upper)
			least = leastPositive(least, p.Value, p.Upper)
		}
		longest = max(longest, s.Durations[len(s.Durations)-1])
		g.Curves = append(g.Curves, c)
	}
	if limit := longestLimit(scenarios); limit > 0 && limit <= longest {
		longest = min(longest, beyond*limit)
	}
	least = leastPositive(least, tolerances...)
	g.X = figure.Durations("Session length", longest)
	// Six decades are as many as there is something to see of.
	floor := max(math.Pow(10, math.Floor(math.Log10(max(least, 1e-6))+1e-9)), 1e-6)
	g.Y = figure.Decades("Sessions that fail (logarithmic)", min(floor, 0.1), 1, notation.Percent)
	g.Legend = figure.Legend{figure.PatchEntry("band: interval at each length", figure.Faint)}
	explain(&g.Legend, len(tolerances) > 0, figure.AcrossEntry("tolerance", toleranceLine))
	g.Header = h.header(scenariosFinding(title, scenarios))
	var b strings.Builder
	fmt.Fprintf(&b, "Probability that a session fails, by length up to %s, "+
		"on a logarithmic scale.", notation.Length(longest))
	for _, s := range scenarios {
		last := lastUpTo(s.Durations, longest)
		half := last / 2
		fmt.Fprintf(&b, " %s: %s by %s, %s by %s.", s.Name,
			notation.Chance(s.Failure[half].Value), notation.Length(s.Durations[half]),
			notation.Chance(s.Failure[last].Value), notation.Length(s.Durations[last]))
	}
	return g.Chart(b.String()), nil
}

// scenariosFinding says how often sessions fail that are within the limits of all scenarios.
func scenariosFinding(title string, scenarios []Scenario) string {
	length := math.Inf(1)
	for _, s := range scenarios {
		length = min(length, s.Durations[tellingLength(s.Durations, s.Limit)])
	}
	var names []string
	var failures []float64
	for _, s := range scenarios {
		names = append(names, within(title, s.Name))
		failures = append(failures, s.Failure[lastUpTo(s.Durations, length)].Value)
	}
	return failureFinding(length, names, failures)
}

// longestLimit returns the longest limit of scenarios [s], 0 if one has none.
func longestLimit(scenarios []Scenario) (longest float64) {
	for _, s := range scenarios {
		if s.Limit <= 0 {
			return 0
		}
		longest = max(longest, s.Limit)
	}
	return longest
}

// limitPoles are the limits of scenarios as marks: one where they agree, else one of each,
// with the names of those that have it.
func limitPoles(c sweep.Case, scenarios []Scenario) []figure.Mark {
	var limits []float64
	for _, s := range scenarios {
		limits = appendNew(limits, s.Limit)
	}
	if len(limits) < 2 {
		c.Limit = limits[0]
		return limitPole(c)
	}
	var marks []figure.Mark
	for _, limit := range limits {
		var names []string
		for _, s := range scenarios {
			if s.Limit == limit {
				names = append(names, s.Name)
			}
		}
		label := fmt.Sprintf("limit of %s: %s", strings.Join(names, ", "), notation.Length(limit))
		marks = append(marks, limitMark(limit, label)...)
	}
	return marks
}

// leastPositive returns the least of the values above zero.
func leastPositive(least float64, values ...float64) float64 {
	for _, v := range values {
		if v > 0 {
			least = min(least, v)
		}
	}
	return least
}

func drawFailure(r *store.Results, c Choice) ([]Named, error) {
	return Overlay([]*store.Results{r}, c)
}

// Overlay draws how often plans fail in the results of several directories, over one
// another: one chart for each session type that all have.
func Overlay(all []*store.Results, c Choice) ([]Named, error) {
	bySession := map[string][]selection.View{}
	for _, r := range all {
		views, err := selection.Views(r, c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Dir, err)
		}
		for _, v := range views {
			bySession[v.Session] = append(bySession[v.Session], v)
		}
	}
	var out []Named
	for _, id := range all[0].Sessions() {
		if len(bySession[id]) < len(all) {
			continue
		}
		drawn, err := overlay(bySession[id])
		if err != nil {
			return nil, err
		}
		out = append(out, drawn...)
	}
	if len(out) == 0 {
		return nil, &Missing{Kind: KindFailure, Reason: "the directories have no session type in common"}
	}
	return out, nil
}

func overlay(views []selection.View) ([]Named, error) {
	type entry struct {
		view selection.View
		cell *store.Cell
		name string
	}
	var entries []entry
	title := ""
	v := views[0]
	var notes, foot []string
	var tolerances []float64
	for _, v := range views {
		for _, t := range v.Tolerances() {
			tolerances = appendNew(tolerances, t)
		}
		column, cells, more, err := v.Along(v.Choice.X, max(1, mostScenarios/len(views)))
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
			switch {
			case len(cells) > 1 && len(views) > 1:
				e.name = of + ", " + column.Title + " " + column.TextOf(cell)
			case len(cells) > 1:
				title, e.name = column.Title, column.TextOf(cell)
			}
			if e.name == "" {
				e.name = strings.Trim(cell.Device+", "+cell.Environment, ", ")
			}
			entries = append(entries, e)
		}
		small := smallPrint(v, cells)
		if of != "" {
			small = of + ": " + small
		}
		foot = append(foot, small)
	}
	slices.Sort(tolerances)
	scenarios, err := gather(entries, func(e entry) (Scenario, error) {
		curves, err := e.cell.Curves()
		if err != nil {
			return Scenario{}, err
		}
		failure, err := curves.Failure(e.view.Reading, e.view.Confidence())
		return Scenario{e.name, e.cell.Limit, curves.Durations, failure}, err
	})
	if err != nil {
		return nil, err
	}
	means := meansToFinish(v.Confidence())
	for _, other := range views[1:] {
		if c := other.Confidence(); c != v.Confidence() {
			means += fmt.Sprintf(" Those of %s hold with %s.", shortest(other, views), notation.Percent(c))
		}
	}
	h := Heading{Case: entries[0].cell.Case, Foot: foot,
		Notes: []string{strings.Join(append([]string{means}, notes...), " ")}}
	c, err := FailureChart(h, title, scenarios, tolerances)
	return named(c, err, string(KindFailure), v.Session)
}

// shortest names a directory among others by its last part, or in full where another ends
// alike.
func shortest(of selection.View, all []selection.View) string {
	name := filepath.Base(of.Results.Dir)
	if slices.ContainsFunc(all, func(v selection.View) bool {
		return v.Results != of.Results && filepath.Base(v.Results.Dir) == name
	}) {
		return of.Results.Dir
	}
	return name
}

// appendNew appends v unless the list has it.
func appendNew[T comparable](list []T, v T) []T {
	if slices.Contains(list, v) {
		return list
	}
	return append(list, v)
}
