package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pngDPI is one and a half times the 96 pixels per inch of a web page: sharp on a screen
// of any density, and drawn in little time.
const pngDPI = 144

// Chart is a finished figure.
type Chart struct {
	// Title is the headline, also drawn at the top.
	Title string
	// Description says in words what the chart shows, for readers who do not see it.
	Description string

	sheet         Sheet
	format        Format
	width, height vg.Length // in which it is laid out
	body          Body
}

// In returns the chart in a format.
func (c *Chart) In(f Format) *Chart {
	out := *c
	out.format = f
	// On more room the same texts are smaller. These are the widths at which a PNG has whole dots
	// per inch.
	for dots := pngDPI; ; dots -= 3 {
		out.width = Width * vg.Length(pngDPI) / vg.Length(max(dots, 9))
		out.body = out.sheet.Lay(out.width - 2*edge)
		out.height = out.sheet.around(out.width-2*edge) + out.body.Height
		if f.Aspect == 0 {
			return &out
		}
		if want := out.width / vg.Length(f.Aspect); out.height <= want || dots <= 9 {
			out.height = max(want, out.height)
			return &out
		}
	}
}

// scale returns by how much the layout is enlarged.
func (c *Chart) scale() float64 {
	scale := float64(Width / c.width)
	if c.format.Scale > 0 {
		scale *= c.format.Scale
	}
	return scale
}

// Size returns the width and the height in which the chart is laid out.
func (c *Chart) Size() (width, height vg.Length) { return c.width, c.height }

// Draw paints the chart on dc, on its ground, with the lower left corner of the chart at that
// of dc. The canvas has to be at least as large as the chart.
func (c *Chart) Draw(dc draw.Canvas) {
	dc.Max = dc.Min.Add(vg.Point{X: c.width, Y: c.height})
	if c.format.Theme == Dark {
		dc.Canvas = darkened{dc.Canvas}
	}
	Fill(dc, dc.Rectangle, White)
	c.sheet.draw(dc, c.body)
}

// Header is what stands above and below a chart: its finding and how to read it above, where
// the numbers come from below.
type Header struct {
	Title string
	Notes []string // paragraphs under the title
	Foot  []string // paragraphs at the foot
}

// Sheet is a chart of a header, a legend under it, and a body.
type Sheet struct {
	Header
	Legend Legend
	Lay    func(width vg.Length) Body
}

// Body is what stands between the legend and the foot of a sheet.
type Body struct {
	Height vg.Length                           // that it needs
	Draw   func(c draw.Canvas, r vg.Rectangle) // in a rectangle at least so high
}

// Fixed is the body of a sheet that needs the same height in any width.
func Fixed(height vg.Length, draw func(c draw.Canvas, r vg.Rectangle)) func(vg.Length) Body {
	return func(vg.Length) Body { return Body{height, draw} }
}

// Chart returns the sheet as a chart, in the format that is the zero value.
func (s Sheet) Chart(description string) *Chart {
	c := &Chart{Title: s.Title, Description: description, sheet: s}
	return c.In(Format{})
}

// Heights of lines of text.
const (
	titleLine = 14 * 1.25
	noteLine  = 8.5 * 1.3
)

// above returns the height of the title with its notes, and below that of the foot.
func (s Sheet) above(width vg.Length) vg.Length {
	titles, notes := Title.Wrap(s.Title, width), wrapAll(s.Notes, width)
	return vg.Length(len(titles))*titleLine + vg.Length(len(notes))*noteLine + 4 + 6
}

func (s Sheet) below(width vg.Length) vg.Length {
	if len(s.Foot) == 0 {
		return 0
	}
	return vg.Length(len(wrapAll(s.Foot, width)))*noteLine + 8
}

// around returns the height of all but the body.
func (s Sheet) around(width vg.Length) vg.Length {
	return edge + s.above(width) + s.Legend.height(width) + s.below(width) + edge
}

// draw draws the sheet, with its body.
func (s Sheet) draw(c draw.Canvas, body Body) {
	x, y := c.Min.X+edge, c.Max.Y-edge
	width := c.Max.X - c.Min.X - 2*edge
	at := y
	for _, line := range Title.Wrap(s.Title, width) {
		Title.Write(c, x, at, line, LeftTop)
		at -= titleLine
	}
	at -= 2
	for _, line := range wrapAll(s.Notes, width) {
		Note.Write(c, x, at, line, LeftTop)
		at -= noteLine
	}
	y -= s.above(width)
	s.Legend.draw(c, vg.Point{X: x, Y: y}, width)
	bottom := c.Min.Y + edge + s.below(width)
	body.Draw(c, Box(x, bottom, x+width, y-s.Legend.height(width)))
	at = bottom - 8
	for _, line := range wrapAll(s.Foot, width) {
		Note.Write(c, x, at, line, LeftTop)
		at -= noteLine
	}
}

// wrapAll breaks paragraphs of small print into lines of a width.
func wrapAll(paragraphs []string, width vg.Length) (lines []string) {
	for _, p := range paragraphs {
		lines = append(lines, Note.Wrap(p, width)...)
	}
	return lines
}
