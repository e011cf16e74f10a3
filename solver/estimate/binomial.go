package estimate

import "math"

// ClopperPearson returns exact bounds for the probability of an event that
// happened in events of trials independent trials. Each one-sided bound is wrong
// with at most the given probability, whatever the truth:
//
//	Lower: the p with P(Bin(trials, p) >= events) = alphaLower, 0 at no event,
//	Upper: the p with P(Bin(trials, p) <= events) = alphaUpper, 1 at all events.
//
// The usual two-sided 95 % interval has 0.025 and 0.025; for a one-sided bound
// pass 0 for the other side, whose bound is then 0 or 1. Bounds have a relative
// error of about 1e-12 for up to 1e9 trials. The time grows about as √min(events,
// trials−events) at worst: 1 to 2 µs for a million trials.
//
// ClopperPearson panics unless 0 <= events <= trials and both error
// probabilities lie in [0, 1/2]. No trials give [0, 1].
//
// Reference: Clopper and Pearson, Biometrika 26 (1934) 404.
func ClopperPearson(events, trials int64, alphaLower, alphaUpper float64) Interval {
	checkAlphas(alphaLower, alphaUpper)
	if events < 0 || trials < events {
		panic("estimate: events outside [0, trials]")
	}
	if events > trials-events {
		// Bound the rarer outcome: small probabilities keep their digits.
		other := ClopperPearson(trials-events, trials, alphaUpper, alphaLower)
		return Interval{1 - other.Upper, 1 - other.Lower}
	}
	// With k of n, P(Bin(n, p) >= k) = P(Beta(k, n−k+1) <= p) and
	// P(Bin(n, p) <= k) = P(Beta(k+1, n−k) > p).
	k, n := float64(events), float64(trials)
	ci := Interval{0, 1}
	if alphaLower > 0 && events > 0 {
		ci.Lower = betaLower(k, n-k+1, alphaLower)
	}
	if alphaUpper > 0 && trials > 0 {
		if events == 0 {
			ci.Upper = -math.Expm1(math.Log(alphaUpper) / n) // (1−p)^n = alpha
		} else {
			ci.Upper = betaUpper(k+1, n-k, alphaUpper)
		}
	}
	return ci
}

// binomialAtMost returns P(Bin(n, p) <= k) for 0 < p < 1, with full relative
// precision where it is below about 1/2.
func binomialAtMost(k, n int64, p float64) float64 {
	if k < 0 {
		return 0
	}
	if k >= n {
		return 1
	}
	// P(Bin(n, p) <= k) = P(Beta(a, b) > p) with a = k+1 and b = n−k.
	a, b := float64(k+1), float64(n-k)
	if p < a/(a+b) {
		below, _ := betaTail(a, b, p, 1-p)
		return 1 - below
	}
	above, _ := betaTail(b, a, 1-p, p)
	return above
}

// betaDensity returns x·(1−x) times the density at x of the beta distribution
// with parameters a, b > 0,
//
//	x^a·(1−x)^b / B(a, b),
//
// to about 1e-14 relative for parameters up to 1e9, for 0 < x < 1.
func betaDensity(a, b, x float64) float64 {
	n := a + b
	d := n*x - a
	e := stirlingError(n) - stirlingError(a) - stirlingError(b)
	e -= a * deviance(d/a, n/a*x)
	e -= b * deviance(-d/b, n/b*(1-x))
	return math.Sqrt(a/n*b/(2*math.Pi)) * math.Exp(e)
}

// betaTail returns P(X <= x) for a beta variable with whole parameters
// a, b >= 1, and x times the density over it, the derivative of ln P by ln x.
// It needs 0 < x < 1 below the mean, or above it by less than 1/(a+b). The upper
// tail P(X > x) is betaTail(b, a, 1-x, x), with a negative derivative.
//
// The caller passes y = 1 − x too, because the smaller of the two carries the
// precision: x^a·(1−x)^b at x = 1e-9 and b = 1e9 would lose its digits
// otherwise.
//
// It is the continued fraction of DiDonato and Morris (Significant digit
// computation of the incomplete beta function ratios, ACM TOMS 18, 1992),
//
//	I_x(a, b) = x^a y^b/B(a, b) · 1/(β₀ + α₁/(β₁ + α₂/(β₂ + …))),
//	α_n = (a+n−1)(a+b+n−1)·n(b−n)·x²/(a+2n−1)²,
//	β_n = n + n(b−n)x/(a+2n−1) + (a+n)(λ + 1 + n(1+y))/(a+2n+1),
//	λ   = a − (a+b)x.
//
// Near the mean it takes about √min(a, b) terms, fewer away from it.
func betaTail(a, b, x, y float64) (p, slope float64) {
	// A few units in the last place, so that rounding cannot keep the loop alive;
	// the terms converge geometrically.
	const eps = 1e-15

	var lambda, density float64
	if x <= y {
		lambda = a - (a+b)*x
		density = betaDensity(a, b, x)
	} else {
		lambda = (a+b)*y - b
		density = betaDensity(b, a, y)
	}
	// p₀/q₀ and p₁/q₁ are successive convergents, rescaled so that q₁ = 1.
	beta := a * (lambda + 1) / (a + 1)
	p0, q0, p1 := 0.0, 1/beta, 1/beta
	for n := 1.0; ; n++ {
		s := a + 2*n
		w := n * (b - n) * x / (s - 1)
		alpha := (a + n - 1) * (a + b + n - 1) / (s - 1) * x * w
		beta := n + w + (a+n)*(lambda+1+n*(1+y))/(s+1)
		pn, qn := alpha*p0+beta*p1, alpha*q0+beta
		p0, q0 = p1/qn, 1/qn
		last := p1
		p1 = pn / qn
		if !(math.Abs(p1-last) > eps*p1) {
			break
		}
	}
	return min(density*p1, 1), 1 / (p1 * y)
}

// betaLower and betaUpper return the x with P(X <= x) = alpha and P(X > x) = alpha for a
// beta variable with whole parameters a, b >= 1 and 0 < alpha <= 1/2, to about 1e-13
// relative. The beta table of package random is made for draws and is not accurate enough
// for bounds.
func betaLower(a, b, alpha float64) float64 {
	x := betaStart(a, b, -normalUpper(alpha))
	if a < 2 || !(x > 0) {
		// The leading term x^a/(a·B(a, b)) is above the tail, so the start is
		// below the root and Newton's method rises from there.
		x = min(x, math.Exp((math.Log(alpha)+math.Log(a)+lnBeta(a, b))/a))
	}
	return solveLogTail(x, 1, alpha, func(x float64) (p, slope, curl float64) {
		p, slope = betaTail(a, b, x, 1-x)
		return p, slope, a - float64((b-1)*x/(1-x))
	})
}

func betaUpper(a, b, alpha float64) float64 {
	x := betaStart(a, b, normalUpper(alpha))
	if x > 0.5 {
		return 1 - betaLower(b, a, alpha)
	}
	return solveLogTail(x, 1, alpha, func(x float64) (p, slope, curl float64) {
		p, slope = betaTail(b, a, 1-x, x)
		return p, -slope * x / (1 - x), a - float64((b-1)*x/(1-x))
	})
}

// betaStart approximates the quantile of a beta variable at normal quantile z:
// Abramowitz and Stegun 26.5.22.
func betaStart(a, b, z float64) float64 {
	u, v := 1/(2*a-1), 1/(2*b-1)
	l := (z*z - 3) / 6
	h := 2 / (u + v)
	w := -z*math.Sqrt(max(h+l, 0))/h - (v-u)*(l+5.0/6-2/(3*h))
	return a / (a + b*math.Exp(2*w))
}

// lnBeta returns ln B(a, b).
func lnBeta(a, b float64) float64 {
	ga, _ := math.Lgamma(a)
	gb, _ := math.Lgamma(b)
	gn, _ := math.Lgamma(a + b)
	return ga + gb - gn
}
