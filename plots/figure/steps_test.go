package figure

import (
	"math"
	"slices"
	"testing"
)

// TestStepsAreUpright: two points in a row differ in x or in y, never in both, and no value is
// drawn that no point has.
func TestStepsAreUpright(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for steps, want := range map[Steps][]float64{
		// x, y of every corner
		Held:   {0, 3, 0, 3, 1, 3, 1, 1, 1, 1, 2, 1, 2, 2, 3, nan, 4, 5},
		Lowest: {0, 3, 0, 1, 1, 1, 1, 1, 1, 1, 2, 1, 2, 2, 3, nan, 4, 5},
	} {
		s := NewSeries(0, "caps")
		s.Steps = steps
		for x, y := range []float64{3, 1, 2, nan, 5} {
			s.Add(float64(x), y, y-1, y+1)
		}
		d := s.drawn()
		var got []float64
		for k := range d.X {
			got = append(got, d.X[k], d.Y[k])
			if k > 0 && d.X[k] != d.X[k-1] && d.Y[k] != d.Y[k-1] && !math.IsNaN(d.Y[k]+d.Y[k-1]) {
				t.Errorf("steps %d slope from %g, %g to %g, %g", steps, d.X[k-1], d.Y[k-1], d.X[k], d.Y[k])
			}
			if !math.IsNaN(d.Y[k]) && (d.Lower[k] != d.Y[k]-1 || d.Upper[k] != d.Y[k]+1) {
				t.Errorf("steps %d at %g: interval %g to %g of %g", steps, d.X[k], d.Lower[k], d.Upper[k],
					d.Y[k])
			}
		}
		if !slices.EqualFunc(got, want, func(a, b float64) bool {
			return a == b || math.IsNaN(a) && math.IsNaN(b)
		}) {
			t.Errorf("steps %d: %v, want %v", steps, got, want)
		}
		if under := s.Under(); len(under.X) != len(d.X) || under.Upper[2] != d.Y[2] {
			t.Errorf("the area under steps %d is not that of the curve: %v", steps, under)
		}
	}
}
