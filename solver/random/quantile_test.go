package random

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

var (
	shapes        = []float64{0.05, 0.3, 0.7, 1, 2, 3, 20, 100, 1000}
	probabilities = []float64{
		0x1p-53, 0x1p-33, 1e-8, 1e-5, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99,
		1 - 1e-5, 1 - 1e-8, 1 - 0x1p-33, 1 - 0x1p-53,
	}
)

func TestGammaClosedForms(t *testing.T) {
	t.Parallel()
	const tolerance = 1e-13 // of the incomplete gamma function, times a condition number of up to 30
	for _, u := range probabilities {
		// Shape 1: x = -ln(1-u). Shape ½: x is the square of a normal variate.
		if got, want := Gamma(u, 1), -math.Log1p(-u); !(math.Abs(got-want) <= tolerance*want) {
			t.Errorf("Gamma(%v, 1) = %v, want %v", u, got, want)
		}
		if u > 0.5 {
			z := Normal((1 - u) / 2)
			if got := Gamma(u, 0.5); !(math.Abs(got-z*z) <= tolerance*z*z) {
				t.Errorf("Gamma(%v, 0.5) = %v, want %v", u, got, z*z)
			}
		}
	}
}

func TestGammaRoundTrip(t *testing.T) {
	t.Parallel()
	// Relative, of the smaller tail: what mathext.GammaIncReg is good for at shape 1000.
	const tolerance = 1e-12
	for _, k := range shapes {
		last := 0.0
		for _, u := range probabilities {
			x := Gamma(u, k)
			got, want := mathext.GammaIncReg(k, k*x), u
			if u > 0.5 {
				got, want = mathext.GammaIncRegComp(k, k*x), 1-u
			}
			// A subnormal x has too few digits to return from.
			if k*x > 0x1p-1000 && !(math.Abs(got-want) <= tolerance*want) {
				t.Errorf("Gamma(%v, %v) = %v, back at %v, want %v", u, k, x, got, want)
			}
			if !(x > last) {
				t.Errorf("Gamma(%v, %v) = %v, not above %v", u, k, x, last)
			}
			last = x
		}
	}
}

// beta returns the quantile that a BetaTable is made from.
func beta(u, a, b float64) float64 {
	return logistic(invert(logit(u), math.Log(a/b), betaLogit(a, b)))
}

func TestBetaClosedForms(t *testing.T) {
	t.Parallel()
	const tolerance = 1e-12 // of mathext.RegIncBeta and Lbeta at shapes of 1000; 1e-13 at small ones
	for _, k := range shapes {
		for _, u := range probabilities {
			// I_x(k, 1) = x^k and 1 - I_x(1, k) = (1-x)^k.
			want := math.Pow(u, 1/k)
			if got := beta(u, k, 1); !(math.Abs(got-want) <= tolerance*(1+1/k)*want+0x1p-1070) {
				t.Errorf("beta(%v, %v, 1) = %v, want %v", u, k, got, want)
			}
			want = -math.Expm1(math.Log1p(-u) / k)
			if got := beta(u, 1, k); !(math.Abs(got-want) <= tolerance*want) {
				t.Errorf("beta(%v, 1, %v) = %v, want %v", u, k, got, want)
			}
		}
	}
	// The arcsine law: I_x(½, ½) = (2/π)·arcsin √x.
	for _, u := range probabilities {
		s := math.Sin(math.Pi / 2 * u)
		if got := beta(u, 0.5, 0.5); !(math.Abs(got-s*s) <= tolerance*s*s) {
			t.Errorf("beta(%v, 0.5, 0.5) = %v, want %v", u, got, s*s)
		}
	}
}

func TestBetaRoundTrip(t *testing.T) {
	t.Parallel()
	// Relative, of the smaller tail: what mathext.RegIncBeta is good for at shapes of 100. At
	// (1000, 0.05) it is off by 1e-9 itself, so larger shapes are left to the closed forms.
	const tolerance = 1e-11
	for _, a := range shapes[:8] {
		for _, b := range shapes[:8] {
			last := 0.0
			for _, u := range probabilities {
				x := beta(u, a, b)
				if !(x >= last && x <= 1) {
					t.Errorf("beta(%v, %v, %v) = %v, below %v or above 1", u, a, b, x, last)
				}
				last = x
				// The tails come back from arguments that are not rounded at the other end.
				got, want := mathext.RegIncBeta(a, b, x), u
				if u > 0.5 {
					got, want = mathext.RegIncBeta(b, a, 1-x), 1-u
				}
				// Near x = 1, and for 1-x from a small x, the rounding of the argument shows: it is a
				// relative error of that size in 1-x or x, times the shape there in the probability.
				rounding := 0x1p-52 * (a + b/(1-x))
				if u > 0.5 {
					rounding = 0x1p-52 * (a/x + b/(1-x))
				}
				if x > 0x1p-1000 && x < 1 && !(math.Abs(got-want) <= (tolerance+rounding)*want) {
					t.Errorf("beta(%v, %v, %v) = %v, back at %v, want %v", u, a, b, x, got, want)
				}
			}
		}
	}
}

// At this point the inverse in mathext gives 0.99999997.
func TestBetaWhereOthersFail(t *testing.T) {
	t.Parallel()
	x := beta(1-1e-8, 0.7, 1000)
	if got := mathext.RegIncBeta(1000, 0.7, 1-x); !(math.Abs(got-1e-8) <= 1e-15) {
		t.Errorf("beta(1-1e-8, 0.7, 1000) = %v, where the upper tail is %v, want 1e-8", x, got)
	}
}

func TestQuantileEnds(t *testing.T) {
	t.Parallel()
	for _, k := range shapes {
		if lo, hi := Gamma(0, k), Gamma(1, k); lo != 0 || !math.IsInf(hi, 1) {
			t.Errorf("Gamma(0, %v), Gamma(1, %v) = %v, %v, want 0, +Inf", k, k, lo, hi)
		}
	}
}

func TestQuantilePanics(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	tests := []struct {
		name string
		f    func()
	}{
		{"Gamma(-0.1, 1)", func() { Gamma(-0.1, 1) }},
		{"Gamma(NaN, 1)", func() { Gamma(nan, 1) }},
		{"Gamma(0.5, 0)", func() { Gamma(0.5, 0) }},
		{"Gamma(0.5, +Inf)", func() { Gamma(0.5, inf) }},
		{"NewBetaTable(0.2, 1)", func() { NewBetaTable(0.2, 1) }},
		{"NewBetaTable(1, 101)", func() { NewBetaTable(1, 101) }},
		{"NewBetaTable(NaN, 1)", func() { NewBetaTable(nan, 1) }},
	}
	for _, tt := range tests {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s did not panic", tt.name)
				}
			}()
			tt.f()
		}()
	}
}
