package field

import (
	"math"

	"budget/model"
	"budget/solver/random"
)

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
