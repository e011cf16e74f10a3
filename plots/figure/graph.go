package figure

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Graph is a chart of curves over one pair of axes, with its legend on the right.
type Graph struct {
	Header
	X, Y   Scale
	Curves Crowd
	Below  []Plotter // drawn under the curves
	// Lines across the panel, labelled at its right, and poles, labelled above it.
	Across, Poles []Mark
	Of            string // title of the legend
	Legend        Legend // besides the curves
	Readout       []string
}

// graphHeight is the height of a graph's panel, at least.
const graphHeight = vg.Length(250)

// Chart lays the graph out.
func (g Graph) Chart(description string) *Chart {
	entries := slices.Concat(g.Curves.legend(), g.Legend)
	height := max(graphHeight, entries.columnHeight(LegendWidth)+vg.Length(len(g.Readout)+3)*NameLine)
	p := Panel{X: g.X, Y: g.Y, Plots: append(g.Below, g.Curves)}
	on := func(s Scale) func(Mark) bool { return func(m Mark) bool { return !s.Has(m.At) } }
	across := slices.DeleteFunc(slices.Clone(g.Across), on(g.Y))
	poles := slices.DeleteFunc(slices.Clone(g.Poles), on(g.X))
	frame := p.Frame(Box(LeftMargin, 0, PanelsEnd, height))
	var flags []Flag
	for _, m := range poles {
		flags = append(flags, Flag{frame.At(m.At), Label.Width(m.Label), true})
	}
	spots, rows := PlaceFlags(flags, 0, Inner)

	body := func(c draw.Canvas, r vg.Rectangle) {
		bottom := r.Min.Y + BottomMargin + 4
		frame := p.Draw(c, Box(r.Min.X+LeftMargin, bottom, r.Min.X+PanelsEnd, bottom+height))
		frame.Across(c, across, 0)
		for i, m := range poles {
			bottom := frame.Max.Y + 4 + vg.Length(spots[i].Row)*FlagRow
			Rule(c, frame.At(m.At), frame.Min.Y, frame.At(m.At), bottom+FlagRow-2, m.Style)
			Label.Write(c, r.Min.X+spots[i].Left, bottom+FlagRow/2, m.Label, Left)
		}
		x, y := r.Max.X-LegendWidth, frame.Max.Y
		if g.Of != "" {
			Quiet.Write(c, x, y-NameLine/2, g.Of, Left)
			y -= NameLine + 4
		}
		y = entries.drawColumn(c, vg.Point{X: x, Y: y}, LegendWidth) - 6
		for _, line := range g.Readout {
			Label.Write(c, x, y-NameLine/2, line, Left)
			y -= NameLine
		}
	}
	whole := 4 + vg.Length(rows)*FlagRow + 6 + height + BottomMargin + 4
	return Sheet{Header: g.Header, Height: whole, Body: body}.Chart(description)
}
