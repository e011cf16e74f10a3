package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/solver/estimate"
	"budget/sweep"
)

// Heading is what a chart says above its curves: whose they are and what they rest on.
type Heading struct {
	Case  sweep.Case
	Notes []string // paragraphs under the title: how to read the chart
	Foot  []string // paragraphs at the foot: what was simulated, how often, from which seed

	Offers  []float64 // lengths to mark [s]
	Ordered bool      // whether scenarios have an order, which their colours follow
}

// ProvenanceNote ends the foot of every chart.
const ProvenanceNote = "Many inputs are assumptions; the provenance of this result lists them."

// Header makes the texts above and below a chart, with some notes before those of the heading.
func (h Heading) Header(finding string, first ...string) figure.Header {
	if name := sessionName(h.Case); name != "" {
		finding = name + ": " + finding
	}
	return figure.Header{Title: notation.Sentence(finding), Notes: append(first, h.Notes...),
		Foot: append(slices.Clone(h.Foot), ProvenanceNote)}
}

// meansToFinish says whose failures a chart shows, and with what confidence.
func meansToFinish(confidence float64) string {
	return "For users who mean to finish. Each interval holds by itself with " +
		notation.Percent(confidence) + " confidence."
}

// lastUpTo returns the place of the last of ascending durations that is no longer than one,
// or of the first.
func lastUpTo(durations []float64, longest float64) int {
	k := len(durations) - 1
	for k > 0 && durations[k] > longest*(1+1e-9) {
		k--
	}
	return k
}

// caseNote names the device and the environment, or how many there are.
func caseNote(devices, environments []string) (note string) {
	name := func(what string, ids []string) {
		switch {
		case len(ids) > 1:
			note += fmt.Sprintf("%d %ss · ", len(ids), what)
		case ids[0] != "":
			note += what + ": " + ids[0] + " · "
		}
	}
	name("device", devices)
	name("environment", environments)
	return note
}

// Lines that mean the same in every chart.
var (
	documentedColor = color.NRGBA{110, 110, 110, 255}
	limitLine       = draw.LineStyle{Color: figure.Ink, Width: 1.8}
	limitTick       = draw.LineStyle{Color: figure.Ink, Width: 2}
	cautiousLine    = draw.LineStyle{Color: figure.Ink, Width: 0.8}
	documentedLine  = draw.LineStyle{Color: documentedColor, Width: 0.8, Dashes: []vg.Length{3, 2}}
	offerLine       = draw.LineStyle{Color: figure.Ink, Width: 1, Dashes: []vg.Length{6, 2}}
	toleranceLine   = draw.LineStyle{Color: figure.Muted, Width: 0.7, Dashes: []vg.Length{1.5, 1.5}}
)

// limitMark returns a limit with a label as a mark, if there is one.
func limitMark(limit float64, label string) []figure.Mark {
	if limit <= 0 {
		return nil
	}
	return []figure.Mark{{At: limit, Label: label, Style: limitLine}}
}

// limitPole is the limit of a case as a mark on an axis of durations.
func limitPole(c sweep.Case) []figure.Mark {
	return limitMark(c.Limit, notation.LimitName(c)+": "+notation.Length(c.Limit))
}

// toleranceMarks returns tolerances as marks.
func toleranceMarks(tolerances []float64) (marks []figure.Mark) {
	for _, t := range tolerances {
		marks = append(marks, figure.Mark{At: t, Label: notation.Percent(t), Style: toleranceLine})
	}
	return marks
}

// tolerated is toleranceMarks in words, for where there is room.
func tolerated(tolerances []float64) []figure.Mark {
	marks := toleranceMarks(tolerances)
	for i := range marks {
		marks[i].Label += " tolerated"
	}
	return marks
}

// offerMarks returns lengths to offer as marks, with how many fail at each by a failure curve over
// durations, unless there is none.
func offerMarks(offers, durations []float64, failure []estimate.Estimate) (marks []figure.Mark) {
	for _, d := range offers {
		label := "offer " + notation.Length(d)
		if len(failure) > 0 {
			if k := lastUpTo(durations, d); math.Abs(durations[k]-d) < 60 {
				label += ": " + notation.Chance(failure[k].Value) + " fail"
			}
		}
		marks = append(marks, figure.Mark{At: d, Label: label, Style: offerLine})
	}
	return marks
}

// series returns the i-th of n curves of scenarios, without points.
func (h Heading) series(i, n int, name string) figure.Series {
	if h.Ordered {
		return figure.NewOrdered(i, n, name)
	}
	return figure.NewSeries(i, name)
}

// explain adds an entry to a legend if what it explains is there.
func explain(l *figure.Legend, there bool, e figure.Entry) {
	if there {
		*l = append(*l, e)
	}
}

// capScale returns an axis of caps from 0 to a little over the longest [s].
func capScale(title string, longest float64) figure.Scale {
	if !(longest > 0) {
		longest = 60
	}
	return figure.Durations(title, 1.06*longest)
}
