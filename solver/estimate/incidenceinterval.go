package estimate

import "math"

// Interval returns confidence bounds for the incidence of a cause, from 1, that
// are wrong with about the given one-sided probabilities. Censoring makes the
// estimate F as precise as a proportion among fewer subjects,
//
//	n = F (1 − F) / σ²,
//
// with σ the DeltaError, or those at risk where F is 0 or 1. The bounds are
// those of Clopper and Pearson for that proportion, its counts rounded away from
// it: exact without censoring, and honest where events are few, as bounds made
// of σ alone are not.
//
// Reference: Dorey and Korn, Statistics in Medicine 6 (1987) 679.
func (p IncidencePoint) Interval(cause int, alphaLower, alphaUpper float64) Interval {
	f, sigma, n := p.Incidence[cause-1], p.DeltaError[cause-1], float64(p.AtRisk)
	if f > 0 && f < 1 && sigma > 0 {
		n = f * (1 - f) / (sigma * sigma)
	}
	// Whole numbers come back as such, but for rounding.
	const slack = 1e-6
	whole := math.Floor(n + slack)
	least, most := math.Floor(f*whole+slack), min(math.Ceil(f*whole-slack), whole)
	return Interval{
		Lower: ClopperPearson(int64(least), int64(whole), alphaLower, 0).Lower,
		Upper: ClopperPearson(int64(most), int64(whole), 0, alphaUpper).Upper,
	}
}
