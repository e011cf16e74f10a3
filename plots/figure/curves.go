package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Line is a plotter of a line, cut off at the edges of the panel. NaN interrupts it.
type Line struct {
	X, Y  []float64
	Style draw.LineStyle
}

// Plot draws the line.
func (l Line) Plot(c draw.Canvas, f Frame) {
	at := placesOf(f)
	for _, run := range runs(2, l.X, l.Y) {
		c.StrokeLines(l.Style, c.ClipLinesXY(at.line(l.X, l.Y, run))...)
	}
}

// Band is a plotter of an area between two curves, cut off at the edges of the panel. NaN
// interrupts it.
type Band struct {
	X, Lower, Upper []float64
	Color           color.Color
}

// Plot fills the area.
func (b Band) Plot(c draw.Canvas, f Frame) {
	at := placesOf(f)
	for _, run := range runs(2, b.X, b.Upper, b.Lower) {
		fillBetween(c, at.points(b.X, b.Upper, run), at.points(b.X, b.Lower, run), b.Color)
	}
}

// Curve is a plotter of a line with an interval around it, over areas in any colour.
type Curve struct {
	X, Y, Lower, Upper []float64
}

// bandColor lets the stack show through the interval of a curve. It is black because PDF
// output multiplies a colour by its opacity twice.
var bandColor = color.NRGBA{0, 0, 0, 64}

// curveLine is the line of a curve.
var curveLine = draw.LineStyle{Color: Ink, Width: 1.3}

// CurveEntry explains a curve with its interval.
func CurveEntry(text string, width vg.Length) Entry {
	return Entry{text, width, func(c draw.Canvas, mid vg.Point) {
		Fill(c, Around(mid, width/2, 4), bandColor)
		Rule(c, mid.X-width/2, mid.Y, mid.X+width/2, mid.Y, curveLine)
	}}
}

// Plot draws the interval, then the line on a white one that sets it off.
func (s Curve) Plot(c draw.Canvas, f Frame) {
	at, all := placesOf(f), span{0, len(s.X)}
	fillBetween(c, at.line(s.X, s.Upper, all), at.line(s.X, s.Lower, all), bandColor)
	line := c.ClipLinesXY(at.line(s.X, s.Y, all))
	c.StrokeLines(draw.LineStyle{Color: White, Width: 2.6}, line...)
	c.StrokeLines(curveLine, line...)
}

// Series is one curve among others, with an interval around it. NaN interrupts it.
type Series struct {
	Name         string
	X, Y         []float64
	Lower, Upper []float64 // nil without an interval
	Color        color.NRGBA
	Dashes       []vg.Length
	Shape        Shape // of its markers
	Marked       bool  // whether every point has one
	Steps        Steps
	End          float64 // where the curve is read for its label, if not at its last point
}

// NewSeries returns the i-th curve among others, without points. More curves than colours
// start over.
func NewSeries(i int, name string) Series {
	return Series{Name: name, Color: SeriesColors[i%len(SeriesColors)],
		Dashes: SeriesDashes[i%len(SeriesDashes)], Shape: Shape(i % int(shapes))}
}

// NewOrdered returns the i-th of n curves that have an order, without points. Neighbours differ in
// lightness, and where there are many in dashes, too.
func NewOrdered(i, n int, name string) Series {
	s := NewSeries(i, name)
	s.Color, s.Dashes = Ordered(float64(i)/float64(max(n-1, 1))), nil
	if n > 4 {
		s.Dashes = SeriesDashes[i%3]
	}
	return s
}

// Add adds a point with its interval.
func (s *Series) Add(x, y, lower, upper float64) {
	s.X, s.Y = append(s.X, x), append(s.Y, y)
	s.Lower, s.Upper = append(s.Lower, lower), append(s.Upper, upper)
}

// drawn returns the curve with a point at each corner of its steps.
func (s Series) drawn() Series {
	at, of := s.Steps.corners(s.X, s.Y)
	pick := func(values []float64) (out []float64) {
		if values == nil {
			return nil
		}
		for _, k := range of {
			out = append(out, values[k])
		}
		return out
	}
	s.X, s.Y, s.Lower, s.Upper = at, pick(s.Y), pick(s.Lower), pick(s.Upper)
	return s
}

// Under returns the area between the curve, as it is drawn, and zero.
func (s Series) Under() Band {
	d := s.drawn()
	return Band{X: d.X, Lower: make([]float64, len(d.X)), Upper: d.Y}
}

func (s Series) style() draw.LineStyle {
	return draw.LineStyle{Color: s.Color, Width: 1.4, Dashes: s.Dashes}
}

// Crowd is a plotter of several curves: intervals at the bottom, with thin edges over all
// of them, so that none is hidden by another; then lines; then markers.
type Crowd []Series

// sample draws a piece of the curve as those of a legend are.
func (s Series) sample(c draw.Canvas, mid vg.Point) {
	const half = endSample / 2
	if s.Lower != nil {
		Fill(c, Around(mid, half, 4), Tint(s.Color, 0.25))
	}
	Rule(c, mid.X-half, mid.Y, mid.X+half, mid.Y, s.style())
	if s.Marked {
		s.Shape.Draw(c, mid.X, mid.Y, s.Color, false)
	}
}

// Plot draws the curves, cut off at the edges of the panel.
func (cs Crowd) Plot(c draw.Canvas, f Frame) {
	at := placesOf(f)
	drawn := make(Crowd, len(cs))
	for i, s := range cs {
		drawn[i] = s.drawn()
	}
	for _, s := range drawn {
		for _, run := range s.intervals() {
			fillBetween(c, at.line(s.X, s.Upper, run), at.line(s.X, s.Lower, run), Tint(s.Color, 0.25))
		}
	}
	for _, s := range drawn {
		edges := draw.LineStyle{Color: Tint(s.Color, 0.6), Width: 0.4}
		for _, run := range s.intervals() {
			c.StrokeLines(edges, c.ClipLinesXY(at.line(s.X, s.Upper, run))...)
			c.StrokeLines(edges, c.ClipLinesXY(at.line(s.X, s.Lower, run))...)
		}
	}
	for _, s := range drawn {
		Line{s.X, s.Y, s.style()}.Plot(c, f)
	}
	for _, s := range cs {
		if !s.Marked {
			continue
		}
		for _, run := range runs(1, s.X, s.Y) {
			for _, pt := range at.points(s.X, s.Y, run) {
				if c.Contains(pt) {
					s.Shape.Draw(c, pt.X, pt.Y, s.Color, false)
				}
			}
		}
	}
}

// intervals returns the stretches of the curve with an interval.
func (s Series) intervals() []span {
	if s.Lower == nil {
		return nil
	}
	return runs(2, s.X, s.Y)
}

// span is a stretch of a curve, from a point to before another.
type span struct{ from, to int }

// runs returns the stretches of at least so many points that no NaN interrupts.
func runs(least int, coordinates ...[]float64) (out []span) {
	from, n := 0, len(coordinates[0])
	for k := range n + 1 {
		gap := k == n
		for _, c := range coordinates {
			gap = gap || math.IsNaN(c[k])
		}
		if gap {
			if k-from >= least {
				out = append(out, span{from, k})
			}
			from = k + 1
		}
	}
	return out
}

// places turn the values of a panel into places on the canvas.
type places struct{ x, y func(float64) vg.Length }

// placesOf returns the places of a panel's values. A logarithmic axis has none for what is
// not above zero: it goes below the panel, where it is cut off.
func placesOf(f Frame) places {
	scaled := func(at func(float64) vg.Length, s Scale) func(float64) vg.Length {
		if !s.Log {
			return at
		}
		return func(v float64) vg.Length { return at(max(v, s.Lo/100)) }
	}
	return places{scaled(f.At, f.x), scaled(f.Up, f.y)}
}

// points returns the points of a stretch of a curve.
func (at places) points(x, y []float64, s span) []vg.Point {
	pts := make([]vg.Point, 0, s.to-s.from)
	for k := s.from; k < s.to; k++ {
		pts = append(pts, vg.Point{X: at.x(x[k]), Y: at.y(y[k])})
	}
	return pts
}

// line is points without those that make no difference.
func (at places) line(x, y []float64, s span) []vg.Point { return simplify(at.points(x, y, s)) }

// fillBetween fills the area between two lines, cut off at the edges of the panel.
func fillBetween(c draw.Canvas, upper, lower []vg.Point, col color.Color) {
	outline := upper
	for k := len(lower) - 1; k >= 0; k-- {
		outline = append(outline, lower[k])
	}
	c.FillPolygon(col, c.ClipPolygonXY(outline))
}

// simplify leaves out the points of a line without which it moves by less than a twentieth
// of a point (Ramer, Douglas and Peucker), so that a grid of thousands of durations makes a
// small file. It keeps both ends.
func simplify(pts []vg.Point) []vg.Point {
	const tolerance = 0.05
	if len(pts) < 3 {
		return pts
	}
	keep := make([]bool, len(pts))
	keep[0], keep[len(pts)-1] = true, true
	for todo := []span{{0, len(pts) - 1}}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		chord := pts[s.to].Sub(pts[s.from])
		length := math.Hypot(float64(chord.X), float64(chord.Y))
		far, at := 0.0, 0
		for k := s.from + 1; k < s.to; k++ {
			v := pts[k].Sub(pts[s.from])
			d := math.Abs(float64(chord.X*v.Y - chord.Y*v.X))
			if length > 0 {
				d /= length
			}
			if d > far {
				far, at = d, k
			}
		}
		if far > tolerance {
			keep[at] = true
			todo = append(todo, span{s.from, at}, span{at, s.to})
		}
	}
	var out []vg.Point
	for k, pt := range pts {
		if keep[k] {
			out = append(out, pt)
		}
	}
	return out
}
