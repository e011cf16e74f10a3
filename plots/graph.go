package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// graph is a chart of curves over one pair of axes, with its legend on the right.
type graph struct {
	header header
	x, y   scale
	curves crowd
	below  []plot.Plotter // drawn under the curves
	// Lines across the panel, labelled at its right, and poles, labelled above it.
	across, poles []mark
	title         string // of the legend
	legend        legend // besides the curves and the lines
	readout       []string
}

// scale is an axis.
type scale struct {
	title  string
	lo, hi float64
	log    bool
	ticks  []plot.Tick
}

// mark is a value of an axis with its label.
type mark struct {
	at    float64
	label string
	style draw.LineStyle
}

// set makes an axis of a plot this scale.
func (s scale) set(a *plot.Axis) {
	a.Min, a.Max, a.Label.Text = s.lo, s.hi, s.title
	if s.log {
		a.Scale = plot.LogScale{}
	}
	a.Tick.Marker = plot.ConstantTicks(s.ticks)
}

// graphHeight is the height of a graph's panel, at least.
const graphHeight = vg.Length(250)

// chart lays the graph out.
func (g graph) chart(description string) *Chart {
	var entries legend
	for _, s := range g.curves {
		entries = append(entries, s.entry())
	}
	entries = append(entries, g.legend...)
	panelHeight := max(graphHeight, entries.columnHeight(legendWidth)+vg.Length(len(g.readout)+3)*nameLine)

	left, right := leftMargin, chartWidth-2*edge-rightColumn
	p := newPlot()
	g.x.set(&p.X)
	g.y.set(&p.Y)
	p.Add(g.below...)
	p.Add(g.curves)
	toX := func(v float64) vg.Length { return left + (right-left)*vg.Length(p.X.Norm(v)) }
	var flags []flag
	var poles []mark
	for _, m := range g.poles {
		if m.at >= g.x.lo && m.at <= g.x.hi {
			poles = append(poles, m)
			flags = append(flags, flag{toX(m.at), textWidth(m.label, labelSize), true})
		}
	}
	spots, rows := placeFlags(flags, 0, chartWidth-2*edge)
	flagsHeight := vg.Length(rows) * flagRow

	return sheet{header: g.header, height: 4 + flagsHeight + 6 + panelHeight + bottomMargin + 4, body: func(c draw.Canvas, r vg.Rectangle) {
		panel := vg.Rectangle{Min: vg.Point{X: r.Min.X + left, Y: r.Min.Y + bottomMargin + 4}, Max: vg.Point{X: r.Min.X + right}}
		panel.Max.Y = panel.Min.Y + panelHeight
		drawPanel(c, p, panel)

		var centres []vg.Length
		var across []mark
		for _, m := range g.across {
			if m.at < g.y.lo || m.at > g.y.hi {
				continue
			}
			y := panel.Min.Y + panelHeight*vg.Length(p.Y.Norm(m.at))
			rule(c, panel.Min.X, y, panel.Max.X, y, m.style)
			centres, across = append(centres, y), append(across, m)
		}
		for i, y := range spread(centres, labelSize*1.15, panel.Min.Y, panel.Max.Y) {
			rule(c, panel.Max.X, centres[i], panel.Max.X+6, y, draw.LineStyle{Color: muted, Width: 0.6})
			write(c, vg.Point{X: panel.Max.X + 8, Y: y}, across[i].label, labelSize, ink, draw.XLeft, draw.YCenter)
		}
		for i, m := range poles {
			at := r.Min.X + toX(m.at)
			bottom := panel.Max.Y + 4 + vg.Length(spots[i].row)*flagRow
			rule(c, at, panel.Min.Y, at, bottom+flagRow-2, m.style)
			write(c, vg.Point{X: r.Min.X + spots[i].left, Y: bottom + flagRow/2}, m.label, labelSize, ink, draw.XLeft, draw.YCenter)
		}

		at := vg.Point{X: r.Max.X - legendWidth, Y: panel.Max.Y}
		if g.title != "" {
			write(c, at.Add(vg.Point{Y: -nameLine / 2}), g.title, labelSize, muted, draw.XLeft, draw.YCenter)
			at.Y -= nameLine + 4
		}
		at.Y = entries.drawColumn(c, at, legendWidth) - 6
		for _, line := range g.readout {
			write(c, at.Add(vg.Point{Y: -nameLine / 2}), line, labelSize, ink, draw.XLeft, draw.YCenter)
			at.Y -= nameLine
		}
	}}.chart(description)
}

// band is a plotter of an area between two curves.
type band struct {
	x, lower, upper []float64
	color           color.Color
}

// Plot fills the area, cut off at the edges of the panel.
func (b band) Plot(c draw.Canvas, p *plot.Plot) {
	if len(b.x) < 2 {
		return // clipping has no use for less
	}
	trX, trY := p.Transforms(&c)
	x, y := scaled(trX, &p.X), scaled(trY, &p.Y)
	var outline []vg.Point
	for k := range b.x {
		outline = append(outline, vg.Point{X: x(b.x[k]), Y: y(b.upper[k])})
	}
	for k := len(b.x) - 1; k >= 0; k-- {
		outline = append(outline, vg.Point{X: x(b.x[k]), Y: y(b.lower[k])})
	}
	c.FillPolygon(b.color, c.ClipPolygonXY(outline))
}

// durationScale returns an axis of durations from 0 to a little over the longest.
func durationScale(title string, longest float64) scale {
	if !(longest > 0) {
		longest = 60
	}
	hi := 1.06 * longest
	ticks, unit := durationTicks(hi)
	return scale{title: title + " (" + unit + ")", hi: hi, ticks: ticks}
}
