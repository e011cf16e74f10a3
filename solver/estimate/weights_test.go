package estimate

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"
)

// TestGammaQuantile evaluates the incomplete gamma function at quantiles.
func TestGammaQuantile(t *testing.T) {
	t.Parallel()
	for _, alpha := range []float64{0.5, 0.3, 0.05, 0.025, 1e-3, 1e-6, 1e-11} {
		for _, a := range []float64{0.1, 0.5, 1, 1.01, 2, 3.7, 12, 40, 99, 250, 5000} {
			x := a * gammaLower(a, alpha)
			z := normalUpper(alpha)
			// The expansion errs by up to 3e-7 of a standard deviation, where
			// the logarithm of the tail falls by z + 1 or less a deviation.
			tolerance := 1e-10
			if cornishFisherSuffices(a, z) {
				tolerance = 3e-7 * (z + 1)
			}
			near(t, fmt.Sprintf("P(Γ(%g) <= x) at %g", a, alpha), mathext.GammaIncReg(a, x),
				alpha, tolerance)
			if a >= 1 {
				x = a + gammaUpper(a, alpha)
				near(t, fmt.Sprintf("P(Γ(%g) > x) at %g", a, alpha), mathext.GammaIncRegComp(a, x),
					alpha, tolerance)
			}
		}
	}
	if got := gammaLower(0.001, 0.025); got != 0 {
		t.Errorf("quantile below the smallest number: got %g", got)
	}
}

// TestStudentOverNormal evaluates the distribution at quantiles, by P(T > t) =
// I_{ν/(ν+t²)}(ν/2, 1/2)/2.
func TestStudentOverNormal(t *testing.T) {
	t.Parallel()
	for _, nu := range []float64{1, 2, 7, 20, 21, 30, 63, 127, 255, 4095} {
		for _, alpha := range []float64{0.4, 0.05, 0.025, 0.001, 1e-5, 1e-8, 1e-12} {
			z := normalUpper(alpha)
			q := z * studentOverNormal(nu, alpha)
			// An error of 2e-6 in t/z changes the logarithm of the tail by
			// 2e-6·z·(z + 1) or less.
			near(t, fmt.Sprintf("P(T > t) with %g at %g", nu, alpha),
				mathext.RegIncBeta(nu/2, 0.5, nu/(nu+q*q))/2, alpha, 1e-10+2e-6*z*(z+1))
		}
		if r := studentOverNormal(nu, 0.5); !(r >= 1 && r < 1.3) {
			t.Errorf("t/z at the median with %g: %g", nu, r)
		}
	}
}

// TestIntervalLimits checks the cases with a closed form.
func TestIntervalLimits(t *testing.T) {
	t.Parallel()
	const n, many = 1_000_000, 1 << 40 // so many blocks: t is normal
	of := func(sum, variance, largest float64) Interval {
		return Moments{n, many, sum, variance, largest}.Interval(0.025, 0.025)
	}
	// 1e-11: n·Variance is rounded; guard: alpha^(1/n) lowers by 3.7e-6.
	guard := math.Pow(0.025, 1.0/n)

	// No event: −L·ln(alpha)/n.
	got := of(0, 0, 0.5)
	near(t, "nothing seen, upper", got.Upper, -0.5*math.Log(0.025)/n, 1e-14)
	if got.Lower != 0 {
		t.Errorf("nothing seen: lower bound %g", got.Lower)
	}
	// k equal events of weight w and a variance as of Poisson counts: Garwood,
	// w·[χ²(2k; 0.025), χ²(2k+2; 0.975)]/2. Quantiles of chi-squared from gonum.
	for _, k := range []float64{1, 2, 5, 30} {
		const w = 0.25
		got := of(k*w, k*w*w/n, w)
		name := fmt.Sprintf("Garwood %g", k)
		near(t, name+" lower", got.Lower, w*distuv.ChiSquared{K: 2 * k}.Quantile(0.025)/2/n*guard, 1e-9)
		near(t, name+" upper", got.Upper, w*distuv.ChiSquared{K: 2*k + 2}.Quantile(0.975)/2/n, 1e-9)
	}
	// Many small weights with few blocks: Student's t, 2.0 standard errors with 63
	// degrees of freedom.
	m := Moments{Paths: n, Blocks: 64, Sum: 3e5, Variance: 0.02, Largest: 1}
	half := distuv.StudentsT{Sigma: 1, Nu: 63}.Quantile(0.975) * m.StandardError()
	got = m.Interval(0.025, 0.025)
	// The guards are 4 in a sum of 3e5 ± 277, 1.5 % of the half-width.
	near(t, "Student lower", 0.3-got.Lower, half, 0.02)
	near(t, "Student upper", got.Upper-0.3, half, 0.02)
	// No variance: the guards alone.
	got = of(1000, 0, 1)
	near(t, "sure, lower", got.Lower, 1e-3*guard, 1e-14)
	near(t, "sure, upper", got.Upper, 1e-3-math.Log(0.025)/n, 1e-14)
	// A variance so small that the shape overflows every table.
	got = of(1000, 1e-40, 1)
	near(t, "nearly sure, lower", got.Lower, 1e-3*guard, 1e-14)

	if got := (Moments{Paths: 5, Blocks: 1, Sum: 1, Largest: 1}).Interval(0.1, 0.1); got !=
		(Interval{0, 1}) {
		t.Errorf("one block: got %v", got)
	}
	if got := of(1000, 1e-3, 1); (Moments{n, many, 1000, 1e-3, 1}).Interval(0, 0.025) !=
		(Interval{0, got.Upper}) {
		t.Error("a one-sided bound differs from that of two sides")
	}
	panics(t, "estimate: largest weight outside (0, 1]", func() { of(1, 0, 0) })
	panics(t, "estimate: moments not of weights in [0, 1]", func() { of(n+1, 0, 1) })
	panics(t, "estimate: moments not of weights in [0, 1]", func() { of(1, math.NaN(), 1) })
	panics(t, badAlpha, func() { (Moments{}).Interval(-1, 0) })
}

func TestMomentsZero(t *testing.T) {
	t.Parallel()
	var m Moments
	if !math.IsNaN(m.Mean()) || !math.IsInf(m.StandardError(), 1) ||
		m.Interval(0.1, 0.1) != (Interval{0, 1}) {
		t.Errorf("no paths: mean %v, error %v, interval %v", m.Mean(), m.StandardError(),
			m.Interval(0.1, 0.1))
	}
}

func drawMoments(t *rapid.T) Moments {
	n := rapid.Int64Range(2, 1<<31).Draw(t, "paths")
	mean := math.Exp(-rapid.Float64Range(0, 40).Draw(t, "-ln mean"))
	if rapid.Bool().Draw(t, "mirror") {
		mean = 1 - mean
	}
	return Moments{
		Paths:    n,
		Blocks:   rapid.Int64Range(2, min(n, 4096)).Draw(t, "blocks"),
		Sum:      mean * float64(n),
		Variance: mean * (1 - mean) * rapid.Float64Range(0, 1).Draw(t, "variance"),
		Largest:  math.Exp(-rapid.Float64Range(0, 40).Draw(t, "-ln largest")),
	}
}

func TestIntervalProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMoments(t)
		alpha := math.Exp(-rapid.Float64Range(0.7, 25).Draw(t, "-ln alpha"))
		ci := m.Interval(alpha, alpha)
		// Rounding of 1 − X may move the bounds by an ulp of 1.
		if !(ci.Lower >= 0 && ci.Lower <= m.Mean()+1e-15 && ci.Upper >= m.Mean()-1e-15 && ci.Upper <= 1) {
			t.Fatalf("%v does not hold %v", ci, m.Mean())
		}
		if ci.Width() == 0 {
			t.Fatalf("%v is certain", ci)
		}
		wider := m.Interval(alpha/3, alpha/3)
		if wider.Lower > ci.Lower || wider.Upper < ci.Upper {
			t.Fatalf("%v at a third of the error probability of %v", wider, ci)
		}
	})
}

func TestIntervalAllocates(t *testing.T) {
	m := Moments{Paths: 4096, Blocks: 64, Sum: 5, Variance: 1e-3, Largest: 1}
	if n := testing.AllocsPerRun(100, func() { m.Interval(0.025, 0.025) }); n != 0 {
		t.Errorf("%v allocations an interval, want none", n)
	}
}

func ExampleMoments_Interval() {
	// A thousand blocks of a hundred paths, each with weight 0.001: no variance.
	m := Moments{Paths: 100_000, Blocks: 1000, Sum: 100, Variance: 0, Largest: 1}
	ci := m.Interval(0.025, 0.025)
	fmt.Printf("%.6f to %.6f\n", ci.Lower, ci.Upper)
	// Output: 0.001000 to 0.001037
}

func BenchmarkMomentsInterval(b *testing.B) {
	for _, y := range []float64{0, 1, 10, 100, 10000} {
		b.Run(fmt.Sprintf("sum=%g", y), func(b *testing.B) {
			m := Moments{Paths: 1_000_000, Blocks: 64, Sum: y, Variance: y / 1e6, Largest: 1}
			for b.Loop() {
				m.Interval(0.025, 0.025)
			}
		})
	}
}

// TestSurelyWithin: true is always correct, and it is true where the bound is
// clearly below the tolerance.
func TestSurelyWithin(t *testing.T) {
	t.Parallel()
	told := 0
	rapid.Check(t, func(t *rapid.T) {
		m := Moments{
			Paths:   rapid.Int64Range(64, 1<<24).Draw(t, "paths"),
			Blocks:  rapid.Int64Range(2, 256).Draw(t, "blocks"),
			Largest: rapid.Float64Range(1e-6, 1).Draw(t, "largest"),
		}
		p := math.Exp(-rapid.Float64Range(0, 16).Draw(t, "log p"))
		m.Sum = p * float64(m.Paths)
		m.Variance = rapid.Float64Range(0, p*m.Largest).Draw(t, "variance")
		alpha := math.Exp(-rapid.Float64Range(0.7, 20).Draw(t, "log alpha"))
		upper := m.Interval(0, alpha).Upper
		for _, tolerance := range []float64{p, upper / 2, upper * (1 - 1e-9), upper * 1.0001, upper * 1.2,
			upper * 2} {
			within := m.SurelyWithin(tolerance, alpha)
			if within && upper > tolerance {
				t.Fatalf("%+v: the upper bound %v is said to be within %v", m, upper, tolerance)
			}
			if within {
				told++
			}
		}
		if far := upper + (upper - p); alpha < 0.05 && far < 0.5 && !m.SurelyWithin(far, alpha) {
			t.Fatalf("%+v: cannot tell that the upper bound %v is within %v", m, upper, far)
		}
	})
	if told == 0 {
		t.Error("it never tells")
	}
	// Two blocks carry hardly any information: a shape of 1e16.
	m := Moments{Paths: 127, Blocks: 2, Sum: 43.890025577275765, Variance: 0.043198844072121816,
		Largest: 0.125}
	if alpha := math.Exp(-20); m.Interval(0, alpha).Upper == 1 && m.SurelyWithin(1-1e-9, alpha) {
		t.Error("a bound of 1 is said to be less")
	}
}
