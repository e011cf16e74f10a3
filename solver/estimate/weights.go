package estimate

import "math"

// Moments are the sufficient statistics of weights: numbers X in [0, 1], one
// from each path, whose mean is the probability sought. A 0/1 outcome is a
// weight; so is the probability of the outcome given what the path has seen.
// The zero value holds no path.
type Moments struct {
	Paths  int64 // number of paths
	Blocks int64 // number of blocks of paths behind Variance; at least 2 for an interval

	Sum float64 // total weight over all paths, in [0, Paths]

	// Variance is an unbiased estimate of the variance of one path's weight with
	// Blocks−1 degrees of freedom.
	Variance float64

	// Largest is the largest weight that one path not yet seen could carry, in
	// (0, 1]. When in doubt it is 1. See Interval.
	Largest float64
}

// Mean returns the estimate of the probability, NaN without a path.
func (m Moments) Mean() float64 { return m.Sum / float64(m.Paths) }

// StandardError returns the standard error of Mean, +Inf with fewer than two
// blocks. It is 0 if all blocks have the same mean, which does not make the
// estimate certain: Interval does not stand on it alone.
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
// the largest weight L, but spreads the variance over events of that weight, the
// most skew way there is (the extremal case of Bennett's inequality), where they
// spread it over events of size v/y.
//
// When many paths contribute, both bounds are Student's t about the mean. When
// few events of weight L make up y, v = L·y and both are Garwood's exact Poisson
// bounds. When nothing was seen, Upper = −L·ln(alphaUpper)/N.
//
// The guards are there for what a sample cannot show. A tally may hold a sure
// small weight on every path and also a rare all-or-nothing event that no path
// has met yet. Its variance is then near zero and a t interval is wrong most of
// the time, however many its blocks. The upper bound therefore always leaves
// room for as many unseen events of weight L as would stay unseen with
// probability alphaUpper, −ln(alphaUpper) of them; the lower bound for a
// fraction of 1 − alphaLower^(1/N) of the paths, hidden by the same argument, on
// which the weight is zero. A Largest below 1 is a promise about paths not seen:
// it must come from knowledge of the model, never from the sample.
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

// SurelyWithin reports, at a fraction of the cost, that the upper bound of Interval is
// at most a tolerance; where it cannot tell it reports false. With X a gamma variable
// of shape k, Chernoff's bound for x > k is
//
//	P(X > x) ≤ e^(k−x)·(x/k)^k.
//
// It panics as Interval does.
func (m Moments) SurelyWithin(tolerance, alphaUpper float64) bool {
	checkAlphas(0, alphaUpper)
	if m.Paths < 1 || m.Blocks < 2 || alphaUpper == 0 || m.Sum > float64(m.Paths)/2 {
		return false
	}
	// With d = x − k, which is not worked out as a difference: k may be so large that x
	// is rounded to it.
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
