package optimize

import (
	"cmp"
	"slices"

	"budget/solver"
	"budget/solver/estimate"
	"budget/solver/ranking"
)

// What a design is under its circumstances and draws stands side by side for the race, or as means:
// over the circumstances, under each draw.

// beside returns the conditions of a candidate whose means stand side by side, with their weights
// in the mean.
func (e *evaluator) beside(i int) (conditions [][]int, weights []float64) {
	if e.Goal.Over == Mean {
		for draw := range e.draws {
			var all []int
			for c := range e.Candidates[i].Cells {
				all = append(all, c*e.draws+draw)
			}
			conditions = append(conditions, all)
		}
		return conditions, e.Candidates[i].Weights
	}
	for c := range e.conditions(i) {
		conditions = append(conditions, []int{c})
	}
	return conditions, []float64{1}
}

// besideWeights returns the weights of what stands side by side; nil if all weigh the same.
func (e *evaluator) besideWeights() []float64 {
	if e.Goal.Over != Quantile {
		return nil
	}
	var weights []float64
	for _, w := range e.Candidates[0].Weights {
		for range e.draws {
			weights = append(weights, w/float64(e.draws))
		}
	}
	return weights
}

// pick returns some items by their indices.
func pick[T any](items []T, indices []int) []T {
	out := make([]T, len(indices))
	for n, i := range indices {
		out[n] = items[i]
	}
	return out
}

// ranked returns a sample as package ranking wants it, on the grid of the race.
func (e *evaluator) ranked(i int, s *sample) *ranking.Sample {
	out := &ranking.Sample{Paths: s.paths, Of: s, Shares: e.shares(i, s)}
	if !e.Goal.Maximize.Capped() {
		out.Scores = e.scores(i, s)
		return out
	}
	for _, in := range e.curves(i, s) {
		curve := ranking.Curve{}
		for _, t := range e.race {
			curve.Failure = append(curve.Failure, in.Failure.Moments[t])
			at, _ := slices.BinarySearch(e.at, e.durations[t])
			curve.Replicates = append(curve.Replicates, in.Replicates[at])
		}
		out.Curves = append(out.Curves, curve)
	}
	return out
}

// curves returns the failure curves of a candidate that stand side by side.
func (e *evaluator) curves(i int, s *sample) (all []solver.Incidence) {
	conditions, weights := e.beside(i)
	for _, c := range conditions {
		all = append(all, mean(pick(s.curves, c), weights))
	}
	return all
}

// scores returns the scores of a candidate that stand side by side.
func (e *evaluator) scores(i int, s *sample) (all []ranking.Score) {
	conditions, weights := e.beside(i)
	for _, c := range conditions {
		all = append(all, meanScore(pick(s.scores, c), weights))
	}
	return all
}

// shares returns the required shares of a candidate.
func (e *evaluator) shares(i int, s *sample) (all []ranking.Share) {
	conditions, weights := e.beside(i)
	outer := e.besideWeights()
	for r, q := range e.Requirements {
		if q.What == LeftOut {
			var known []float64
			for _, c := range conditions {
				sum := 0.0
				for n, x := range pick(s.known, c) {
					sum += weights[n] * x
				}
				known = append(known, sum)
			}
			all = append(all, ranking.Known(reached(known, outer, e.Goal.quantile())))
			continue
		}
		side := quantileShare{weights: outer, quantile: e.Goal.quantile()}
		for _, c := range conditions {
			side.of = append(side.of, weighted(pick(s.shares[r], c), weights))
		}
		if len(side.of) == 1 {
			all = append(all, side.of[0])
			continue
		}
		all = append(all, side)
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

// mean returns the mean, by weight, of curves.
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

// envelope returns the curve whose cap is the quantile of the caps of curves side by side: at every
// duration the failure that all of them but the quantile stay within.
func (e *evaluator) envelope(curves []solver.Incidence) solver.Incidence {
	if len(curves) == 1 {
		return curves[0]
	}
	weights, q := e.besideWeights(), e.Goal.quantile()
	out := solver.Incidence{Reading: curves[0].Reading}
	failing := make([]float64, len(curves))
	at := 0
	for t := range curves[0].Failure.Moments {
		for c := range curves {
			failing[c] = curves[c].Failure.Moments[t].Mean()
		}
		most := slices.Index(failing, reached(failing, weights, q))
		out.Failure.Moments = append(out.Failure.Moments, curves[most].Failure.Moments[t])
		if at < len(e.at) && e.at[at] <= e.durations[t]*(1+1e-9) {
			out.Replicates = append(out.Replicates, curves[most].Replicates[at])
			at++
		}
	}
	return out
}

// quantileShare is the share that all conditions but a quantile, by weight, stay within.
type quantileShare struct {
	of       []estimate.Moments
	weights  []float64 // nil weighs all the same
	quantile float64
}

// Mean returns its estimate.
func (s quantileShare) Mean() float64 {
	means := make([]float64, len(s.of))
	for i, m := range s.of {
		means[i] = m.Mean()
	}
	return reached(means, s.weights, s.quantile)
}

// Interval returns its bounds. The upper one of the worst condition is wrong only if that of this
// condition is; else any condition may be to blame.
func (s quantileShare) Interval(alphaLower, alphaUpper float64) estimate.Interval {
	n := float64(len(s.of))
	if s.quantile > 0 {
		alphaUpper /= n
	}
	lower, upper := make([]float64, len(s.of)), make([]float64, len(s.of))
	for i, m := range s.of {
		b := m.Interval(alphaLower/n, alphaUpper)
		lower[i], upper[i] = b.Lower, b.Upper
	}
	return estimate.Interval{Lower: reached(lower, s.weights, s.quantile),
		Upper: reached(upper, s.weights, s.quantile)}
}

// reached returns the least of the values that all but a quantile, by weight, stay within.
func reached(values, weights []float64, quantile float64) float64 {
	order := make([]int, len(values))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(values[a], values[b]) })
	sum := 0.0
	for _, i := range order {
		if weights == nil {
			sum += 1 / float64(len(values))
		} else {
			sum += weights[i]
		}
		if sum >= 1-quantile-1e-9 {
			return values[i]
		}
	}
	return values[order[len(order)-1]]
}
