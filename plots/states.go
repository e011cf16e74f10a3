package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/solver"
	"budget/sweep/store"
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
	unit    string
}{
	{solver.WatchedLevel, "Battery level (%)", 100, 5, "%"},
	{solver.WatchedVoltage, "Cell voltage (V)", 1, 0.1, "V"},
	{solver.WatchedSkin, "Skin side (°C)", 1, 2, "°C"},
	{solver.WatchedBattery, "Battery (°C)", 1, 2, "°C"},
}

// fanThresholds are the thresholds of each panel, by quantity.
func fanThresholds(t solver.Thresholds) [solver.WatchedCount][]figure.Mark {
	mark := func(at float64, label string) figure.Mark {
		return figure.Mark{At: at, Label: label, Style: thresholdLine}
	}
	return [solver.WatchedCount][]figure.Mark{
		solver.WatchedLevel:   {mark(t.LowBattery, "low battery")},
		solver.WatchedVoltage: {mark(t.VCut, "turns off")},
		solver.WatchedSkin: {mark(t.Levels[0], "fair"), mark(t.Levels[1], "serious"),
			mark(t.Levels[2], "critical")},
		solver.WatchedBattery: {mark(t.TOff, "turns off")},
	}
}

// Colours of a fan, and of the paths over it.
var (
	fanOuter  = figure.Tint(figure.SeriesColors[0], 0.18)
	fanInner  = figure.Tint(figure.SeriesColors[0], 0.42)
	fanMedian = draw.LineStyle{Color: figure.SeriesColors[0], Width: 1.6}
	fanPath   = draw.LineStyle{Color: figure.Ink, Width: 0.4}

	thresholdLine = draw.LineStyle{Color: figure.SeriesColors[1], Width: 0.9,
		Dashes: []vg.Length{4, 2}}
)

const (
	fanHeight = vg.Length(128)
	fanGap    = vg.Length(20)
	fanPaths  = 5 // drawn by themselves
)

// StatesChart draws what a watch goes through in the longest plan: its level, voltage and
// temperatures, as quantiles of all paths, of which those that have ended count as they were
// last, with a few of the paths by themselves, and the thresholds that end sessions. The title
// ends with what the states are of.
func StatesChart(h Heading, of string, s *solver.States) (*Chart, error) {
	if s == nil || len(s.Times) < 2 {
		return nil, wrong("no states to draw: want at least two times")
	}
	for _, q := range s.Quantiles {
		for _, values := range q {
			if len(values) != len(s.Times) {
				return nil, wrong("%d values of a quantile for %d times", len(values), len(s.Times))
			}
		}
	}
	if len(s.On) != len(s.Times) {
		return nil, wrong("%d shares of paths that are on for %d times", len(s.On), len(s.Times))
	}
	some := s.Some[:min(fanPaths, len(s.Some))]
	// Nothing is on past the last time that anything is.
	last := len(s.Times) - 1
	for last > 1 && s.On[last] == 0 {
		last--
	}
	end := s.Times[last]
	if limit := h.Case.Limit; limit > 0 && limit <= s.Times[len(s.Times)-1] {
		end = max(end, limit)
	}
	limit := h.Case.Limit > 0 && h.Case.Limit <= end
	bands := s.Paths >= leastTraced
	entries := figure.Legend{figure.AcrossEntry("median of the paths", fanMedian)}
	explain(&entries, bands, figure.PatchEntry("half of them", fanInner))
	explain(&entries, bands, figure.PatchEntry("nine in ten", fanOuter))
	few := fmt.Sprintf("%d of the paths, to where they end", len(some))
	explain(&entries, len(some) > 0, figure.AcrossEntry(few, fanPath))
	marks := fanThresholds(s.Thresholds)
	var ranges [solver.WatchedCount][2]float64
	var beyond []string
	drawn := false
	for _, part := range fanPanels {
		all := s.Quantiles[part.watched][:]
		if !bands {
			all = all[2:3]
		}
		for _, path := range some {
			all = append(all, path[part.watched])
		}
		lo, hi := fanRange(all, part.least/part.factor)
		lo, hi = reach(lo, hi, marks[part.watched])
		ranges[part.watched] = [2]float64{lo, hi}
		for _, m := range marks[part.watched] {
			if m.At >= lo && m.At <= hi {
				drawn = true
			} else {
				beyond = append(beyond, fmt.Sprintf("%s at %.4g %s", m.Label, m.At*part.factor, part.unit))
			}
		}
	}
	explain(&entries, drawn, figure.AcrossEntry("threshold", thresholdLine))
	explain(&entries, limit, figure.PoleEntry(notation.LimitName(h.Case), limitLine))
	body := func(c draw.Canvas, r vg.Rectangle) {
		const left = vg.Length(42)
		width := (r.Max.X-r.Min.X)/2 - left - 8
		height := (r.Max.Y - r.Min.Y - 10 - fanGap - figure.BottomMargin) / 2
		for i, part := range fanPanels {
			q := s.Quantiles[part.watched]
			p := figure.Panel{X: figure.Durations("Time", end)}
			if bands {
				p.Plots = []figure.Plotter{
					figure.Band{X: s.Times, Lower: q[0], Upper: q[4], Color: fanOuter},
					figure.Band{X: s.Times, Lower: q[1], Upper: q[3], Color: fanInner}}
			}
			for _, path := range some {
				p.Plots = append(p.Plots, figure.Line{X: s.Times, Y: path[part.watched], Style: fanPath})
			}
			p.Plots = append(p.Plots, figure.Line{X: s.Times, Y: q[2], Style: fanMedian})
			lo, hi := ranges[part.watched][0], ranges[part.watched][1]
			p.Y = figure.Numbers(part.title, lo, hi, part.factor, 5)
			if i < 2 {
				p.X.Title = ""
			}
			x := r.Min.X + left + vg.Length(i%2)*(width+left+16)
			y := r.Min.Y + figure.BottomMargin + vg.Length(1-i/2)*(height+fanGap)
			frame := p.Draw(c, figure.Box(x, y, x+width, y+height))
			if limit {
				frame.Pole(c, h.Case.Limit, limitLine)
			}
			for _, m := range marks[part.watched] {
				if m.At >= lo && m.At <= hi {
					frame.Line(c, m.At, m.Style, 0)
					figure.Note.Write(c, frame.Max.X-2, frame.Up(m.At)+2, m.Label, figure.RightFoot)
				}
			}
		}
	}
	note := fmt.Sprintf("%s paths. A path that ends at a threshold keeps its last state; "+
		"%s are on at %s. Random endings are left out.", notation.Count(int64(s.Paths)),
		notation.Percent(math.Round(1000*s.On[last])/1000), notation.Length(s.Times[last]))
	if !bands {
		note += fmt.Sprintf(" No bands: they need at least %d paths.", leastTraced)
	}
	if len(beyond) > 0 {
		note += " Beyond the axes: " + strings.Join(beyond, ", ") + "."
	}
	return figure.Sheet{Header: h.Header(statesFinding(s, last)+of, note), Legend: entries,
		Lay: figure.Fixed(10+2*fanHeight+fanGap+figure.BottomMargin, body),
	}.Chart(describeStates(s, last, bands)), nil
}

// leastTraced is the number of paths from which bands of their quantiles are drawn: two paths
// lie beyond the 5 and beyond the 95 %.
const leastTraced = 40

// statesFinding says how far the median battery falls until the last time that a path is on.
func statesFinding(s *solver.States, last int) string {
	level := s.Quantiles[solver.WatchedLevel][2]
	for last > 0 && math.IsNaN(level[last]) {
		last--
	}
	if last == 0 {
		return "no watch stays on"
	}
	return fmt.Sprintf("the median battery goes from %s to %s in %s", notation.Whole(level[0]),
		notation.Whole(level[last]), notation.Length(s.Times[last]))
}

// reach widens a range to the marks that lie within half its span of it.
func reach(lo, hi float64, marks []figure.Mark) (float64, float64) {
	span := hi - lo
	for _, m := range marks {
		if m.At > lo-span/2 && m.At < hi+span/2 {
			lo, hi = min(lo, m.At-0.05*span), max(hi, m.At+0.1*span)
		}
	}
	return lo, hi
}

// describeStates says in words what a watch goes through until the last time, with its bands
// where these are drawn.
func describeStates(s *solver.States, last int, bands bool) string {
	var b strings.Builder
	b.WriteString("The watch over the longest session, as quantiles of simulated paths.")
	for _, part := range fanPanels {
		q := s.Quantiles[part.watched]
		if math.IsNaN(q[2][0]) {
			fmt.Fprintf(&b, " %s: no path is on at the start.", part.title)
			continue
		}
		fmt.Fprintf(&b, " %s: median %.4g at the start", part.title, q[2][0]*part.factor)
		for k := last; k > 0; k-- {
			if !math.IsNaN(q[2][k]) {
				fmt.Fprintf(&b, ", %.4g at %s", q[2][k]*part.factor, notation.Length(s.Times[k]))
				if bands {
					fmt.Fprintf(&b, ", nine in ten from %.4g to %.4g", q[0][k]*part.factor, q[4][k]*part.factor)
				}
				break
			}
		}
		b.WriteString(".")
	}
	return b.String()
}

// fanRange returns the range of the values of curves, with some space, of at least a span.
func fanRange(curves [][]float64, span float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, values := range curves {
		for _, v := range values {
			if !math.IsNaN(v) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	if lo > hi {
		lo, hi = 0, 1
	} else {
		lo, hi = lo-0.03*(hi-lo), hi+0.03*(hi-lo)
	}
	if hi-lo < span {
		lo, hi = lo-(span-hi+lo)/2, hi+(span-hi+lo)/2
	}
	return lo, hi
}

func drawStates(v selection.View) ([]Named, error) {
	x := v.Choice.X
	for _, c := range v.Varying() {
		if x == "" && c.Name == "start_level" {
			x = c.Name
		}
	}
	column, cells, notes, err := v.Along(x, mostFans)
	if err != nil {
		return nil, err
	}
	drawn, err := gather(cells, func(cell *store.Cell) ([]Named, error) {
		curves, err := cell.Curves()
		if err != nil {
			return nil, err
		}
		if curves.States == nil {
			return nil, &Missing{Reason: "the results have no states", Lack: LackStates}
		}
		parts := []string{string(KindStates), v.Session}
		of := ""
		if len(cells) > 1 {
			of = ", " + column.Title + " " + column.TextOf(cell)
			parts = append(parts, column.Name, column.Value(cell))
		}
		c, err := StatesChart(HeadingOf(v, []*store.Cell{cell}, notes...), of, curves.States)
		return named(c, err, parts...)
	})
	return slices.Concat(drawn...), err
}
