package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// LegendEntry is a symbol of a given width with its text.
type LegendEntry struct {
	Text  string
	Width vg.Length
	Draw  func(c draw.Canvas, mid vg.Point)
}

// advance returns the room an entry takes with the space after it.
func (e LegendEntry) advance() vg.Length { return e.Width + 5 + TextWidth(e.Text, LabelSize) + 16 }

// Legend is a list of entries, set in lines as words are.
type Legend []LegendEntry

const legendLine = vg.Length(16)

// lines breaks the entries into lines of at most the given width.
func (l Legend) lines(width vg.Length) []Legend {
	var lines []Legend
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

func (l Legend) height(width vg.Length) vg.Length {
	return vg.Length(len(l.lines(width))) * legendLine
}

// Draw sets the legend with its upper left corner at the given point.
func (l Legend) draw(c draw.Canvas, at vg.Point, width vg.Length) {
	at.Y -= legendLine / 2
	for _, line := range l.lines(width) {
		pt := at
		for _, e := range line {
			e.Draw(c, pt.Add(vg.Point{X: e.Width / 2}))
			Write(c, pt.Add(vg.Point{X: e.Width + 5}), e.Text, LabelSize, Ink, draw.XLeft, draw.YCenter)
			pt.X += e.advance()
		}
		at.Y -= legendLine
	}
}

// drawColumn sets the legend line by line with its upper left corner at the given
// point, texts wrapped, and returns where it ends.
func (l Legend) drawColumn(c draw.Canvas, at vg.Point, width vg.Length) vg.Length {
	const gap = 3
	widest := vg.Length(0)
	for _, e := range l {
		widest = max(widest, e.Width)
	}
	for _, e := range l {
		e.Draw(c, at.Add(vg.Point{X: widest / 2, Y: -NameLine / 2}))
		for _, line := range Wrap(e.Text, LabelSize, width-widest-5) {
			Write(c, at.Add(vg.Point{X: widest + 5, Y: -NameLine / 2}), line, LabelSize, Ink, draw.XLeft, draw.YCenter)
			at.Y -= NameLine
		}
		at.Y -= gap
	}
	return at.Y
}

// columnHeight returns the height of drawColumn.
func (l Legend) columnHeight(width vg.Length) (h vg.Length) {
	widest := vg.Length(0)
	for _, e := range l {
		widest = max(widest, e.Width)
	}
	for _, e := range l {
		h += vg.Length(len(Wrap(e.Text, LabelSize, width-widest-5)))*NameLine + 3
	}
	return h
}

// PatchEntry explains a colour of areas.
func PatchEntry(text string, col color.Color) LegendEntry {
	return LegendEntry{text, 10, func(c draw.Canvas, mid vg.Point) {
		Fill(c, vg.Rectangle{Min: mid.Sub(vg.Point{X: 5, Y: 5}), Max: mid.Add(vg.Point{X: 5, Y: 5})}, col)
	}}
}

// AcrossEntry explains a horizontal line.
func AcrossEntry(text string, sty draw.LineStyle) LegendEntry {
	return LegendEntry{text, 18, func(c draw.Canvas, mid vg.Point) { Rule(c, mid.X-9, mid.Y, mid.X+9, mid.Y, sty) }}
}

// PoleEntry explains a vertical line.
func PoleEntry(text string, sty draw.LineStyle) LegendEntry {
	return LegendEntry{text, 4, func(c draw.Canvas, mid vg.Point) { Rule(c, mid.X, mid.Y-5.5, mid.X, mid.Y+5.5, sty) }}
}
