package figure

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// lineEnd is the label of a line at the right of a panel, where the line ends.
type lineEnd struct {
	at     vg.Length // height at which the line ends
	lines  []string
	sample func(c draw.Canvas, mid vg.Point) // of the line, before the text; nil without one
	quiet  bool
}

// Sizes of labels of lines.
const (
	endGap    = vg.Length(8)  // from the panel to a label
	endSample = vg.Length(18) // a sample of the line
	endSpace  = vg.Length(4)  // from the sample to the text
)

func (e lineEnd) height() vg.Length {
	return vg.Length(len(e.lines))*NameLine - (NameLine - Label.Size*1.15)
}

// endsHeight returns the height that labels take together.
func endsHeight(ends []lineEnd) (h vg.Length) {
	for _, e := range ends {
		h += e.height()
	}
	return h
}

// drawEnds writes labels beside a panel that ends at x, between two heights: each as near to the
// end of its line as those beside it let it be.
func drawEnds(c draw.Canvas, ends []lineEnd, x, lo, hi vg.Length) {
	ends = slices.Clone(ends)
	slices.SortStableFunc(ends, func(a, b lineEnd) int { return cmp.Compare(a.at, b.at) })
	var centres, heights []vg.Length
	for _, e := range ends {
		centres, heights = append(centres, e.at), append(heights, e.height())
	}
	for i, y := range spread(centres, heights, lo, hi) {
		e := ends[i]
		Rule(c, x, e.at, x+endGap-2, y, ThinLine)
		at := x + endGap
		if e.sample != nil {
			e.sample(c, vg.Point{X: at + endSample/2, Y: y})
			at += endSample + endSpace
		}
		style := Label
		if e.quiet {
			style = Quiet
		}
		style.Lines(c, at, y, e.lines, Left)
	}
}
