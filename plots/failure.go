package plots

import (
	"fmt"
	"image/color"
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
	Caps      []sweep.Cap         // to mark, by tolerance
	Timer     bool                // of several cycles; durations are positions on its clock
}

// FailureChart draws the probability that a plan fails against its duration, on a
// logarithmic scale, with the interval of every scenario, the tolerances and the
// limit. The title is that of the scenarios.
func FailureChart(h Heading, title string, scenarios []Scenario, tolerances []float64) (
	*Chart, error) {
	if len(scenarios) == 0 {
		return nil, wrong("no scenarios to draw")
	}
	g := failureGraph{figure.Graph{Of: title, Poles: limitPoles(h.Case, scenarios),
		Across: tolerated(tolerances)}}
	g.Poles = append(g.Poles, offersOf(h.Offers, scenarios)...)
	longest, least, most := 0.0, 1.0, 0.0
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
		if err := checkCaps(s.Name, s.Caps...); err != nil {
			return nil, err
		}
		c := h.series(i, len(scenarios), s.Name)
		if s.Limit > 0 {
			// Just before it: at the limit every session expires.
			c.End = 0.99 * s.Limit
		}
		c.Name += g.markCaps(s, c.Color, len(scenarios) > 1)
		for k, p := range s.Failure {
			c.Add(s.Durations[k], p.Value, p.Lower, p.Upper)
			least = leastPositive(least, p.Value, p.Upper)
			if c.End == 0 || s.Durations[k] <= c.End {
				most = max(most, p.Upper)
			}
		}
		longest = max(longest, s.Durations[len(s.Durations)-1])
		g.Curves = append(g.Curves, c)
	}
	if limit := longestLimit(scenarios); limit > 0 && limit <= longest {
		longest = limit
	} else {
		most = 1
	}
	for _, t := range tolerances {
		most = max(most, t)
	}
	least = leastPositive(least, tolerances...)
	g.X = LengthAxis(h.Case, longest)
	// Six decades are as many as there is something to see of.
	floor := max(math.Pow(10, math.Floor(math.Log10(max(least, 1e-6))+1e-9)), 1e-6)
	g.Y = figure.Decades("Sessions that fail (logarithmic)", min(floor, 0.1),
		min(1, math.Pow(10, math.Ceil(math.Log10(max(most, 0.02))))), notation.Percent)
	g.Legend = figure.Legend{figure.PatchEntry("band: interval at each length", figure.Faint)}
	explain(&g.Legend, len(g.Points) > 0, figure.MarkerEntry("cap: its interval reaches the tolerance",
		figure.Circle, figure.Ink, false))
	explain(&g.Legend, len(h.Offers) > 0, figure.PoleEntry("length to offer", offerLine))
	g.Header = h.Header(scenariosFinding(title, scenarios))
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

// failureGraph is the graph of a failure chart.
type failureGraph struct{ figure.Graph }

// markCaps marks the caps of a scenario: all of one that stands alone, else that at the headline
// tolerance, which it returns in words.
func (g *failureGraph) markCaps(s Scenario, col color.NRGBA, several bool) (words string) {
	headline := headlineCap(s.Caps)
	for _, c := range s.Caps {
		if !hasCap(c) || several && c.Tolerance != headline.Tolerance {
			continue
		}
		g.Points = append(g.Points, figure.Point{X: c.Cap, Y: c.Tolerance,
			Shape: figure.Circle, Color: col})
		if !several {
			g.Poles = append(g.Poles, figure.Mark{At: c.Cap, Label: capLabel(c), Style: cautiousLine})
		}
	}
	if !several || headline == nil {
		return ""
	}
	return ", " + notation.CapReached(headline.Case, headline.Status, headline.Cap) + " at " +
		notation.Percent(headline.Tolerance)
}

// offersOf marks lengths to offer [s], with how many fail where there is one scenario.
func offersOf(offers []float64, scenarios []Scenario) []figure.Mark {
	var failure []estimate.Estimate
	if len(scenarios) == 1 {
		failure = scenarios[0].Failure
	}
	return offerMarks(offers, scenarios[0].Durations, failure)
}

// scenariosFinding says how long sessions may be at the headline tolerance where all scenarios have
// a cap to mark, else how often sessions fail that are within the limits of all scenarios.
func scenariosFinding(title string, scenarios []Scenario) string {
	if text := scenarioCaps(title, scenarios); text != "" {
		return text
	}
	length := math.Inf(1)
	for _, s := range scenarios {
		length = min(length, s.Durations[tellingLength(s.Durations, sweep.Case{Limit: s.Limit})])
	}
	timers := slices.ContainsFunc(scenarios, func(s Scenario) bool { return s.Timer })
	var names []string
	var failures []float64
	for _, s := range scenarios {
		at := lastUpTo(s.Durations, length)
		if timers {
			at = len(s.Durations) - 1
		}
		names = append(names, within(title, s.Name))
		failures = append(failures, s.Failure[at].Value)
	}
	if timers {
		return failuresOf(timersFail, names, failures)
	}
	return failureFinding(length, names, failures)
}

// scenarioCaps is CapsFinding of scenarios.
func scenarioCaps(title string, scenarios []Scenario) string {
	var names []string
	var caps [][]sweep.Cap
	for _, s := range scenarios {
		names, caps = append(names, s.Name), append(caps, s.Caps)
	}
	return CapsFinding(title, names, caps)
}

// CapsFinding says how long sessions may be in scenarios that a title tells apart, each with its
// caps, at the tolerance that titles are about; "" where one has no cap for too few sessions.
func CapsFinding(title string, names []string, caps [][]sweep.Cap) string {
	var lengths []float64
	var texts []string
	names = slices.Clone(names)
	at := 0.0
	for i := range caps {
		c := headlineCap(caps[i])
		if c == nil || c.Status == sweep.CapUnknown || at > 0 && c.Tolerance != at {
			return ""
		}
		at = c.Tolerance
		lengths, names[i] = append(lengths, c.Cap), within(title, names[i])
		texts = append(texts, notation.CapLength(c.Case, c.Cap))
	}
	least, greatest := extremes(lengths)
	switch text := "at most " + odds(at) + " fail up to "; {
	case len(names) == 1:
		return capFinding(*headlineCap(caps[0]))
	case lengths[greatest] == 0:
		return "even " + theShortest(headlineCap(caps[0]).Case) + " more often than " + odds(at)
	case lengths[least] == lengths[greatest]:
		return text + texts[least] + " in each case"
	case lengths[least] == 0:
		return fmt.Sprintf("%s%s (%s); no length is safe for %s", text, texts[greatest], names[greatest],
			names[least])
	default:
		return fmt.Sprintf("%s%s (%s) to %s (%s)", text, texts[least], names[least], texts[greatest],
			names[greatest])
	}
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
	title, ordered := "", false
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
		ordered = len(views) == 1 && len(cells) > 2 && column.Number
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
		if err != nil {
			return Scenario{}, err
		}
		caps, err := e.view.Caps(e.cell, e.view.Tolerances())
		return Scenario{e.name, e.cell.Limit, curves.Durations, failure, caps, e.cell.Cycles != ""}, err
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
	h := Heading{Case: entries[0].cell.Case, Foot: foot, Offers: v.Choice.Offers,
		Ordered: ordered,
		Notes:   []string{strings.Join(append([]string{means}, notes...), " ")}}
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
