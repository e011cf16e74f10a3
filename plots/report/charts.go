package report

import (
	"cmp"
	"errors"
	"fmt"
	"image/color"
	"maps"
	"regexp"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/plots/planning"
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
	SVG                    Markup
}

// galleries lists the kinds of charts that the page has, where there is data for them. How
// an estimate settles is for those who run the program.
var galleries = []struct {
	kind   plots.Kind
	folded bool
}{
	{plots.KindMap, false}, {planning.KindAxis, false}, {plots.KindCaps, false},
	{plots.KindIncidence, false}, {plots.KindFailure, true}, {planning.KindSurvival, true},
	{planning.KindStarts, true}, {plots.KindTolerance, true}, {plots.KindLoad, true},
	{plots.KindCauses, true}, {plots.KindStates, true},
}

// album draws the figures of the page, numbered one after another.
type album struct {
	results *store.Results
	count   int
}

// galleries draws the charts that every page may have.
func (a *album) galleries() (all []Gallery, err error) {
	for _, g := range galleries {
		figures, err := a.draw(g.kind)
		if err != nil {
			return nil, err
		}
		if len(figures) > 0 {
			all = append(all, Gallery{galleryTitle(g.kind), g.folded, figures})
		}
	}
	return all, nil
}

// galleryTitle is what a kind shows, without what it does with room that a page has.
func galleryTitle(kind plots.Kind) string {
	title, _, _ := strings.Cut(cmp.Or(kind.Meaning(), planning.Meaning(kind)), ";")
	return notation.Sentence(title)
}

// draw makes the figures of a kind; none where there is no data for them.
func (a *album) draw(kind plots.Kind) ([]Figure, error) {
	draw := plots.Draw
	if slices.Contains(planning.Kinds(), kind) {
		draw = planning.Draw
	}
	drawn, err := draw(a.results, kind, plots.Choice{})
	if _, ok := errors.AsType[*plots.Missing](err); ok {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	out, err := figuresOf(drawn, a.count)
	a.count += len(out)
	return out, err
}

// figuresOf returns drawn charts as figures of the page, numbered after so many others.
func figuresOf(drawn []plots.Named, before int) (out []Figure, err error) {
	for i, c := range drawn {
		var svg strings.Builder
		if err := c.Encode(&svg, "svg"); err != nil {
			return nil, err
		}
		out = append(out, Figure{fmt.Sprintf("chart-%d", before+i+1), c.Title, c.Description,
			Markup(themed(svg.String()))})
	}
	return out, nil
}

// chartColor is a colour in the SVG of a chart.
var chartColor = regexp.MustCompile(`(fill|stroke):#([0-9A-F]{6})`)

// themed lets the style of the page choose the colours of a chart: each is a variable with the
// light one as its default.
func themed(svg string) string {
	return chartColor.ReplaceAllString(svg, "$1:var(--x$2,#$2)")
}

// darkColours sets the colours of charts in the dark, by the colours that they have in the light.
func darkColours(parts ...[]Figure) Markup {
	used := map[string]bool{}
	for _, figures := range parts {
		for _, f := range figures {
			for _, found := range themedColor.FindAllString(string(f.SVG), -1) {
				used[strings.TrimPrefix(found, "var(--x")] = true
			}
		}
	}
	var b strings.Builder
	for _, hex := range slices.Sorted(maps.Keys(used)) {
		var c color.NRGBA
		if _, err := fmt.Sscanf(hex, "%02X%02X%02X", &c.R, &c.G, &c.B); err == nil {
			dark := figure.InDark(c)
			fmt.Fprintf(&b, "--x%s:#%02X%02X%02X;", hex, dark.R, dark.G, dark.B)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return Markup("@media screen and (prefers-color-scheme:dark){:root{" + b.String() + "}}")
}

// themedColor is a colour that the style of the page chooses.
var themedColor = regexp.MustCompile(`var\(--x[0-9A-F]{6}`)
