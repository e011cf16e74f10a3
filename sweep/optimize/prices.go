package optimize

import (
	"cmp"
	"context"
	"slices"

	"budget/sweep"
	"budget/sweep/compare"
)

// Price is what another level of a knob gains or costs, with all other knobs as chosen.
type Price struct {
	Knob      int // index in Design.Knobs
	Candidate int
	// Change is its cap minus that of the chosen design, of best estimates, by the same sessions.
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
	a := e.side(best.Candidate, samples[0])
	for n := range all {
		p := &all[n]
		p.Change = compare.CrossingDifference(a, e.side(p.Candidate, samples[n+1]), e.Tolerances[0],
			true, (1-e.Confidence)/2)
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

// side returns a candidate as a side of a comparison.
func (e *evaluator) side(i int, s *sample) *compare.Side {
	curve := e.curve(i, s)
	return &compare.Side{Durations: e.durations, Failure: curve.Failure.Moments,
		Replicates: curve.Replicates, At: sweep.Indices(e.durations, e.at)}
}
