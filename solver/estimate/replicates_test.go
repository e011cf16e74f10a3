package estimate

import "testing"

// TestReplicateMoments: what no replicate shows may be whole paths, and rounding shows nothing.
func TestReplicateMoments(t *testing.T) {
	t.Parallel()
	const n, paths, alpha = 64, 1 << 16, 0.05
	spread := func(size float64) []float64 {
		d := make([]float64, n)
		for i := range d {
			d[i] = size * float64(1-i%2*2)
		}
		return d
	}
	one := make([]float64, n)
	one[0] = 1e-3
	none := ReplicateMoments(make([]float64, n), paths).Interval(0, alpha)
	if none.Upper < 1./paths {
		t.Errorf("without deviations the mean is off by at most %v: a path may still end", none.Upper)
	}
	if got := ReplicateMoments(spread(1e-18), paths).Interval(0, alpha); got != none {
		t.Errorf("with deviations of rounding %v, without any %v", got, none)
	}
	if m := ReplicateMoments(spread(1e-4), paths); m.Largest != 1e-4/n*paths {
		t.Errorf("the largest path of many alike deviations is %v", m.Largest)
	}
	if m := ReplicateMoments(one, paths); m.Largest != 1 {
		t.Errorf("the largest path is %v where one replicate deviates", m.Largest)
	}
	if m := ReplicateMoments([]float64{1e-3}, paths); m.Largest != 1 || m.Variance != 0 {
		t.Errorf("one replicate says %+v", m)
	}
}
