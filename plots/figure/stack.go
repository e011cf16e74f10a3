package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Area is one layer of a stack: its height at every x, and its colour.
type Area struct {
	Heights []float64
	Color   color.Color
}

// Stack is a plotter of areas on top of each other, the first at the bottom.
type Stack struct {
	X     []float64
	Areas []Area
}

// Layers thinner than hairThickness get no white line between them: it would
// hide more than it separates.
const (
	Separator     = vg.Length(0.7)
	HairThickness = vg.Length(2.6)
)

// Plot draws the stack, cut off at the edges of the panel.
func (s Stack) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	boundary := make([][]vg.Point, len(s.Areas)+1)
	top := make([]float64, len(s.X))
	for b := range boundary {
		boundary[b] = make([]vg.Point, len(s.X))
		for k, x := range s.X {
			if b > 0 {
				top[k] += s.Areas[b-1].Heights[k]
			}
			boundary[b][k] = vg.Point{X: trX(x), Y: trY(top[k])}
		}
	}
	for i, a := range s.Areas {
		outline := Simplify(boundary[i+1])
		below := Simplify(boundary[i])
		for k := len(below) - 1; k >= 0; k-- {
			outline = append(outline, below[k])
		}
		c.FillPolygon(a.Color, c.ClipPolygonXY(outline))
	}
	line := draw.LineStyle{Color: White, Width: Separator}
	for b := 1; b < len(boundary)-1; b++ {
		var run []vg.Point
		for k, pt := range boundary[b] {
			thick := pt.Y-boundary[b-1][k].Y > HairThickness && boundary[b+1][k].Y-pt.Y > HairThickness
			if thick {
				run = append(run, pt)
			}
			if !thick || k == len(s.X)-1 {
				if len(run) > 1 {
					c.StrokeLines(line, c.ClipLinesXY(Simplify(run))...)
				}
				run = nil
			}
		}
	}
}

// Curve is a plotter of a line with an interval around it, cut off at the edges
// of the panel.
type Curve struct {
	X, Y, Lower, Upper []float64
}

// BandColor lets the stack show through the interval of a curve. It is black
// because PDF output multiplies a colour by its opacity twice.
var BandColor = color.NRGBA{0, 0, 0, 64}

// Plot draws the interval, then the line on a white one that sets it off from
// any colour underneath.
func (s Curve) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	points := func(y []float64) []vg.Point {
		pts := make([]vg.Point, len(s.X))
		for k, x := range s.X {
			pts[k] = vg.Point{X: trX(x), Y: trY(y[k])}
		}
		return Simplify(pts)
	}
	band := points(s.Upper)
	below := points(s.Lower)
	for k := len(below) - 1; k >= 0; k-- {
		band = append(band, below[k])
	}
	c.FillPolygon(BandColor, c.ClipPolygonXY(band))
	line := c.ClipLinesXY(points(s.Y))
	c.StrokeLines(draw.LineStyle{Color: White, Width: 2.6}, line...)
	c.StrokeLines(draw.LineStyle{Color: Ink, Width: 1.3}, line...)
}

// Simplify leaves out the points of a line without which it moves by less than
// a twentieth of a point (Ramer, Douglas and Peucker), so that a grid of
// thousands of durations makes a small file. It keeps both ends.
func Simplify(pts []vg.Point) []vg.Point {
	const tolerance = 0.05
	if len(pts) < 3 {
		return append([]vg.Point(nil), pts...)
	}
	keep := make([]bool, len(pts))
	keep[0], keep[len(pts)-1] = true, true
	type span struct{ a, b int }
	for todo := []span{{0, len(pts) - 1}}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		chord := pts[s.b].Sub(pts[s.a])
		length := math.Hypot(float64(chord.X), float64(chord.Y))
		far, at := 0.0, 0
		for k := s.a + 1; k < s.b; k++ {
			v := pts[k].Sub(pts[s.a])
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
			todo = append(todo, span{s.a, at}, span{at, s.b})
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
