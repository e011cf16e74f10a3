package estimate

import "math"

// Moments are the sufficient statistics of weights: numbers X in [0, 1], one
// from each path, whose mean is the wanted probability. A weight is a 0/1
// outcome, or the probability of the outcome given the path. The zero value
// holds no path.
type Moments struct {
	Paths  int64 // number of paths
	Blocks int64 // number of blocks of paths behind Variance; at least 2 for an interval

	Sum float64 // total weight over all paths, in [0, Paths]

	// Variance is an unbiased estimate of the variance of one path's weight with
	// Blocks−1 degrees of freedom.
	Variance float64

	// Largest is the largest weight that any path could have, in (0, 1]. When
	// in doubt use 1. See Interval.
	Largest float64
}

// Mean returns the estimated probability, NaN without paths.
func (m Moments) Mean() float64 { return m.Sum / float64(m.Paths) }

// StandardError returns the standard error of Mean, +Inf with fewer than two
// blocks. It is 0 if all blocks have the same mean. That does not make the
// estimate certain, so Interval does not rest on it alone.
func (m Moments) StandardError() float64 {
	if m.Paths < 1 || m.Blocks < 2 {
		return math.Inf(1)
	}
	return math.Sqrt(m.Variance / float64(m.Paths))
}

// Interval returns confidence bounds for the mean weight, wrong with about the
// given one-sided probabilities: the guarded gamma interval. An error
// probability of 0 makes that bound 0 or 1.
//
// Let y = Sum, N = Paths, L = Largest and v = N·Variance·(t/z)², the variance of
// y, widened by the square of Student's t with Blocks−1 degrees of freedom over
// the normal quantile. With G(p; k) the p-quantile of the gamma distribution
// with shape k,
//
//	Lower = v/y·G(alphaLower; y²/v) · alphaLower^(1/N) / N,
//	Upper = [y − v/L + L·G(1−alphaUpper; v/L² + 1)] / N,
//
// clipped to [0, 1]. Lower is the bound of Fay and Feuer (Statistics in Medicine
// 16 (1997) 791) for weighted Poisson counts; Upper has their unseen event of
// the largest weight L too, but spreads the variance over events of weight L
// instead of v/y. That is the most skewed distribution (the extremal case of
// Bennett's inequality).
//
// When many paths contribute, both bounds are Student's t about the mean. When y
// consists of few events of weight L, v = L·y and both are Garwood's exact
// Poisson bounds. With no event at all, Upper = −L·ln(alphaUpper)/N.
//
// The guards cover events that the sample is too small to show. Every path may
// have the same small weight while a rare event of weight 1 has not happened
// yet. The variance is then near zero, and a t interval is wrong most of the
// time for any number of blocks. The upper bound therefore always includes
// −ln(alphaUpper) unseen events of weight L: so many stay unseen with
// probability alphaUpper. The lower bound includes, by the same argument, a
// fraction 1 − alphaLower^(1/N) of paths with weight zero. A Largest below 1
// must follow from the model, never from the sample.
//
// For a mean above 1/2 the interval is that of 1 − X, mirrored, with 1 for its
// largest weight.
//
// Interval returns [0, 1] if there are fewer than two blocks. It panics if an
// error probability is outside [0, 1/2], Largest outside (0, 1], Sum outside
// [0, Paths] or Variance negative.
func (m Moments) Interval(alphaLower, alphaUpper float64) Interval {
	checkAlphas(alphaLower, alphaUpper)
	if m.Paths < 1 || m.Blocks < 2 {
		return Interval{0, 1}
	}
	n := float64(m.Paths)
	if !(m.Sum >= 0 && m.Sum <= n && m.Variance >= 0) {
		panic("estimate: moments not of weights in [0, 1]")
	}
	if !(m.Largest > 0 && m.Largest <= 1) {
		panic("estimate: largest weight outside (0, 1]")
	}
	if m.Sum > n-m.Sum {
		m.Sum, m.Largest = n-m.Sum, 1
		return Interval{1 - m.upper(alphaLower), 1 - m.lower(alphaUpper)}
	}
	return Interval{m.lower(alphaLower), m.upper(alphaUpper)}
}

// Estimate returns the mean with its standard error and the interval with the error
// probability alpha on each side.
func (m Moments) Estimate(alpha float64) Estimate {
	return Estimate{m.Mean(), m.StandardError(), m.Interval(alpha, alpha)}
}

// SurelyWithin reports whether the upper bound of Interval is certainly at most a
// tolerance, at a fraction of the cost. False means that it could not decide. With X a
// gamma variable of shape k, Chernoff's bound for x > k is
//
//	P(X > x) ≤ e^(k−x)·(x/k)^k.
//
// It panics as Interval does.
func (m Moments) SurelyWithin(tolerance, alphaUpper float64) bool {
	checkAlphas(0, alphaUpper)
	if m.Paths < 1 || m.Blocks < 2 || alphaUpper == 0 || m.Sum > float64(m.Paths)/2 {
		return false
	}
	// d = x − k is not computed as a difference: k may be so large that x rounds to it.
	l := m.Largest
	k := m.widened(alphaUpper)/l/l + 1
	d := (tolerance*float64(m.Paths)-m.Sum)/l - 1
	return d > 0 && k*math.Log1p(d/k)-d <= math.Log(alphaUpper)
}

// lower returns the lower bound of Interval.
func (m Moments) lower(alpha float64) float64 {
	if alpha == 0 || m.Sum == 0 {
		return 0
	}
	n, y := float64(m.Paths), m.Sum
	if v := m.widened(alpha); v > 0 {
		if k := y * (y / v); !math.IsInf(k, 1) {
			y *= gammaLower(k, alpha)
		}
	}
	return y / n * math.Exp(math.Log(alpha)/n)
}

// upper returns the upper bound of Interval.
func (m Moments) upper(alpha float64) float64 {
	if alpha == 0 {
		return 1
	}
	n, y, l := float64(m.Paths), m.Sum, m.Largest
	k := m.widened(alpha) / l / l
	return min((y+l*(1+gammaUpper(k+1, alpha)))/n, 1)
}

// widened returns the variance of Sum times (t/z)².
func (m Moments) widened(alpha float64) float64 {
	if m.Variance == 0 {
		return 0
	}
	r := studentOverNormal(float64(m.Blocks-1), alpha)
	return float64(m.Paths) * m.Variance * r * r
}
