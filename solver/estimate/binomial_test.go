package estimate

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestClopperPearson(t *testing.T) {
	t.Parallel()
	// Computed with 30 digits by bisection of the binomial sum; problem O15 of the
	// numerical notes.
	for _, c := range []struct {
		events, trials int64
		alpha          float64
		lower, upper   float64
	}{
		{0, 1e6, 0.025, 0, 3.68887265020649e-6},
		{0, 1e6, 0.05, 0, 2.99572778635254e-6},
		{0, 1e6, 0.0005, 0, 7.60087357275617e-6},
		{1, 1e6, 0.025, 2.53178076637942e-8, 5.57163065517224e-6},
		{5, 1e6, 0.025, 1.62348831924117e-6, 1.16682931752088e-5},
		{1000, 1e6, 0.025, 9.39001207950072e-4, 1.06391810731523e-3},
		{999999, 1e6, 0.025, .999994428369345, .999999974682192},
		{0, 1e9, 0.025, 0, 3.68887944731002e-9},
		{7, 20, 0.025, .153909204784541, .592188534532828},
		// Exact by hand: 1−√0.975 and its mirror; 1 − (1−1e-12)^(1e-9).
		{1, 2, 0.025, 1 - math.Sqrt(0.975), math.Sqrt(0.975)},
		{1, 1e9, 1e-12, -math.Expm1(math.Log1p(-1e-12) * 1e-9), 3.1099872727718e-8},
	} {
		got := ClopperPearson(c.events, c.trials, c.alpha, c.alpha)
		name := fmt.Sprintf("%d/%d at %g", c.events, c.trials, c.alpha)
		// The references have 15 digits.
		near(t, name+" lower", got.Lower, c.lower, 1e-13)
		near(t, name+" upper", got.Upper, c.upper, 1e-13)
	}
}

func TestClopperPearsonEdges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		got, want Interval
	}{
		{ClopperPearson(0, 0, 0.025, 0.025), Interval{0, 1}},
		{ClopperPearson(3, 10, 0, 0), Interval{0, 1}},
		{ClopperPearson(10, 10, 0.025, 0.025), Interval{math.Pow(0.025, 0.1), 1}},
	} {
		if c.got.Upper != c.want.Upper || math.Abs(c.got.Lower-c.want.Lower) > 1e-15 {
			t.Errorf("got %v, want %v", c.got, c.want)
		}
	}
	panics(t, badAlpha, func() { ClopperPearson(1, 2, math.NaN(), 0) })
	panics(t, badAlpha, func() { ClopperPearson(1, 2, 0, 0.51) })
	panics(t, "estimate: events outside [0, trials]", func() { ClopperPearson(3, 2, 0, 0) })
}

// TestClopperPearsonCoverage sums the exact coverage over all counts; problem
// O15c of the numerical notes.
func TestClopperPearsonCoverage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n    int
		p    float64
		want float64 // [%], one decimal; 0 if unknown
	}{
		{1000, 0.001, 98.1}, {10000, 0.001, 97.5}, {100000, 0.001, 95.5}, {20, 0.3, 0}, {100, 0.5, 0},
		{300, 0.99, 0},
	} {
		coverage, beyond := 0.0, int(float64(c.n)*c.p+12*math.Sqrt(float64(c.n)*c.p)+12)
		for k := range min(c.n, beyond) + 1 {
			if ClopperPearson(int64(k), int64(c.n), 0.025, 0.025).Contains(c.p) {
				coverage += binomial(c.n, k, c.p)
			}
		}
		if coverage < 0.95 || c.want != 0 && math.Abs(100*coverage-c.want) > 0.05 {
			t.Errorf("n = %d, p = %g: coverage %.5f, want at least 0.95 and %v %%",
				c.n, c.p, coverage, c.want)
		}
	}
}

// TestBinomialTail compares with sums of the mass function.
func TestBinomialTail(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 2, 7, 60} {
		for _, p := range []float64{1e-6, 0.01, 0.3, 0.5, 0.8, 0.999} {
			sum := 0.0
			for k := range n {
				sum += binomial(n, k, p)
				// The sum of log-gammas is good to 1e-13.
				near(t, fmt.Sprintf("P(Bin(%d, %g) <= %d)", n, p, k), binomialAtMost(int64(k), int64(n), p),
					sum, 3e-13)
			}
		}
	}
}

func TestClopperPearsonProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1e9).Draw(t, "n")
		k := rapid.Int64Range(0, n).Draw(t, "k")
		alpha := math.Exp(-rapid.Float64Range(0.7, 30).Draw(t, "-ln alpha"))
		ci := ClopperPearson(k, n, alpha, alpha)
		if !ci.Contains(float64(k)/float64(n)) || ci.Lower < 0 || ci.Upper > 1 {
			t.Fatalf("%v does not hold %d/%d", ci, k, n)
		}
		if k < n {
			if next := ClopperPearson(k+1, n, alpha, alpha); next.Lower < ci.Lower || next.Upper < ci.Upper {
				t.Fatalf("%v after %v with one event more", next, ci)
			}
		}
		// The definition, at a bound rounded to 1e-16.
		if 0 < k && k < n {
			tolerance := 1e-9 + 1e-15*float64(n-k)/(1-ci.Upper)
			if p := binomialAtMost(k, n, ci.Upper); math.Abs(p/alpha-1) > tolerance {
				t.Fatalf("P(Bin <= k) at the upper bound is %g of alpha", p/alpha)
			}
		}
	})
}

func ExampleClopperPearson() {
	// No failure in a million runs, one-sided 95 %.
	ci := ClopperPearson(0, 1_000_000, 0, 0.05)
	fmt.Printf("at most %.2g\n", ci.Upper)
	// Output: at most 3e-06
}

func BenchmarkClopperPearson(b *testing.B) {
	for _, k := range []int64{0, 1, 10, 1000, 100_000, 500_000} {
		b.Run(fmt.Sprintf("events=%d", k), func(b *testing.B) {
			for b.Loop() {
				ClopperPearson(k, 1_000_000, 0.025, 0.025)
			}
		})
	}
}
