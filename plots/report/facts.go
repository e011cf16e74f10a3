package report

import (
	"fmt"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/sweep/store"
)

// inputs lists what was asked for.
func inputs(results *store.Results) (facts []Fact) {
	p := results.Provenance
	add := func(name, value string) { addFact(&facts, name, value) }
	add("Scenario", p.Scenario)
	add("Session types", texts(results, func(c *store.Cell) string { return c.SessionName }))
	if results.Plan != nil {
		add("Plan", results.Plan.Plan)
		for _, axis := range results.Plan.Axes {
			add("Axis "+axis.Name, axisText(axis))
		}
	}
	for i, column := range results.Columns {
		value := func(c *store.Cell) string { return column.Text(c.Values[i]) }
		first := value(results.Cells[0])
		differs := slices.ContainsFunc(results.Cells, func(c *store.Cell) bool {
			return value(c) != first
		})
		if !differs || results.Plan == nil {
			add(notation.Sentence(column.Title), texts(results, value))
		}
	}
	if p.StartLevel != nil {
		add("Level at the start", notation.Percent(*p.StartLevel))
	}
	add("Tolerances", notation.Percents(p.Tolerances))
	add("Confidence", notation.Percent(p.Confidence)+", in "+notation.Plural(p.Caps, "cap")+
		" together")
	add("Readings", strings.Join(p.Readings, ", "))
	add("When the user switches to another app", map[string]string{
		"leave": "the session ends, which is no failure",
		"pause": "the session pauses until the user is back",
		"end":   "the session ends, and fails"}[p.OnResign])
	return facts
}

// texts lists what a function says of the cells, each text once.
func texts(results *store.Results, of func(*store.Cell) string) string {
	var all []string
	for _, cell := range results.Cells {
		if text := of(cell); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return strings.Join(all, ", ")
}

// provenance lists what computed the results.
func provenance(results *store.Results) (facts []Fact) {
	p := results.Provenance
	digests := []Fact{{"Digest of the scenario", p.ScenarioDigest, true},
		{"Digest of the catalog", p.CatalogDigest, true}}
	if results.Plan != nil {
		digests = append(digests, Fact{"Fingerprint of the plan", results.Plan.Fingerprint, true})
	}
	facts = append([]Fact{{"Version", p.Version, false}, {"Go", p.Go, false},
		{"Kernel", p.Kernel, false},
		{"Seed", fmt.Sprint(p.Seed), false}, {"Estimator", p.Estimator + ", " + p.Sampling + " sampling",
			false},
		{"Paths", p.Precision, false}, {"Outcome", p.Outcome, false}}, digests...)
	return slices.DeleteFunc(facts, func(f Fact) bool { return f.Value == "" })
}

// axisText writes the levels of an axis, of a long one the ends.
func axisText(a store.AxisSummary) string {
	levels := slices.Clone(a.Levels)
	for i := range levels {
		levels[i] = strings.ReplaceAll(levels[i], "degC", "°C")
	}
	if n := len(levels); n > 12 {
		return fmt.Sprintf("%s, %s, … %s (%d levels)", levels[0], levels[1], levels[n-1], n)
	}
	return strings.Join(levels, ", ")
}
