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

// timerKinds are the kinds of charts of a timer.
var timerKinds = []struct {
	kind    Kind
	meaning string
	draw    func(*store.Timer) ([]Named, error)
}{
	{KindStrip, "a timer along its clock: phases, failures by cycle and cause, battery and heat",
		drawStrip},
	{KindStrategies, "ways to run a timer: how often each fails, and the minutes that it completes",
		drawStrategies},
	{KindCycles, "how often a timer fails by the length of its phases and its number of cycles, of --map",
		drawCycles},
}

// Kinds lists the kinds of charts of caps and sweeps.
func Kinds() []Kind {
	var out []Kind
	for _, k := range kinds {
		out = append(out, k.kind)
	}
	return out
}

// TimerKinds lists the kinds of charts of timers.
func TimerKinds() []Kind {
	var out []Kind
	for _, k := range timerKinds {
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
	for _, row := range timerKinds {
		if row.kind == k {
			return row.meaning
		}
	}
	return ""
}

// DrawTimer makes the charts of a kind of the results of budget timer. The errors are as of Draw.
func DrawTimer(t *store.Timer, kind Kind) ([]Named, error) {
	for _, row := range timerKinds {
		if row.kind == kind {
			return row.draw(t)
		}
	}
	return nil, selection.Unfitf("no kind of chart of a timer %q: expected one of %s", kind,
		listed(TimerKinds()))
}

// listed lists kinds in words.
func listed(kinds []Kind) string {
	var names []string
	for _, k := range kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// Draw makes the charts of a kind of what is in a directory, one or more for each session
// type. Columns that a chart does not show are held at the middle of their levels, and the
// chart says so. Where the results lack what it takes, the error is a *Missing; where they
// do not have what the choice names, an *Unfit. Other errors say what is wrong with the
// files.
func Draw(r *store.Results, kind Kind, c Choice) ([]Named, error) {
	for _, row := range kinds {
		if row.kind == kind {
			drawn, err := row.draw(r, c)
			if m, ok := errors.AsType[*Missing](err); ok {
				m.Kind = kind
			}
			return drawn, err
		}
	}
	return nil, selection.Unfitf("no kind of chart %q: expected one of %s", kind,
		listed(Kinds()))
}
