package plots

import (
	"fmt"

	"budget/solver/estimate"
	"budget/sweep"
)

// ConvergenceChart draws how an estimate of the failure of plans of a duration [s] settles
// as paths are added, with its interval.
func ConvergenceChart(h Heading, planned float64, settling []sweep.Settling, tolerances []float64) (*Chart, error) {
	if len(settling) == 0 {
		return nil, fmt.Errorf("plots: no estimates to draw")
	}
	c := series{name: "failure of plans of " + duration(planned), marked: true}.style(0)
	most := 0.0
	for i, s := range settling {
		if s.Paths <= 0 || i > 0 && s.Paths <= settling[i-1].Paths {
			return nil, fmt.Errorf("plots: numbers of paths do not ascend from 1: %d is number %d", s.Paths, i)
		}
		if err := checkCurve("failure", []estimate.Estimate{s.Estimate}, 1); err != nil {
			return nil, fmt.Errorf("plots: %w", err)
		}
		c.x, c.y = append(c.x, float64(s.Paths)), append(c.y, s.Value)
		c.lower, c.upper = append(c.lower, s.Lower), append(c.upper, s.Upper)
		most = max(most, s.Upper)
	}
	last := settling[len(settling)-1]
	lo, hi := c.x[0]/1.5, float64(last.Paths)*1.5
	g := graph{header: h.header("how the estimate settles"), curves: crowd{c}}
	g.x = scale{title: "Paths simulated (logarithmic)", lo: lo, hi: hi, log: true,
		ticks: decadeTicks(lo, hi, func(v float64) string { return count(int64(v)) })}
	// A first interval far wider than what comes of it is cut off.
	top := min(1.1*most, max(8*last.Upper, 1e-6))
	for _, t := range tolerances {
		if t < 3*last.Upper {
			top = max(top, 1.1*t)
		}
		g.across = append(g.across, mark{t, percent(t), toleranceLine})
	}
	top = min(roundUp(max(top, 1e-6)), 1)
	g.y = scale{title: "Plans that fail", hi: top, ticks: shareTicks(top)}
	g.legend = legend{patchEntry("band: interval of each number of paths by itself", faint)}
	if len(g.across) > 0 {
		g.legend = append(g.legend, acrossEntry("tolerance", toleranceLine))
	}
	g.readout = []string{"In the end " + share(last.Value) + ",", share(last.Lower) + " to " + share(last.Upper)}
	return g.chart(fmt.Sprintf("Estimated failure of plans of %s against the number of simulated paths: %s, between %s and %s, after %s; at the end %s, between %s and %s, after %s.",
		duration(planned), share(settling[0].Value), share(settling[0].Lower), share(settling[0].Upper), count(settling[0].Paths),
		share(last.Value), share(last.Lower), share(last.Upper), count(last.Paths))), nil
}
