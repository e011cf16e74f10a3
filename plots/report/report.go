package report

import (
	"fmt"
	"math"
	"strings"

	"budget/internal/notation"
	"budget/model"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
)

// Report is what the page shows, part by part.
type Report struct {
	Title, Subtitle string
	Provenance      sweep.Provenance
	Family          string // number of caps that hold together

	Head
	Charts    []Gallery
	Panel     *Panel
	Starts    *Starts    // nil where budget export has left none
	Uncertain *Uncertain // nil where neither budget uncertainty nor budget sensitivity has left any

	Assumptions
	Inputs, Facts []Fact
	Overrides     Table
	Repeat        string // command that does
	Glossary      []Ending
}

// New makes a report of results. dir is the directory they were read from, as commands are
// to name it; repeat the command that makes the results anew, or "". The number of workers
// makes no difference to the report.
func New(results *store.Results, dir, repeat string, workers int) (*Report, error) {
	p := results.Provenance
	r := &Report{Title: title(results), Subtitle: subtitle(results), Provenance: p,
		Family: notation.Count(int64(p.Caps)), Assumptions: newAssumptions(p),
		Inputs: inputs(results), Facts: provenance(results), Repeat: repeat, Glossary: glossary(results)}
	r.Overrides = Table{ID: "overrides", Columns: columns("Quantity", "Value", "Default", "Set at")}
	r.Overrides.Columns[0].Class = keys
	for _, o := range p.Overrides {
		r.Overrides.Rows = append(r.Overrides.Rows, []string{o.Key, o.Value, o.Default, o.Place})
	}
	varying := selection.Varying(results, results.Cells)
	var err error
	if r.Head, err = newHead(results, varying); err != nil {
		return nil, err
	}
	a := &album{results: results}
	if r.Charts, err = a.galleries(); err != nil {
		return nil, err
	}
	if r.Starts, err = readStarts(results.Dir); err != nil {
		return nil, err
	}
	if r.Uncertain, err = readUncertain(a); err != nil {
		return nil, err
	}
	r.Panel, err = newPanel(results, varying, dir, workers)
	return r, err
}

// Section is a part of the page that its head points to.
type Section struct{ ID, Name string }

// Sections lists the parts that the page has.
func (r *Report) Sections() []Section {
	all := []Section{{"answer", "Caps"}}
	add := func(there bool, id, name string) {
		if there {
			all = append(all, Section{id, name})
		}
	}
	add(len(r.Charts) > 0, "charts", "Charts")
	add(r.Panel != nil, "what-if", "What if")
	add(r.Starts != nil, "starts", "By the start")
	add(r.Uncertain != nil, "unknown", "What is not known")
	return append(all, Section{"assumptions", "Assumptions"}, Section{"inputs", "Inputs"},
		Section{"provenance", "Provenance"}, Section{"method", "Method"}, Section{"glossary",
			"How sessions end"})
}

// title names the plan or the scenario.
func title(results *store.Results) string {
	if results.Plan == nil && results.Name == model.Default().Name {
		return "Safe session caps"
	}
	return results.Name
}

// subtitle says in a line what was simulated.
func subtitle(results *store.Results) string {
	least, most := int64(math.MaxInt64), int64(0)
	for _, c := range results.Cells {
		for _, found := range c.Caps {
			least, most = min(least, found.Paths), max(most, found.Paths)
		}
	}
	var parts []string
	sessions := len(results.Sessions())
	if cells := len(results.Cells) / sessions; cells > 1 {
		parts = append(parts, notation.Plural(cells, "cell"))
	}
	parts = append(parts, notation.Plural(sessions, "session type"),
		notation.Counts([]int64{least, most})+" simulated sessions each", fmt.Sprintf("seed %d",
			results.Provenance.Seed))
	return strings.Join(parts, " · ")
}
