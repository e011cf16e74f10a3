package plots

import (
	"fmt"

	"budget/plots/figure"
	"budget/solver/estimate"
	"budget/sweep/store"
)

// KindConvergence is the kind of charts in this file.
const KindConvergence Kind = "convergence"

// ConvergenceChart draws how an estimate of the failure of plans of a duration [s] settles
// as paths are added, with its interval.
func ConvergenceChart(h Heading, planned float64, settling []store.Settling, tolerances []float64) (*figure.Chart, error) {
	if len(settling) == 0 {
		return nil, fmt.Errorf("plots: no estimates to draw")
	}
	c := figure.Series{Name: "failure of plans of " + duration(planned), Marked: true}.Style(0)
	most := 0.0
	for i, s := range settling {
		if s.Paths <= 0 || i > 0 && s.Paths <= settling[i-1].Paths {
			return nil, fmt.Errorf("plots: numbers of paths do not ascend from 1: %d is number %d", s.Paths, i)
		}
		if err := checkCurve("failure", []estimate.Estimate{s.Estimate}, 1); err != nil {
			return nil, fmt.Errorf("plots: %w", err)
		}
		c.X, c.Y = append(c.X, float64(s.Paths)), append(c.Y, s.Value)
		c.Lower, c.Upper = append(c.Lower, s.Lower), append(c.Upper, s.Upper)
		most = max(most, s.Upper)
	}
	last := settling[len(settling)-1]
	lo, hi := c.X[0]/1.5, float64(last.Paths)*1.5
	g := figure.Graph{Header: h.header("how the estimate settles"), Curves: figure.Crowd{c}}
	g.X = figure.Scale{Title: "Paths simulated (logarithmic)", Lo: lo, Hi: hi, Log: true,
		Ticks: figure.DecadeTicks(lo, hi, func(v float64) string { return count(int64(v)) })}
	// A first interval far wider than what comes of it is cut off.
	top := min(1.1*most, max(8*last.Upper, 1e-6))
	for _, t := range tolerances {
		if t < 3*last.Upper {
			top = max(top, 1.1*t)
		}
		g.Across = append(g.Across, figure.Mark{At: t, Label: percent(t), Style: toleranceLine})
	}
	top = min(figure.RoundUp(max(top, 1e-6)), 1)
	g.Y = figure.Scale{Title: "Plans that fail", Hi: top, Ticks: figure.ShareTicks(top)}
	g.Legend = figure.Legend{figure.PatchEntry("band: interval of each number of paths by itself", figure.Faint)}
	if len(g.Across) > 0 {
		g.Legend = append(g.Legend, figure.AcrossEntry("tolerance", toleranceLine))
	}
	g.Readout = []string{"In the end " + share(last.Value) + ",", share(last.Lower) + " to " + share(last.Upper)}
	return g.Chart(fmt.Sprintf("Estimated failure of plans of %s against the number of simulated paths: %s, between %s and %s, after %s; at the end %s, between %s and %s, after %s.",
		duration(planned), share(settling[0].Value), share(settling[0].Lower), share(settling[0].Upper), count(settling[0].Paths),
		share(last.Value), share(last.Lower), share(last.Upper), count(last.Paths))), nil
}

func (v view) drawConvergence() ([]Named, error) {
	held, text := v.hold()
	cell := held.cells[0]
	curves, err := cell.Curves()
	if err != nil {
		return nil, err
	}
	planned := v.planned(cell)
	if v.results.Plan != nil {
		// Means of nets are kept for the durations of the tables alone.
		kept := v.results.Plan.Durations[v.session]
		k := len(kept) - 1
		for k > 0 && kept[k] > planned*(1+1e-9) {
			k--
		}
		planned = kept[k]
	}
	settling, err := curves.Settling(v.reading, planned, v.confidence())
	if err != nil {
		return nil, &Missing{KindConvergence, err.Error()}
	}
	if len(settling) < 2 {
		return nil, &Missing{KindConvergence, "a run of caps with --paths looks at them once: leave it out, or sweep"}
	}
	var notes []string
	if text != "" {
		notes = append(notes, text)
	}
	notes = append([]string{"For a user who means to finish; each interval holds with " + percent(v.confidence()) + " confidence by itself."}, notes...)
	c, err := ConvergenceChart(v.heading(cell, notes...), planned, settling, v.tolerances())
	return named(c, err, "convergence", v.session)
}
