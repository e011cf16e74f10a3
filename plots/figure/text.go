package figure

import (
	"image/color"
	"strings"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font/opentype"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// face is Liberation Sans regular, the widths of which are those of Arial and Helvetica.
// One weight is enough, and it keeps a PDF independent of the order in which fonts are
// listed.
var face = font.Font{Typeface: "Liberation", Variant: "Sans"}

var texts = text.Plain{Fonts: font.NewCache(font.Collection{{Font: face, Face: parsed()}})}

// parsed returns the font. It is part of the program, so it can be read.
func parsed() *opentype.Font {
	f, err := opentype.Parse(liberationsansregular.TTF)
	if err != nil {
		panic("figure: the font cannot be read: " + err.Error())
	}
	return f
}

// Text is a style of texts.
type Text struct {
	Size  vg.Length
	Color color.Color
}

// The styles of texts in charts.
var (
	Title = Text{14, Ink}
	Label = Text{8.7, Ink}
	Quiet = Text{8.7, Muted} // a label that is less important
	Note  = Text{8.5, Muted}
)

// In returns the style in another colour.
func (t Text) In(c color.Color) Text { return Text{t.Size, c} }

// Align says where the anchor of a text lies.
type Align struct {
	x text.XAlignment
	y text.YAlignment
}

// The anchors of texts: at their left, right or centre, halfway up, or at the foot or the
// top of the line.
var (
	Left        = Align{draw.XLeft, draw.YCenter}
	Right       = Align{draw.XRight, draw.YCenter}
	Center      = Align{draw.XCenter, draw.YCenter}
	LeftFoot    = Align{draw.XLeft, draw.YBottom}
	RightFoot   = Align{draw.XRight, draw.YBottom}
	LeftTop     = Align{draw.XLeft, draw.YTop}
	CenterTop   = Align{draw.XCenter, draw.YTop}
	centerShift = vg.Length(0.11) // of the size: from a font's own centre to that of digits
)

// Write draws one line of text with its anchor at a point.
func (t Text) Write(c draw.Canvas, x, y vg.Length, s string, at Align) {
	if at.y == draw.YCenter {
		y += centerShift * t.Size
	}
	c.FillText(text.Style{Color: t.Color, Font: font.From(face, t.Size), XAlign: at.x, YAlign: at.y,
		Handler: texts},
		vg.Point{X: x, Y: y}, s)
}

// Lines draws lines one below the other, centred at height y.
func (t Text) Lines(c draw.Canvas, x, y vg.Length, lines []string, at Align) {
	y += vg.Length(len(lines)-1) * NameLine / 2
	for _, line := range lines {
		t.Write(c, x, y, line, at)
		y -= NameLine
	}
}

// Width returns the width of the widest of some lines of text.
func (t Text) Width(lines ...string) (widest vg.Length) {
	for _, line := range lines {
		w, _, _ := texts.Box(line, font.From(face, t.Size))
		widest = max(widest, w)
	}
	return widest
}

// fits returns how many bytes of a text fit a width, those of the first character at least. It does
// not measure all of a long text, from which Wrap may take a hundred lines.
func (t Text) fits(s string, width vg.Length) int {
	const usual = 200 // bytes
	if len(s) <= usual && t.Width(s) <= width {
		return len(s)
	}
	_, fits := utf8.DecodeRuneInString(s)
	for i := range s {
		if i > fits && t.Width(s[:i]) > width {
			return fits
		}
		fits = max(fits, i)
	}
	if len(s) > usual && t.Width(s) <= width {
		return len(s)
	}
	return fits
}

// Wrap breaks a text at spaces into lines of at most the given width. A single word wider
// than that is broken anywhere.
func (t Text) Wrap(s string, width vg.Length) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && t.Width(longer) > width {
			lines = append(lines, line)
			longer = word
		}
		line = longer
		for fits := t.fits(line, width); fits < len(line); fits = t.fits(line, width) {
			lines, line = append(lines, line[:fits]), line[fits:]
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
