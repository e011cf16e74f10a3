package figure

import (
	"math"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Scale is an axis. Without an end it has neither a line nor ticks.
type Scale struct {
	Title  string
	Lo, Hi float64
	Log    bool
	Ticks  []Tick
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

// Tick is a mark of an axis, shorter without a label.
type Tick struct {
	Value float64
	Label string
}

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

const (
	tickLength   = vg.Length(4)
	titlePadding = vg.Length(3) // between the title of an axis and the labels of its ticks
)

// axisText is the style of titles and labels of axes.
func axisText(x text.XAlignment, y text.YAlignment) text.Style {
	return text.Style{Color: Label.Color, Font: font.From(face, Label.Size), XAlign: x, YAlign: y,
		Handler: texts}
}

// labels returns the size of the largest label of an axis.
func (s Scale) labels(sty text.Style) (size vg.Point) {
	for _, t := range s.Ticks {
		if t.Label != "" {
			of := sty.Rectangle(t.Label).Size()
			size.X, size.Y = max(size.X, of.X), max(size.Y, of.Y)
		}
	}
	return size
}

// start returns where the line of a tick of length tickLength begins.
func (t Tick) start() vg.Length {
	if t.Label == "" {
		return tickLength / 2
	}
	return 0
}

// drawBelow draws the axis below a panel, the title at its foot.
func (s Scale) drawBelow(c draw.Canvas, f Frame) {
	title, labels := axisText(draw.XCenter, draw.YBottom), axisText(draw.XCenter, draw.YTop)
	line := f.Min.Y - ThinLine.Width/2
	c.StrokeLine2(ThinLine, f.Min.X, line, f.Max.X, line)
	y := line
	if len(s.Ticks) > 0 {
		y -= tickLength
	}
	height := s.labels(labels).Y
	for _, t := range s.Ticks {
		x := f.At(t.Value)
		if x < f.Min.X || x > f.Max.X {
			continue
		}
		c.StrokeLine2(ThinLine, x, y+t.start(), x, line)
		if t.Label != "" {
			c.FillText(labels, vg.Point{X: x, Y: y + labels.FontExtents().Descent}, t.Label)
		}
	}
	if s.Title != "" {
		y -= height + titlePadding + title.Height(s.Title)
		c.FillText(title, vg.Point{X: (f.Min.X + f.Max.X) / 2, Y: y + title.FontExtents().Descent},
			s.Title)
	}
}

// drawBeside draws the axis at the left of a panel, the title upwards.
func (s Scale) drawBeside(c draw.Canvas, f Frame) {
	title, labels := axisText(draw.XCenter, draw.YBottom), axisText(draw.XRight, draw.YCenter)
	line := f.Min.X - ThinLine.Width/2
	c.StrokeLine2(ThinLine, line, f.Min.Y, line, f.Max.Y)
	x := line
	if len(s.Ticks) > 0 {
		x -= tickLength
	}
	at := x
	width := s.labels(labels).X
	if width > 0 {
		at -= labels.Width(" ")
	}
	for _, t := range s.Ticks {
		y := f.Up(t.Value)
		if y < f.Min.Y || y > f.Max.Y {
			continue
		}
		c.StrokeLine2(ThinLine, x+t.start(), y, line, y)
		if t.Label != "" {
			c.FillText(labels, vg.Point{X: at, Y: y + labels.FontExtents().Descent}, t.Label)
		}
	}
	if s.Title != "" {
		title.Rotation = math.Pi / 2
		descent := title.FontExtents().Descent
		c.FillText(title, vg.Point{X: at - width - titlePadding - 2*descent,
			Y: (f.Min.Y + f.Max.Y) / 2}, s.Title)
	}
}
