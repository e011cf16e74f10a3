package choices

import (
	"fmt"
	"strings"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/sweep/store"
)

// Axes are the knobs of a map, "" for those that move the cap most.
type Axes struct{ X, Y string }

// header makes the texts above and below a chart.
func header(d *store.Designs, finding string, notes ...string) figure.Header {
	p := d.Provenance
	foot := fmt.Sprintf("“%s” · %s · seed %d", p.Scenario,
		notation.Plural(len(d.Charts.Designs), "design"), p.Seed)
	if len(p.Readings) > 0 {
		foot += " · " + notation.Grants(p.Readings[0])
	}
	if d.Changed != "" {
		foot += " · " + plots.UncheckedNote
	}
	return figure.Header{Title: notation.Sentence(d.Name + ": " + finding), Notes: notes,
		Foot: []string{foot, plots.ProvenanceNote}}
}

// named names a chart.
func named(c *figure.Chart, parts ...string) plots.Named {
	return plots.Named{Name: strings.Join(parts, "-"), Chart: c}
}
