package plots

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// sheet is a chart of a header, a legend under it, and a body.
type sheet struct {
	header header
	legend legend
	height vg.Length // of the body
	body   func(c draw.Canvas, r vg.Rectangle)
}

// chart returns the sheet as a chart.
func (s sheet) chart(description string) *Chart {
	const inner = chartWidth - 2*edge
	top := s.header.height(inner) + 6
	legend := s.legend.height(inner)
	return &Chart{
		Title:       s.header.title,
		Description: description,
		width:       chartWidth,
		height:      edge + top + legend + s.height + edge,
		draw: func(c draw.Canvas) {
			at := vg.Point{X: c.Min.X + edge, Y: c.Max.Y - edge}
			s.header.draw(c, at, inner)
			at.Y -= top
			s.legend.draw(c, at, inner)
			at.Y -= legend
			s.body(c, vg.Rectangle{Min: vg.Point{X: at.X, Y: c.Min.Y + edge}, Max: vg.Point{X: at.X + inner, Y: at.Y}})
		},
	}
}
