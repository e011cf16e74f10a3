package uncertainty

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/compare"
)

// SensitivityRequest asks what moves a cap: that at the first tolerance under the first
// reading. Paths is the number of simulated sessions behind each bar of the tornado.
type SensitivityRequest struct {
	sweep.Request
	Varying
	Plan       float64 // planned duration whose failure is looked at too [s]; 0 means the scenario's own cap
	Base       int     // plants in each of the two samples of the indices; 0 leaves the indices out
	Sets       int     // on each of these plants
	IndexPaths int64   // of each point of the samples
	Design     RuleDesign
}

// Sensitivity is what moves the caps of a scenario's cases.
type Sensitivity struct {
	Schema     int               `json:"schema"`
	Provenance sweep.Provenance  `json:"provenance"`
	Design     SensitivityDesign `json:"design"`
	Cases      []CaseSensitivity `json:"cases"`
}

// SensitivityDesign says how the answer was found.
type SensitivityDesign struct {
	Tolerance  float64    `json:"tolerance"`
	Reading    string     `json:"reading"`
	Paths      int64      `json:"paths"` // of a bar
	Base       int        `json:"base"`
	Sets       int        `json:"sets"`
	IndexPaths int64      `json:"index_paths"`
	Rules      RuleDesign `json:"rules"`
	Vary       []string   `json:"vary"`
	Fix        []string   `json:"fix"`
}

// SensitiveCase is what moves the cap of a case.
type CaseSensitivity struct {
	sweep.Case
	Cap     float64 `json:"cap_s"`   // best estimate at the scenario's own values
	Plan    float64 `json:"plan_s"`  // whose failure is looked at
	Failure float64 `json:"failure"` // of that plan, at the scenario's own values
	// CapRange are the 5 and 95 % quantiles of the cap over what is not known, of the points
	// of the indices' samples.
	CapRange [2]float64 `json:"cap_range_s"`
	// Quantities are ranked: those first that decide most.
	Quantities []Effect `json:"quantities"`
}

// SensitiveQuantity is what a quantity that is not known does.
type Effect struct {
	Quantity
	// Low and High are what its ends do (model.Law.Ends), with all others at the scenario's
	// own values.
	Low  Bar `json:"low"`
	High Bar `json:"high"`
	// OfCap and OfFailure are its shares of the variance over all that is not known. Where
	// Together is more than 1 they are of so many quantities that by themselves move nothing:
	// each has at most the total of all. Together is 0 where no indices were asked for.
	Together  int     `json:"together"`
	OfCap     Indices `json:"of_cap"`
	OfFailure Indices `json:"of_failure"`
	// Narrowing is by how much the 5–95 % range of the cap would be narrower, as expected,
	// if the quantity were known [s].
	Narrowing Ranged `json:"narrowing_s"`
}

// Bar is one side of a bar of a tornado.
type Bar struct {
	Value string  `json:"value"` // of the quantity, with its unit
	Cap   float64 `json:"cap_s"` // best estimate
	// CapChange [s] and FailureChange, of the plan, are the differences to the scenario's own
	// values.
	CapChange     Ranged `json:"cap_change_s"`
	FailureChange Ranged `json:"failure_change"`
}

// Indices are Sobol' indices: the share of the variance that goes where a quantity is
// known (first), and that stays where all others are (total).
type Indices struct {
	First Ranged `json:"first"`
	Total Ranged `json:"total"`
}

// Ranged is an estimate with its interval.
type Ranged struct {
	Value float64 `json:"value"`
	Lower float64 `json:"lower"`
	Upper float64 `json:"upper"`
}

// Swing returns how far the cap moves between the ends of the quantity, the scenario's own
// value among them [s].
func (q *Effect) Swing(own float64) float64 {
	return max(q.Low.Cap, q.High.Cap, own) - min(q.Low.Cap, q.High.Cap, own)
}

// Sensitive finds what moves the caps of a request's cases. If ctx ends first it returns
// its error.
func FindSensitivity(ctx context.Context, s *model.Scenario, q SensitivityRequest, control sweep.Control) (*Sensitivity, error) {
	out := &Sensitivity{Schema: schema, Design: SensitivityDesign{Tolerance: q.Tolerances[0], Reading: string(q.Readings[0]), Paths: q.Paths,
		Base: q.Base, Sets: q.Sets, IndexPaths: q.IndexPaths, Rules: q.Design, Vary: append([]string{}, q.Vary...), Fix: append([]string{}, q.Fix...)}}
	q.Readings = q.Readings[:1]
	err := q.EachCase(s, control, func(_ int, c sweep.Case) error {
		found, err := sensitivityOf(ctx, s, &q, c, control)
		if err == nil {
			out.Cases = append(out.Cases, *found)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func sensitivityOf(ctx context.Context, s *model.Scenario, q *SensitivityRequest, c sweep.Case, control sweep.Control) (*CaseSensitivity, error) {
	e := newEvaluator(s, &q.Request, c, control)
	unknowns, err := q.quantities(s, e.on, q.Readings)
	if err != nil {
		return nil, err
	}
	if len(unknowns) == 0 {
		return nil, fmt.Errorf("session type %s: nothing is varied: every quantity is taken as known or fixed", c.Session)
	}
	durations, err := e.durations()
	if err != nil {
		return nil, err
	}
	if q.Plan > durations[len(durations)-1]+1e-9 {
		return nil, fmt.Errorf("a plan of %v is longer than the longest looked at, %v", model.Duration(q.Plan), model.Duration(c.Horizon))
	}
	out := &CaseSensitivity{Case: c}
	t := &tornado{evaluator: e, durations: durations, tolerance: q.Tolerances[0], alpha: (1 - q.Confidence) / 2, plan: q.Plan}
	if out.Quantities, err = t.bars(ctx, unknowns, out); err != nil {
		return nil, err
	}
	if q.Base > 0 {
		e.paths = q.IndexPaths
		x := &indexing{evaluator: e, q: q, durations: durations, plan: out.Plan, unknowns: unknowns}
		if err := x.indices(ctx, out); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out.Quantities, func(a, b Effect) int {
		return cmp.Or(cmp.Compare(min(a.Together, 2), min(b.Together, 2)), -cmp.Compare(a.OfCap.Total.Value, b.OfCap.Total.Value), -cmp.Compare(a.Swing(out.Cap), b.Swing(out.Cap)),
			-cmp.Compare(a.OfFailure.Total.Value, b.OfFailure.Total.Value))
	})
	return out, nil
}

// narrowing returns by how much a range is narrower, as expected, where a quantity with
// this first-order index is known. The variance that stays is 1 − S of all on average, so a
// range whose shape stays the same is √(1 − S) as wide.
func narrowing(width float64, first Ranged) Ranged {
	by := func(s float64) float64 { return width * (1 - math.Sqrt(1-min(max(s, 0), 1))) }
	return Ranged{by(first.Value), by(first.Lower), by(first.Upper)}
}

// asRanged takes the interval of a difference.
func asRanged(d compare.Difference) Ranged { return Ranged{d.Value, d.Lower, d.Upper} }

// indexOf returns the index of the longest duration that is not longer than a plan.
func indexOf(durations []float64, plan float64) int {
	return max(int(plan/durations[0]+1e-9)-1, 0)
}

// evenly returns n indices of durations, evenly spread, with one more among them.
func evenly(times, n, also int) []int {
	at := []int{also}
	for j := 1; j <= n; j++ {
		at = append(at, max(j*times/n-1, 0))
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// capOf returns the best estimate of a cap [s] under the first reading, 0 for none.
func capOf(e *solver.Estimates, tolerance float64) float64 {
	if i := bestCap(e.Readings[0].Failure.Moments, tolerance); i >= 0 {
		return e.Durations[i]
	}
	return 0
}
