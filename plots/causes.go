package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/model"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/table"
)

// KindCauses is the kind of charts in this file.
const KindCauses Kind = "causes"

// mostBars is the number of bars that a page holds.
const mostBars = 24

// Endings are how sessions have failed by a duration in one scenario.
type Endings struct {
	Name     string
	Duration float64
	Ended    []estimate.Estimate // by model.Cause
	Failures []model.Cause       // that count as failing
}

// endingsAt returns the endings by the last duration of a table that is no longer than one
// [s], or by its first.
func endingsAt(name string, in sweep.Incidence, failures []model.Cause, planned float64) Endings {
	k := lastUpTo(in.Durations, planned)
	e := Endings{Name: name, Duration: in.Durations[k], Failures: failures}
	for _, curve := range in.Ended {
		e.Ended = append(e.Ended, curve[k])
	}
	return e
}

// failed returns the share that has failed, and the cause of most.
func (e Endings) failed() (total float64, worst model.Cause) {
	worst = e.Failures[0]
	for _, cause := range e.Failures {
		total += e.Ended[cause].Value
		if e.Ended[cause].Value > e.Ended[worst].Value {
			worst = cause
		}
	}
	return total, worst
}

// Sizes of the parts of a chart of causes.
const (
	barRow      = vg.Length(19)
	barHalf     = vg.Length(6)
	totalsWidth = vg.Length(54) // of the column of failures
)

// CausesChart draws what ended the sessions that failed, as people use the app: for each
// scenario two bars, stacked by cause, the first of all sessions and the second of those
// that failed alone, which shows what weighs where failures are rare.
func CausesChart(h Heading, title string, bars []Endings) (*Chart, error) {
	if len(bars) == 0 {
		return nil, wrong("no endings to draw")
	}
	totals := make([]float64, len(bars))
	most, same := 0.0, true
	var b strings.Builder
	b.WriteString("Shares of sessions that have failed, by cause.")
	for i, bar := range bars {
		if bar.Name == "" || len(bar.Failures) == 0 {
			return nil, wrong("bar %d has no name, or no cause of failure", i)
		}
		if err := checkCurve("", bar.Name, bar.Ended, len(model.Ends)); err != nil {
			return nil, err
		}
		var worst model.Cause
		totals[i], worst = bar.failed()
		most, same = max(most, totals[i]), same && bar.Duration == bars[0].Duration
		fmt.Fprintf(&b, " %s: %s by %s, most of them %s.", bar.Name, notation.Chance(totals[i]),
			notation.Length(bar.Duration), worst)
	}
	labels := make([]string, len(bars))
	for i, bar := range bars {
		labels[i] = bar.Name
		if !same {
			labels[i] += ", " + notation.Length(bar.Duration)
		}
	}
	names := max(min(figure.Label.Width(labels...), 150), figure.Note.Width(title))
	lines := make([][]string, len(bars))
	heights := make([]vg.Length, len(bars))
	all := vg.Length(0)
	for i, label := range labels {
		lines[i] = figure.Label.Wrap(label, names)
		heights[i] = max(barRow, vg.Length(len(lines[i]))*figure.NameLine+4)
		all += heights[i]
	}
	shown := causesOf(bars[0].Failures, func(c model.Cause) bool {
		return slices.ContainsFunc(bars, func(bar Endings) bool { return visible(bar.Ended[c]) })
	})
	hi := min(figure.RoundUp(max(1.02*most, 10*negligible)), 1)
	body := func(c draw.Canvas, r vg.Rectangle) {
		left, bottom := r.Min.X+names+8, r.Min.Y+figure.BottomMargin
		top := r.Max.Y - figure.ColumnHeader
		stretch := (top - bottom) / all
		middle := left + 0.45*(r.Max.X-left-totalsWidth-14)
		totalsAt := middle + totalsWidth - 8
		figure.Note.Write(c, left-6, top+4, title, figure.RightFoot)
		figure.Note.Write(c, totalsAt, top+4, "failed", figure.RightFoot)
		absolute := sharePanel(c, figure.Box(left, bottom, middle, top), hi, 4,
			"Share of all sessions, as used")
		within := sharePanel(c, figure.Box(middle+totalsWidth, bottom, r.Max.X-14, top), 1, 5,
			"Share of the failed ones")
		for i, bar := range bars {
			y := top - stretch*heights[i]/2
			figure.Label.Lines(c, left-6, y, lines[i], figure.Right)
			drawBar(c, absolute, y, shown, bar, 1)
			figure.Label.Write(c, totalsAt, y, notation.Chance(totals[i]), figure.Right)
			if totals[i] > 0 {
				drawBar(c, within, y, shown, bar, 1/totals[i])
			}
			top -= stretch * heights[i]
		}
	}
	return figure.Sheet{Header: h.Header(causesFinding(title, bars, same)), Legend: causeLegend(shown),
		Lay: figure.Fixed(figure.ColumnHeader+all+figure.BottomMargin, body)}.Chart(b.String()), nil
}

// causesFinding says which cause ends most of the sessions that fail. same is whether all
// scenarios are of one duration.
func causesFinding(title string, bars []Endings, same bool) string {
	var causes []model.Cause // of most failures, each with the first scenario that it is of
	var names []string
	for _, bar := range bars {
		total, worst := bar.failed()
		if total > 0 && !slices.Contains(causes, worst) {
			name := within(title, bar.Name)
			if !same {
				name += ", " + notation.Length(bar.Duration)
			}
			causes, names = append(causes, worst), append(names, name)
		}
	}
	by := ""
	if same {
		by = " by " + notation.Length(bars[0].Duration)
	}
	switch {
	case len(causes) == 0:
		return "no session fails" + by
	case len(causes) == 1:
		return fmt.Sprintf("most failures%s are %s", by, causes[0])
	case len(causes) == 2:
		return fmt.Sprintf("most failures%s are %s (%s) or %s (%s)", by, causes[0], names[0], causes[1],
			names[1])
	}
	return fmt.Sprintf("most failures%s are %s (%s); %d other causes lead elsewhere", by, causes[0],
		names[0], len(causes)-1)
}

// sharePanel draws the frame of a panel of bars, to a share at its right end, with at most
// so many ticks besides zero.
func sharePanel(c draw.Canvas, r vg.Rectangle, hi float64, most int, title string) figure.Frame {
	x := figure.Shares(title, hi)
	for len(x.Ticks) > most+1 {
		fewer := x.Ticks[:0]
		for i := 0; i < len(x.Ticks); i += 2 {
			fewer = append(fewer, x.Ticks[i])
		}
		x.Ticks = fewer
	}
	p := figure.Panel{X: x}
	for _, t := range x.Ticks {
		p.Frame(r).Pole(c, t.Value, figure.GridLine)
	}
	return p.Draw(c, r)
}

// drawBar draws the failures of one scenario, times a factor, at height y.
func drawBar(c draw.Canvas, frame figure.Frame, y vg.Length, shown []model.Cause, bar Endings,
	factor float64) {
	sum := 0.0
	for _, cause := range shown {
		from := frame.At(min(factor*sum, frame.End()))
		sum += bar.Ended[cause].Value
		to := frame.At(min(factor*sum, frame.End()))
		figure.Fill(c, figure.Box(from, y-barHalf, to, y+barHalf), causeColors[cause])
		if to-from > figure.HairThickness {
			figure.Rule(c, to, y-barHalf, to, y+barHalf, figure.Separator)
		}
	}
}

func drawCauses(r *store.Results, c Choice) ([]Named, error) {
	views, err := selection.Views(r, c)
	if err != nil {
		return nil, err
	}
	var out []Named
	var single []selection.View
	for _, v := range views {
		axes := v.Varying()
		if c.X != "" {
			column, err := v.Column(c.X)
			if err != nil {
				return nil, err
			}
			axes = []selection.Column{column}
		}
		if len(axes) == 0 {
			single = append(single, v)
			continue
		}
		for _, column := range axes[:min(len(axes), 3)] {
			drawn, err := drawCausesAlong(v, column)
			if err != nil {
				return nil, err
			}
			out = append(out, drawn...)
		}
	}
	if len(single) == 0 {
		return out, nil
	}
	bars, err := gather(single, func(v selection.View) (Endings, error) {
		cell := v.Cells[0]
		return endings(v, cell, sessionName(cell.Case), v.Planned(cell))
	})
	if err != nil {
		return nil, err
	}
	first := single[0]
	var cases []sweep.Case
	var cells []*store.Cell
	for _, v := range single {
		cells, cases = append(cells, v.Cells[0]), append(cases, v.Cells[0].Case)
	}
	h := HeadingOf(first, cells, fmt.Sprintf("Sessions are as long as just fits within the %s, or "+
		"without one as the cap at %s.", notation.LimitName(cases...),
		notation.Percent(first.Tolerance())))
	if len(single) > 1 {
		h.Case = sweep.Case{}
	}
	chart, err := CausesChart(h, "session type", bars)
	drawn, err := named(chart, err, string(KindCauses))
	return append(out, drawn...), err
}

func drawCausesAlong(v selection.View, by selection.Column) ([]Named, error) {
	_, cells, notes, err := v.Along(by.Name, mostBars)
	if err != nil {
		return nil, err
	}
	planned := v.Planned(cells[len(cells)/2])
	bars, err := gather(cells, func(cell *store.Cell) (Endings, error) {
		if cell.Cycles != "" && v.Choice.Duration == 0 {
			return endings(v, cell, by.TextOf(cell), cell.Horizon) // each timer to its own end
		}
		return endings(v, cell, by.TextOf(cell), planned)
	})
	if err != nil {
		return nil, err
	}
	c, err := CausesChart(HeadingOf(v, cells, notes...), by.Title, bars)
	return named(c, err, string(KindCauses), v.Session, by.Name)
}

// endings returns how the sessions of a cell have failed by a planned duration [s].
func endings(v selection.View, cell *store.Cell, name string, planned float64) (Endings, error) {
	in, err := incidence(v, cell)
	if err != nil {
		return Endings{}, err
	}
	return endingsAt(name, in, v.Results.Provenance.Failures(), planned), nil
}

// DrawRun draws what the results of budget run have the data for: what ended the sessions that
// failed, by case and length.
func DrawRun(r *store.Run) ([]Named, error) {
	first := slices.DeleteFunc(r.First(), func(o table.Outcome) bool {
		return math.IsNaN(o.Fails.Value)
	})
	var paths []int64
	for _, o := range first {
		paths = append(paths, o.Paths)
	}
	if len(first) == 0 {
		return nil, missing("too few sessions were simulated")
	}
	foot := []string{"“" + r.Provenance.Scenario + "”", notation.Counts(paths) + " paths",
		fmt.Sprintf("seed %d", r.Provenance.Seed), notation.Grants(first[0].Reading)}
	if r.Changed != "" {
		foot = append(foot, UncheckedNote)
	}
	h := Heading{Foot: []string{strings.Join(foot, " · ")}}
	var out []Named
	for part := range slices.Chunk(first, mostBars) {
		var bars []Endings
		for _, o := range part {
			bars = append(bars, Endings{Name: notation.Case(o.Case), Duration: o.Length,
				Ended: o.Ended[:len(model.Ends)], Failures: r.Provenance.Failures()})
		}
		name := "outcomes"
		if len(out) > 0 {
			name += fmt.Sprintf("-%d", len(out)+1)
		}
		chart, err := CausesChart(h, "session", bars)
		drawn, err := named(chart, err, name)
		if err != nil {
			return nil, err
		}
		out = append(out, drawn...)
	}
	return out, nil
}
