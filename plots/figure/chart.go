package figure

import (
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Chart is a finished figure.
type Chart struct {
	// Title is the headline, also drawn at the top.
	Title string
	// Description says in words what the chart shows, for readers who do not
	// see it.
	Description string

	width, height vg.Length
	draw          func(draw.Canvas)
}

// Size returns the width and the height of the chart.
func (c *Chart) Size() (width, height vg.Length) { return c.width, c.height }

// Draw paints the chart on dc, on white, with the lower left corner of the
// Chart at that of dc. The canvas has to be at least as large as the chart.
func (c *Chart) Draw(dc draw.Canvas) {
	dc.Max = vg.Point{X: dc.Min.X + c.width, Y: dc.Min.Y + c.height}
	Fill(dc, dc.Rectangle, White)
	c.draw(dc)
}

// Header is the text block at the top of a chart.
type Header struct {
	Title string
	Notes []string // paragraphs, each wrapped to the width of the chart
}

// lines returns the notes broken into lines of at most the given width.
func (h Header) lines(width vg.Length) []string {
	var out []string
	for _, n := range h.Notes {
		out = append(out, Wrap(n, NoteSize, width)...)
	}
	return out
}

// Height returns the height of the block in a chart of the given width.
func (h Header) height(width vg.Length) vg.Length {
	titles := len(Wrap(h.Title, titleSize, width))
	notes := len(h.lines(width))
	return vg.Length(titles)*titleSize*1.25 + vg.Length(notes)*NoteSize*1.3 + 4
}

// Draw paints the block with its upper left corner at the given point.
func (h Header) draw(c draw.Canvas, at vg.Point, width vg.Length) {
	for _, line := range Wrap(h.Title, titleSize, width) {
		Write(c, at, line, titleSize, Ink, draw.XLeft, draw.YTop)
		at.Y -= titleSize * 1.25
	}
	at.Y -= 2
	for _, line := range h.lines(width) {
		Write(c, at, line, NoteSize, Muted, draw.XLeft, draw.YTop)
		at.Y -= NoteSize * 1.3
	}
}

// Wrap breaks text at spaces into lines of at most the given width. A single
// word wider than that is broken anywhere.
func Wrap(text string, size, width vg.Length) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && TextWidth(longer, size) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
		for TextWidth(line, size) > width {
			_, fits := utf8.DecodeRuneInString(line)
			for i := range line {
				if i > fits && TextWidth(line[:i], size) > width {
					break
				}
				fits = max(fits, i)
			}
			lines, line = append(lines, line[:fits]), line[fits:]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
