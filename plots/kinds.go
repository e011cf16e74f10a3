package plots

import (
	"errors"
	"strings"

	"budget/plots/selection"
	"budget/sweep/store"
)

// kinds are the kinds of charts: what each shows, and what draws it.
var kinds = []struct {
	kind    Kind
	meaning string
	draw    drawing
}{
	{KindIncidence, "how sessions end by length, stacked by cause; " +
		"small panels over one axis", each(drawIncidence)},
	{KindFailure, "how often sessions fail by length, several scenarios over one another", drawFailure},
	{KindCaps, "how long sessions may be, with intervals", drawCaps},
	{KindMap, "the cap over two axes, as a heat map with contours", each(drawMap)},
	{KindTolerance, "the cap against the tolerance", each(drawTolerance)},
	{KindLoad, "the cap against the mean power of the watch, or any number that varies",
		each(drawLoad)},
	{KindStates, "level, voltage and temperatures over a session", each(drawStates)},
	{KindCauses, "what ended the sessions that failed, by the levels of an axis", drawCauses},
	{KindConvergence, "how the estimate settles as paths are added", each(drawConvergence)},
	{KindUncertain, "caps and failure over uncertain inputs, of budget uncertainty", drawUncertain},
	{KindTornado, "what moves the cap most, of budget sensitivity", drawTornado},
}

// Kinds lists the kinds of charts.
func Kinds() []Kind {
	var out []Kind
	for _, k := range kinds {
		out = append(out, k.kind)
	}
	return out
}

// Meaning says in a line what a kind of chart shows; "" of no kind.
func (k Kind) Meaning() string {
	for _, row := range kinds {
		if row.kind == k {
			return row.meaning
		}
	}
	return ""
}

// Draw makes the charts of a kind of what is in a directory, one or more for each session
// type. Columns that a chart does not show are held at the middle of their levels, and the
// chart says so. Where the results lack what it takes, the error is a *Missing; where they
// do not have what the choice names, an *Unfit. Other errors say what is wrong with the
// files.
func Draw(r *store.Results, kind Kind, c Choice) ([]Named, error) {
	var names []string
	for _, row := range kinds {
		if row.kind == kind {
			drawn, err := row.draw(r, c)
			if m, ok := errors.AsType[*Missing](err); ok {
				m.Kind = kind
			}
			return drawn, err
		}
		names = append(names, string(row.kind))
	}
	return nil, selection.Unfitf("no kind of chart %q: expected one of %s", kind,
		strings.Join(names, ", "))
}
