package estimate

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// solveLogTail returns the x in (0, top) at which a tail probability P(x) equals
// alpha, from a first guess. The function tail returns P(x), slope = ±x·f/P, the
// derivative of ln P by ln x with the density f (minus for an upper tail), and
// curl = 1 + x·f′/f.
//
// Tails of the beta and gamma distributions are logarithmically concave in ln x,
// so Newton's method on
//
//	g(u) = ln P(e^u) − ln alpha,  g′ = slope,  g″ = slope·(curl − slope)
//
// cannot cycle: after one step it stays on one side of the root. Halley's step
// −g/(g′ − g·g″/(2g′)) makes it two or three steps instead of five.
func solveLogTail(x, top, alpha float64, tail func(x float64) (p, slope, curl float64)) float64 {
	logAlpha := math.Log(alpha)
	// A step reduces the error in ln P to about its cube, so one step from 1e-4
	// reaches double precision. The limit of a hundred steps is never reached; it
	// rules out an endless loop.
	for range 100 {
		p, slope, curl := tail(x)
		g := math.Log(p) - logAlpha
		step := -g / slope
		if damped := 1 + step*(curl-slope)/2; damped > 0.5 {
			step /= damped
		}
		next := x * math.Exp(min(step, 700))
		if next >= top {
			next = x + (top-x)/2
		}
		x = next
		if math.Abs(g) < 1e-4 || x == 0 {
			break
		}
	}
	return x
}

// normalUpper returns the z that a standard normal variable exceeds with
// probability alpha, 0 < alpha <= 1/2.
func normalUpper(alpha float64) float64 { return -mathext.NormalQuantile(alpha) }

// deviance returns t − ln(1+t) for t > −1 without cancellation near zero. The
// caller passes 1+t too, which near t = −1 has digits that t has lost.
//
// Binomial, beta and gamma probabilities are exponentials of a·(t − ln(1+t))
// with a large a and a small t. The usual differences of log-gammas lose a
// factor of a·ln a in relative error, four digits at a = 1e9; this function
// loses none. The idea is Loader's (Fast and accurate computation of binomial
// probabilities, 2000).
func deviance(t, onePlus float64) float64 {
	if math.Abs(t) > 0.1 {
		return t - math.Log(onePlus)
	}
	// With r = t/(2+t), ln(1+t) = 2·(r + r³/3 + r⁵/5 + …) and t = r·(2+t), so
	//
	//	t − ln(1+t) = r·t − 2·(r³/3 + r⁵/5 + …).
	//
	// |r| <= 0.053 here, and the first omitted term, 2·r¹⁵/15, is below 1e-17 of
	// the result, which is about 2·r².
	r := t / (2 + t)
	s := r * r
	tail := 1.0/3 + s*(1.0/5+s*(1.0/7+s*(1.0/9+s*(1.0/11+s/13))))
	return r * (t - 2*s*tail)
}

// stirlingError returns ln Γ(a) − [(a − 1/2)·ln a − a + ln(2π)/2] for a > 0, the
// error of Stirling's formula.
func stirlingError(a float64) float64 {
	if a < 16 {
		g, _ := math.Lgamma(a)
		return g - (float64((a-0.5)*math.Log(a)) - a + halfLogTwoPi)
	}
	// The asymptotic series; its next term, 1/(1188·a⁹), is below 1.3e-14 at 16.
	s := 1 / (a * a)
	return (1.0/12 - s*(1.0/360-s*(1.0/1260-s/1680))) / a
}

const halfLogTwoPi = 0.91893853320467274178 // ln(2π)/2
