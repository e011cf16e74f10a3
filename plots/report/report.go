package report

import (
	"fmt"
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
	// Unfinished says what an interrupted run did not reach, "" of a whole one; Changed which
	// files are not as they were written, "" if all are.
	Unfinished, Changed string
	Provenance          sweep.Provenance
	Family              string // number of caps that hold together

	Head
	Curves   []Markup  // of the answers: how many sessions fail by length
	Deciding *Deciding // nil of a run and of designs
	Summary  bool      // whether the page is the first screen alone
	Still    bool      // whether it has no script

	Ends      *Ends    // of budget run, in place of the head; else nil
	Designs   *Designs // of budget optimize, in place of the head; else nil
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
// makes no difference to the report. Of an interrupted run the report has what was simulated;
// without any simulated session it is an error.
func New(results *store.Results, dir, repeat string, workers int) (*Report, error) {
	results, left := results.Simulated()
	if len(results.Cells) == 0 {
		return nil, store.ErrNothingSimulated
	}
	p := results.Provenance
	varying := selection.Varying(results, results.Cells)
	r := &Report{Title: finding(results, varying), Subtitle: subtitle(results), Provenance: p,
		Family: notation.Count(int64(p.Caps)), Assumptions: newAssumptions(p),
		Inputs: inputs(results), Facts: provenance(results), Repeat: repeat, Glossary: glossary(results)}
	r.Unfinished, r.Changed = store.Unreached(left), results.Changed
	r.Overrides = overrides(p)
	spread, err := readSpread(results)
	if err != nil {
		return nil, err
	}
	if r.Head, err = newHead(results, varying, spread); err != nil {
		return nil, err
	}
	a := &album{results: results}
	if r.Charts, err = a.galleries(); err != nil {
		return nil, err
	}
	if r.Starts, err = readStarts(results); err != nil {
		return nil, err
	}
	sensitivity, err := readSensitivity(results)
	if err != nil {
		return nil, err
	}
	if r.Uncertain, err = readUncertain(a, spread, sensitivity); err != nil {
		return nil, err
	}
	deciding := newDeciding(sensitivity, r.Assumed, len(r.Quantities))
	r.Deciding = &deciding
	r.Assumptions.rank(influence(sensitivity))
	if r.Curves, err = tileCurves(results, headline(results)); err != nil {
		return nil, err
	}
	r.Panel, err = newPanel(results, varying, dir, sensitivity, workers)
	return r, err
}

// Curve returns the curve of an answer.
func (r *Report) Curve(i int) Markup {
	if i >= len(r.Curves) {
		return ""
	}
	return r.Curves[i]
}

// DarkColours sets the colours of the charts of the page in the dark.
func (r *Report) DarkColours() Markup {
	var parts [][]Figure
	for _, g := range r.Charts {
		parts = append(parts, g.Figures)
	}
	if r.Uncertain != nil {
		parts = append(parts, r.Uncertain.Figures)
	}
	return darkColours(parts...)
}

// subtitle says in a line what was simulated: the plan or the scenario, unless it is the default
// one, how many sessions, and from which seed.
func subtitle(results *store.Results) string {
	var paths []int64
	for _, c := range results.Cells {
		for _, found := range c.Caps {
			paths = append(paths, found.Paths)
		}
	}
	var parts []string
	if results.Plan != nil || results.Name != model.Default().Name {
		parts = append(parts, results.Name)
	}
	sessions := len(results.Sessions())
	if cells := len(results.Cells) / sessions; cells > 1 {
		parts = append(parts, notation.Plural(cells, "cell"))
	}
	parts = append(parts, notation.Plural(sessions, "session type"),
		notation.Counts(paths)+" simulated sessions each", fmt.Sprintf("seed %d",
			results.Provenance.Seed))
	return strings.Join(parts, " · ")
}
