package estimate

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// BetaShare is the beta law of a probability, as known after A events and B others. Its density
// is
//
//	f(p) ∝ p^(A−1) (1−p)^(B−1).
//
// It is conjugate to counts of independent trials (see Given).
type BetaShare struct{ A, B float64 }

// JeffreysShare is the prior of a probability without any knowledge, p^(−1/2) (1−p)^(−1/2).
func JeffreysShare() BetaShare { return BetaShare{0.5, 0.5} }

// BetaBetween returns the beta law that lies below low and above high with probability alpha/2
// each. No beta law has such a quantile at 0 or 1: with low 0 it has A = 1/2 and the quantile
// high, with high 1 it has B = 1/2 and the quantile low, and with both it is uniform. It panics
// unless 0 <= low < high <= 1 and 0 < alpha < 1.
func BetaBetween(low, high, alpha float64) BetaShare {
	if !(low >= 0 && low < high && high <= 1 && alpha > 0 && alpha < 1) {
		panic("estimate: beta law needs 0 <= low < high <= 1 and 0 < alpha < 1")
	}
	const least, most = -14, 18 // ln of a shape
	below := func(a, b, x float64) float64 { return mathext.RegIncBeta(a, b, x) }
	switch {
	case low == 0 && high == 1:
		return BetaShare{1, 1}
	case low == 0:
		return BetaShare{0.5, math.Exp(bisect(func(ln float64) float64 {
			return below(0.5, math.Exp(ln), high) - (1 - alpha/2)
		}, least, most))}
	case high == 1:
		mirrored := BetaBetween(0, 1-low, alpha)
		return BetaShare{mirrored.B, mirrored.A}
	}
	// For a sum of the shapes there is one mean with the lower quantile at low. The upper quantile
	// then falls with the sum.
	of := func(sum float64) BetaShare {
		mean := bisect(func(m float64) float64 {
			return below(m*sum, (1-m)*sum, low) - alpha/2
		}, 1e-9, 1-1e-9)
		return BetaShare{mean * sum, (1 - mean) * sum}
	}
	return of(math.Exp(bisect(func(ln float64) float64 {
		law := of(math.Exp(ln))
		return below(law.A, law.B, high) - (1 - alpha/2)
	}, -6, 18)))
}

// Given returns the posterior after further trials. With n of N trials with the event,
//
//	Beta(a, b) becomes Beta(a + n, b + N − n).
//
// It panics unless 0 <= events <= trials.
func (s BetaShare) Given(events, trials int64) BetaShare {
	if events < 0 || events > trials {
		panic("estimate: events outside [0, trials]")
	}
	return BetaShare{s.A + float64(events), s.B + float64(trials-events)}
}

// Mean returns the mean probability, which is that of the event in one further trial.
func (s BetaShare) Mean() float64 { return s.A / (s.A + s.B) }

// Quantile returns the p-quantile of the probability, 0 < p < 1, to 1e-12 of the smaller of it
// and its distance from 1.
func (s BetaShare) Quantile(p float64) float64 {
	if s.Mean() > 0.5 {
		return 1 - BetaShare{s.B, s.A}.Quantile(1-p)
	}
	// In logits small probabilities keep their digits.
	x := bisect(func(w float64) float64 {
		return mathext.RegIncBeta(s.A, s.B, 1/(1+math.Exp(-w))) - p
	}, -700, 36)
	return 1 / (1 + math.Exp(-x))
}

// Below returns the probability that a beta variable is below x, 0 <= x <= 1.
func (s BetaShare) Below(x float64) float64 { return mathext.RegIncBeta(s.A, s.B, x) }

// LogNorm returns ln B(A, B), the logarithm of the integral of p^(A−1) (1−p)^(B−1).
func (s BetaShare) LogNorm() float64 { return lnBeta(s.A, s.B) }
