package figure

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Graph is a chart of curves over one pair of axes. The name of each curve stands at its right
// end.
type Graph struct {
	Header
	X, Y   Scale
	Curves Crowd
	Below  []Plotter // drawn under the curves
	// Lines across the panel, labelled at its right, and poles, labelled above it.
	Across, Poles []Mark
	Points        []Point
	Of            string   // what tells the curves apart
	Legend        Legend   // besides the curves
	Small         bool     // whether half the height is enough
	Readout       []string // below the panel: a sentence, and what it introduces
}

// Point is a marked point of a graph.
type Point struct {
	X, Y  float64
	Shape Shape
	Color color.Color
}

// graphHeight is the height of a graph's panel, at least.
const graphHeight = vg.Length(250)

// Chart makes a chart of the graph.
func (g Graph) Chart(description string) *Chart {
	on := func(s Scale) func(Mark) bool { return func(m Mark) bool { return !s.Has(m.At) } }
	g.Across = slices.DeleteFunc(slices.Clone(g.Across), on(g.Y))
	g.Poles = slices.DeleteFunc(slices.Clone(g.Poles), on(g.X))
	return Sheet{Header: g.Header, Legend: g.Legend, Lay: g.lay}.Chart(description)
}

// names returns the labels of the curves, with texts up to a width; heights are those of a frame.
func (g Graph) names(f Frame, width vg.Length) (ends []lineEnd) {
	up := placesOf(f).y
	for _, m := range g.Across {
		ends = append(ends, lineEnd{at: f.Up(m.At), lines: []string{m.Label}, quiet: true})
	}
	for _, s := range g.Curves {
		at := f.Min.Y
		for k, v := range s.Y {
			if !math.IsNaN(v) && (s.End == 0 || s.X[k] <= s.End) && s.X[k] <= g.X.Hi {
				at = min(max(up(v), f.Min.Y), f.Max.Y)
			}
		}
		ends = append(ends, lineEnd{at: at, sample: s.sample,
			lines: Label.Wrap(s.Name, width-endSample-endSpace)})
	}
	return ends
}

// lay lays the graph out in a width.
func (g Graph) lay(width vg.Length) Body {
	right := width - RightColumn
	if g.Of == "" && len(g.Curves) == 1 {
		right = width - RightColumn*0.6
	}
	names := width - right - endGap
	p := Panel{X: g.X, Y: g.Y, Plots: append(slices.Clone(g.Below), g.Curves)}
	height := graphHeight
	if g.Small {
		height /= 2
	}
	top := vg.Length(0)
	if g.Of != "" {
		top = NameLine + 2
	}
	height = max(height, endsHeight(g.names(p.Frame(Box(LeftMargin, 0, right, height)), names))+top)
	frame := p.Frame(Box(LeftMargin, 0, right, height))
	var flags []Flag
	for _, m := range g.Poles {
		flags = append(flags, Flag{frame.At(m.At), Label.Width(m.Label), true})
	}
	spots, rows := PlaceFlags(flags, 0, width)
	readout := g.readout(width)

	paint := func(c draw.Canvas, r vg.Rectangle) {
		bottom := r.Min.Y + BottomMargin + 4 + readout.height()
		frame := p.Draw(c, Box(r.Min.X+LeftMargin, bottom, r.Min.X+right,
			r.Max.Y-4-vg.Length(rows)*FlagRow-6))
		for _, m := range g.Across {
			frame.Line(c, m.At, m.Style, 0)
		}
		for i, m := range g.Poles {
			bottom := frame.Max.Y + 4 + vg.Length(spots[i].Row)*FlagRow
			Rule(c, frame.At(m.At), frame.Min.Y, frame.At(m.At), bottom+FlagRow-2, m.Style)
			Label.Write(c, r.Min.X+spots[i].Left, bottom+FlagRow/2, m.Label, Left)
		}
		for _, pt := range g.Points {
			if g.X.Has(pt.X) && g.Y.Has(pt.Y) {
				pt.Shape.Draw(c, frame.At(pt.X), frame.Up(pt.Y), pt.Color, false)
			}
		}
		if g.Of != "" {
			Quiet.Write(c, frame.Max.X+endGap, frame.Max.Y-NameLine/2, g.Of, Left)
		}
		drawEnds(c, g.names(frame, names), frame.Max.X, frame.Min.Y, frame.Max.Y-top)
		readout.draw(c, r.Min.X, r.Min.Y+readout.height())
	}
	return Body{4 + vg.Length(rows)*FlagRow + 6 + height + BottomMargin + 4 + readout.height(), paint}
}

// readout is text below a graph: a sentence, and in lines what it introduces.
type readout struct {
	head    []string
	entries Legend
	width   vg.Length
}

func (g Graph) readout(width vg.Length) readout {
	out := readout{width: width}
	if len(g.Readout) > 0 {
		out.head = Label.Wrap(g.Readout[0], width)
		for _, text := range g.Readout[1:] {
			out.entries = append(out.entries, Entry{Text: text, Symbol: func(draw.Canvas, vg.Point) {}})
		}
	}
	return out
}

func (t readout) height() vg.Length {
	if len(t.head) == 0 {
		return 0
	}
	return 8 + vg.Length(len(t.head))*NameLine + t.entries.height(t.width)
}

// draw writes the text below a height.
func (t readout) draw(c draw.Canvas, x, y vg.Length) {
	y -= 8
	for _, line := range t.head {
		Quiet.Write(c, x, y-NameLine/2, line, Left)
		y -= NameLine
	}
	t.entries.draw(c, vg.Point{X: x, Y: y}, t.width)
}

// DrawEnds writes the names of curves beside the panel that they are drawn on, in a room.
func DrawEnds(c draw.Canvas, f Frame, curves Crowd, room vg.Length) {
	g := Graph{X: f.x, Curves: curves}
	drawEnds(c, g.names(f, room-endGap), f.Max.X, f.Min.Y, f.Max.Y)
}
