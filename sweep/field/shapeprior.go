package field

import (
	"math"

	"budget/model"
	"budget/solver/estimate"
	"budget/solver/random"
)

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
