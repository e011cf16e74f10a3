package uncertainty

import (
	"context"
	"slices"

	"budget/model"
	"budget/solver"
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

// barNets is the number of durations that the nets of a bar are told at.
const barNets = 60

// bars returns the quantities with their bars, and tells the case what is at the scenario's
// own values.
func (t *tornado) bars(ctx context.Context, unknowns []Quantity, c *CaseSensitivity) ([]Effect, error) {
	plan := indexOf(t.durations, t.plan)
	t.at = evenly(len(t.durations), barNets, plan)
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
	found := make([][]*solver.Summary, len(variants))
	for i := range variants {
		found[i] = make([]*solver.Summary, len(variants[i].rules))
	}
	if err := t.each(ctx, variants, func(i, k int, s *solver.Summary) { found[i][k] = s }); err != nil {
		return nil, err
	}
	own := t.curves(found[0][0])
	c.Cap = capOf(&found[0][0].Readings[0], t.durations, t.tolerance)
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
	nearest := 0 // duration with nets at or beyond the plan's
	for nearest < len(t.at)-1 && t.at[nearest] < plan {
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
			other := t.curves(found[i][k])
			bar.Cap = capOf(&found[i][k].Readings[0], t.durations, t.tolerance)
			bar.CapChange = asRanged(compare.CrossingDifference(own, other, t.tolerance, true, t.alpha))
			change := asRanged(compare.FailureDifference(own, other, nearest, nearest, true, t.alpha))
			// Where nets are of a duration a little longer, the interval is taken over.
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

// curves takes what a comparison needs out of a summary.
func (t *tornado) curves(s *solver.Summary) *compare.Side {
	return &compare.Side{Durations: t.durations, Failure: s.Readings[0].Failure, Replicates: s.Readings[0].Nets, At: slices.Clone(t.at), Caps: nil}
}
