package uncertainty

import (
	"context"

	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/compare"
)

// Effect is the effect of an uncertain quantity on a cap and on the failure of a
// session length.
type Effect struct {
	Quantity
	// Low and High are the effects of its ends (model.Law.Ends), with all other quantities
	// at the scenario's values.
	Low  Bar `json:"low"`
	High Bar `json:"high"`
	// OfCap and OfFailure are its shares of the variance over all uncertain quantities. If
	// Together is more than 1, they are the common shares of that many quantities without an
	// effect by themselves. Together is 0 if no indices were requested.
	Together  int                 `json:"together"`
	OfCap     estimate.SobolIndex `json:"of_cap"`
	OfFailure estimate.SobolIndex `json:"of_failure"`
	// Narrowing is the expected narrowing of the 5–95 % range of the cap if the quantity
	// were known [s].
	Narrowing estimate.Estimate `json:"narrowing_s"`
}

// Bar is one side of a bar of a tornado.
type Bar struct {
	Value string  `json:"value"` // value of the quantity, with its unit
	Cap   float64 `json:"cap_s"` // best estimate
	// CapChange [s] and FailureChange are the differences to the scenario's values.
	CapChange     estimate.Estimate `json:"cap_change_s"`
	FailureChange estimate.Estimate `json:"failure_change"`
}

// Swing returns the range of the cap over the ends of the quantity and the scenario's own
// cap [s].
func (q *Effect) Swing(own float64) float64 {
	return max(q.Low.Cap, q.High.Cap, own) - min(q.Low.Cap, q.High.Cap, own)
}

// tornado finds the effect of each single quantity: at the ends of its law, with all
// others at the scenario's values. All points simulate the same sessions, so differences
// are much more precise than caps (package compare).
type tornado struct {
	*evaluator
	tolerance float64
	alpha     float64
	plan      float64 // session length for failure [s]; 0 means the cap

	cap, failure float64 // at the scenario's values
}

// barTimes is the number of durations with means of replicates.
const barTimes = 60

// bars returns the effect of every single quantity.
func (t *tornado) bars(ctx context.Context) ([]Effect, error) {
	plan := t.index(t.plan)
	places := t.evenly(barTimes, plan)
	t.at = sweep.At(t.durations, places)
	points := [][]float64{t.owns()} // then the low and the high end of each quantity
	for j, u := range t.quantities {
		low, high := u.parameter.Law.Ends()
		for _, x := range [2]float64{low, high} {
			point := t.owns()
			point[j] = x
			points = append(points, point)
		}
	}
	found := make([]*solver.Estimates, len(points))
	if err := t.each(ctx, points, func(i int, s *solver.Estimates) { found[i] = s }); err != nil {
		return nil, err
	}
	own := t.side(found[0], places)
	t.cap = t.length(bestCap(own.Failure, t.tolerance))
	if t.plan == 0 {
		t.plan = max(t.cap, t.durations[0])
		plan = t.index(t.plan)
	}
	t.plan, t.failure = t.durations[plan], own.Failure[plan].Mean()
	nearest := 0 // shortest duration with replicates at or above the session length
	for nearest < len(places)-1 && places[nearest] < plan {
		nearest++
	}
	out := make([]Effect, len(t.quantities))
	for j, u := range t.quantities {
		out[j].Quantity = u
		for k, bar := range []*Bar{&out[j].Low, &out[j].High} {
			i := 1 + 2*j + k
			other := t.side(found[i], places)
			bar.Value = u.parameter.VariedText(points[i][j])
			bar.Cap = t.length(bestCap(other.Failure, t.tolerance))
			bar.CapChange = compare.CrossingDifference(own, other, t.tolerance, true, t.alpha).Estimate
			bar.FailureChange = compare.FailureDifference(own, other, nearest, nearest, true,
				t.alpha).Estimate
			// If the duration with replicates is a little longer, shift its interval.
			shift := other.Failure[plan].Mean() - own.Failure[plan].Mean() - bar.FailureChange.Value
			bar.FailureChange.Value += shift
			bar.FailureChange.Lower += shift
			bar.FailureChange.Upper += shift
		}
	}
	return out, nil
}

// side makes a side of a comparison from estimates.
func (t *tornado) side(e *solver.Estimates, places []int) *compare.Side {
	in := &e.Readings[0]
	return &compare.Side{Durations: t.durations, Failure: in.Failure.Moments,
		Replicates: in.Replicates, At: places}
}
