package plots

import (
	"strings"

	"budget/sweep/store"
)

// drawers say what each kind shows and draw it.
var drawers = []struct {
	kind    Kind
	meaning string
	draw    func(*store.Results, Choice) ([]Named, error)
}{
	{KindIncidence, "how sessions end by planned duration, stacked by cause; small panels over one axis", eachView(view.drawIncidence)},
	{KindFailure, "how often plans fail by duration, several scenarios over one another", drawFailure},
	{KindCaps, "how long sessions may be, with intervals", drawCaps},
	{KindMap, "the cap over two axes, as a heat map with contours", eachView(view.drawMap)},
	{KindTolerance, "the cap against the tolerance", eachView(view.drawTolerance)},
	{KindLoad, "the cap against the mean power of the watch, or any number that varies", eachView(view.drawLoad)},
	{KindStates, "level, voltage and temperatures over a session", eachView(view.drawStates)},
	{KindCauses, "what ended the sessions that failed, by the levels of an axis", drawCauses},
	{KindConvergence, "how the estimate settles as paths are added", eachView(view.drawConvergence)},
	{KindUnknown, "caps and failure over what is not known, of budget uncertainty", drawUnknown},
	{KindTornado, "what moves the cap most, of budget sensitivity", drawTornado},
}

// Kinds lists the kinds of charts.
func Kinds() []Kind {
	var out []Kind
	for _, d := range drawers {
		out = append(out, d.kind)
	}
	return out
}

// Meaning says in a line what a kind of chart shows; "" of no kind.
func (k Kind) Meaning() string {
	for _, d := range drawers {
		if d.kind == k {
			return d.meaning
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
	for _, d := range drawers {
		if d.kind == kind {
			return d.draw(r, c)
		}
	}
	var kinds []string
	for _, k := range Kinds() {
		kinds = append(kinds, string(k))
	}
	return nil, unfit("no kind of chart %q: expected one of %s", kind, strings.Join(kinds, ", "))
}
