package optimize

import (
	"math"

	"budget/solver"
	"budget/solver/estimate"
	"budget/solver/ranking"
)

// ranked returns a sample as package ranking wants it, on the coarse grid of the replicates.
func (e *evaluator) ranked(i int, s *sample) *ranking.Sample {
	out := &ranking.Sample{Paths: s.paths, Shares: e.shares(i, s), Of: s}
	curves := s.curves
	if e.Goal.Over == Mean {
		curves = []solver.Incidence{mean(s.curves, e.Candidates[i].Weights)}
	}
	for c := range curves {
		curve := ranking.Curve{Replicates: curves[c].Replicates}
		for t := e.every - 1; t < len(e.durations); t += e.every {
			curve.Failure = append(curve.Failure, curves[c].Failure.Moments[t])
		}
		out.Curves = append(out.Curves, curve)
	}
	return out
}

// shares returns the required shares of a candidate.
func (e *evaluator) shares(i int, s *sample) []ranking.Share {
	weights := e.Candidates[i].Weights
	var all []ranking.Share
	for r, q := range e.Requirements {
		switch {
		case q.What == LeftOut && e.Goal.Over == Mean:
			sum := 0.0
			for c, x := range s.known {
				sum += weights[c] * x
			}
			all = append(all, ranking.Known(sum))
		case q.What == LeftOut:
			worst := ranking.Known(0)
			for _, x := range s.known {
				worst = max(worst, ranking.Known(x))
			}
			all = append(all, worst)
		case e.Goal.Over == Mean:
			all = append(all, weighted(s.shares[r], weights))
		default:
			all = append(all, worstShare(s.shares[r]))
		}
	}
	return all
}

// weighted returns the moments of the mean, by weight, of weights on the same paths. They may go
// together in any way, so that the standard deviation is at most the mean of theirs.
func weighted(all []estimate.Moments, weights []float64) estimate.Moments {
	if len(all) == 1 {
		return all[0]
	}
	out := estimate.Moments{Paths: all[0].Paths, Blocks: all[0].Blocks, Largest: 1}
	mean, deviation := 0.0, 0.0
	for c, m := range all {
		mean += weights[c] * m.Mean()
		// of a path, at the smallest number of paths
		out.Paths, out.Blocks = min(out.Paths, m.Paths), min(out.Blocks, m.Blocks)
		deviation += weights[c] * m.StandardError()
	}
	out.Sum, out.Variance = mean*float64(out.Paths), deviation*deviation*float64(out.Paths)
	return out
}

// mean returns the mean, by weight, of the curves of all circumstances.
func mean(curves []solver.Incidence, weights []float64) solver.Incidence {
	if len(curves) == 1 {
		return curves[0]
	}
	out := solver.Incidence{Reading: curves[0].Reading}
	at := make([]estimate.Moments, len(curves))
	for t := range curves[0].Failure.Moments {
		for c := range curves {
			at[c] = curves[c].Failure.Moments[t]
		}
		out.Failure.Moments = append(out.Failure.Moments, weighted(at, weights))
	}
	for j := range curves[0].Replicates {
		means := make([]float64, len(curves[0].Replicates[j]))
		for c := range curves {
			for n, x := range curves[c].Replicates[j] {
				means[n] += weights[c] * x
			}
		}
		out.Replicates = append(out.Replicates, means)
	}
	return out
}

// worst returns, at every duration, the curve of the circumstance that fails most there.
func (e *evaluator) worst(curves []solver.Incidence) solver.Incidence {
	out := solver.Incidence{Reading: curves[0].Reading}
	for t := range curves[0].Failure.Moments {
		most := 0
		for c := range curves {
			if curves[c].Failure.Moments[t].Mean() > curves[most].Failure.Moments[t].Mean() {
				most = c
			}
		}
		out.Failure.Moments = append(out.Failure.Moments, curves[most].Failure.Moments[t])
		if t%e.every == e.every-1 {
			out.Replicates = append(out.Replicates, curves[most].Replicates[t/e.every])
		}
	}
	return out
}

// worstShare is the largest of the shares of all circumstances.
type worstShare []estimate.Moments

// Mean returns the largest estimate.
func (w worstShare) Mean() float64 {
	most := 0.0
	for _, m := range w {
		most = math.Max(most, m.Mean())
	}
	return most
}

// Interval returns the largest bounds. The upper one is wrong only if that of the worst
// circumstance is; each lower one may be too high.
func (w worstShare) Interval(alphaLower, alphaUpper float64) estimate.Interval {
	var out estimate.Interval
	for _, m := range w {
		b := m.Interval(alphaLower/float64(len(w)), alphaUpper)
		out.Lower, out.Upper = max(out.Lower, b.Lower), max(out.Upper, b.Upper)
	}
	return out
}
