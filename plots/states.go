package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"budget/plots/figure"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/solver"
)

// KindStates is the kind of charts in this file.
const KindStates Kind = "states"

// mostFans is the number of cells whose states are drawn, at most.
const mostFans = 3

// fanPanels are the quantities of a fan chart.
var fanPanels = [...]struct {
	watched solver.Watched
	title   string
	factor  float64
	least   float64 // span of the axis, at least
}{
	{solver.WatchedLevel, "Battery level (%)", 100, 5},
	{solver.WatchedVoltage, "Cell voltage (V)", 1, 0.1},
	{solver.WatchedSkin, "Skin side (°C)", 1, 2},
	{solver.WatchedBattery, "Battery (°C)", 1, 2},
}

// Colours of a fan, and of the paths over it.
var (
	fanOuter  = figure.Tint(figure.SeriesColors[0], 0.18)
	fanInner  = figure.Tint(figure.SeriesColors[0], 0.42)
	fanMedian = draw.LineStyle{Color: figure.SeriesColors[0], Width: 1.6}
	fanPath   = draw.LineStyle{Color: figure.Ink, Width: 0.4}
)

const (
	fanHeight = vg.Length(128)
	fanGap    = vg.Length(20)
	fanPaths  = 5 // drawn by themselves
)

// StatesChart draws what a watch goes through in the longest plan: its level, voltage and
// temperatures, as quantiles among the paths that are still on, with a few of the paths by
// themselves. The title ends with what the states are of.
func StatesChart(h Heading, of string, s *solver.States) (*figure.Chart, error) {
	if s == nil || len(s.Times) < 2 {
		return nil, fmt.Errorf("plots: no states to draw: want at least two times")
	}
	for w := range s.Quantiles {
		for q := range s.Quantiles[w] {
			if len(s.Quantiles[w][q]) != len(s.Times) {
				return nil, fmt.Errorf("plots: %d values of a quantile for %d times", len(s.Quantiles[w][q]), len(s.Times))
			}
		}
	}
	if len(s.On) != len(s.Times) {
		return nil, fmt.Errorf("plots: %d shares of paths that are on for %d times", len(s.On), len(s.Times))
	}
	some := s.Some[:min(fanPaths, len(s.Some))]
	// Nothing is on past the last time that anything is.
	last := len(s.Times) - 1
	for last > 1 && s.On[last] == 0 {
		last--
	}
	h.Notes = append([]string{fmt.Sprintf("%s paths, each to the first threshold that it reaches; %s are on at %s. What ends sessions by chance is left out.",
		count(int64(s.Paths)), percent(math.Round(1000*s.On[last])/1000), duration(s.Times[last]))}, h.Notes...)
	end := s.Times[last]
	if limit := h.Case.Limit; limit > 0 && limit <= s.Times[len(s.Times)-1] {
		end = max(end, limit)
	}
	entries := figure.Legend{
		figure.AcrossEntry("median of the paths that are on", fanMedian),
		figure.PatchEntry("half of them", fanInner), figure.PatchEntry("nine in ten", fanOuter),
	}
	if len(some) > 0 {
		entries = append(entries, figure.AcrossEntry(fmt.Sprintf("%d of the paths, to where they end", len(some)), fanPath))
	}
	limit := h.Case.Limit > 0 && h.Case.Limit <= end
	if limit {
		entries = append(entries, figure.PoleEntry("documented limit", limitLine))
	}
	ticks, unit := figure.DurationTicks(end)
	body := func(c draw.Canvas, r vg.Rectangle) {
		const left = vg.Length(42)
		width := (r.Max.X-r.Min.X)/2 - left - 8
		for i, part := range fanPanels {
			p := figure.NewPlot()
			lo, hi := fanRange(s, part.watched, some)
			if span := part.least / part.factor; hi-lo < span {
				lo, hi = lo-(span-hi+lo)/2, hi+(span-hi+lo)/2
			}
			p.X.Min, p.X.Max = 0, end
			p.Y.Min, p.Y.Max = lo, hi
			p.Y.Label.Text = part.title
			p.X.Tick.Marker = plot.ConstantTicks(ticks)
			var marks []plot.Tick
			for _, t := range figure.EvenTicks(lo*part.factor, hi*part.factor, 5) {
				t.Value /= part.factor
				marks = append(marks, t)
			}
			p.Y.Tick.Marker = plot.ConstantTicks(marks)
			if i >= 2 {
				p.X.Label.Text = "Time (" + unit + ")"
			}
			p.Add(fan{s, part.watched, some})
			panel := vg.Rectangle{Min: vg.Point{X: r.Min.X + left + vg.Length(i%2)*(width+left+16),
				Y: r.Min.Y + figure.BottomMargin + vg.Length(1-i/2)*(fanHeight+fanGap)}}
			panel.Max = panel.Min.Add(vg.Point{X: width, Y: fanHeight})
			figure.DrawPanel(c, p, panel)
			if limit {
				x := panel.Min.X + width*vg.Length(h.Case.Limit/end)
				figure.Rule(c, x, panel.Min.Y, x, panel.Max.Y, limitLine)
			}
		}
	}
	var b strings.Builder
	b.WriteString("The watch over the longest plan, as quantiles of simulated paths.")
	for _, part := range fanPanels {
		q := s.Quantiles[part.watched]
		if math.IsNaN(q[2][0]) {
			fmt.Fprintf(&b, " %s: no path is on at the start.", part.title)
			continue
		}
		fmt.Fprintf(&b, " %s: median %.4g at the start", part.title, q[2][0]*part.factor)
		for k := last; k > 0; k-- {
			if !math.IsNaN(q[2][k]) {
				fmt.Fprintf(&b, ", %.4g at %s, nine in ten from %.4g to %.4g", q[2][k]*part.factor, duration(s.Times[k]), q[0][k]*part.factor, q[4][k]*part.factor)
				break
			}
		}
		b.WriteString(".")
	}
	return figure.Sheet{Header: h.header("what the watch goes through" + of), Legend: entries, Height: 10 + 2*fanHeight + fanGap + figure.BottomMargin, Body: body}.Chart(b.String()), nil
}

// fanRange returns the range of a quantity's quantiles and paths, with some space.
func fanRange(s *solver.States, w solver.Watched, some [][solver.WatchedCount][]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	include := func(values []float64) {
		for _, v := range values {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	for _, q := range s.Quantiles[w] {
		include(q)
	}
	for _, path := range some {
		include(path[w])
	}
	if lo > hi {
		return 0, 1
	}
	return lo - 0.03*(hi-lo), hi + 0.03*(hi-lo)
}

// fan is a plotter of one quantity.
type fan struct {
	states  *solver.States
	watched solver.Watched
	some    [][solver.WatchedCount][]float64
}

// Plot draws the bands from outside in, the paths, and the median.
func (f fan) Plot(c draw.Canvas, p *plot.Plot) {
	q := f.states.Quantiles[f.watched]
	median := figure.Series{X: f.states.Times, Y: q[2]}
	for i, col := range []color.NRGBA{fanOuter, fanInner} {
		for _, run := range median.Runs() {
			from, to := run[0], run[1]
			figure.Band{X: median.X[from:to], Lower: q[i][from:to], Upper: q[len(q)-1-i][from:to], Color: col}.Plot(c, p)
		}
	}
	trX, trY := p.Transforms(&c)
	line := func(y []float64, sty draw.LineStyle) {
		for _, run := range (figure.Series{X: f.states.Times, Y: y}).Runs() {
			var pts []vg.Point
			for k := run[0]; k < run[1]; k++ {
				pts = append(pts, vg.Point{X: trX(f.states.Times[k]), Y: trY(y[k])})
			}
			if len(pts) > 1 {
				c.StrokeLines(sty, c.ClipLinesXY(figure.Simplify(pts))...)
			}
		}
	}
	for _, path := range f.some {
		line(path[f.watched], fanPath)
	}
	line(q[2], fanMedian)
}

func (v view) drawStates() ([]Named, error) {
	x := v.choice.X
	for _, d := range v.varying() {
		if x == "" && d.name == "start_level" {
			x = d.name
		}
	}
	d, cells, notes, err := v.along(x, mostFans)
	if err != nil {
		return nil, err
	}
	drawn := make([][]Named, len(cells))
	if err := each(len(cells), func(i int) error {
		curves, err := cells[i].Curves()
		if err != nil {
			return err
		}
		if curves.States == nil {
			return &Missing{KindStates, "no states are kept: add trajectories = 256 to the plan"}
		}
		parts := []string{"states", v.session}
		of := ""
		if len(cells) > 1 {
			of = ", " + d.title + " " + d.text(d.value(cells[i]))
			parts = append(parts, d.name, d.value(cells[i]))
		}
		c, err := StatesChart(v.heading(cells[i], notes...), of, curves.States)
		drawn[i], err = named(c, err, parts...)
		return err
	}); err != nil {
		return nil, err
	}
	return slices.Concat(drawn...), nil
}
