package plots

import (
	"errors"
	"fmt"
	"strings"

	"budget/sweep"
)

// Kind is a kind of chart.
type Kind string

// The kinds of charts, in the order of Kinds.
const (
	KindIncidence   Kind = "incidence"
	KindFailure     Kind = "failure"
	KindCaps        Kind = "caps"
	KindMap         Kind = "map"
	KindTolerance   Kind = "tolerance"
	KindLoad        Kind = "load"
	KindStates      Kind = "states"
	KindCauses      Kind = "causes"
	KindConvergence Kind = "convergence"
	KindUnknown     Kind = "unknown"
	KindTornado     Kind = "tornado"
)

// drawers say what each kind shows and draw it.
var drawers = []struct {
	kind    Kind
	meaning string
	draw    func(*sweep.Results, Choice) ([]Named, error)
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

// Choice says what charts are to show. Its zero value is what is most often asked for.
type Choice struct {
	Sessions   []string  // ids; none is all
	Reading    string    // "" is the first of the results
	Tolerances []float64 // none is those of the tables; charts of a single one take the first, or 1 %
	Confidence float64   // 0 is that of the results
	X, Y       string    // columns of the tables, or mean_load_w; "" is the first that vary
	Duration   float64   // of causes and convergence [s]; 0 is the longest that is sensible
	Only       []Level   // leave cells at other levels out
}

// Level is a level of a column, as tables or charts write it.
type Level struct{ Column, Value string }

// Named is a chart with the name of its file, without extension.
type Named struct {
	Name string
	*Chart
}

// Missing says that results have no data for a kind of chart, and what would give it.
type Missing struct {
	Kind   Kind
	Reason string
}

func (m *Missing) Error() string { return fmt.Sprintf("no %s chart: %s", m.Kind, m.Reason) }

// Unfit says what a choice asks for that the results do not have, and what they do have.
type Unfit struct{ Reason string }

func (u *Unfit) Error() string { return u.Reason }

func unfit(format string, args ...any) error { return &Unfit{fmt.Sprintf(format, args...)} }

// Draw makes the charts of a kind of what is in a directory, one or more for each session
// type. Columns that a chart does not show are held at the middle of their levels, and the
// chart says so. Where the results lack what it takes, the error is a *Missing; where they
// do not have what the choice names, an *Unfit. Other errors say what is wrong with the
// files.
func Draw(r *sweep.Results, kind Kind, c Choice) ([]Named, error) {
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

// eachView makes a drawing of one session type into one of all. What only some session
// types lack is left out.
func eachView(draw func(view) ([]Named, error)) func(*sweep.Results, Choice) ([]Named, error) {
	return func(r *sweep.Results, c Choice) ([]Named, error) {
		views, err := newViews(r, c)
		if err != nil {
			return nil, err
		}
		var out []Named
		var lacking error
		for _, v := range views {
			drawn, err := draw(v)
			if _, ok := errors.AsType[*Missing](err); ok {
				lacking = err
			} else if err != nil {
				return nil, err
			}
			out = append(out, drawn...)
		}
		if len(out) == 0 {
			return nil, lacking
		}
		return out, nil
	}
}

// named gives a chart its name.
func named(c *Chart, err error, parts ...string) ([]Named, error) {
	if err != nil {
		return nil, err
	}
	return []Named{{strings.Join(parts, "-"), c}}, nil
}
