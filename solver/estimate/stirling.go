package estimate

import "math"

// deviance returns t − ln(1+t) for t > −1 without cancellation near zero. The
// caller gives 1+t as well, which near −1 has digits that t has lost.
//
// Binomial, beta and gamma probabilities are exponentials of a·(t − ln(1+t))
// with a large a and a small t, so that the usual differences of log-gammas lose
// a factor of a·ln a in relative error, four digits at a = 1e9, where this loses
// none. The idea is Loader's (Fast and accurate computation of binomial
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

// stirlingError returns ln Γ(a) − [(a − 1/2)·ln a − a + ln(2π)/2] for a > 0: what
// Stirling's formula leaves.
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
