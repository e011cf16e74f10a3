package solver

import (
	"context"
	"math"
	"testing"

	"budget/model"
)

// TestStates: quantiles are those of traced paths and ascend; ended paths keep their last
// value; the number of workers does not matter.
func TestStates(t *testing.T) {
	t.Parallel()
	level := 0.06
	p, err := Compile(model.Default(), Case{Session: "workout", Device: Fleet, Environment: Mix,
		StartLevel: &level})
	if err != nil {
		t.Fatal(err)
	}
	const paths = 40
	s, err := p.States(context.Background(), 5, paths, 50, 3, 2)
	if err != nil {
		t.Fatal(err)
	}
	if s.On[0] != 1 || s.On[len(s.On)-1] >= 1 || len(s.Some) != 3 || s.Paths != paths {
		t.Fatalf("on %v, %d paths", s.On, len(s.Some))
	}
	at := len(s.Times) / 4
	k := int(s.Times[at] / p.plant.Step)
	below, on := 0, 0
	every := int(s.Times[1] / p.plant.Step)
	for path := range uint64(paths) {
		points := p.Trace(5, path)
		was := k
		if k >= len(points) || k == len(points)-1 && points[k].End != model.Completed {
			was = (len(points) - 2) / every * every
		} else {
			on++
		}
		if points[was].Voltage < s.Quantiles[WatchedVoltage][2][at] {
			below++
		}
	}
	if math.Abs(s.On[at]-float64(on)/paths) > 1e-12 || on == paths || below != paths/2 {
		t.Errorf("at %g s: %d of %d below the median, %g on", s.Times[at], below, on, s.On[at])
	}
	for _, level := range s.Quantiles[WatchedLevel] { // nothing charges
		for i := 1; i < len(level); i++ {
			if level[i] > level[i-1] {
				t.Fatalf("a quantile of the level rises at %g s", s.Times[i])
			}
		}
	}
	if s.LowBattery != 0.1 || s.VCut == 0 || s.Levels != [3]float64{37, 41, 45} || s.TOff == 0 {
		t.Errorf("thresholds %+v", s.Thresholds)
	}
	for w := range s.Quantiles {
		for q := 1; q < len(StateQuantiles); q++ {
			for i := range s.Times {
				if s.Quantiles[w][q][i] < s.Quantiles[w][q-1][i] {
					t.Fatalf("quantity %d: quantiles out of order at %g s", w, s.Times[i])
				}
			}
		}
	}
	other, err := p.States(context.Background(), 5, paths, 50, 3, 1)
	if err != nil || other.Quantiles[WatchedSkin][1][7] != s.Quantiles[WatchedSkin][1][7] {
		t.Error("one worker finds something else")
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.States(stopped, 5, paths, 50, 3, 2); err == nil {
		t.Error("an interrupt is not told")
	}
}
