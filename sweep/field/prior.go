package field

import (
	"math"

	"budget/model"
	"budget/solver/estimate"
	"budget/solver/random"
)

// Prior is the kind of a rate's prior law.
type Prior string

const (
	// RangePrior is a gamma law with the scenario's range as its central 95 %; for a rate
	// without a range, ValuePrior.
	RangePrior Prior = "range"
	// ValuePrior is a gamma law with the scenario's value as mean and the weight of half
	// an event; for the value 0, JeffreysPrior.
	ValuePrior Prior = "value"
	// JeffreysPrior is λ^(−1/2): the posterior depends on the log alone.
	JeffreysPrior Prior = "jeffreys"
)

// priorTails is the probability outside a range, on both sides together.
const priorTails = 0.05

// beforeRate returns the prior of a rate.
func beforeRate(prior Prior, p *model.Parameter) (estimate.GammaRate, Prior) {
	switch value := p.Values[0]; {
	case prior == JeffreysPrior:
	case p.HasRange && p.Range[1] > p.Range[0]:
		return estimate.GammaBetween(p.Range[0], p.Range[1], priorTails), RangePrior
	case value > 0:
		return estimate.GammaRate{Shape: 0.5, Exposure: 0.5 / value}, ValuePrior
	}
	return estimate.JeffreysRate(), JeffreysPrior
}

// beforeShare returns the prior of a probability: as for a rate, but a beta law.
func beforeShare(prior Prior, p *model.Parameter) (estimate.BetaShare, Prior) {
	if p == nil || prior == JeffreysPrior {
		return estimate.JeffreysShare(), JeffreysPrior
	}
	switch value := p.Values[0]; {
	case p.HasRange && p.Range[1] > p.Range[0]:
		return estimate.BetaBetween(p.Range[0], p.Range[1], priorTails), RangePrior
	case value > 0 && value < 1:
		weight := 0.5 / min(value, 1-value)
		return estimate.BetaShare{A: weight * value, B: weight * (1 - value)}, ValuePrior
	}
	return estimate.JeffreysShare(), JeffreysPrior
}

// isMeasured reports whether a quantity was fitted before.
func isMeasured(p *model.Parameter) bool { return p != nil && p.Evidence == model.Measured }

// PriorOf returns the prior of a rate in Fit, and its kind.
func PriorOf(rate *model.Parameter, kind Prior) (estimate.GammaRate, Prior) {
	return beforeRate(kind, rate)
}

// beforeFactor returns the prior of a factor: the mean and the variance of its logarithm, by the
// lognormal law with the range as its central 95 %, or the eighth to eight times the value.
// Jeffreys' has no variance.
func beforeFactor(prior Prior, p *model.Parameter) (centre, variance float64, kind Prior) {
	low, high, kind := p.Values[0]/width, p.Values[0]*width, ValuePrior
	switch {
	case prior == JeffreysPrior:
		return 0, 0, JeffreysPrior
	case p.HasRange && p.Range[0] > 0 && p.Range[1] > p.Range[0]:
		low, high, kind = p.Range[0], p.Range[1], RangePrior
	}
	sd := math.Log(high/low) / (2 * random.Normal(1-priorTails/2))
	return (math.Log(low) + math.Log(high)) / 2, sd * sd, kind
}

// shapePrior is the prior of a positive quantity that is no rate, such as a shape of a law.
type shapePrior struct {
	logDensity func(log float64) float64 // of the logarithm, up to a constant
	variance   float64                   // of the logarithm
}

// width is the factor around the value of a quantity without a range that holds its prior's
// central 95 %.
const width = 8

// beforeShape returns the prior of a positive quantity: the gamma law with the range as its
// central 95 %, or the eighth to eight times the value. Jeffreys' is flat in the logarithm within
// the limits of the model.
func beforeShape(prior Prior, p *model.Parameter, least,
	most float64) (shapePrior, Prior) {
	value, kind := p.Values[0], ValuePrior
	low, high := value/width, value*width
	switch {
	case prior == JeffreysPrior:
		low, high = math.Log(least), math.Log(most)
		return shapePrior{func(x float64) float64 { return wall(x, low, high) },
			(high - low) * (high - low) / 12}, JeffreysPrior
	case p.HasRange && p.Range[0] > 0 && p.Range[1] > p.Range[0]:
		low, high, kind = p.Range[0], p.Range[1], RangePrior
	}
	g := estimate.GammaBetween(low, high, priorTails)
	return shapePrior{func(x float64) float64 {
		return g.Shape*x - g.Exposure*math.Exp(x) + wall(x, math.Log(least), math.Log(most))
	}, g.LogVariance()}, kind
}

// logLeast and logMost are the limits of the shapes of a beta law.
var logLeast, logMost = math.Log(random.MinBetaShape), math.Log(random.MaxBetaShape)

// wall is the logarithm of a density that is flat between low and high and falls off steeply
// outside.
func wall(x, low, high float64) float64 {
	const steep = 0.02
	out := max(low-x, x-high, 0) / steep
	return -out * out / 2
}
