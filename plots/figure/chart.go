package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Chart is a finished figure.
type Chart struct {
	// Title is the headline, also drawn at the top.
	Title string
	// Description says in words what the chart shows, for readers who do not see it.
	Description string

	height vg.Length
	draw   func(draw.Canvas)
}

// Size returns the width and the height of the chart.
func (c *Chart) Size() (width, height vg.Length) { return Width, c.height }

// Draw paints the chart on dc, on white, with the lower left corner of the chart at that of
// dc. The canvas has to be at least as large as the chart.
func (c *Chart) Draw(dc draw.Canvas) {
	dc.Max = dc.Min.Add(vg.Point{X: Width, Y: c.height})
	Fill(dc, dc.Rectangle, White)
	c.draw(dc)
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
	Height vg.Length // of the body
	Body   func(c draw.Canvas, r vg.Rectangle)
}

// Chart returns the sheet as a chart.
func (s Sheet) Chart(description string) *Chart {
	titles := Title.Wrap(s.Title, Inner)
	notes, foot := wrapAll(s.Notes), wrapAll(s.Foot)
	const titleLine, noteLine = 14 * 1.25, 8.5 * 1.3
	top := vg.Length(len(titles))*titleLine + vg.Length(len(notes))*noteLine + 4 + 6
	legend := s.Legend.height(Inner)
	bottom := vg.Length(0)
	if len(foot) > 0 {
		bottom = vg.Length(len(foot))*noteLine + 8
	}
	return &Chart{
		Title:       s.Title,
		Description: description,
		height:      edge + top + legend + s.Height + bottom + edge,
		draw: func(c draw.Canvas) {
			x, y := c.Min.X+edge, c.Max.Y-edge
			at := y
			for _, line := range titles {
				Title.Write(c, x, at, line, LeftTop)
				at -= titleLine
			}
			at -= 2
			for _, line := range notes {
				Note.Write(c, x, at, line, LeftTop)
				at -= noteLine
			}
			y -= top
			s.Legend.draw(c, vg.Point{X: x, Y: y}, Inner)
			s.Body(c, Box(x, c.Min.Y+edge+bottom, x+Inner, y-legend))
			at = c.Min.Y + edge + bottom - 8
			for _, line := range foot {
				Note.Write(c, x, at, line, LeftTop)
				at -= noteLine
			}
		},
	}
}

// wrapAll breaks paragraphs of small print into lines as wide as a chart.
func wrapAll(paragraphs []string) (lines []string) {
	for _, p := range paragraphs {
		lines = append(lines, Note.Wrap(p, Inner)...)
	}
	return lines
}
