package optimize

import (
	"slices"

	"budget/solver"
	"budget/solver/estimate"
	"budget/solver/ranking"
)

// Found is a candidate with what it is worth and its required shares.
type Found struct {
	Candidate int
	// Worth is what the goal says, times the value of the candidate [s]. Of caps its lower end is
	// that of the safe cap.
	Worth estimate.Estimate
	// Of caps: Cap is the longest session that surely fails no more often than the tolerance, and
	// Upper the end of its interval [s]; Best the estimate. They hold each with the design's
	// confidence.
	Cap, Best, Upper float64
	Status           estimate.Status
	Fails            estimate.Estimate   // failure at Cap; of the shortest session without one
	Shares           []estimate.Estimate // by requirement
	Paths            int64               // simulated
}

// found returns a candidate, given its sample.
func (e *evaluator) found(i int, s *sample) *Found {
	f := &Found{Candidate: i, Paths: s.paths}
	alpha := (1 - e.Confidence) / 2
	if e.Goal.Maximize.Capped() {
		e.capped(f, e.envelope(e.curves(i, s)))
	} else {
		f.Worth = sideScore(e.scores(i, s), e.besideWeights(), e.Goal.quantile(), alpha)
	}
	for _, share := range e.shares(i, s) {
		f.Shares = append(f.Shares, estimate.Estimate{Value: share.Mean(),
			Interval: share.Interval(alpha, alpha)})
	}
	return f
}

// capped adds the cap of a curve and what it is worth.
func (e *evaluator) capped(f *Found, curve solver.Incidence) {
	length := func(t int) float64 {
		if t < 0 {
			return 0
		}
		return e.durations[t]
	}
	c := estimate.NewCurveCaps(curve.Failure, 1-e.Confidence).Invert(e.Tolerances[0])
	best := slices.IndexFunc(curve.Failure.Moments,
		func(m estimate.Moments) bool { return m.Mean() > e.Tolerances[0] })
	if best < 0 {
		best = len(e.durations)
	}
	f.Cap, f.Best, f.Upper, f.Status = length(c.Index), length(best-1), length(c.UpperIndex), c.Status
	f.Fails = curve.Failure.Estimate(max(c.Index, 0), (1-e.Confidence)/2)
	f.Worth.Value, f.Worth.Lower = e.worth(f.Candidate, f.Best), e.worth(f.Candidate, f.Cap)
	f.Worth.Upper = e.worth(f.Candidate, f.Upper)
}

// worth returns what a candidate is worth with a cap [s].
func (e *evaluator) worth(i int, cap float64) float64 {
	if e.Goal.Maximize == Offered {
		offered := 0.0
		for _, length := range e.Goal.Menu {
			if length <= cap*(1+1e-9) {
				offered = length
			}
		}
		cap = offered
	}
	return e.Candidates[i].Value * cap
}

// sideScore returns the score that all of those side by side reach but a quantile, by weight. Its
// bounds are wrong only if one of theirs is.
func sideScore(scores []ranking.Score, weights []float64, quantile,
	alpha float64) estimate.Estimate {
	n := float64(len(scores))
	var value, lower, upper []float64 // the less, the more it is worth: see reached
	for _, s := range scores {
		b := s.Part.Interval(alpha/n, alpha/n)
		value = append(value, -s.Scale*s.Part.Mean())
		lower, upper = append(lower, -s.Scale*b.Lower), append(upper, -s.Scale*b.Upper)
	}
	return estimate.Estimate{Value: -reached(value, weights, quantile),
		Interval: estimate.Interval{Lower: -reached(lower, weights, quantile),
			Upper: -reached(upper, weights, quantile)}}
}

// latest returns the latest sample of a candidate in the race.
func latest(a *ranking.Answer, i int) *sample { return a.Samples[i].Of.(*sample) }
