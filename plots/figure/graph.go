package figure

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Graph is a chart of curves over one pair of axes, with its legend on the right.
type Graph struct {
	Header Header
	X, Y   Scale
	Curves Crowd
	Below  []plot.Plotter // drawn under the curves
	// Lines across the panel, labelled at its right, and poles, labelled above it.
	Across, Poles []Mark
	Title         string // of the legend
	Legend        Legend // besides the curves and the lines
	Readout       []string
}

// Scale is an axis.
type Scale struct {
	Title  string
	Lo, Hi float64
	Log    bool
	Ticks  []plot.Tick
}

// Mark is a value of an axis with its label.
type Mark struct {
	At    float64
	Label string
	Style draw.LineStyle
}

// Set makes an axis of a plot this scale.
func (s Scale) Set(a *plot.Axis) {
	a.Min, a.Max, a.Label.Text = s.Lo, s.Hi, s.Title
	if s.Log {
		a.Scale = plot.LogScale{}
	}
	a.Tick.Marker = plot.ConstantTicks(s.Ticks)
}

// graphHeight is the height of a graph's panel, at least.
const graphHeight = vg.Length(250)

// Chart lays the graph out.
func (g Graph) Chart(description string) *Chart {
	var entries Legend
	for _, s := range g.Curves {
		entries = append(entries, s.entry())
	}
	entries = append(entries, g.Legend...)
	panelHeight := max(graphHeight, entries.columnHeight(LegendWidth)+vg.Length(len(g.Readout)+3)*NameLine)

	left, right := LeftMargin, Width-2*Edge-RightColumn
	p := NewPlot()
	g.X.Set(&p.X)
	g.Y.Set(&p.Y)
	p.Add(g.Below...)
	p.Add(g.Curves)
	toX := func(v float64) vg.Length { return left + (right-left)*vg.Length(p.X.Norm(v)) }
	var flags []Flag
	var poles []Mark
	for _, m := range g.Poles {
		if m.At >= g.X.Lo && m.At <= g.X.Hi {
			poles = append(poles, m)
			flags = append(flags, Flag{toX(m.At), TextWidth(m.Label, LabelSize), true})
		}
	}
	spots, rows := PlaceFlags(flags, 0, Width-2*Edge)
	flagsHeight := vg.Length(rows) * FlagRow

	return Sheet{Header: g.Header, Height: 4 + flagsHeight + 6 + panelHeight + BottomMargin + 4, Body: func(c draw.Canvas, r vg.Rectangle) {
		panel := vg.Rectangle{Min: vg.Point{X: r.Min.X + left, Y: r.Min.Y + BottomMargin + 4}, Max: vg.Point{X: r.Min.X + right}}
		panel.Max.Y = panel.Min.Y + panelHeight
		DrawPanel(c, p, panel)

		var centres []vg.Length
		var across []Mark
		for _, m := range g.Across {
			if m.At < g.Y.Lo || m.At > g.Y.Hi {
				continue
			}
			y := panel.Min.Y + panelHeight*vg.Length(p.Y.Norm(m.At))
			Rule(c, panel.Min.X, y, panel.Max.X, y, m.Style)
			centres, across = append(centres, y), append(across, m)
		}
		for i, y := range Spread(centres, LabelSize*1.15, panel.Min.Y, panel.Max.Y) {
			Rule(c, panel.Max.X, centres[i], panel.Max.X+6, y, draw.LineStyle{Color: Muted, Width: 0.6})
			Write(c, vg.Point{X: panel.Max.X + 8, Y: y}, across[i].Label, LabelSize, Ink, draw.XLeft, draw.YCenter)
		}
		for i, m := range poles {
			at := r.Min.X + toX(m.At)
			bottom := panel.Max.Y + 4 + vg.Length(spots[i].Row)*FlagRow
			Rule(c, at, panel.Min.Y, at, bottom+FlagRow-2, m.Style)
			Write(c, vg.Point{X: r.Min.X + spots[i].Left, Y: bottom + FlagRow/2}, m.Label, LabelSize, Ink, draw.XLeft, draw.YCenter)
		}

		at := vg.Point{X: r.Max.X - LegendWidth, Y: panel.Max.Y}
		if g.Title != "" {
			Write(c, at.Add(vg.Point{Y: -NameLine / 2}), g.Title, LabelSize, Muted, draw.XLeft, draw.YCenter)
			at.Y -= NameLine + 4
		}
		at.Y = entries.drawColumn(c, at, LegendWidth) - 6
		for _, line := range g.Readout {
			Write(c, at.Add(vg.Point{Y: -NameLine / 2}), line, LabelSize, Ink, draw.XLeft, draw.YCenter)
			at.Y -= NameLine
		}
	}}.Chart(description)
}

// Band is a plotter of an area between two curves.
type Band struct {
	X, Lower, Upper []float64
	Color           color.Color
}

// Plot fills the area, cut off at the edges of the panel.
func (b Band) Plot(c draw.Canvas, p *plot.Plot) {
	if len(b.X) < 2 {
		return // clipping has no use for less
	}
	trX, trY := p.Transforms(&c)
	x, y := scaled(trX, &p.X), scaled(trY, &p.Y)
	var outline []vg.Point
	for k := range b.X {
		outline = append(outline, vg.Point{X: x(b.X[k]), Y: y(b.Upper[k])})
	}
	for k := len(b.X) - 1; k >= 0; k-- {
		outline = append(outline, vg.Point{X: x(b.X[k]), Y: y(b.Lower[k])})
	}
	c.FillPolygon(b.Color, c.ClipPolygonXY(outline))
}

// DurationScale returns an axis of durations from 0 to a little over the longest.
func DurationScale(title string, longest float64) Scale {
	if !(longest > 0) {
		longest = 60
	}
	hi := 1.06 * longest
	ticks, unit := DurationTicks(hi)
	return Scale{Title: title + " (" + unit + ")", Hi: hi, Ticks: ticks}
}
