package planning

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"budget/internal/notation"
	"budget/plots"
	"budget/plots/figure"
	"budget/sweep/field"
)

// Observation is how often sessions of a log ended in a way by a length, against what a scenario
// predicts.
type Observation struct {
	Name string // session type
	field.Comparison
}

// mostObservations is the number of rows that a page holds.
const mostObservations = 24

// text names an observation.
func (o Observation) text() string {
	return fmt.Sprintf("%s, %s: %s", o.Name, notation.Length(o.Duration), o.Outcome)
}

// AgreementChart draws what a log shows, with the band that a true scenario stays in, against what
// the scenario predicts.
func AgreementChart(h plots.Heading, all []Observation) (*figure.Chart, error) {
	rows, note := all, ""
	if len(rows) > mostObservations {
		rows = rows[:mostObservations]
		note = fmt.Sprintf(" %d of %d comparisons shown.", mostObservations, len(all))
	}
	lo := 0.01
	var names []string
	var b strings.Builder
	b.WriteString("Observed and predicted shares of sessions.")
	for _, o := range rows {
		if !(o.Value >= 0 && o.Value <= 1 && o.Predicted >= 0 && o.Predicted <= 1) {
			return nil, fmt.Errorf("planning: %s: %g observed, %g predicted", o.Name, o.Value, o.Predicted)
		}
		for _, p := range []float64{o.Value, o.Predicted} {
			if p > 0 {
				lo = min(lo, p)
			}
		}
		names = append(names, o.text())
		fmt.Fprintf(&b, " %s: %s observed (%s to %s), %s predicted.", o.text(), notation.Chance(o.Value),
			notation.Chance(o.Lower), notation.Chance(o.Upper), notation.Chance(o.Predicted))
	}
	lo = max(math.Pow(10, math.Floor(math.Log10(lo))), 1e-5)
	x := figure.Decades("Share of sessions (logarithmic)", lo, 1, notation.Percent)
	observed, predicted := figure.SeriesColors[0], figure.SeriesColors[1]
	legend := figure.Legend{
		figure.MarkerEntry("in the log", figure.Circle, observed, false),
		figure.MarkerEntry("none in the log", figure.Circle, observed, true),
		figure.NewEntry("its band", 18, func(c draw.Canvas, mid vg.Point) {
			figure.DrawSpan(c, mid.X-9, mid.X+9, mid.Y)
		}),
		figure.MarkerEntry("predicted", figure.Diamond, predicted, false),
		figure.PatchEntry("outside the band", figure.Tint(predicted, 0.2))}
	const row, most = vg.Length(19), vg.Length(230)
	left := min(figure.Label.Width(append(names, "")...), most) + 12
	count := vg.Length(max(len(rows), 1))
	body := func(c draw.Canvas, r vg.Rectangle) {
		bottom, top := r.Min.Y+figure.BottomMargin, r.Max.Y-4
		row := (top - bottom) / count
		for i, o := range rows {
			ground := figure.Banded
			if !o.Inside {
				ground = figure.Tint(predicted, 0.2)
			}
			if y := top - vg.Length(i)*row; i%2 == 0 || !o.Inside {
				figure.Fill(c, figure.Box(r.Min.X, y-row, r.Max.X, y), ground)
			}
		}
		f := figure.Panel{X: x}.Draw(c, figure.Box(r.Min.X+left, bottom, r.Max.X-8, top))
		at := func(p float64) vg.Length {
			return min(max(f.At(max(p, lo/10)), f.Min.X), f.Max.X)
		}
		for i, o := range rows {
			y := top - (vg.Length(i)+0.5)*row
			text := figure.Label.Wrap(names[i], most)[0]
			figure.Label.Write(c, r.Min.X+left-8, y, text, figure.Right)
			figure.DrawSpan(c, at(o.Lower), at(o.Upper), y)
			figure.Circle.Draw(c, at(o.Value), y, observed, o.Value == 0)
			figure.Diamond.Draw(c, at(o.Predicted), y, predicted, false)
		}
	}
	first := "As people use the app. A true scenario is within all bands of a type together, with the " +
		"confidence of the fit." + note
	return figure.Sheet{Header: h.Header(agreementFinding(all), first), Legend: legend,
		Lay: figure.Fixed(4+count*row+figure.BottomMargin, body)}.Chart(b.String()), nil
}

// agreementFinding says whether the scenario predicts what the log shows, and else where it is
// farthest off.
func agreementFinding(all []Observation) string {
	outside := 0
	var worst *Observation
	off := func(o *Observation) float64 {
		return math.Abs(math.Log(max(o.Predicted, 1e-6) / max(o.Value, 1e-6)))
	}
	for i := range all {
		if o := &all[i]; !o.Inside {
			outside++
			if worst == nil || off(o) > off(worst) {
				worst = o
			}
		}
	}
	switch {
	case len(all) == 0:
		return "no session of the log has a planned length to compare"
	case worst == nil:
		return "the scenario predicts what the log shows, within its bands"
	}
	return fmt.Sprintf("%d of %d shares are not as predicted, most so %s: %s in the log, %s predicted",
		outside, len(all), worst.text(), notation.Chance(worst.Value), notation.Chance(worst.Predicted))
}
