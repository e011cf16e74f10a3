package figure

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Entry is a symbol of a given width with its text.
type Entry struct {
	Text   string
	Width  vg.Length
	Symbol func(c draw.Canvas, mid vg.Point)
}

// NewEntry returns an entry.
func NewEntry(text string, width vg.Length, symbol func(c draw.Canvas, mid vg.Point)) Entry {
	return Entry{text, width, symbol}
}

// PatchEntry explains a colour of areas.
func PatchEntry(text string, col color.Color) Entry {
	return Entry{text, 10, func(c draw.Canvas, mid vg.Point) { Fill(c, Around(mid, 5, 5), col) }}
}

// AcrossEntry explains a horizontal line.
func AcrossEntry(text string, sty draw.LineStyle) Entry {
	return Entry{text, 18, func(c draw.Canvas, mid vg.Point) {
		Rule(c, mid.X-9, mid.Y, mid.X+9, mid.Y, sty)
	}}
}

// PoleEntry explains a vertical line.
func PoleEntry(text string, sty draw.LineStyle) Entry {
	return Entry{text, 4, func(c draw.Canvas, mid vg.Point) {
		Rule(c, mid.X, mid.Y-5.5, mid.X, mid.Y+5.5, sty)
	}}
}

// MarkerEntry explains a marker.
func MarkerEntry(text string, shape Shape, col color.Color, hollow bool) Entry {
	return Entry{text, 9, func(c draw.Canvas, mid vg.Point) {
		shape.Draw(c, mid.X, mid.Y, col, hollow)
	}}
}

// TextEntry explains a sign among numbers.
func TextEntry(text, sign string) Entry {
	return Entry{text, 9, func(c draw.Canvas, mid vg.Point) {
		Label.Write(c, mid.X, mid.Y, sign, Center)
	}}
}

// Legend is a list of entries, set in lines as words are.
type Legend []Entry

const legendLine = vg.Length(16)

// lines breaks the entries into lines of at most the given width, and returns where each
// entry stands.
func (l Legend) lines(width vg.Length) (at []vg.Point, lines int) {
	used := width
	for _, e := range l {
		w := e.Width + 5 + Label.Width(e.Text) + 16
		if used+w > width {
			lines, used = lines+1, 0
		}
		at = append(at, vg.Point{X: used, Y: -legendLine * (vg.Length(lines) - 0.5)})
		used += w
	}
	return at, lines
}

func (l Legend) height(width vg.Length) vg.Length {
	_, lines := l.lines(width)
	return vg.Length(lines) * legendLine
}

// draw sets the legend with its upper left corner at the given point.
func (l Legend) draw(c draw.Canvas, corner vg.Point, width vg.Length) {
	at, _ := l.lines(width)
	for i, e := range l {
		pt := corner.Add(at[i])
		e.Symbol(c, pt.Add(vg.Point{X: e.Width / 2}))
		Label.Write(c, pt.X+e.Width+5, pt.Y, e.Text, Left)
	}
}
