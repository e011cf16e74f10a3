package uncertainty

import (
	"context"

	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/compare"
)

// Effect is what an uncertain quantity does to a cap and to the failure of a plan.
type Effect struct {
	Quantity
	// Low and High are what its ends do (model.Law.Ends), with all others at the scenario's
	// own values.
	Low  Bar `json:"low"`
	High Bar `json:"high"`
	// OfCap and OfFailure are its shares of the variance over all that is uncertain. Where
	// Together is more than 1 they are of so many quantities that by themselves move nothing:
	// each has at most the total of all. Together is 0 where no indices were asked for.
	Together  int                 `json:"together"`
	OfCap     estimate.SobolIndex `json:"of_cap"`
	OfFailure estimate.SobolIndex `json:"of_failure"`
	// Narrowing is by how much the 5–95 % range of the cap would be narrower, as expected,
	// if the quantity were known [s].
	Narrowing estimate.Estimate `json:"narrowing_s"`
}

// Bar is one side of a bar of a tornado.
type Bar struct {
	Value string  `json:"value"` // of the quantity, with its unit
	Cap   float64 `json:"cap_s"` // best estimate
	// CapChange [s] and FailureChange, of the plan, are the differences to the scenario's own
	// values.
	CapChange     estimate.Estimate `json:"cap_change_s"`
	FailureChange estimate.Estimate `json:"failure_change"`
}

// Swing returns how far the cap moves between the ends of the quantity, the scenario's own
// value among them [s].
func (q *Effect) Swing(own float64) float64 {
	return max(q.Low.Cap, q.High.Cap, own) - min(q.Low.Cap, q.High.Cap, own)
}

// tornado finds what each quantity by itself does to a cap: at the ends of its law, with
// all others at the scenario's own values. All simulate the same sessions, so that
// differences are known much better than caps (package compare).
type tornado struct {
	*evaluator
	tolerance float64
	alpha     float64
	plan      float64 // whose failure is looked at [s]; 0 means the cap

	cap, failure float64 // found at the scenario's own values
}

// barTimes is the number of durations that the means of replicates are kept at.
const barTimes = 60

// bars returns the effect of every quantity by itself.
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
	nearest := 0 // duration with replicates at or beyond the plan's
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
			// Where replicates are of a duration a little longer, the interval is taken over.
			shift := other.Failure[plan].Mean() - own.Failure[plan].Mean() - bar.FailureChange.Value
			bar.FailureChange.Value += shift
			bar.FailureChange.Lower += shift
			bar.FailureChange.Upper += shift
		}
	}
	return out, nil
}

// side takes what a comparison needs out of estimates.
func (t *tornado) side(e *solver.Estimates, places []int) *compare.Side {
	in := &e.Readings[0]
	return &compare.Side{Durations: t.durations, Failure: in.Failure.Moments,
		Replicates: in.Replicates, At: places}
}
