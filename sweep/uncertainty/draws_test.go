package uncertainty

import (
	"context"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// TestDrawsMakeTheRobustCap: the robust cap of the draws at the present values is that of
// FindSpread, whether plants or only rules vary; and a length holds in a draw if its bound is
// within the tolerance.
func TestDrawsMakeTheRobustCap(t *testing.T) {
	t.Parallel()
	for _, vary := range [][]string{{"policy.suppress_*"},
		{"policy.suppress_*", "population.start_level_alpha"}} {
		q := SpreadRequest{Request: sweep.Request{Sessions: []string{"mindfulness"},
			Devices: []string{solver.Fleet}, Environments: []string{solver.Mix},
			Readings: []solver.Reading{solver.Cautious}, Tolerances: []float64{0.02}, Confidence: 0.9,
			Estimator: solver.Weights, Seed: 3, Paths: 1024, Duration: 2400},
			Varying: Varying{Vary: vary}, Sets: 12, Plants: 4, Design: LatinRules, Share: 0.8}
		s := model.Default()
		spread, err := FindSpread(context.Background(), s, q, sweep.Control{})
		if err != nil {
			t.Fatal(err)
		}
		d, err := NewDraws(s, q, spread.Cases[0].Case, sweep.Control{})
		if err != nil {
			t.Fatal(err)
		}
		var points [][]float64
		for _, below := range d.Below {
			point := d.Own()
			for j := range point {
				point[j] = d.Law(j).Quantile(below[j])
			}
			points = append(points, point)
		}
		caps := make([]estimate.CapResult, len(points))
		const length = 1200
		if err := d.Bounds(context.Background(), points, length, func(i int, b Bound) {
			caps[i] = b.Cap
			if holds := d.Length(b.Cap.Index) >= length; holds != (b.Upper <= 0.02) {
				t.Errorf("%v: cap %g s, but bound %g at %d s", vary, d.Length(b.Cap.Index), b.Upper, length)
			}
		}); err != nil {
			t.Fatal(err)
		}
		want := spread.Cases[0].Caps[0]
		if got := d.Length(d.Robust(caps).Index); got != want.Robust || d.Share != want.RobustShare ||
			len(points) != spread.Cases[0].Plants || got == 0 {
			t.Errorf("%v: robust cap %g s for %g of %d draws, want %g s for %g of %d", vary, got, d.Share,
				len(points), want.Robust, want.RobustShare, spread.Cases[0].Plants)
		}
	}
}
