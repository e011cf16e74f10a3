package figure

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
)

// Levels are the levels of an axis of cells, in order, as texts with their unit.
type Levels struct {
	Title string
	Texts []string
}

// Cells is a grid of cells over the levels of two axes, evenly apart. X goes to the right, Y up.
type Cells struct {
	X, Y   Levels
	Size   vg.Point // of a cell, at least so high; so wide once it has its place
	names  vg.Length
	corner vg.Point
}

// Sizes of the parts of a grid of cells.
const (
	cellNames  = vg.Length(96) // levels of Y, at most
	cellMin    = vg.Length(15)
	cellMax    = vg.Length(44)
	cellWanted = vg.Length(280) // height of all cells
	barWidth   = vg.Length(14)
	barRoom    = vg.Length(92) // bar, its labels, and space
)

// NewCells returns a grid that leaves room for a bar of colours (DrawBar).
func NewCells(x, y Levels) Cells {
	g := Cells{X: x, Y: y, names: min(max(Label.Width(y.Texts...), Note.Width(y.Title)), cellNames)}
	g.Size.Y = min(max(cellWanted/vg.Length(len(y.Texts)), cellMin), cellMax)
	return g
}

// Hatch draws diagonal lines over a rectangle.
func Hatch(c draw.Canvas, r vg.Rectangle, col color.Color) {
	const gap = 5
	w, h := r.Max.X-r.Min.X, r.Max.Y-r.Min.Y
	for d := vg.Length(gap); d < w+h; d += gap {
		Rule(c, r.Min.X+max(0, d-h), r.Min.Y+min(d, h), r.Min.X+min(d, w), r.Min.Y+max(0, d-w),
			draw.LineStyle{Color: col, Width: 0.5})
	}
}

// Height returns that of the grid with its levels.
func (g Cells) Height() vg.Length {
	return 18 + g.Size.Y*vg.Length(len(g.Y.Texts)) + BottomMargin + 6
}

// In returns the grid with its place in a rectangle.
func (g Cells) In(r vg.Rectangle) Cells {
	g.corner = vg.Point{X: r.Min.X + g.names + 6, Y: r.Min.Y + BottomMargin + 6}
	g.Size.X = (r.Max.X - r.Min.X - g.names - 6 - barRoom) / vg.Length(len(g.X.Texts))
	g.Size.Y += (r.Max.Y - r.Min.Y - g.Height()) / vg.Length(len(g.Y.Texts))
	return g
}

// At returns the cell of a level of X and one of Y.
func (g Cells) At(i, j int) vg.Rectangle {
	at := g.corner.Add(vg.Point{X: vg.Length(i) * g.Size.X, Y: vg.Length(j) * g.Size.Y})
	return vg.Rectangle{Min: at, Max: at.Add(g.Size)}
}

// Whole returns the rectangle of all cells.
func (g Cells) Whole() vg.Rectangle {
	return vg.Rectangle{Min: g.corner, Max: g.At(len(g.X.Texts)-1, len(g.Y.Texts)-1).Max}
}

// Fill fills a cell.
func (g Cells) Fill(c draw.Canvas, i, j int, col color.Color) {
	r := g.At(i, j)
	// A little overlap leaves no seams.
	r.Max = r.Max.Add(vg.Point{X: 0.3, Y: 0.3})
	Fill(c, r, col)
}

// DrawLevels outlines the grid and writes the levels of both axes, as many as there is room for
// in a rectangle.
func (g Cells) DrawLevels(c draw.Canvas, r vg.Rectangle) {
	whole := g.Whole()
	Outline(c, whole, ThinLine)
	every := int(math.Ceil(float64((Label.Width(g.X.Texts...) + 8) / g.Size.X)))
	for i, text := range g.X.Texts {
		if i%every == 0 {
			at, half := whole.Min.X+(vg.Length(i)+0.5)*g.Size.X, Label.Width(text)/2
			Rule(c, at, whole.Min.Y, at, whole.Min.Y-3, ThinLine)
			at = min(max(at, r.Min.X+half), r.Max.X-half)
			Label.Write(c, at, whole.Min.Y-5, text, CenterTop)
		}
	}
	Label.Write(c, (whole.Min.X+whole.Max.X)/2, whole.Min.Y-19, notation.Sentence(g.X.Title),
		CenterTop)
	for j, text := range g.Y.Texts {
		lines := Label.Wrap(text, g.names)
		if most := max(1, int(g.Size.Y/NameLine)); len(lines) > most {
			lines = append(lines[:most-1], lines[most-1]+" …")
		}
		Label.Lines(c, whole.Min.X-5, whole.Min.Y+(vg.Length(j)+0.5)*g.Size.Y, lines, Right)
	}
	Note.Write(c, whole.Min.X-5, whole.Max.Y+4, notation.Sentence(g.Y.Title), RightFoot)
}

// BarMark is a label on a bar of colours at a part of its length, from 0 to 1.
type BarMark struct {
	At    float64
	Label string
}

// DrawBar draws the colours beside the grid, each at its part of the bar's length from 0 to 1,
// with those of the ascending marks that have room.
func (g Cells) DrawBar(c draw.Canvas, title string, colour func(part float64) color.NRGBA,
	marks []BarMark) {
	whole := g.Whole()
	r := Box(whole.Max.X+16, whole.Min.Y, whole.Max.X+16+barWidth, whole.Max.Y)
	const steps = 64
	height := r.Max.Y - r.Min.Y
	for k := range steps {
		part := height / steps
		at := r.Min.Y + vg.Length(k)*part
		// A little overlap leaves no seams.
		Fill(c, Box(r.Min.X, at, r.Max.X, min(at+part+0.3, r.Max.Y)), colour((float64(k)+0.5)/steps))
	}
	Outline(c, r, ThinLine)
	Note.Write(c, r.Min.X, r.Max.Y+4, title, LeftFoot)
	room := vg.Length(math.Inf(-1))
	for _, mark := range marks {
		y := r.Min.Y + height*vg.Length(mark.At)
		Rule(c, r.Max.X, y, r.Max.X+4, y, ThinLine)
		if y-room >= Label.Size {
			room = y
			Label.Write(c, r.Max.X+7, y, mark.Label, Left)
		}
	}
}
