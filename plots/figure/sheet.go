package figure

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sheet is a chart of a header, a legend under it, and a body.
type Sheet struct {
	Header Header
	Legend Legend
	Height vg.Length // of the body
	Body   func(c draw.Canvas, r vg.Rectangle)
}

// Chart returns the sheet as a chart.
func (s Sheet) Chart(description string) *Chart {
	const inner = Width - 2*Edge
	top := s.Header.height(inner) + 6
	legend := s.Legend.height(inner)
	return &Chart{
		Title:       s.Header.Title,
		Description: description,
		width:       Width,
		height:      Edge + top + legend + s.Height + Edge,
		draw: func(c draw.Canvas) {
			at := vg.Point{X: c.Min.X + Edge, Y: c.Max.Y - Edge}
			s.Header.draw(c, at, inner)
			at.Y -= top
			s.Legend.draw(c, at, inner)
			at.Y -= legend
			s.Body(c, vg.Rectangle{Min: vg.Point{X: at.X, Y: c.Min.Y + Edge}, Max: vg.Point{X: at.X + inner, Y: at.Y}})
		},
	}
}
