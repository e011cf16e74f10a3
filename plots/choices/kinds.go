package choices

import (
	"strings"

	"budget/plots"
	"budget/plots/selection"
	"budget/sweep/store"
)

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
