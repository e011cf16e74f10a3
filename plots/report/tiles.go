package report

import (
	"fmt"
	"html"
	"math"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/plots/selection"
	"budget/sweep/store"
)

// Sizes of the curve of a tile, in pixels of a page, and the failures at its ends.
const (
	tileWidth, tileHeight = 250.0, 74.0
	tileLeft, tileFoot    = 34.0, 15.0
	tileLeast, tileMost   = 1e-4, 1.0
)

// tileCurves draws for each session type how many fail by length, on a logarithmic scale, with the
// tolerance and the cap: of several cells those with the shortest and with the longest cap.
func tileCurves(results *store.Results, tolerance float64) (all []Markup, err error) {
	p := results.Provenance
	for _, session := range results.Sessions() {
		cells := slices.DeleteFunc(slices.Clone(results.Cells), func(c *store.Cell) bool {
			return c.Session != session
		})
		shortest, longest := extremes(cells, p.Readings[0], tolerance)
		shown := []*store.Cell{shortest}
		if longest != shortest {
			shown = append(shown, longest)
		}
		curve, err := tileCurve(shown, p.Readings[0], tolerance, p.Confidence)
		if err != nil {
			return nil, err
		}
		all = append(all, curve)
	}
	return all, nil
}

// tileCurve draws the curves of cells of one session type.
func tileCurve(cells []*store.Cell, reading string, tolerance, confidence float64) (Markup, error) {
	var lines, dots strings.Builder
	end, words := 0.0, "Share of sessions that fail by length."
	curves := make([]*store.Curves, len(cells))
	for i, cell := range cells {
		c, err := cell.Curves()
		if err != nil {
			return "", err
		}
		curves[i] = c
		end = max(end, c.Durations[len(c.Durations)-1])
		if c.Limit > 0 {
			end = min(end, c.Limit)
		}
	}
	x := func(d float64) float64 { return tileLeft + (tileWidth-tileLeft-4)*min(d/end, 1) }
	y := func(p float64) float64 {
		part := math.Log(min(max(p, tileLeast), tileMost)/tileLeast) / math.Log(tileMost/tileLeast)
		return 4 + (tileHeight-tileFoot-4)*(1-part)
	}
	for i, c := range curves {
		var at []float64
		every := max(1, len(c.Durations)/drawn)
		for k, d := range c.Durations {
			if d <= end && (k%every == 0 || d > end-about) {
				at = append(at, d)
			}
		}
		failure, err := c.Failure(reading, confidence, at...)
		if err != nil {
			return "", err
		}
		for k, p := range failure {
			fmt.Fprintf(&lines, "%s%.1f,%.1f", map[bool]string{true: "M", false: "L"}[k == 0], x(at[k]),
				y(p.Value))
		}
		found := capOf(cells[i], reading, tolerance)
		if found.Status.HasCap() {
			fmt.Fprintf(&dots, `<circle class="cap-dot" cx="%.1f" cy="%.1f" r="3.5"/>`, x(found.Cap),
				y(tolerance))
			words += " " + notation.Length(found.Cap) + " reaches " + notation.Percent(tolerance) + "."
		}
	}
	var b strings.Builder
	text := func(x, y float64, anchor, s string) {
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" text-anchor="%s">%s</text>`, x, y, anchor,
			html.EscapeString(s))
	}
	fmt.Fprintf(&b, `<svg class="tile-curve" viewBox="0 0 %g %g" width="%g" height="%g" role="img" `+
		`aria-label="%s">`, tileWidth, tileHeight, tileWidth, tileHeight,
		html.EscapeString(words))
	foot := tileHeight - tileFoot
	fmt.Fprintf(&b, `<path class="tile-axis" d="M%g,4V%gH%g"/>`, tileLeft, foot, tileWidth-4)
	fmt.Fprintf(&b, `<path class="tile-tolerance" d="M%g,%.1fH%g"/>`, tileLeft, y(tolerance),
		tileWidth-4)
	fmt.Fprintf(&b, `<path class="tile-line" d="%s"/>%s`, lines.String(), dots.String())
	text(tileLeft-4, y(tolerance)+4, "end", notation.Percent(tolerance))
	text(tileLeft, tileHeight-3, "start", "0")
	text(tileWidth-4, tileHeight-3, "end", notation.Length(end))
	b.WriteString("</svg>")
	return Markup(b.String()), nil
}

// headline is the tolerance of the first screen.
func headline(results *store.Results) float64 {
	return selection.Headline(results.Provenance.Tolerances)
}
