package plots

import (
	"image/color"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// chartWidth is 600 pt: 8.3 inches, 1600 pixels in a PNG. At three quarters
// of that, the width of a printed column of text, labels are still 6.5 pt.
const (
	chartWidth = vg.Length(600)
	edge       = vg.Length(12) // white space around a chart

	titleSize = vg.Length(14)
	noteSize  = vg.Length(8.5)
	labelSize = vg.Length(8.7)

	leftMargin   = vg.Length(46) // y axis
	bottomMargin = vg.Length(28) // x axis
	rightColumn  = vg.Length(182)
	legendInset  = vg.Length(40) // labels of lines across stand left of the legend
	legendWidth  = rightColumn - legendInset
	flagRow      = vg.Length(13)
	nameLine     = vg.Length(11) // of labels
	columnHeader = vg.Length(17)
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

// textWidth returns the width of one line of text.
func textWidth(s string, size vg.Length) vg.Length {
	w, _, _ := texts.Box(s, font.From(face, size))
	return w
}

// write draws one line of text with its anchor at the given point. Centred text
// has the middle of its digits there, which a font's own centre lies above.
func write(c draw.Canvas, at vg.Point, s string, size vg.Length, col color.Color, x text.XAlignment, y text.YAlignment) {
	if y == draw.YCenter {
		at.Y += 0.11 * size
	}
	c.FillText(textStyle(size, col, x, y), at, s)
}

// fill paints a rectangle.
func fill(c draw.Canvas, r vg.Rectangle, col color.Color) {
	c.SetColor(col)
	c.Fill(r.Path())
}

// rule strokes a straight line.
func rule(c draw.Canvas, x0, y0, x1, y1 vg.Length, sty draw.LineStyle) {
	c.StrokeLine2(sty, x0, y0, x1, y1)
}

// newPlot returns an empty panel in the house style.
func newPlot() *plot.Plot {
	p := plot.New()
	p.TextHandler = texts
	p.BackgroundColor = nil // several panels share one canvas
	for _, axis := range []*plot.Axis{&p.X, &p.Y} {
		axis.Padding = 0
		axis.LineStyle = draw.LineStyle{Color: muted, Width: 0.6}
		axis.Label.Padding = 3
		axis.Label.TextStyle.Font = font.From(face, labelSize)
		axis.Label.TextStyle.Color = ink
		axis.Label.TextStyle.Handler = texts
		axis.Tick.LineStyle = axis.LineStyle
		axis.Tick.Length = 4
		axis.Tick.Label.Font = font.From(face, labelSize)
		axis.Tick.Label.Color = ink
		axis.Tick.Label.Handler = texts
	}
	return p
}

// drawPanel draws p so that its data area is r, with axes and labels outside.
func drawPanel(c draw.Canvas, p *plot.Plot, r vg.Rectangle) {
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
