package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The shapes of markers, in the order in which tolerances take them.
const (
	circle = iota
	square
	triangle
	diamond
	shapes
)

// markerSize is the distance from a marker's centre to its corners.
const markerSize = vg.Length(3.9)

// drawMarker draws a marker in a colour: solid with a thin white rim, or hollow.
func drawMarker(c draw.Canvas, at vg.Point, shape int, col color.Color, hollow bool) {
	path := markerPath(at, shape, markerSize)
	if hollow {
		c.SetColor(white)
		c.Fill(path)
		c.SetLineStyle(draw.LineStyle{Color: col, Width: 1.1})
		c.Stroke(path)
		return
	}
	c.SetColor(col)
	c.Fill(path)
	c.SetLineStyle(draw.LineStyle{Color: white, Width: 0.6})
	c.Stroke(path)
}

func markerPath(at vg.Point, shape int, r vg.Length) vg.Path {
	corners, turn := 4, math.Pi/4
	switch shape % shapes {
	case circle:
		corners, turn = 24, 0
		r *= 0.9
	case triangle:
		corners, turn = 3, math.Pi/2
		r *= 1.15
	case diamond:
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

// drawArrow draws a short arrow to the right: "or longer".
func drawArrow(c draw.Canvas, from vg.Point, length vg.Length, col color.Color) {
	tip := from.X + length
	rule(c, from.X, from.Y, tip-2, from.Y, draw.LineStyle{Color: col, Width: 1.2})
	c.FillPolygon(col, []vg.Point{{X: tip, Y: from.Y}, {X: tip - 6, Y: from.Y + 3}, {X: tip - 6, Y: from.Y - 3}})
}

// drawWhisker draws an interval with a bar at its far end.
func drawWhisker(c draw.Canvas, from, to, y vg.Length, col color.Color) {
	sty := draw.LineStyle{Color: col, Width: 1.2}
	rule(c, from, y, to, y, sty)
	rule(c, to, y-3, to, y+3, sty)
}

// drawSpan draws an interval with a bar at both ends.
func drawSpan(c draw.Canvas, from, to, y vg.Length) {
	sty := draw.LineStyle{Color: ink, Width: 0.8}
	rule(c, from, y, to, y, sty)
	rule(c, from, y-3, from, y+3, sty)
	rule(c, to, y-3, to, y+3, sty)
}
