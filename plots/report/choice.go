package report

import (
	"errors"
	"fmt"
	"strings"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/choices"
	"budget/sweep/store"
)

// NewDesigns makes a report of the results of budget optimize; repeat is the command that makes
// them anew, or "".
func NewDesigns(d *store.Designs, repeat string) (*Report, error) {
	p, c := d.Provenance, &d.Charts
	as := &store.Results{Dir: d.Dir, Name: p.Scenario, Provenance: p,
		Cells: []*store.Cell{{Case: c.Case}}}
	r := &Report{Title: designsTitle(d), Provenance: p, Designs: newDesigns(d),
		Assumptions: newAssumptions(p), Inputs: inputs(as), Facts: provenance(as), Repeat: repeat,
		Glossary: glossary(as), Changed: d.Changed, Overrides: overrides(p)}
	paths := int64(0)
	for _, found := range p.Paths {
		paths = max(paths, found.Paths)
	}
	r.Subtitle = fmt.Sprintf("%s · up to %s simulated sessions each · seed %d",
		notation.Plural(len(c.Designs), "design"), notation.Count(paths), p.Seed)
	for _, k := range c.Knobs {
		addFact(&r.Inputs, "Knob "+k.Name, strings.Join(k.Levels, ", "))
	}
	addFact(&r.Inputs, "Design file", c.File)
	if c.Chosen() < 0 {
		return r, nil // there is nothing to draw
	}
	var all []plots.Named
	for _, kind := range choices.Kinds() {
		drawn, err := choices.Draw(d, kind, choices.Axes{})
		if _, missing := errors.AsType[*plots.Missing](err); missing {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, drawn...)
	}
	figures, err := figuresOf(all, 0)
	if len(figures) > 0 {
		r.Charts = []Gallery{{Title: "What the choice costs and gains", Figures: figures}}
	}
	return r, err
}
