package figure

import (
	"image/color"

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

// Layers thinner than HairThickness get no white line between them: it would hide more than
// it separates.
const HairThickness = vg.Length(2.6)

// Separator is the line between layers.
var Separator = draw.LineStyle{Color: White, Width: 0.7}

// Plot draws the stack, cut off at the edges of the panel.
func (s Stack) Plot(c draw.Canvas, f Frame) {
	at, all := placesOf(f), span{0, len(s.X)}
	top := make([]float64, len(s.X))
	boundary := [][]vg.Point{at.points(s.X, top, all)}
	for _, a := range s.Areas {
		for k := range top {
			top[k] += a.Heights[k]
		}
		boundary = append(boundary, at.points(s.X, top, all))
	}
	for i, a := range s.Areas {
		fillBetween(c, simplify(boundary[i+1]), simplify(boundary[i]), a.Color)
	}
	for b := 1; b < len(boundary)-1; b++ {
		var run []vg.Point
		for k, pt := range boundary[b] {
			thick := pt.Y-boundary[b-1][k].Y > HairThickness && boundary[b+1][k].Y-pt.Y > HairThickness
			if thick {
				run = append(run, pt)
			}
			if !thick || k == len(s.X)-1 {
				if len(run) > 1 {
					c.StrokeLines(Separator, c.ClipLinesXY(simplify(run))...)
				}
				run = nil
			}
		}
	}
}
