package choices

import (
	"fmt"
	"strings"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/sweep/store"
)

// Axes are the knobs of a map, "" for those that move the cap most.
type Axes struct{ X, Y string }

// kinds are the kinds of charts of designs.
var kinds = []struct {
	kind    plots.Kind
	meaning string
	draw    func(*store.Designs, Axes) ([]plots.Named, error)
}{
	{KindFront, "the longest cap against cues per minute, power, or starts left out by the gate", drawFronts},
	{KindPrices, "what the next step of each knob gains or costs", drawPrices},
	{KindKnobs, "the cap over two knobs, with the others as chosen", drawKnobs},
}

// Kinds lists the kinds of charts of designs.
func Kinds() (all []plots.Kind) {
	for _, k := range kinds {
		all = append(all, k.kind)
	}
	return all
}

// Meaning says in a line what a kind of chart shows; "" of another kind.
func Meaning(kind plots.Kind) string {
	for _, k := range kinds {
		if k.kind == kind {
			return k.meaning
		}
	}
	return ""
}

// Draw makes the charts of a kind. The error is a *plots.Missing where the designs have no data for
// it, a *plots.Unfit where they do not have the axes.
func Draw(d *store.Designs, kind plots.Kind, axes Axes) ([]plots.Named, error) {
	for _, k := range kinds {
		if k.kind == kind {
			return k.draw(d, axes)
		}
	}
	var names []string
	for _, k := range Kinds() {
		names = append(names, string(k))
	}
	return nil, selection.Unfitf("no kind of chart of designs %q: expected one of %s", kind,
		strings.Join(names, ", "))
}

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
