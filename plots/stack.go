package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// area is one layer of a stack: its height at every x, and its colour.
type area struct {
	heights []float64
	color   color.Color
}

// stack is a plotter of areas on top of each other, the first at the bottom.
type stack struct {
	x     []float64
	areas []area
}

// Layers thinner than hairThickness get no white line between them: it would
// hide more than it separates.
const (
	separator     = vg.Length(0.7)
	hairThickness = vg.Length(2.6)
)

// Plot draws the stack, cut off at the edges of the panel.
func (s stack) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	boundary := make([][]vg.Point, len(s.areas)+1)
	top := make([]float64, len(s.x))
	for b := range boundary {
		boundary[b] = make([]vg.Point, len(s.x))
		for k, x := range s.x {
			if b > 0 {
				top[k] += s.areas[b-1].heights[k]
			}
			boundary[b][k] = vg.Point{X: trX(x), Y: trY(top[k])}
		}
	}
	for i, a := range s.areas {
		outline := simplify(boundary[i+1])
		below := simplify(boundary[i])
		for k := len(below) - 1; k >= 0; k-- {
			outline = append(outline, below[k])
		}
		c.FillPolygon(a.color, c.ClipPolygonXY(outline))
	}
	line := draw.LineStyle{Color: white, Width: separator}
	for b := 1; b < len(boundary)-1; b++ {
		var run []vg.Point
		for k, pt := range boundary[b] {
			thick := pt.Y-boundary[b-1][k].Y > hairThickness && boundary[b+1][k].Y-pt.Y > hairThickness
			if thick {
				run = append(run, pt)
			}
			if !thick || k == len(s.x)-1 {
				if len(run) > 1 {
					c.StrokeLines(line, c.ClipLinesXY(simplify(run))...)
				}
				run = nil
			}
		}
	}
}

// curve is a plotter of a line with an interval around it, cut off at the edges
// of the panel.
type curve struct {
	x, y, lower, upper []float64
}

// bandColor lets the stack show through the interval of a curve. It is black
// because PDF output multiplies a colour by its opacity twice.
var bandColor = color.NRGBA{0, 0, 0, 64}

// Plot draws the interval, then the line on a white one that sets it off from
// any colour underneath.
func (s curve) Plot(c draw.Canvas, p *plot.Plot) {
	trX, trY := p.Transforms(&c)
	points := func(y []float64) []vg.Point {
		pts := make([]vg.Point, len(s.x))
		for k, x := range s.x {
			pts[k] = vg.Point{X: trX(x), Y: trY(y[k])}
		}
		return simplify(pts)
	}
	band := points(s.upper)
	below := points(s.lower)
	for k := len(below) - 1; k >= 0; k-- {
		band = append(band, below[k])
	}
	c.FillPolygon(bandColor, c.ClipPolygonXY(band))
	line := c.ClipLinesXY(points(s.y))
	c.StrokeLines(draw.LineStyle{Color: white, Width: 2.6}, line...)
	c.StrokeLines(draw.LineStyle{Color: ink, Width: 1.3}, line...)
}

// simplify leaves out the points of a line without which it moves by less than
// a twentieth of a point (Ramer, Douglas and Peucker), so that a grid of
// thousands of durations makes a small file. It keeps both ends.
func simplify(pts []vg.Point) []vg.Point {
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
