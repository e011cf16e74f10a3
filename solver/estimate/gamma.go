package estimate

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// gammaQuantile returns the x with P(X <= x) = p of a gamma variable with shape
// a > 0 and scale 1.
//
// Package random has another gamma quantile, for draws, whose bits must not change. This
// one is several times as fast, keeps the digits of both tails and takes shapes up to 1e9:
// bounds are computed by the thousand.
func gammaQuantile(a, p float64) float64 {
	switch alpha := 1 - p; {
	case p <= 0.5:
		return a * gammaLower(a, p)
	case a >= 1:
		return a + gammaUpper(a, alpha)
	default:
		// Start at the exponential quantile: it is above that of a smaller
		// shape.
		return solveGammaUpper(a, alpha, -math.Log(alpha))
	}
}

// gammaLower returns x/a for the x with P(X <= x) = alpha, where X is a gamma
// variable with shape a > 0 and scale 1, and 0 < alpha <= 1/2.
//
// gonum's inverse takes 1.5 to 5 µs; two or three Halley steps from a good
// start, or none for a large shape, take a fifth of that or less.
func gammaLower(a, alpha float64) float64 {
	z := -normalUpper(alpha)
	if cornishFisherSuffices(a, z) {
		return 1 + cornishFisher(a, z)/a
	}
	x := wilsonHilferty(a, z)
	if a < 2 || !(x > 0) {
		// The leading term x^a/Γ(a+1) is above the tail, so the start is below
		// the root.
		g, _ := math.Lgamma(a + 1)
		x = max(x, math.Exp((math.Log(alpha)+g)/a))
		if x == 0 {
			return 0 // the quantile underflows
		}
	}
	return solveLogTail(x, math.Inf(1), alpha, func(x float64) (p, slope, curl float64) {
		p = mathext.GammaIncReg(a, x)
		return p, gammaDensity(a, x) / p, a - x
	}) / a
}

// gammaUpper returns x − a for the x with P(X > x) = alpha and a >= 1. The
// difference keeps its digits for a huge shape.
func gammaUpper(a, alpha float64) float64 {
	if a == 1 {
		return -math.Log(alpha) - 1
	}
	z := normalUpper(alpha)
	if cornishFisherSuffices(a, z) {
		return cornishFisher(a, z)
	}
	return solveGammaUpper(a, alpha, wilsonHilferty(a, z)) - a
}

// solveGammaUpper returns the x with P(X > x) = alpha, from a first guess.
func solveGammaUpper(a, alpha, x float64) float64 {
	return solveLogTail(x, math.Inf(1), alpha, func(x float64) (p, slope, curl float64) {
		p = mathext.GammaIncRegComp(a, x)
		return p, -gammaDensity(a, x) / p, a - x
	})
}

// gammaDensity returns x times the density at x, x^a·e^−x/Γ(a).
func gammaDensity(a, x float64) float64 {
	t := (x - a) / a
	return math.Sqrt(a/(2*math.Pi)) * math.Exp(-stirlingError(a)-float64(a*deviance(t, x/a)))
}

// wilsonHilferty approximates the gamma quantile at normal quantile z, to a few
// per cent at shape 1 and better above. It can be negative for a small shape.
func wilsonHilferty(a, z float64) float64 {
	h := 1 / (9 * a)
	c := 1 - h + z*math.Sqrt(h)
	return a * c * c * c
}

// cornishFisher approximates the gamma quantile minus the shape at normal
// quantile z:
//
//	√a·z + (z²−1)/3 + (z³−7z)/(36√a) − (3z⁴+7z²−16)/(810a)
//	     + (9z⁵+256z³−433z)/(38880a^{3/2}) + (12z⁶−243z⁴−923z²+1472)/(204120a²) + …
//
// Reference: Goldberg and Levine, Annals of Mathematical Statistics 17 (1946)
// 216, for chi-squared = 2x with 2a degrees of freedom.
func cornishFisher(a, z float64) float64 {
	r := 1 / math.Sqrt(a)
	s := z * z
	c2 := (s - 1) / 3
	c3 := z * (s - 7) / 36
	c4 := -(s*(3*s+7) - 16) / 810
	c5 := z * (s*(9*s+256) - 433) / 38880
	c6 := (s*(s*(12*s-243)-923) + 1472) / 204120
	return math.Sqrt(a)*z + c2 + r*(c3+r*(c4+r*(c5+r*c6)))
}

// cornishFisherSuffices reports whether the expansion is good to 3e-7 of the
// standard deviation √a for a normal quantile z up to 7. The limit was found by
// comparison with the exact quantile; a test repeats it.
func cornishFisherSuffices(a, z float64) bool { return a > 20+10*z*z }
