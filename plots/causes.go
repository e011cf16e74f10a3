package plots

import (
	"fmt"
	"slices"
	"strings"

	"budget/plots/figure"
	"budget/sweep/store"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
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
}

// endingsAt returns the endings by the last duration of a table that is no longer than one [s],
// or by its first.
func endingsAt(name string, in sweep.Incidence, planned float64) Endings {
	k := len(in.Durations) - 1
	for k > 0 && in.Durations[k] > planned*(1+1e-9) {
		k--
	}
	e := Endings{Name: name, Duration: in.Durations[k]}
	for _, curve := range in.Ended {
		e.Ended = append(e.Ended, curve[k])
	}
	return e
}

const barRow = vg.Length(19)

// totalsWidth is the width of the column of failures.
const totalsWidth = vg.Length(54)

// CausesChart draws what ended the sessions that failed, as people use the app: for each
// scenario two bars, stacked by cause, the first of all sessions and the second of those
// that failed alone, which shows what weighs where failures are rare.
func CausesChart(h Heading, title string, bars []Endings) (*figure.Chart, error) {
	if len(bars) == 0 {
		return nil, fmt.Errorf("plots: no endings to draw")
	}
	var shown []model.Cause
	totals := make([]float64, len(bars))
	most, names := 0.0, vg.Length(0)
	same := true
	for i, bar := range bars {
		if bar.Name == "" {
			return nil, fmt.Errorf("plots: bar %d has no name", i)
		}
		if err := checkCurve(bar.Name, bar.Ended, len(model.Ends)); err != nil {
			return nil, fmt.Errorf("plots: %w", err)
		}
		for _, cause := range model.Failures {
			totals[i] += bar.Ended[cause].Value
		}
		most = max(most, totals[i])
		same = same && bar.Duration == bars[0].Duration
	}
	for _, cause := range stackOrder {
		if slices.Contains(model.Failures, cause) && slices.ContainsFunc(bars, func(e Endings) bool { return e.Ended[cause].Value >= negligible }) {
			shown = append(shown, cause)
		}
	}
	label := func(bar Endings) string {
		if same {
			return bar.Name
		}
		return bar.Name + ", " + duration(bar.Duration)
	}
	for _, bar := range bars {
		names = max(names, figure.TextWidth(label(bar), figure.LabelSize))
	}
	names = max(min(names, 150), figure.TextWidth(title, figure.NoteSize))
	what := "what ended the sessions that failed"
	if same {
		what += ", by " + duration(bars[0].Duration)
	}
	var entries figure.Legend
	for _, cause := range shown {
		entries = append(entries, figure.PatchEntry(cause.String(), causeColors[cause]))
	}
	hi := min(figure.RoundUp(max(1.02*most, 10*negligible)), 1)
	heights := make([]vg.Length, len(bars))
	all := vg.Length(0)
	for i, bar := range bars {
		heights[i] = max(barRow, vg.Length(len(figure.Wrap(label(bar), figure.LabelSize, names)))*figure.NameLine+4)
		all += heights[i]
	}
	body := func(c draw.Canvas, r vg.Rectangle) {
		left := r.Min.X + names + 8
		room := r.Max.X - left - totalsWidth - 14
		absolute := vg.Rectangle{
			Min: vg.Point{X: left, Y: r.Min.Y + figure.BottomMargin},
			Max: vg.Point{X: left + 0.45*room, Y: r.Min.Y + figure.BottomMargin + all},
		}
		within := absolute
		within.Min.X, within.Max.X = absolute.Max.X+totalsWidth, r.Max.X-14
		figure.Write(c, vg.Point{X: left - 6, Y: absolute.Max.Y + 4}, title, figure.NoteSize, figure.Muted, draw.XRight, draw.YBottom)
		figure.Write(c, vg.Point{X: within.Min.X - 8, Y: absolute.Max.Y + 4}, "failed", figure.NoteSize, figure.Muted, draw.XRight, draw.YBottom)
		sharePanel(c, absolute, hi, 4, "Share of all sessions, as used")
		sharePanel(c, within, 1, 5, "Share of the failed ones")
		top := absolute.Max.Y
		for i, bar := range bars {
			y := top - heights[i]/2
			lines := figure.Wrap(label(bar), figure.LabelSize, names)
			at := y + vg.Length(len(lines)-1)*figure.NameLine/2
			for _, line := range lines {
				figure.Write(c, vg.Point{X: left - 6, Y: at}, line, figure.LabelSize, figure.Ink, draw.XRight, draw.YCenter)
				at -= figure.NameLine
			}
			drawBar(c, absolute, y, hi, shown, bar, 1)
			figure.Write(c, vg.Point{X: within.Min.X - 8, Y: y}, share(totals[i]), figure.LabelSize, figure.Ink, draw.XRight, draw.YCenter)
			if totals[i] > 0 {
				drawBar(c, within, y, 1, shown, bar, 1/totals[i])
			}
			top -= heights[i]
		}
	}
	var b strings.Builder
	b.WriteString("Shares of sessions that have failed, by cause.")
	for i, bar := range bars {
		worst := model.Failures[0]
		for _, cause := range model.Failures {
			if bar.Ended[cause].Value > bar.Ended[worst].Value {
				worst = cause
			}
		}
		fmt.Fprintf(&b, " %s: %s by %s, most of them %s.", bar.Name, share(totals[i]), duration(bar.Duration), worst)
	}
	return figure.Sheet{Header: h.header(what), Legend: entries, Height: figure.ColumnHeader + all + figure.BottomMargin, Body: body}.Chart(b.String()), nil
}

// sharePanel draws the frame of a panel of bars, to a share at its right end.
func sharePanel(c draw.Canvas, r vg.Rectangle, hi float64, most int, title string) {
	ticks := figure.ShareTicks(hi)
	for len(ticks) > most+1 {
		var fewer []plot.Tick
		for i := 0; i < len(ticks); i += 2 {
			fewer = append(fewer, ticks[i])
		}
		ticks = fewer
	}
	for _, t := range ticks {
		x := r.Min.X + (r.Max.X-r.Min.X)*vg.Length(t.Value/hi)
		figure.Rule(c, x, r.Min.Y, x, r.Max.Y, draw.LineStyle{Color: figure.Faint, Width: 0.6})
	}
	p := figure.NewPlot()
	p.HideY()
	p.X.Max = hi
	p.Y.Min, p.Y.Max = 0, 1
	p.X.Tick.Marker = plot.ConstantTicks(ticks)
	p.X.Label.Text = title
	figure.DrawPanel(c, p, r)
}

// drawBar draws the failures of one scenario, times a factor, at height y.
func drawBar(c draw.Canvas, r vg.Rectangle, y vg.Length, hi float64, shown []model.Cause, bar Endings, factor float64) {
	x := func(v float64) vg.Length { return r.Min.X + (r.Max.X-r.Min.X)*vg.Length(min(factor*v/hi, 1)) }
	sum := 0.0
	for _, cause := range shown {
		from := x(sum)
		sum += bar.Ended[cause].Value
		to := x(sum)
		figure.Fill(c, vg.Rectangle{Min: vg.Point{X: from, Y: y - 6}, Max: vg.Point{X: to, Y: y + 6}}, causeColors[cause])
		if to-from > figure.HairThickness {
			figure.Rule(c, to, y-6, to, y+6, draw.LineStyle{Color: figure.White, Width: figure.Separator})
		}
	}
}

func drawCauses(r *store.Results, c Choice) ([]Named, error) {
	views, err := newViews(r, c)
	if err != nil {
		return nil, err
	}
	var out []Named
	var single []view
	for _, v := range views {
		axes := v.varying()
		if c.X != "" {
			d, err := v.dimension(c.X)
			if err != nil {
				return nil, err
			}
			axes = []dimension{d}
		}
		if len(axes) == 0 {
			single = append(single, v)
			continue
		}
		for _, d := range axes[:min(len(axes), 3)] {
			drawn, err := v.drawCausesAlong(d)
			if err != nil {
				return nil, err
			}
			out = append(out, drawn...)
		}
	}
	if len(single) == 0 {
		return out, nil
	}
	bars := make([]Endings, len(single))
	if err := each(len(single), func(i int) error {
		v, cell := single[i], single[i].cells[0]
		in, err := v.incidence(KindCauses, cell)
		if err == nil {
			bars[i] = endingsAt(sessionName(cell.Case), in, v.planned(cell))
		}
		return err
	}); err != nil {
		return nil, err
	}
	h := single[0].heading(single[0].cells[0])
	if len(single) > 1 {
		h.Case = sweep.Case{}
	}
	h.Notes = append([]string{"By the longest plan before a documented limit, else by the cap at " + percent(single[0].tolerance()) + "."}, h.Notes...)
	chart, err := CausesChart(h, "session type", bars)
	drawn, err := named(chart, err, "causes")
	return append(out, drawn...), err
}

func (v view) drawCausesAlong(d dimension) ([]Named, error) {
	_, cells, notes, err := v.along(d.name, mostBars)
	if err != nil {
		return nil, err
	}
	planned := v.planned(cells[len(cells)/2])
	bars := make([]Endings, len(cells))
	if err := each(len(cells), func(i int) error {
		in, err := v.incidence(KindCauses, cells[i])
		if err == nil {
			bars[i] = endingsAt(d.text(d.value(cells[i])), in, planned)
		}
		return err
	}); err != nil {
		return nil, err
	}
	c, err := CausesChart(v.heading(cells[0], notes...), d.title, bars)
	return named(c, err, "causes", v.session, d.name)
}
