package optimize

import (
	"slices"

	"budget/solver"
	"budget/solver/estimate"
	"budget/solver/ranking"
)

// Found is a candidate with its cap and requirements.
type Found struct {
	Candidate int
	// Cap is the longest session that surely fails no more often than the tolerance, and Upper the
	// end of its interval [s]; Best the estimate. They hold each with the design's confidence.
	Cap, Best, Upper float64
	Status           estimate.Status
	Fails            estimate.Estimate   // failure at Cap; of the shortest session without one
	Shares           []estimate.Estimate // by requirement
	Paths            int64               // simulated
}

// found returns a candidate, given its sample.
func (e *evaluator) found(i int, s *sample) *Found {
	curve := e.curve(i, s)
	f := &Found{Candidate: i, Paths: s.paths}
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
	alpha := (1 - e.Confidence) / 2
	f.Fails = curve.Failure.Estimate(max(c.Index, 0), alpha)
	for _, share := range e.shares(i, s) {
		f.Shares = append(f.Shares, estimate.Estimate{Value: share.Mean(),
			Interval: share.Interval(alpha, alpha)})
	}
	return f
}

// curve returns the failure curve of a candidate over its circumstances.
func (e *evaluator) curve(i int, s *sample) solver.Incidence {
	if e.Goal.Over == Mean {
		return mean(s.curves, e.Candidates[i].Weights)
	}
	return e.worst(s.curves)
}

// latest returns the latest sample of a candidate in the race.
func latest(a *ranking.Answer, i int) *sample { return a.Samples[i].Of.(*sample) }
