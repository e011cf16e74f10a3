package optimize

import (
	"cmp"
	"context"
	"math"
	"slices"

	"budget/solver/estimate"
	"budget/solver/ranking"
	"budget/sweep"
	"budget/sweep/compare"
)

// Price is what another level of a knob gains or costs, with all other knobs as chosen.
type Price struct {
	Knob      int // index in Design.Knobs
	Candidate int
	// Change is what it is worth minus what the chosen design is worth [s], of best estimates, by the
	// same sessions. Of menus it is that of the caps.
	Change compare.Difference
	Found  Found
}

// leastPricePaths is the least number of paths behind a price.
const leastPricePaths = 1 << 14

// pricePaths returns the number of paths behind prices, at least that of the chosen candidate.
func (e *evaluator) pricePaths(best *Found) int64 {
	return min(max(best.Paths, leastPricePaths), e.Paths)
}

// prices finds what the next levels of each knob gain or cost, the largest gain first: those
// before and after the chosen one of a quantity, every other one of words.
func (e *evaluator) prices(ctx context.Context, best *Found) ([]Price, error) {
	chosen := e.Candidates[best.Candidate].Cells[0]
	candidates := []int{best.Candidate}
	var all []Price
	for k, axis := range e.Knobs {
		for level := range e.Axes[axis].Levels {
			step := level - chosen.Level(axis)
			ordered := len(e.Axes[axis].Columns) == 1 && e.Axes[axis].Columns[0].Number
			if step == 0 || ordered && step*step > 1 {
				continue
			}
			if i := e.neighbour(best.Candidate, axis, level); i >= 0 {
				all = append(all, Price{Knob: k, Candidate: i})
				candidates = append(candidates, i)
			}
		}
	}
	samples := make([]*sample, len(candidates))
	paths := e.most(candidates, e.pricePaths(best))
	if err := e.each(ctx, candidates, paths, func(k int, s *sample) { samples[k] = s }); err != nil {
		return nil, err
	}
	for n := range all {
		p := &all[n]
		p.Change = e.change(best.Candidate, p.Candidate, samples[0], samples[n+1])
		p.Found = *e.found(p.Candidate, samples[n+1])
	}
	slices.SortStableFunc(all, func(a, b Price) int {
		return cmp.Compare(b.Change.Value, a.Change.Value)
	})
	return all, nil
}

// neighbour returns the candidate that differs from another in the level of a knob, −1 if it is
// excluded.
func (e *evaluator) neighbour(of, axis, level int) int {
	from := e.Candidates[of].Cells[0]
	return slices.IndexFunc(e.Candidates, func(c Candidate) bool {
		for _, k := range e.Knobs {
			want := from.Level(k)
			if k == axis {
				want = level
			}
			if c.Cells[0].Level(k) != want {
				return false
			}
		}
		return true
	})
}

// change returns what candidate b is worth minus what candidate a is.
func (e *evaluator) change(a, b int, of, other *sample) compare.Difference {
	alpha := (1 - e.Confidence) / 2
	if !e.Goal.Maximize.Capped() {
		return scoreDifference(e.scores(a, of), e.scores(b, other), e.besideWeights(),
			e.Goal.quantile(), alpha)
	}
	x, y := e.side(a, of), e.side(b, other)
	va, vb := e.Candidates[a].Value, e.Candidates[b].Value
	if va == vb {
		d := compare.CrossingDifference(x, y, e.Tolerances[0], true, alpha)
		return times(d, va)
	}
	// v_b c_b − v_a c_a = v_b (c_b − c_a) + (v_b − v_a) c_a
	d := times(compare.CrossingDifference(x, y, e.Tolerances[0], true, alpha/2), vb)
	own := e.found(a, of)
	lower, upper := (vb-va)*own.Cap, (vb-va)*own.Upper
	d.Value += (vb - va) * own.Best
	d.Lower, d.Upper = d.Lower+min(lower, upper), d.Upper+max(lower, upper)
	d.A = va * own.Best
	return d
}

// times returns a difference of quantities that are worth a value each.
func times(d compare.Difference, value float64) compare.Difference {
	d.A, d.B, d.Value = value*d.A, value*d.B, value*d.Value
	d.Lower, d.Upper = value*d.Lower, value*d.Upper
	return d
}

// scoreDifference returns what scores b are worth minus what scores a are, each the quantile of
// those side by side. If each difference of two is between l and u, so is that of the quantiles.
func scoreDifference(a, b []ranking.Score, weights []float64, quantile,
	alpha float64) compare.Difference {
	x, y := sideScore(a, weights, quantile, alpha), sideScore(b, weights, quantile, alpha)
	d := compare.Difference{A: x.Value, B: y.Value}
	d.Value, d.Lower, d.Upper = y.Value-x.Value, math.Inf(1), math.Inf(-1)
	for i := range a {
		one := pairDifference(&a[i], &b[i], alpha/float64(len(a)))
		d.Lower, d.Upper = min(d.Lower, one.Lower), max(d.Upper, one.Upper)
	}
	return d
}

// pairDifference returns the difference b − a of two scores on the same sessions.
func pairDifference(a, b *ranking.Score, alpha float64) estimate.Interval {
	scale := max(a.Scale, b.Scale)
	value := b.Scale*b.Part.Mean() - a.Scale*a.Part.Mean()
	deviations := make([]float64, len(a.Replicates))
	same := true
	for n := range deviations {
		deviations[n] = (b.Scale*b.Replicates[n] - a.Scale*a.Replicates[n] - value) / scale
		same = same && a.Replicates[n] == b.Replicates[n] && a.Scale == b.Scale
	}
	if same {
		return estimate.Interval{}
	}
	m := estimate.ReplicateMoments(deviations, min(a.Part.Paths, b.Part.Paths))
	half := scale * m.Interval(0, alpha).Upper
	return estimate.Interval{Lower: value - half, Upper: value + half}
}

// side returns a candidate as a side of a comparison.
func (e *evaluator) side(i int, s *sample) *compare.Side {
	curve := e.envelope(e.curves(i, s))
	return &compare.Side{Durations: e.durations, Failure: curve.Failure.Moments,
		Replicates: curve.Replicates, At: sweep.Indices(e.durations, e.at)}
}
