package report

import (
	"fmt"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/sweep/store"
)

// describe fills in the inputs and the provenance.
func (r *Report) describe(results *store.Results) {
	p := results.Provenance
	input := func(name, value string) {
		if value != "" {
			r.Inputs = append(r.Inputs, Fact{Name: name, Value: value})
		}
	}
	input("Scenario", p.Scenario)
	var sessions []string
	for _, c := range results.Cells {
		if !slices.Contains(sessions, c.SessionName) {
			sessions = append(sessions, c.SessionName)
		}
	}
	input("Session types", strings.Join(sessions, ", "))
	if results.Plan != nil {
		input("Plan", results.Plan.Plan)
		for _, axis := range results.Plan.Axes {
			input("Axis "+axis.Name, axisText(axis))
		}
	}
	for _, column := range results.Columns {
		if values := valuesOf(results, column.Name); len(values) == 1 || results.Plan == nil {
			input(capital(column.Title), strings.Join(values, ", "))
		}
	}
	if p.StartLevel != nil {
		input("Level at the start", notation.Percent(*p.StartLevel))
	}
	var tolerances []string
	for _, t := range p.Tolerances {
		tolerances = append(tolerances, notation.Percent(t))
	}
	input("Tolerances", strings.Join(tolerances, ", "))
	input("Confidence", notation.Percent(p.Confidence)+", in "+notation.Plural(results.Provenance.Caps, "cap")+" together")
	input("Readings", strings.Join(p.Readings, ", "))
	input("When the app loses the front", map[string]string{"pause": "the session pauses, and does not fail", "end": "the session ends, and fails"}[p.OnResign])

	fact := func(name, value string, code bool) {
		if value != "" {
			r.Facts = append(r.Facts, Fact{name, value, code})
		}
	}
	fact("Version", p.Version, false)
	fact("Go", p.Go, false)
	fact("Kernel", p.Kernel, false)
	fact("Seed", fmt.Sprint(p.Seed), false)
	fact("Estimator", p.Estimator+", "+p.Sampling+" sampling", false)
	fact("Paths", p.Precision, false)
	fact("Outcome", p.Outcome, false)
	fact("Digest of the scenario", p.ScenarioDigest, true)
	fact("Digest of the catalog", p.CatalogDigest, true)
	if results.Plan != nil {
		fact("Fingerprint of the plan", results.Plan.Fingerprint, true)
	}
}

// axisText tells the levels of an axis, of a long one the ends.
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

// valuesOf lists the values of a column that occur.
func valuesOf(results *store.Results, name string) []string {
	i := slices.IndexFunc(results.Columns, func(c store.Column) bool { return c.Name == name })
	var values []string
	for _, cell := range results.Cells {
		if text := results.Columns[i].Text(cell.Values[i]); !slices.Contains(values, text) {
			values = append(values, text)
		}
	}
	return values
}
