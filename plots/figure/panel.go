package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Plotter draws values on a panel.
type Plotter interface {
	// Plot draws within the frame of the panel, which the canvas ends at.
	Plot(c draw.Canvas, f Frame)
}

// Panel is a pair of axes with what is plotted on them. A vertical axis without an end is not
// drawn.
type Panel struct {
	X, Y  Scale
	Plots []Plotter
}

// Draw draws the panel so that its data area is r, with axes and labels outside.
func (p Panel) Draw(c draw.Canvas, r vg.Rectangle) Frame {
	bare := p.Y.Hi == 0
	if bare {
		p.Y.Hi = 1
	}
	f := p.Frame(r)
	p.X.drawBelow(c, f)
	if !bare {
		p.Y.drawBeside(c, f)
	}
	c.Rectangle = r
	for _, data := range p.Plots {
		data.Plot(c, f)
	}
	return f
}

// Frame returns the frame of the panel in r.
func (p Panel) Frame(r vg.Rectangle) Frame { return Frame{r, p.X, p.Y} }

// Pole draws a vertical line through the panel.
func (f Frame) Pole(c draw.Canvas, v float64, sty draw.LineStyle) {
	Rule(c, f.At(v), f.Min.Y, f.At(v), f.Max.Y, sty)
}

// Line draws a horizontal line through the panel, on a white one of a given width that sets
// it off from what is below.
func (f Frame) Line(c draw.Canvas, v float64, sty draw.LineStyle, casing vg.Length) {
	if casing > 0 {
		Rule(c, f.Min.X, f.Up(v), f.Max.X, f.Up(v), draw.LineStyle{Color: White, Width: casing})
	}
	Rule(c, f.Min.X, f.Up(v), f.Max.X, f.Up(v), sty)
}

// Mark is a value of an axis with its label.
type Mark struct {
	At    float64
	Label string
	Style draw.LineStyle
}

// Across draws lines through the panel, with labels at its right that keep off each other.
// Their values have to ascend.
func (f Frame) Across(c draw.Canvas, marks []Mark, casing vg.Length) {
	var ends []lineEnd
	for _, m := range marks {
		f.Line(c, m.At, m.Style, casing)
		ends = append(ends, lineEnd{at: f.Up(m.At), lines: []string{m.Label}})
	}
	drawEnds(c, ends, f.Max.X, f.Min.Y, f.Max.Y)
}

// End is the value at the right end of the horizontal axis.
func (f Frame) End() float64 { return f.x.Hi }
