package plots

import (
	"fmt"

	"budget/internal/notation"
	"budget/plots/figure"
	"budget/plots/selection"
	"budget/solver/estimate"
	"budget/sweep/store"
)

// KindConvergence is the kind of charts in this file.
const KindConvergence Kind = "convergence"

// ConvergenceChart draws how an estimate of the failure of plans of a duration [s] settles
// as paths are added, with its interval.
func ConvergenceChart(h Heading, planned float64, settling []store.Settling,
	tolerances []float64) (*Chart, error) {
	if len(settling) == 0 {
		return nil, wrong("no estimates to draw")
	}
	name := "failure of " + notation.Length(planned) + " sessions"
	if h.Case.Cycles != "" {
		name = "failure of timers"
	}
	c := figure.NewSeries(0, name)
	c.Marked = true
	c.Steps = figure.Held // an estimate stands until the next look
	most := 0.0
	for i, s := range settling {
		if s.Paths <= 0 || i > 0 && s.Paths <= settling[i-1].Paths {
			return nil, wrong("numbers of paths do not ascend from 1: %d is number %d", s.Paths, i)
		}
		if err := checkCurve("", "failure", []estimate.Estimate{s.Estimate}, 1); err != nil {
			return nil, err
		}
		c.Add(float64(s.Paths), s.Value, s.Lower, s.Upper)
		most = max(most, s.Upper)
	}
	first, last := settling[0], settling[len(settling)-1]
	what := fmt.Sprintf("of %s sessions fail", notation.Length(planned))
	if h.Case.Cycles != "" {
		what = "of timers fail by the end of " + notation.EndOf(h.Case, planned)
	}
	finding := fmt.Sprintf("%s %s (%s to %s) after %s paths",
		notation.Chance(last.Value), what, notation.Chance(last.Lower),
		notation.Chance(last.Upper), notation.Count(last.Paths))
	g := figure.Graph{Header: h.Header(finding), Curves: figure.Crowd{c},
		Across: tolerated(tolerances), Small: true}
	g.X = figure.Decades("Paths simulated (logarithmic)", c.X[0]/1.5, float64(last.Paths)*1.5,
		func(v float64) string { return notation.Count(int64(v)) })
	// A first interval far wider than what comes of it is cut off.
	top := min(1.1*most, max(8*last.Upper, 1e-6))
	for _, t := range tolerances {
		if t < 3*last.Upper {
			top = max(top, 1.1*t)
		}
	}
	g.Y = figure.Shares("Sessions that fail", min(figure.RoundUp(max(top, 1e-6)), 1))
	g.Legend = figure.Legend{
		figure.PatchEntry("band: interval of each number of paths by itself", figure.Faint)}
	at := func(s store.Settling) string {
		return fmt.Sprintf("%s, between %s and %s, after %s", notation.Chance(s.Value),
			notation.Chance(s.Lower),
			notation.Chance(s.Upper), notation.Count(s.Paths))
	}
	return g.Chart(fmt.Sprintf("Estimated failure of %s sessions "+
		"against the number of simulated paths: %s; at the end %s.",
		notation.Length(planned), at(first), at(last))), nil
}

func drawConvergence(v selection.View) ([]Named, error) {
	held, notes := v.Hold()
	cell := held.Cells[0]
	curves, err := cell.Curves()
	if err != nil {
		return nil, err
	}
	planned := v.Planned(cell)
	if v.Results.Plan != nil {
		// Means of replicates are kept for the durations of the tables alone.
		kept := v.Results.Plan.Durations[v.Session]
		planned = kept[lastUpTo(kept, planned)]
	}
	settling, err := curves.Settling(v.Reading, planned, v.Confidence())
	if err != nil {
		return nil, missing("%v", err)
	}
	if len(settling) < 2 {
		return nil, &Missing{Reason: "its precision was checked only once", Lack: LackLooks}
	}
	notes = append([]string{meansToFinish(v.Confidence())}, notes...)
	h := HeadingOf(v, []*store.Cell{cell}, notes...)
	c, err := ConvergenceChart(h, planned, settling, v.Tolerances())
	return named(c, err, string(KindConvergence), v.Session)
}
