package sessionlog

import (
	"math"
	"testing"

	"budget/model"
)

// TestTimes: times at low levels and in heat are those of the log, or follow from its levels and
// its thermal state.
func TestTimes(t *testing.T) {
	t.Parallel()
	p := &model.Default().Policy
	none := math.NaN()
	for _, c := range []struct {
		x                 Session
		low, veryLow      float64
		serious, critical float64
		known             bool
	}{
		{Session{Actual: 100, Start: 0.5, End: 0.4, Low: none, VeryLow: none, Serious: none,
			Critical: none}, 0, 0, none, none, false},
		{Session{Actual: 100, Start: 0.1, End: 0.09, Low: none, VeryLow: none, Serious: 5, Critical: 3},
			100, 0, 5, 3, true},
		{Session{Actual: 100, Start: 0.155, End: 0.055, Low: none, VeryLow: none, HasThermal: true,
			Thermal: model.Fair, Serious: none, Critical: none}, 50, 0, 0, 0, true},
		{Session{Actual: 100, Start: 0.115, End: 0.015, Low: none, VeryLow: none, HasThermal: true,
			Thermal: model.Serious, Serious: none, Critical: none}, 70, 20, none, 0, false},
		{Session{Actual: 100, Start: 0.5, End: 0.4, Low: 30, VeryLow: 10, HasThermal: true,
			Thermal: model.Critical, Serious: 4, Critical: 2}, 20, 10, 4, 2, true},
	} {
		low, veryLow := c.x.LowTimes(p)
		if math.Abs(low-c.low) > 1e-9 || math.Abs(veryLow-c.veryLow) > 1e-9 {
			t.Errorf("%+v: low %g, very low %g, want %g, %g", c.x, low, veryLow, c.low, c.veryLow)
		}
		serious, critical, known := c.x.Heat()
		same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
		if !same(serious, c.serious) || !same(critical, c.critical) || known != c.known {
			t.Errorf("%+v: serious %g, critical %g, known %v", c.x, serious, critical, known)
		}
	}
}
