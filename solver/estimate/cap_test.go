package estimate

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func TestInvertCap(t *testing.T) {
	t.Parallel()
	const tolerance = 0.01
	for _, c := range []struct {
		name         string
		lower, upper []float64 // [%]
		want         CapResult
	}{
		{"inside", []float64{0, 0.3, 0.6, 1.1}, []float64{0.5, 1, 1.4, 1.9}, CapResult{1, 2, Met}},
		{"beyond", []float64{0, 0, 0}, []float64{0.1, 0.2, 1}, CapResult{2, 2, ToHorizon}},
		{"never", []float64{1.1, 1.2}, []float64{2, 2}, CapResult{-1, -1, Never}},
		{"unknown", []float64{0.9, 1.2}, []float64{1.1, 2}, CapResult{-1, 0, Unknown}},
		{"unknown to the horizon", []float64{0, 0}, []float64{1.1, 2}, CapResult{-1, 1, Unknown}},
		// Bounds that come down again do not bring the cap back.
		{"dip", []float64{0, 0, 0}, []float64{0.9, 1.1, 0.9}, CapResult{0, 2, Met}},
	} {
		got := InvertCap(len(c.lower), func(i int) Interval {
			return Interval{c.lower[i] / 100, c.upper[i] / 100}
		}, tolerance)
		if got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	panics(t, "estimate: no grid times", func() { InvertCap(0, nil, 0.1) })
	if s := Status(9).String(); s != "Status(9)" {
		t.Errorf("unknown status prints %q", s)
	}
}

// TestCapIdentity checks that order statistics give the same caps as inverting
// Clopper–Pearson bounds. Grid time i is just before the (i+1)-th smallest of n
// times, when i have ended.
func TestCapIdentity(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 3000).Draw(t, "n")
		eps := rapid.Float64Range(0.0005, 0.9).Draw(t, "eps")
		alpha := rapid.Float64Range(0.001, 0.3).Draw(t, "alpha")
		got := InvertCap(n+1, func(i int) Interval {
			return ClopperPearson(int64(i), int64(n), alpha, alpha)
		}, eps)
		if r := LowerOrderIndex(int64(n), eps, alpha); got.Index != int(r)-1 {
			t.Fatalf("cap before time %d, LowerOrderIndex %d", got.Index+1, r)
		}
		// The u-th smallest is the first time by which the curve surely exceeds
		// eps: the last grid time not excluded has u−1 ends.
		if u := upperOrderIndex(int64(n), eps, alpha); got.UpperIndex != int(u)-1 {
			t.Fatalf("no cap beyond time %d, upperOrderIndex %d", got.UpperIndex+1, u)
		}
	})
}

func ExampleInvertCap() {
	// Failures among 10000 paths by 10, 20, 30 and 40 minutes.
	failures := []int64{0, 2, 12, 31}
	c := InvertCap(len(failures), func(i int) Interval {
		return ClopperPearson(failures[i], 10_000, 0.05, 0.05)
	}, 0.001)
	fmt.Println(c.Status, c.Index, c.UpperIndex)
	// Output: met 1 2
}

// TestCurveCaps checks that CurveCaps gives the caps of InvertCap with the bounds of all
// times.
func TestCurveCaps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		curve := make([]Moments, rapid.IntRange(1, 60).Draw(t, "times"))
		paths := rapid.Int64Range(64, 100_000).Draw(t, "paths")
		sum := 0.0
		for i := range curve {
			sum = min(sum+float64(paths)*rapid.Float64Range(0, 0.01).Draw(t, "step"), float64(paths))
			curve[i] = Moments{Paths: paths, Blocks: 64, Sum: sum, Largest: 1,
				Variance: rapid.Float64Range(0, 1).Draw(t, "spread") * sum / float64(paths) * (1 -
					sum/float64(paths))}
		}
		alpha := rapid.SampledFrom([]float64{0.025, 1e-3, 1e-6}).Draw(t, "alpha")
		caps := NewCurveCaps(Curve{Moments: curve}, alpha)
		for _, tolerance := range []float64{0.001, 0.01, 0.05, 0.3} {
			want := InvertCap(len(curve),
				func(i int) Interval { return curve[i].Interval(alpha, alpha) }, tolerance)
			if got := caps.Invert(tolerance); got != want {
				t.Fatalf("at %v: %+v, not %+v", tolerance, got, want)
			}
		}
	})
}
