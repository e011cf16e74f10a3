package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Shape is the shape of a marker.
type Shape int

// The shapes, in the order in which tolerances and curves take them.
const (
	Circle Shape = iota
	square
	Triangle
	Diamond
	shapes
)

// The tolerances at the ends of their colours.
const (
	strictest = 0.0015
	laxest    = 0.12
)

// OfTolerance returns the colour and the marker of a tolerance: the same in every chart, whatever
// others are in it.
func OfTolerance(t float64) (color.NRGBA, Shape) {
	part := math.Log(t/strictest) / math.Log(laxest/strictest)
	// Of the usual tolerances, 0.5, 1, 2, 5 and 10 %, neighbours differ in shape.
	step := int(math.Round(3 * math.Log10(t/0.001)))
	return between(strictness, part), Shape((step%int(shapes) + int(shapes)) % int(shapes))
}

// MarkerSize is the distance from a marker's centre to its corners.
const MarkerSize = vg.Length(3.9)

// Draw draws a marker in a colour: solid with a thin white rim, or hollow.
func (s Shape) Draw(c draw.Canvas, x, y vg.Length, col color.Color, hollow bool) {
	path := s.path(vg.Point{X: x, Y: y}, MarkerSize)
	inside, edges := col, draw.LineStyle{Color: White, Width: 0.6}
	if hollow {
		inside, edges = White, draw.LineStyle{Color: col, Width: 1.1}
	}
	c.SetColor(inside)
	c.Fill(path)
	c.SetLineStyle(edges)
	c.Stroke(path)
}

func (s Shape) path(at vg.Point, r vg.Length) vg.Path {
	corners, turn := 4, math.Pi/4
	switch s % shapes {
	case Circle:
		corners, turn = 24, 0
		r *= 0.9
	case Triangle:
		corners, turn = 3, math.Pi/2
		r *= 1.15
	case Diamond:
		turn = 0
		r *= 1.1
	}
	var path vg.Path
	for k := range corners {
		sin, cos := math.Sincos(turn + 2*math.Pi*float64(k)/float64(corners))
		pt := at.Add(vg.Point{X: r * vg.Length(cos), Y: r * vg.Length(sin)})
		if k == 0 {
			path.Move(pt)
		} else {
			path.Line(pt)
		}
	}
	path.Close()
	return path
}

// DrawArrow draws a short arrow to the right: "or longer".
func DrawArrow(c draw.Canvas, from vg.Point, length vg.Length, col color.Color) {
	tip := from.X + length
	Rule(c, from.X, from.Y, tip-2, from.Y, draw.LineStyle{Color: col, Width: 1.2})
	c.FillPolygon(col,
		[]vg.Point{{X: tip, Y: from.Y}, {X: tip - 6, Y: from.Y + 3}, {X: tip - 6, Y: from.Y - 3}})
}

// DrawWhisker draws an interval with a bar at its far end.
func DrawWhisker(c draw.Canvas, from, to, y vg.Length, col color.Color) {
	sty := draw.LineStyle{Color: col, Width: 1.2}
	Rule(c, from, y, to, y, sty)
	Rule(c, to, y-3, to, y+3, sty)
}

// DrawSpan draws an interval with a bar at both ends.
func DrawSpan(c draw.Canvas, from, to, y vg.Length) {
	sty := draw.LineStyle{Color: Ink, Width: 0.8}
	Rule(c, from, y, to, y, sty)
	Rule(c, from, y-3, from, y+3, sty)
	Rule(c, to, y-3, to, y+3, sty)
}
