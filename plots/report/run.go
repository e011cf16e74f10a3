package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/model"
	"budget/plots"
	"budget/sweep/store"
	"budget/sweep/table"
)

// NewRun makes a report of the results of budget run; repeat is the command that makes them anew,
// or "".
func NewRun(run *store.Run, repeat string) (*Report, error) {
	p := run.Provenance
	first := run.First()
	var lengths []string
	var paths []int64
	var cells []*store.Cell // as far as the parts about inputs and causes read them
	for _, o := range first {
		if text := notation.Length(o.Length); !slices.Contains(lengths, text) {
			lengths = append(lengths, text)
		}
		paths = append(paths, o.Paths)
		if !slices.ContainsFunc(cells, func(c *store.Cell) bool { return c.Case == o.Case }) {
			cells = append(cells, &store.Cell{Case: o.Case, Values: []string{o.Device, o.Environment}})
		}
	}
	as := &store.Results{Dir: run.Dir, Name: p.Scenario, Provenance: p, Cells: cells,
		Columns: []store.Column{{Name: "device", Title: "device"},
			{Name: "environment", Title: "environment"}}}
	r := &Report{Title: endsTitle(first), Provenance: p, Ends: newEnds(run),
		Assumptions: newAssumptions(p), Inputs: inputs(as), Facts: provenance(as), Repeat: repeat,
		Glossary: glossary(as), Changed: run.Changed, Overrides: overrides(p)}
	parts := []string{notation.Plural(len(as.Sessions()), "session type"),
		notation.Counts(paths) + " simulated sessions each", fmt.Sprintf("seed %d", p.Seed)}
	if p.Scenario != model.Default().Name {
		parts = slices.Insert(parts, 0, p.Scenario)
	}
	r.Subtitle = strings.Join(parts, " · ")
	addFact(&r.Inputs, "Lengths", strings.Join(lengths, ", "))
	drawn, err := plots.DrawRun(run)
	if err != nil {
		return r, nil // too few sessions for a chart: the table says so
	}
	figures, err := figuresOf(drawn, 0)
	if len(figures) > 0 {
		r.Charts = []Gallery{{Title: "What ended the sessions that failed", Figures: figures}}
	}
	return r, err
}

// endsTitle says how many sessions fail.
func endsTitle(first []table.Outcome) string {
	known := slices.DeleteFunc(slices.Clone(first), func(o table.Outcome) bool {
		return math.IsNaN(o.Fails.Value)
	})
	if len(known) == 0 {
		return "Too few sessions simulated to say how they end"
	}
	subject := notation.Case(known[0].Case) // where all are of one case
	for _, o := range known {
		if o.Case != known[0].Case {
			subject = ""
		}
	}
	name := func(o table.Outcome) string {
		text := notation.Length(o.Length) + " sessions"
		if subject == "" {
			text += " (" + notation.Case(o.Case) + ")"
		}
		return text
	}
	compare := func(a, b table.Outcome) int {
		return int(math.Copysign(1, a.Fails.Value-b.Fails.Value))
	}
	least, most := slices.MinFunc(known, compare), slices.MaxFunc(known, compare)
	if least.Fails.Value == most.Fails.Value {
		return headed(subject, notation.Chance(most.Fails.Value)+" of "+name(most)+" fail")
	}
	return headed(subject, fmt.Sprintf("%s of %s fail, %s of %s", notation.Chance(least.Fails.Value),
		name(least), notation.Chance(most.Fails.Value), name(most)))
}
