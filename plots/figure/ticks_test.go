package figure

import "testing"

func TestRoundUp(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]float64{0.0135: 0.015, 0.09: 0.1, 1: 1, 61: 80} {
		if got := RoundUp(v); got != want {
			t.Errorf("RoundUp(%g) = %g, want %g", v, got, want)
		}
	}
}
