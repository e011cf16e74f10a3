package estimate

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// GammaRate is the gamma law of a rate of events: what is known of it after as
// many events as Shape in as much time as Exposure. Its density is
//
//	f(λ) ∝ λ^(Shape−1) e^(−Exposure·λ).
//
// It is conjugate to exponential times: see Given. Rates are in events per unit
// of Exposure.
type GammaRate struct{ Shape, Exposure float64 }

// JeffreysRate is the prior of a rate that nothing is known of, λ^(−1/2). It is
// no law by itself: it becomes one with the first exposure.
func JeffreysRate() GammaRate { return GammaRate{0.5, 0} }

// GammaBetween returns the gamma law that lies below low and above high with
// probability alpha/2 each. Where low is 0, which no gamma law has such a
// quantile at, it has the shape 1/2 of JeffreysRate and lies above high with
// alpha/2. It panics unless 0 <= low < high < +Inf and 0 < alpha < 1.
func GammaBetween(low, high, alpha float64) GammaRate {
	if !(low >= 0 && low < high && !math.IsInf(high, 1) && alpha > 0 && alpha < 1) {
		panic("estimate: no gamma law between such bounds")
	}
	shape := 0.5
	if low > 0 {
		// The ratio of the quantiles falls with the shape, from +Inf to 1.
		ratio := math.Log(high / low)
		excess := func(logShape float64) float64 {
			a := math.Exp(logShape)
			return ratio - math.Log(gammaQuantile(a, 1-alpha/2)/gammaQuantile(a, alpha/2))
		}
		least, most := math.Log(0.02), math.Log(1e8)
		switch {
		case excess(least) >= 0:
			shape = math.Exp(least)
		case excess(most) <= 0:
			shape = math.Exp(most)
		default:
			shape = math.Exp(bisect(excess, least, most))
		}
	}
	return GammaRate{shape, gammaQuantile(shape, 1-alpha/2) / high}
}

// Given returns what is known of the rate after so many events in so much
// further exposure. With exponential times, some of them censored, n events in
// the exposure T have the likelihood λ^n e^(−λT), so that
//
//	Gamma(a, b) becomes Gamma(a + n, b + T).
//
// It panics if either is negative.
func (g GammaRate) Given(events int, exposure float64) GammaRate {
	if events < 0 || !(exposure >= 0) {
		panic("estimate: negative events or exposure")
	}
	return GammaRate{g.Shape + float64(events), g.Exposure + exposure}
}

// Proper tells whether it is a law: JeffreysRate is none without exposure.
func (g GammaRate) Proper() bool { return g.Shape > 0 && g.Exposure > 0 }

// Mean returns the mean rate: the one that predicts the number of events in a
// short time.
func (g GammaRate) Mean() float64 { return g.Shape / g.Exposure }

// Quantile returns the rate that the true one lies below with probability p,
// 0 < p < 1, to about 1e-6 of the standard deviation.
func (g GammaRate) Quantile(p float64) float64 { return gammaQuantile(g.Shape, p) / g.Exposure }

// gammaQuantile returns the x with P(X <= x) = p of a gamma variable with shape
// a > 0 and scale 1.
func gammaQuantile(a, p float64) float64 {
	switch alpha := 1 - p; {
	case p <= 0.5:
		return a * gammaLower(a, p)
	case a >= 1:
		return a + gammaUpper(a, alpha)
	default:
		// An exponential variable lies above one of a smaller shape.
		return solveLogTail(-math.Log(alpha), math.Inf(1), alpha, func(x float64) (p, slope, curl float64) {
			p = mathext.GammaIncRegComp(a, x)
			return p, -gammaDensity(a, x) / p, a - x
		})
	}
}

// bisect returns the zero of a function that rises or falls through it between
// low and high.
func bisect(f func(float64) float64, low, high float64) float64 {
	rising := f(low) < 0
	for range 200 {
		middle := low + (high-low)/2
		if middle <= low || middle >= high {
			break
		}
		if (f(middle) < 0) == rising {
			low = middle
		} else {
			high = middle
		}
	}
	return low + (high-low)/2
}
