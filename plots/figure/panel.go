package figure

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Scale is an axis. Without an end it has neither a line nor ticks.
type Scale struct {
	Title  string
	Lo, Hi float64
	Log    bool
	Ticks  []plot.Tick
}

// Part returns how far along the axis a value lies, from 0 to 1.
func (s Scale) Part(v float64) float64 {
	if s.Log {
		return math.Log(v/s.Lo) / math.Log(s.Hi/s.Lo)
	}
	return (v - s.Lo) / (s.Hi - s.Lo)
}

// Has reports whether a value lies on the axis.
func (s Scale) Has(v float64) bool { return v >= s.Lo && v <= s.Hi }

// set makes an axis of a plot this scale, in the house style.
func (s Scale) set(a *plot.Axis) {
	a.Padding = 0
	a.LineStyle = ThinLine
	a.Label.Padding = 3
	a.Label.TextStyle.Font = font.From(face, Label.Size)
	a.Label.TextStyle.Color = Label.Color
	a.Label.TextStyle.Handler = texts
	a.Tick.LineStyle = a.LineStyle
	a.Tick.Length = 4
	a.Tick.Label.Font = font.From(face, Label.Size)
	a.Tick.Label.Color = Label.Color
	a.Tick.Label.Handler = texts
	a.Tick.Marker = plot.ConstantTicks(s.Ticks)
	a.Min, a.Max, a.Label.Text = s.Lo, s.Hi, s.Title
	if s.Log {
		a.Scale = plot.LogScale{}
	}
}

// Panel is a pair of axes with what is plotted on them.
type Panel struct {
	X, Y  Scale
	Plots []plot.Plotter
}

// Draw draws the panel so that its data area is r, with axes and labels outside.
func (p Panel) Draw(c draw.Canvas, r vg.Rectangle) Frame {
	of := plot.New()
	of.TextHandler = texts
	of.BackgroundColor = nil // several panels share one canvas
	of.Add(p.Plots...)
	p.X.set(&of.X)
	p.Y.set(&of.Y)
	if p.Y.Hi == 0 {
		p.Y.Hi, of.Y.Max = 1, 1
		of.HideY()
	}
	outer := c
	// The room that axes need depends a little on the size of the panel, as end labels
	// overhang; a few steps settle it.
	for range 4 {
		inner := of.DataCanvas(outer)
		outer.Min = outer.Min.Add(r.Min.Sub(inner.Min))
		outer.Max = outer.Max.Add(r.Max.Sub(inner.Max))
	}
	of.Draw(outer)
	return p.Frame(r)
}

// Frame returns the frame of the panel in r.
func (p Panel) Frame(r vg.Rectangle) Frame { return Frame{r, p.X, p.Y} }

// Frame is the data area of a panel.
type Frame struct {
	vg.Rectangle
	x, y Scale
}

// At returns where a value of the horizontal axis lies.
func (f Frame) At(v float64) vg.Length {
	return f.Min.X + (f.Max.X-f.Min.X)*vg.Length(f.x.Part(v))
}

// Up returns where a value of the vertical axis lies.
func (f Frame) Up(v float64) vg.Length {
	return f.Min.Y + (f.Max.Y-f.Min.Y)*vg.Length(f.y.Part(v))
}

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
	var heights []vg.Length
	for _, m := range marks {
		f.Line(c, m.At, m.Style, casing)
		heights = append(heights, f.Up(m.At))
	}
	for i, y := range spread(heights, Label.Size*1.15, f.Min.Y, f.Max.Y) {
		Rule(c, f.Max.X, heights[i], f.Max.X+6, y, ThinLine)
		Label.Write(c, f.Max.X+8, y, marks[i].Label, Left)
	}
}

// End is the value at the right end of the horizontal axis.
func (f Frame) End() float64 { return f.x.Hi }
