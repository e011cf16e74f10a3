package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/sweep"
)

// Heading is what a chart says above its curves: whose they are and what they rest on.
type Heading struct {
	Case  sweep.Case
	Notes []string // paragraphs of small print
}

// provenanceNote stands under every title.
const provenanceNote = "Rests on assumed parameters; the provenance of this result lists them."

// header makes the block at the top of a chart.
func (h Heading) header(title string) header {
	if name := sessionName(h.Case); name != "" {
		title = name + ": " + title
	}
	return header{sentence(title), append(append([]string(nil), h.Notes...), provenanceNote)}
}

// limitMarks returns the documented limit as a mark, if there is one.
func (h Heading) limitMarks() []mark {
	if h.Case.Limit <= 0 {
		return nil
	}
	return []mark{{h.Case.Limit, "documented limit: " + duration(h.Case.Limit), limitLine}}
}

// beyond is how far axes go past the documented limit, as a multiple of it: what follows
// has expired.
const beyond = 1.1

// Lines that mean the same in every chart.
var (
	documentedColor = color.NRGBA{110, 110, 110, 255}
	limitLine       = draw.LineStyle{Color: ink, Width: 1.8}
	cautiousLine    = draw.LineStyle{Color: ink, Width: 0.8}
	documentedLine  = draw.LineStyle{Color: documentedColor, Width: 0.8, Dashes: []vg.Length{3, 2}}
	toleranceLine   = draw.LineStyle{Color: muted, Width: 0.7, Dashes: []vg.Length{1.5, 1.5}}
)

// limitTick marks the documented limit.
var limitTick = draw.LineStyle{Color: ink, Width: 2}

// limitAcross returns the documented limit as a line across, if there is one.
func limitAcross(limit float64) []mark {
	if limit <= 0 {
		return nil
	}
	return []mark{{limit, "limit", limitLine}}
}
