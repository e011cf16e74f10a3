package uncertainty

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"budget/model"
	"budget/sweep"
)

// SensitivityRequest asks which quantities move the cap at the first tolerance under
// the first reading. Paths is the number of simulated sessions for each bar of the
// tornado.
type SensitivityRequest struct {
	sweep.Request
	Varying
	// session length for the effects on failure [s]; 0 means the scenario's cap
	Plan       float64
	Base       int   // plants in each of the two samples for the indices; 0 means no indices
	Sets       int   // sets on each of these plants
	IndexPaths int64 // paths for each point of the samples
	Design     RuleDesign
}

// Sensitivity is the effect of uncertain quantities on the caps of a scenario's
// cases.
type Sensitivity struct {
	Schema     int               `json:"schema"`
	Provenance sweep.Provenance  `json:"provenance"`
	Design     SensitivityDesign `json:"design"`
	Cases      []CaseSensitivity `json:"cases"`
}

// SensitivityDesign records the numbers of plants, sets and paths.
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

// CaseSensitivity is the effect of uncertain quantities on the cap of a case.
type CaseSensitivity struct {
	sweep.Case
	Cap     float64 `json:"cap_s"`   // best estimate at the scenario's values
	Plan    float64 `json:"plan_s"`  // session length for the effects on failure
	Failure float64 `json:"failure"` // failure of that session length at the scenario's values
	// CapRange are the 5 and 95 % quantiles of the cap over the uncertain quantities, from
	// the samples of the indices.
	CapRange [2]float64 `json:"cap_range_s"`
	// Quantities are sorted by effect, largest first.
	Quantities []Effect `json:"quantities"`
}

// FindSensitivity finds the effects of uncertain quantities on the caps of a request's
// cases. If ctx ends first, it returns ctx's error.
func FindSensitivity(ctx context.Context, s *model.Scenario, q SensitivityRequest,
	control sweep.Control) (*Sensitivity, error) {
	out := &Sensitivity{Schema: schema, Design: SensitivityDesign{Tolerance: q.Tolerances[0],
		Reading: string(q.Readings[0]),
		Paths:   q.Paths, Base: q.Base, Sets: q.Sets, IndexPaths: q.IndexPaths, Rules: q.Design,
		Vary: append([]string{}, q.Vary...), Fix: append([]string{}, q.Fix...)}}
	q.Readings = q.Readings[:1]
	err := q.EachCase(s, control, func(_ int, c sweep.Case) error {
		e, err := q.Varying.evaluator(s, &q.Request, c, control)
		if err != nil {
			return err
		}
		found, err := q.find(ctx, e, c)
		out.Cases = append(out.Cases, found)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// find returns the result of a case.
func (q *SensitivityRequest) find(ctx context.Context, e *evaluator,
	c sweep.Case) (out CaseSensitivity, err error) {
	if q.Plan > e.durations[len(e.durations)-1]+1e-9 {
		return out, fmt.Errorf("a session of %v is longer than the longest simulated, %v",
			model.Duration(q.Plan), model.Duration(c.Horizon))
	}
	t := &tornado{evaluator: e, tolerance: q.Tolerances[0], alpha: (1 - q.Confidence) / 2,
		plan: q.Plan}
	effects, err := t.bars(ctx)
	if err != nil {
		return out, err
	}
	out = CaseSensitivity{Case: c, Cap: t.cap, Plan: t.plan, Failure: t.failure, Quantities: effects}
	if q.Base > 0 {
		e.paths = q.IndexPaths
		x := &indexing{evaluator: e, base: q.Base, sets: q.Sets, design: q.Design, seed: q.Seed,
			tolerance: t.tolerance, alpha: t.alpha, plan: e.index(t.plan)}
		if out.CapRange, err = x.indices(ctx, effects, groups(effects, t.cap, t.failure)); err != nil {
			return out, err
		}
	}
	slices.SortStableFunc(effects, func(a, b Effect) int {
		return cmp.Or(cmp.Compare(min(a.Together, 2), min(b.Together, 2)),
			-cmp.Compare(a.OfCap.Total.Value, b.OfCap.Total.Value),
			-cmp.Compare(a.Swing(out.Cap), b.Swing(out.Cap)),
			-cmp.Compare(a.OfFailure.Total.Value, b.OfFailure.Total.Value))
	})
	return out, nil
}
