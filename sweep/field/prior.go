package field

import (
	"budget/model"
	"budget/solver/estimate"
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
