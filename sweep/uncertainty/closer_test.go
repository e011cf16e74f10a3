package uncertainty

import (
	"reflect"
	"testing"

	"budget/model"
	"budget/solver"
)

// TestLookingCloser: more paths for the plants that decide robust caps make them longer, as far
// as few paths left room for sessions that no path met, and change no set.
func TestLookingCloser(t *testing.T) {
	t.Parallel()
	q := exactRequest()
	q.Sessions, q.Environments, q.StartLevel, q.Varying = []string{"mindfulness"},
		[]string{solver.Mix}, nil, Varying{}
	q.Sets, q.Plants, q.Paths, q.Tolerances = 24, 12, 512, []float64{0.01, 0.05}
	few := uncertain1(t, model.Default(), q, 2).Cases[0]
	q.RobustPaths = 8192
	more := uncertain1(t, model.Default(), q, 2).Cases[0]
	if !reflect.DeepEqual(few.Sets, more.Sets) {
		t.Error("the sets differ")
	}
	// Of 512 paths six may be missing at the error probability of a bound: 1.2 %.
	for j := range few.Caps {
		a, b := few.Caps[j], more.Caps[j]
		if b.Robust <= a.Robust || b.Robust > b.Quantiles[1].Value {
			t.Errorf("tolerance %v: robust cap %v with more paths, %v with few, median %v", a.Tolerance,
				b.Robust, a.Robust, b.Quantiles[1].Value)
		}
	}
}
