package uncertainty

import (
	"context"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/compare"
)

// tornado finds what each quantity by itself does to a cap: at the ends of its law, with
// all others at the scenario's own values. All simulate the same sessions, so that
// differences are known much better than caps (common random numbers, compare.go).
type tornado struct {
	*evaluator
	durations []float64
	tolerance float64
	alpha     float64
	plan      float64 // 0 means the cap
}

// barReplicates is the number of durations that the replicates of a bar are told at.
const barReplicates = 60

// bars returns the quantities with their bars, and tells the case what is at the scenario's
// own values.
func (t *tornado) bars(ctx context.Context, unknowns []Quantity, c *CaseSensitivity) ([]Effect, error) {
	plan := indexOf(t.durations, t.plan)
	places := evenly(len(t.durations), barReplicates, plan)
	t.at = sweep.At(t.durations, places)
	type side struct {
		quantity int
		high     bool
	}
	// The scenario's own plant serves all rules; what touches the watch has runs of its own.
	variants, sides := []variant{{rules: [][]model.Setting{nil}}}, [][]side{{{-1, false}}}
	for i, u := range unknowns {
		for k, x := range ends(u) {
			set, of := []model.Setting{u.parameter.Varied(x)}, side{i, k == 1}
			if u.Plant {
				variants, sides = append(variants, variant{plant: set, rules: [][]model.Setting{nil}}), append(sides, []side{of})
				continue
			}
			variants[0].rules, sides[0] = append(variants[0].rules, set), append(sides[0], of)
		}
	}
	found := make([][]*solver.Estimates, len(variants))
	for i := range variants {
		found[i] = make([]*solver.Estimates, len(variants[i].rules))
	}
	if err := t.each(ctx, variants, func(i, k int, s *solver.Estimates) { found[i][k] = s }); err != nil {
		return nil, err
	}
	own := t.side(found[0][0], places)
	c.Cap = capOf(found[0][0], t.tolerance)
	if c.Plan = t.durations[plan]; t.plan == 0 {
		c.Plan = max(c.Cap, t.durations[0])
		plan = indexOf(t.durations, c.Plan)
	}
	c.Failure = own.Failure[plan].Mean()
	out := make([]Effect, len(unknowns))
	for i, u := range unknowns {
		out[i].Quantity = u
		out[i].Low.Value, out[i].High.Value = u.parameter.VariedText(ends(u)[0]), u.parameter.VariedText(ends(u)[1])
	}
	nearest := 0 // duration with replicates at or beyond the plan's
	for nearest < len(places)-1 && places[nearest] < plan {
		nearest++
	}
	for i, all := range sides {
		for k, of := range all {
			if of.quantity < 0 {
				continue
			}
			bar := &out[of.quantity].Low
			if of.high {
				bar = &out[of.quantity].High
			}
			other := t.side(found[i][k], places)
			bar.Cap = capOf(found[i][k], t.tolerance)
			bar.CapChange = asRanged(compare.CrossingDifference(own, other, t.tolerance, true, t.alpha))
			change := asRanged(compare.FailureDifference(own, other, nearest, nearest, true, t.alpha))
			// Where replicates are of a duration a little longer, the interval is taken over.
			shift := other.Failure[plan].Mean() - own.Failure[plan].Mean() - change.Value
			bar.FailureChange = Ranged{change.Value + shift, change.Lower + shift, change.Upper + shift}
		}
	}
	return out, nil
}

// ends returns the values between which a quantity is looked at.
func ends(u Quantity) [2]float64 {
	low, high := u.parameter.Law.Ends()
	return [2]float64{low, high}
}

// side takes what a comparison needs out of estimates.
func (t *tornado) side(e *solver.Estimates, places []int) *compare.Side {
	in := &e.Readings[0]
	return &compare.Side{Durations: t.durations, Failure: in.Failure.Moments, Replicates: in.Replicates, At: places}
}
