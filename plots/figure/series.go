package figure

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Series is a plotter of one curve among others, with an interval around it, cut off at
// the edges of the panel. NaN interrupts it.
type Series struct {
	Name         string
	X, Y         []float64
	Lower, Upper []float64 // nil without an interval
	color        color.NRGBA
	dashes       []vg.Length
	shape        int  // of its markers
	Marked       bool // whether every point has one
}

// Style returns how the i-th curve among others is drawn. More curves than colours start
// over.
func (s Series) Style(i int) Series {
	s.color, s.shape = SeriesColors[i%len(SeriesColors)], i%shapes
	s.dashes = SeriesDashes[i%len(SeriesDashes)]
	return s
}

func (s Series) line() draw.LineStyle {
	return draw.LineStyle{Color: s.color, Width: 1.4, Dashes: s.dashes}
}

// entry explains the curve.
func (s Series) entry() LegendEntry {
	return LegendEntry{s.Name, 22, func(c draw.Canvas, mid vg.Point) {
		if s.Lower != nil {
			Fill(c, vg.Rectangle{Min: mid.Sub(vg.Point{X: 11, Y: 4}), Max: mid.Add(vg.Point{X: 11, Y: 4})}, Tint(s.color, 0.25))
		}
		Rule(c, mid.X-11, mid.Y, mid.X+11, mid.Y, s.line())
		if s.Marked {
			DrawMarker(c, mid, s.shape, s.color, false)
		}
	}}
}

// Tint mixes a colour with white. Bands are opaque: PDF output multiplies a colour by its
// opacity twice.
func Tint(c color.NRGBA, part float64) color.NRGBA {
	mix := func(v uint8) uint8 { return uint8(math.Round(255 + part*(float64(v)-255))) }
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 255}
}

// Runs returns the stretches of the curve on a panel that nothing interrupts, as indices.
func (s Series) Runs() [][2]int {
	var out [][2]int
	for from := 0; from < len(s.X); {
		to := from
		for to < len(s.X) && !math.IsNaN(s.X[to]) && !math.IsNaN(s.Y[to]) {
			to++
		}
		if to > from {
			out = append(out, [2]int{from, to})
		}
		from = to + 1
	}
	return out
}

// scaled returns a function from values to places on the canvas. A logarithmic axis has no
// place for what is not above zero: it goes below the panel, where it is cut off.
func scaled(tr func(float64) vg.Length, a *plot.Axis) func(float64) vg.Length {
	if _, ok := a.Scale.(plot.LogScale); !ok {
		return tr
	}
	return func(v float64) vg.Length { return tr(max(v, a.Min/100)) }
}

// Crowd is a plotter of several curves: intervals at the bottom, with thin edges over all
// of them, so that none is hidden by another; then lines; then markers.
type Crowd []Series

func (cs Crowd) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	x, y := scaled(trX, &p.X), scaled(trY, &p.Y)
	// What is drawn between points takes two of them.
	stretches := func(s Series) [][2]int {
		return slices.DeleteFunc(s.Runs(), func(run [2]int) bool { return run[1]-run[0] < 2 })
	}
	points := func(xs, ys []float64, run [2]int) []vg.Point {
		pts := make([]vg.Point, 0, run[1]-run[0])
		for k := run[0]; k < run[1]; k++ {
			pts = append(pts, vg.Point{X: x(xs[k]), Y: y(ys[k])})
		}
		return Simplify(pts)
	}
	for _, s := range cs {
		if s.Lower == nil {
			continue
		}
		for _, run := range stretches(s) {
			outline := points(s.X, s.Upper, run)
			below := points(s.X, s.Lower, run)
			for k := len(below) - 1; k >= 0; k-- {
				outline = append(outline, below[k])
			}
			c.FillPolygon(Tint(s.color, 0.25), c.ClipPolygonXY(outline))
		}
	}
	for _, s := range cs {
		if s.Lower == nil {
			continue
		}
		edges := draw.LineStyle{Color: Tint(s.color, 0.6), Width: 0.4}
		for _, run := range stretches(s) {
			c.StrokeLines(edges, c.ClipLinesXY(points(s.X, s.Upper, run))...)
			c.StrokeLines(edges, c.ClipLinesXY(points(s.X, s.Lower, run))...)
		}
	}
	for _, s := range cs {
		for _, run := range stretches(s) {
			c.StrokeLines(s.line(), c.ClipLinesXY(points(s.X, s.Y, run))...)
		}
	}
	for _, s := range cs {
		if !s.Marked {
			continue
		}
		for _, run := range s.Runs() {
			for k := run[0]; k < run[1]; k++ {
				if at := (vg.Point{X: x(s.X[k]), Y: y(s.Y[k])}); c.Contains(at) {
					DrawMarker(c, at, s.shape, s.color, false)
				}
			}
		}
	}
}
