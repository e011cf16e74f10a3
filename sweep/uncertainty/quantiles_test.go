package uncertainty

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"budget/internal/parallel"
	"budget/solver"
	"budget/sweep"
)

// scaled is the drained battery with an uncertain factor on the power, whose logarithm has the
// given standard deviation. A session of length d that starts at level z fails with probability
// Φ(ln(k·u·d/z)/σ), u the factor and k the share of the charge that is drained in a second. So
// the cap at ε is z/(k·u)·exp(σ·Φ⁻¹(ε)), and its p-quantile has Φ⁻¹(1−p) for ln(u)'s quantile.
func scaled(sigma float64) string {
	return strings.NewReplacer(`step = "60 s"`, `step = "20 s"`, "power_sigma = 0.3",
		`power_sigma = 0.3
power_scale = { value = 1, distribution = "lognormal", range = [0.2, 5], sigma = `+
			fmt.Sprint(sigma)+" }").Replace(drained)
}

// TestSpreadCovers holds intervals of quantiles, and robust caps, to closed forms where paths
// matter: every path counts as 0 or 1, few paths are simulated, and the spread between the sets is
// as large as the chance of the paths or larger. Intervals of the quantiles must hold 95 % of the
// time, and so must the share that the robust cap is safe for.
func TestSpreadCovers(t *testing.T) {
	t.Parallel()
	runs := max(*seeds, 2)
	for _, sigma := range []float64{0.05, 0.2} {
		s := scenarioOf(t, scaled(sigma))
		var missed [3]atomic.Int64
		var unsafe, unknown atomic.Int64
		start, tolerance := 0.15, 0.05
		exact := func(p float64) float64 { // quantile of the cap
			return drainedFor * start / medianDrain *
				math.Exp(0.3*distuv.UnitNormal.Quantile(tolerance)+sigma*distuv.UnitNormal.Quantile(p))
		}
		parallel.For(2, runs, func(_, i int) {
			q := SpreadRequest{Request: drainedRequest("", 256, i).Request,
				Varying: Varying{Vary: []string{"population.power_scale"}}, Sets: 128, Plants: 64,
				Design: LatinRules, Share: 0.95, RobustPaths: 2048}
			q.StartLevel, q.Tolerances, q.Estimator = &start, []float64{tolerance}, solver.Weights
			u, err := FindSpread(context.Background(), s, q, sweep.Control{Workers: 1})
			if err != nil {
				t.Errorf("seed %d: %v", i, err)
				return
			}
			row := u.Cases[0].Caps[0]
			for k, p := range CapQuantiles {
				if f := row.Quantiles[k]; f.Lower > exact(p) || f.Upper+20 < exact(p) {
					missed[k].Add(1)
				}
			}
			if row.RobustStatus == sweep.CapUnknown {
				unknown.Add(1)
			}
			if row.Robust > exact(1-row.RobustShare) {
				unsafe.Add(1)
			}
		})
		most := 0.05 + 2*math.Sqrt(0.05*0.95/float64(runs))
		for k, p := range CapQuantiles {
			t.Logf("spread %v: %d of %d intervals miss the %v quantile", sigma, missed[k].Load(), runs, p)
			if float64(missed[k].Load()) > most*float64(runs) {
				t.Errorf("spread %v: expected at most %v", sigma, most)
			}
		}
		t.Logf("spread %v: %d of %d robust caps are too long, %d unknown", sigma, unsafe.Load(), runs,
			unknown.Load())
		if float64(unsafe.Load()) > most*float64(runs) {
			t.Errorf("spread %v: expected at most %v", sigma, most)
		}
	}
}
