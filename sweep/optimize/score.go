package optimize

import (
	"budget/solver"
	"budget/solver/estimate"
	"budget/solver/ranking"
)

// score returns the completed time of a variant, of all starts: with L_k the length of the k-th
// session of a timer and F_k the share of starts that do not complete it,
//
//	Σ_k L_k (1 − F_k).
//
// A minute is worth a value.
func score(v *variant, e *solver.Estimates, leftOut, value float64) ranking.Score {
	started := 1.0 // share of the starts that the estimates are of
	if e.Gated != nil {
		if e.Gated.Paths < e.Paths {
			started = 1 - leftOut
		}
		e = e.Gated
	}
	in, total, mean := e.Readings[0], 0.0, 0.0
	for _, s := range v.of.stints {
		total += s.Length
	}
	var means []float64
	var paths, blocks int64
	for j, s := range v.of.stints {
		part := started * s.Length / total
		m := in.Failure.Moments[index(e.Durations, s.End)]
		paths, blocks = m.Paths, m.Blocks
		mean += part * (1 - m.Mean())
		if means == nil {
			means = make([]float64, len(in.Replicates[j]))
		}
		for n, x := range in.Replicates[j] {
			means[n] += part * (1 - x)
		}
	}
	return ranking.Score{Scale: value * total, Replicates: means,
		Part: partOf(mean, means, paths, blocks)}
}

// partOf returns the moments of a number of paths whose weights have a mean, given the means of
// their replicates.
func partOf(mean float64, replicates []float64, paths, blocks int64) estimate.Moments {
	n, centre, squares := float64(len(replicates)), 0.0, 0.0
	for _, x := range replicates {
		centre += x / n
	}
	for _, x := range replicates {
		squares += (x - centre) * (x - centre)
	}
	return estimate.Moments{Paths: paths, Blocks: blocks,
		Sum:      min(max(mean, 0), 1) * float64(paths),
		Variance: squares / (n - 1) / n * float64(paths), Largest: 1}
}

// meanScore returns the mean, by weight, of scores of the same scale.
func meanScore(scores []ranking.Score, weights []float64) ranking.Score {
	if len(scores) == 1 {
		return scores[0]
	}
	out := ranking.Score{Scale: scores[0].Scale,
		Replicates: make([]float64, len(scores[0].Replicates))}
	mean := 0.0
	paths, blocks := scores[0].Part.Paths, scores[0].Part.Blocks
	for c, s := range scores {
		// Scales of circumstances differ if they set the timer.
		weight := weights[c] * s.Scale / out.Scale
		mean += weight * s.Part.Mean()
		for n, x := range s.Replicates {
			out.Replicates[n] += weight * x
		}
		paths, blocks = min(paths, s.Part.Paths), min(blocks, s.Part.Blocks)
	}
	out.Part = partOf(mean, out.Replicates, paths, blocks)
	return out
}
