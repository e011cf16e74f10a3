package estimate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestKolmogorovQuantile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n         int
		p, want   float64
		tolerance float64
	}{
		// Problem O18 of the numerical notes, 12 decimals.
		{100, 0.95, .134027916486, 5e-12},
		{1000, 0.95, .042776500461, 3e-8}, // by the expansion: see below
		{1_000_000, 0.95, .001357931856, 1e-9},
		// By hand: D_1 is uniform on [1/2, 1]; P(D_2 < d) = 1 − 2(1−d)² for
		// d >= 1/2.
		{1, 0.001, 0.5005, 1e-13},
		{1, 0.95, 0.975, 1e-13},
		{2, 0.95, 1 - math.Sqrt(0.025), 1e-13},
	} {
		near(t, fmt.Sprintf("n = %d, p = %g", c.n, c.p), KolmogorovQuantile(c.n, c.p), c.want, c.tolerance)
	}
	// The reference for n = 1000 is the root of the expansion, which is 1.2e-9
	// above the exact quantile.
	root := math.Sqrt(1000)
	near(t, "expansion at the reference for 1000", kolmogorovLimit(.042776500461*root, root), 0.95, 1e-10)
	panics(t, "estimate: Kolmogorov quantile of no observations or outside (0, 1)", func() { KolmogorovQuantile(0, 0.5) })
}

// TestKolmogorovExpansion: matrix and expansion agree where they meet. The first
// term left out is of order n^-2.
func TestKolmogorovExpansion(t *testing.T) {
	t.Parallel()
	for _, n := range []int{100, 300, 1000} {
		for _, z := range []float64{0.6, 0.8, 1.1, 1.36, 1.6, 2} {
			root := math.Sqrt(float64(n))
			exact, limit := kolmogorovMatrix(n, z/root), kolmogorovLimit(z, root)
			if e := math.Abs(exact - limit); e > 0.06/float64(n*n) {
				t.Errorf("n = %d, z = %g: P = %.12g by matrix, %.12g by expansion", n, z, exact, limit)
			}
		}
	}
}

// TestKolmogorovStatistic: uniform samples stay below their quantiles as often
// as these say.
func TestKolmogorovStatistic(t *testing.T) {
	t.Parallel()
	if d := KolmogorovStatistic([]float64{0.1, 0.5, 0.6}, func(x float64) float64 { return x }); math.Abs(d-0.4) > 1e-15 {
		t.Errorf("got %g, want 0.4", d)
	}
	const samples, n = 4000, 50
	limit := KolmogorovQuantile(n, 0.9)
	below := 0
	r := rand.New(rand.NewPCG(18, 0))
	x := make([]float64, n)
	for range samples {
		for i := range x {
			x[i] = r.Float64()
		}
		slices.Sort(x)
		if KolmogorovStatistic(x, func(x float64) float64 { return x }) < limit {
			below++
		}
	}
	// Four standard deviations of a binomial fraction are 0.019.
	if f := float64(below) / samples; math.Abs(f-0.9) > 0.019 {
		t.Errorf("%.4f of the samples below the 90 %% quantile", f)
	}
}

func ExampleKolmogorovQuantile() {
	fmt.Printf("%.6f\n", KolmogorovQuantile(100, 0.95))
	// Output: 0.134028
}
