package planning

import (
	"errors"

	"budget/plots"
	"budget/plots/selection"
	"budget/sweep/store"
)

// Kinds lists the kinds of charts of caps and sweeps.
func Kinds() []plots.Kind { return []plots.Kind{KindAxis, KindSurvival, KindStarts} }

// Meaning says in a line what a kind of chart shows; "" of no kind.
func Meaning(kind plots.Kind) string {
	return map[plots.Kind]string{
		KindAxis:     "the cap along one axis, of numbers, categories or months; --session a,b: panels",
		KindSurvival: "the sessions that still run by length, with their numbers",
		KindStarts:   "the cap by battery, heat and watch at the start, of budget export",
		KindChanges:  "differences of the caps of two directories of sweeps, with intervals",
	}[kind]
}

// Draw makes the charts of a kind, as plots.Draw does.
func Draw(r *store.Results, kind plots.Kind, c plots.Choice) ([]plots.Named, error) {
	var drawn []plots.Named
	var err error
	switch kind {
	case KindAxis:
		drawn, err = drawAxis(r, c)
	case KindSurvival:
		drawn, err = drawSurvival(r, c)
	case KindStarts:
		drawn, err = drawStarts(r)
	default:
		return nil, selection.Unfitf("no kind of chart %q", kind)
	}
	if m, ok := errors.AsType[*plots.Missing](err); ok {
		m.Kind = kind
	}
	return drawn, err
}
