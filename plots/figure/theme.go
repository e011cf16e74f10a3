package figure

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Width is 600 pt: 8.3 inches, 1600 pixels in a PNG. At three quarters
// of that, the width of a printed column of text, labels are still 6.5 pt.
const (
	Width = vg.Length(600)
	Edge  = vg.Length(12) // White space around a chart

	titleSize = vg.Length(14)
	NoteSize  = vg.Length(8.5)
	LabelSize = vg.Length(8.7)

	LeftMargin   = vg.Length(46) // Y axis
	BottomMargin = vg.Length(28) // X axis
	RightColumn  = vg.Length(182)
	LegendInset  = vg.Length(40) // labels of lines across stand left of the legend
	LegendWidth  = RightColumn - LegendInset
	FlagRow      = vg.Length(13)
	NameLine     = vg.Length(11) // of labels
	ColumnHeader = vg.Length(17)
)

// face is Liberation Sans regular, the widths of which are those of Arial and
// Helvetica. One weight is enough, and it keeps a PDF independent of the order
// in which fonts are listed.
var face = font.Font{Typeface: "Liberation", Variant: "Sans"}

var texts = text.Plain{Fonts: font.NewCache(liberation.Collection())}

// textStyle returns the style of a text of the given size and alignment.
func textStyle(size vg.Length, c color.Color, x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{Color: c, Font: font.From(face, size), XAlign: x, YAlign: y, Handler: texts}
}

// TextWidth returns the width of one line of text.
func TextWidth(s string, size vg.Length) vg.Length {
	w, _, _ := texts.Box(s, font.From(face, size))
	return w
}

// Write draws one line of text with its anchor at the given point. Centred text
// has the middle of its digits there, which a font's own centre lies above.
func Write(c draw.Canvas, at vg.Point, s string, size vg.Length, col color.Color, x text.XAlignment, y text.YAlignment) {
	if y == draw.YCenter {
		at.Y += 0.11 * size
	}
	c.FillText(textStyle(size, col, x, y), at, s)
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

// NewPlot returns an empty panel in the house style.
func NewPlot() *plot.Plot {
	p := plot.New()
	p.TextHandler = texts
	p.BackgroundColor = nil // several panels share one canvas
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Padding = 0
		axis.LineStyle = draw.LineStyle{Color: Muted, Width: 0.6}
		axis.Label.Padding = 3
		axis.Label.TextStyle.Font = font.From(face, LabelSize)
		axis.Label.TextStyle.Color = Ink
		axis.Label.TextStyle.Handler = texts
		axis.Tick.LineStyle = axis.LineStyle
		axis.Tick.Length = 4
		axis.Tick.Label.Font = font.From(face, LabelSize)
		axis.Tick.Label.Color = Ink
		axis.Tick.Label.Handler = texts
	}
	return p
}

// DrawPanel draws p so that its data area is r, with axes and labels outside.
func DrawPanel(c draw.Canvas, p *plot.Plot, r vg.Rectangle) {
	outer := c
	// The room that axes need depends a little on the size of the panel, as
	// end labels overhang; a few steps settle it.
	for range 4 {
		inner := p.DataCanvas(outer)
		outer.Min = outer.Min.Add(r.Min.Sub(inner.Min))
		outer.Max = outer.Max.Add(r.Max.Sub(inner.Max))
	}
	p.Draw(outer)
}
