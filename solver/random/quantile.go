package random

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Gamma returns the quantile at u of the gamma distribution with the given shape k and scale
// 1/k, which has mean 1 and variance 1/k:
//
//	P(k, k·x) = u, P the regularized lower incomplete gamma function.
//
// Gamma(0, k) = 0 and Gamma(1, k) = +Inf. A quantile below the least float64 is 0. It panics
// unless 0 ≤ u ≤ 1 and 0 < k < +Inf.
//
// The equation is solved on logarithmic scales (see invert), not by mathext.GammaIncRegInv,
// which returns 0 for quantiles below about 1e-16 and so loses the lower tail of small
// shapes: at u = 0.01 and k = 0.1 it is 6e-20.
func Gamma(u, shape float64) float64 {
	if !(u >= 0 && u <= 1) {
		panic("random: probability outside [0, 1]")
	}
	if !(shape > 0 && shape <= math.MaxFloat64) {
		panic("random: gamma shape not positive and finite")
	}
	switch u {
	case 0:
		return 0
	case 1:
		return math.Inf(1)
	}
	lgamma, _ := math.Lgamma(shape)
	w := invert(logit(u), math.Log(shape), func(w float64) (g, slope float64) {
		x := math.Exp(w)
		if w < logTiny {
			// P(k, x) → x^k / Γ(k+1) as x → 0
			log := shape*w - math.Log(shape) - lgamma
			upper := -math.Expm1(log)
			return log - math.Log(upper), shape / upper
		}
		lower, upper := mathext.GammaIncReg(shape, x), mathext.GammaIncRegComp(shape, x)
		density := math.Exp(shape*w - x - lgamma) // of w
		return math.Log(lower) - math.Log(upper), density / (lower * upper)
	})
	return math.Exp(w) / shape
}

// logTiny is the logarithm below which x is negligible beside 1 in float64: e^-40 = 4e-18.
const logTiny = -40

// invert solves g(w) = s for an increasing g, from the guess w; f returns the value and
// slope of g. gonum's inverses are not used: mathext.InvRegIncBeta is wrong in places. At a
// = 0.7, b = 1000, u = 1-1e-8 it returns 0.99999997 for the quantile 0.017.
//
// On logarithmic scales gamma and beta distribution functions are nearly straight lines, so
// Newton's method needs three to six steps anywhere, and extreme probabilities neither
// underflow nor cancel. A step that leaves the bracket found so far is replaced by a
// bisection, or by a step outward while the bracket is open, so the search ends even where g
// or its slope overflows.
func invert(s, w float64, f func(w float64) (g, slope float64)) float64 {
	const (
		// An error of 4e-15 in a logit is 1e-15 in a probability, the accuracy of the
		// incomplete functions.
		tolerance = 4e-15
		// Bisection alone goes from a bracket of 10^4 to neighbouring float64 in 66 steps.
		limit = 200
	)
	lo, hi := math.Inf(-1), math.Inf(1)
	outward := 1.0
	for range limit {
		g, slope := f(w)
		if math.Abs(g-s) <= tolerance*max(1, math.Abs(s)) {
			break
		}
		if g < s {
			lo = w
		} else {
			hi = w
		}
		next := w - (g-s)/slope
		if !(next > lo && next < hi) {
			switch {
			case math.IsInf(hi, 1):
				next = lo + outward
				outward *= 2
			case math.IsInf(lo, -1):
				next = hi - outward
				outward *= 2
			default:
				next = lo + (hi-lo)/2
			}
		}
		if math.Abs(next-w) <= 1e-16*math.Abs(w) {
			break
		}
		w = next
	}
	return w
}

// logit returns ln(u/(1-u)), for u in (0, 1).
func logit(u float64) float64 { return Log(u / (1 - u)) }

// logistic returns 1/(1+e^-w), with full relative precision where it is small.
func logistic(w float64) float64 {
	e := Exp(-math.Abs(w))
	if w < 0 {
		return e / (1 + e)
	}
	return 1 / (1 + e)
}
