package uncertainty

import (
	"context"
	"slices"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// Draws are the draws of the uncertain quantities of a case that its robust caps are order
// statistics of: the first set of every plant, as FindSpread draws them. Others may give the
// quantities other laws, such as those after a study, and find the robust cap by the same
// draws.
type Draws struct {
	Quantities []Quantity
	// Below is, by draw and quantity, the share of the quantity's law below the drawn value.
	// Draws are independent and uniform.
	Below [][]float64
	Rank  int64   // of the robust cap among the caps of the draws
	Share float64 // of the uncertain values that the robust cap is safe for

	evaluator *evaluator
	tolerance float64
	sure      float64 // error probability of a draw's bound
}

// NewDraws returns the draws of a case for a request's first reading and tolerance.
func NewDraws(s *model.Scenario, q SpreadRequest, c sweep.Case,
	control sweep.Control) (*Draws, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	q.Readings = q.Readings[:1]
	e, err := q.Varying.evaluator(s, &q.Request, c, control)
	if err != nil {
		return nil, err
	}
	plants := q.plants(e.quantities)
	sets, err := drawSets(e.quantities, q.Sets, plants, q.Design, q.Seed, 0)
	if err != nil {
		return nil, err
	}
	d := &Draws{Quantities: e.quantities, evaluator: e, tolerance: q.Tolerances[0]}
	for i, set := range sets {
		if i == 0 || set.plant != sets[i-1].plant {
			d.Below = append(d.Below, set.below)
		}
	}
	d.Rank, d.Share, d.sure = robustRank(plants, q.Share, q.Confidence)
	return d, nil
}

// Law returns the law of the j-th quantity.
func (d *Draws) Law(j int) *model.Law { return d.Quantities[j].parameter.Law }

// Own returns a point with the scenario's values of all quantities (Draws.Bounds).
func (d *Draws) Own() []float64 { return d.evaluator.owns() }

// Durations returns the session lengths of Bound.Cap [s].
func (d *Draws) Durations() []float64 { return d.evaluator.durations }

// Length returns the session length at an index of Durations [s], 0 for −1.
func (d *Draws) Length(index int) float64 { return d.evaluator.length(index) }

// Bound is what is sure at given values of the uncertain quantities.
type Bound struct {
	// Failure is the estimate at the session length asked for. Upper is the bound that the
	// robust cap uses: the length is safe if it is within the tolerance.
	Failure, Upper float64
	// Cap is the longest session that is surely safe, as an index of Durations.
	Cap estimate.CapResult
	// Best is the index of the best estimate of the cap, −1 if there is none.
	Best int
}

// Bounds evaluates points, which are values by quantity [SI], NaN for the scenario's own, and
// gives take the bounds of the i-th at a session length [s], in any order, from several
// goroutines. Points that differ only in rules share a run of the plant.
func (d *Draws) Bounds(ctx context.Context, points [][]float64, length float64,
	take func(i int, b Bound)) error {
	at := d.evaluator.index(length)
	return d.evaluator.each(ctx, points, func(i int, found *solver.Estimates) {
		curve := found.Readings[0].Failure
		take(i, Bound{Failure: curve.Value(at), Upper: curve.Interval(at, 0, d.sure).Upper,
			Cap:  estimate.NewCurveCaps(curve, d.sure).Invert(d.tolerance),
			Best: bestCap(curve.Moments, d.tolerance)})
	})
}

// Robust returns the robust cap of the caps of all draws, as an index of Durations.
func (d *Draws) Robust(caps []estimate.CapResult) estimate.CapResult {
	return robust(slices.Clone(caps), d.Rank)
}
