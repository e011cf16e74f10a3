package plots

import (
	"fmt"
	"image/color"
	"strings"

	"budget/plots/figure"

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
func (h Heading) header(title string) figure.Header {
	if name := sessionName(h.Case); name != "" {
		title = name + ": " + title
	}
	return figure.Header{Title: sentence(title), Notes: append(append([]string(nil), h.Notes...), provenanceNote)}
}

// limitMarks returns the documented limit as a mark, if there is one.
func (h Heading) limitMarks() []figure.Mark {
	if h.Case.Limit <= 0 {
		return nil
	}
	return []figure.Mark{{At: h.Case.Limit, Label: "documented limit: " + duration(h.Case.Limit), Style: limitLine}}
}

// beyond is how far axes go past the documented limit, as a multiple of it: what follows
// has expired.
const beyond = 1.1

// Lines that mean the same in every chart.
var (
	documentedColor = color.NRGBA{110, 110, 110, 255}
	limitLine       = draw.LineStyle{Color: figure.Ink, Width: 1.8}
	cautiousLine    = draw.LineStyle{Color: figure.Ink, Width: 0.8}
	documentedLine  = draw.LineStyle{Color: documentedColor, Width: 0.8, Dashes: []vg.Length{3, 2}}
	toleranceLine   = draw.LineStyle{Color: figure.Muted, Width: 0.7, Dashes: []vg.Length{1.5, 1.5}}
)

// limitTick marks the documented limit.
var limitTick = draw.LineStyle{Color: figure.Ink, Width: 2}

// limitAcross returns the documented limit as a line across, if there is one.
func limitAcross(limit float64) []figure.Mark {
	if limit <= 0 {
		return nil
	}
	return []figure.Mark{{At: limit, Label: "limit", Style: limitLine}}
}

// caseNote names the device and the environment, or how many there are.
func caseNote(devices, environments []string) string {
	var note strings.Builder
	for _, part := range []struct {
		name string
		ids  []string
	}{{"device", devices}, {"environment", environments}} {
		switch {
		case len(part.ids) > 1:
			fmt.Fprintf(&note, "%d %ss · ", len(part.ids), part.name)
		case part.ids[0] != "":
			note.WriteString(part.name + ": " + part.ids[0] + " · ")
		}
	}
	return note.String()
}
