package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Width is 600 pt: 8.3 inches, 1600 pixels in a PNG. At three quarters of that, the width
// of a printed column of text, labels are still 6.5 pt.
const (
	Width = vg.Length(600)
	edge  = vg.Length(12) // white space around a chart

	LeftMargin   = vg.Length(46) // y axis
	BottomMargin = vg.Length(28) // x axis
	RightColumn  = vg.Length(182)
	LegendInset  = vg.Length(40) // labels of lines across stand left of the legend
	FlagRow      = vg.Length(13)
	NameLine     = vg.Length(11) // from one line of labels to the next
	ColumnHeader = vg.Length(17)
)

// Lines of panels.
var (
	GridLine = draw.LineStyle{Color: Faint, Width: 0.6}
	ThinLine = draw.LineStyle{Color: Muted, Width: 0.6}
)

// Box returns the rectangle between two corners.
func Box(x0, y0, x1, y1 vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: x0, Y: y0}, Max: vg.Point{X: x1, Y: y1}}
}

// Around returns the rectangle that goes so far from a point to all sides.
func Around(mid vg.Point, x, y vg.Length) vg.Rectangle {
	return Box(mid.X-x, mid.Y-y, mid.X+x, mid.Y+y)
}

// Fill paints a rectangle.
func Fill(c draw.Canvas, r vg.Rectangle, col color.Color) {
	c.SetColor(col)
	c.Fill(r.Path())
}

// Rule strokes a straight line.
func Rule(c draw.Canvas, x0, y0, x1, y1 vg.Length, sty draw.LineStyle) {
	c.StrokeLine2(sty, x0, y0, x1, y1)
}

// Outline strokes the edges of a rectangle.
func Outline(c draw.Canvas, r vg.Rectangle, sty draw.LineStyle) {
	c.StrokeLines(sty,
		[]vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}, r.Min})
}
