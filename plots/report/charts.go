package report

import (
	"errors"
	"fmt"
	"html/template"
	"strings"
	"unicode"

	"budget/plots"
	"budget/sweep/store"
)

// Gallery holds the charts of a kind.
type Gallery struct {
	Title   string
	Folded  bool // not what one looks at first
	Figures []Figure
}

// Figure is a chart as it stands in the page.
type Figure struct {
	ID, Title, Description string
	SVG                    template.HTML
}

// galleries lists the kinds of charts that the page has, where there is data for them. How
// an estimate settles is for those who run the program.
var galleries = []struct {
	kind   plots.Kind
	folded bool
}{
	{plots.KindMap, false}, {plots.KindCaps, false}, {plots.KindIncidence, false}, {plots.KindFailure, true}, {plots.KindTolerance, true},
	{plots.KindLoad, true}, {plots.KindCauses, true}, {plots.KindStates, true},
}

// draw draws the charts.
func draw(results *store.Results) ([]Gallery, error) {
	var all []Gallery
	charts := 0
	for _, g := range galleries {
		drawn, err := plots.Draw(results, g.kind, plots.Choice{})
		if _, ok := errors.AsType[*plots.Missing](err); ok {
			continue
		}
		if err != nil {
			return nil, err
		}
		gallery := Gallery{Title: capital(g.kind.Meaning()), Folded: g.folded}
		for _, c := range drawn {
			charts++
			figure, err := newFigure(c, charts)
			if err != nil {
				return nil, err
			}
			gallery.Figures = append(gallery.Figures, figure)
		}
		all = append(all, gallery)
	}
	return all, nil
}

// newFigure makes the n-th figure of the page.
func newFigure(c plots.Named, n int) (Figure, error) {
	var svg strings.Builder
	err := c.Encode(&svg, "svg")
	return Figure{fmt.Sprintf("chart-%d", n), c.Title, c.Description, template.HTML(svg.String())}, err
}

// figures counts the figures of galleries.
func figures(all []Gallery) int {
	n := 0
	for _, g := range all {
		n += len(g.Figures)
	}
	return n
}

// capital begins a text with a capital.
func capital(text string) string {
	for i, r := range text {
		return string(unicode.ToUpper(r)) + text[i+len(string(r)):]
	}
	return text
}
