package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// legendEntry is a symbol of a given width with its text.
type legendEntry struct {
	text  string
	width vg.Length
	draw  func(c draw.Canvas, mid vg.Point)
}

// advance returns the room an entry takes with the space after it.
func (e legendEntry) advance() vg.Length { return e.width + 5 + textWidth(e.text, labelSize) + 16 }

// legend is a list of entries, set in lines as words are.
type legend []legendEntry

const legendLine = vg.Length(16)

// lines breaks the entries into lines of at most the given width.
func (l legend) lines(width vg.Length) []legend {
	var lines []legend
	var used vg.Length
	for _, e := range l {
		w := e.advance()
		if len(lines) == 0 || used+w > width {
			lines = append(lines, nil)
			used = 0
		}
		last := len(lines) - 1
		lines[last] = append(lines[last], e)
		used += w
	}
	return lines
}

func (l legend) height(width vg.Length) vg.Length {
	return vg.Length(len(l.lines(width))) * legendLine
}

// draw sets the legend with its upper left corner at the given point.
func (l legend) draw(c draw.Canvas, at vg.Point, width vg.Length) {
	at.Y -= legendLine / 2
	for _, line := range l.lines(width) {
		pt := at
		for _, e := range line {
			e.draw(c, pt.Add(vg.Point{X: e.width / 2}))
			write(c, pt.Add(vg.Point{X: e.width + 5}), e.text, labelSize, ink, draw.XLeft, draw.YCenter)
			pt.X += e.advance()
		}
		at.Y -= legendLine
	}
}

// drawColumn sets the legend line by line with its upper left corner at the given
// point, texts wrapped, and returns where it ends.
func (l legend) drawColumn(c draw.Canvas, at vg.Point, width vg.Length) vg.Length {
	const gap = 3
	widest := vg.Length(0)
	for _, e := range l {
		widest = max(widest, e.width)
	}
	for _, e := range l {
		e.draw(c, at.Add(vg.Point{X: widest / 2, Y: -nameLine / 2}))
		for _, line := range wrap(e.text, labelSize, width-widest-5) {
			write(c, at.Add(vg.Point{X: widest + 5, Y: -nameLine / 2}), line, labelSize, ink, draw.XLeft, draw.YCenter)
			at.Y -= nameLine
		}
		at.Y -= gap
	}
	return at.Y
}

// columnHeight returns the height of drawColumn.
func (l legend) columnHeight(width vg.Length) (h vg.Length) {
	widest := vg.Length(0)
	for _, e := range l {
		widest = max(widest, e.width)
	}
	for _, e := range l {
		h += vg.Length(len(wrap(e.text, labelSize, width-widest-5)))*nameLine + 3
	}
	return h
}

// patchEntry explains a colour of areas.
func patchEntry(text string, col color.Color) legendEntry {
	return legendEntry{text, 10, func(c draw.Canvas, mid vg.Point) {
		fill(c, vg.Rectangle{Min: mid.Sub(vg.Point{X: 5, Y: 5}), Max: mid.Add(vg.Point{X: 5, Y: 5})}, col)
	}}
}

// acrossEntry explains a horizontal line.
func acrossEntry(text string, sty draw.LineStyle) legendEntry {
	return legendEntry{text, 18, func(c draw.Canvas, mid vg.Point) { rule(c, mid.X-9, mid.Y, mid.X+9, mid.Y, sty) }}
}

// poleEntry explains a vertical line.
func poleEntry(text string, sty draw.LineStyle) legendEntry {
	return legendEntry{text, 4, func(c draw.Canvas, mid vg.Point) { rule(c, mid.X, mid.Y-5.5, mid.X, mid.Y+5.5, sty) }}
}
