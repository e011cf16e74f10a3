package live

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// unknownRules returns the keys of the rules of the system that nobody outside Apple knows.
func unknownRules(s *model.Scenario) (keys []string) {
	for _, p := range s.Parameters() {
		if p.Law != nil && model.IsRule(p.Key) && strings.HasPrefix(p.Key, "policy.") {
			keys = append(keys, p.Key)
		}
	}
	return keys
}

// orderPaths is the number of paths of each end of a rule's range, of which all rules take a fifth
// of a second.
const orderPaths = 4096

// RulesByEffect returns the keys of the rules of the system that nobody outside Apple knows and
// that a question depends on: those first whose ranges move its cap most, and of equals those that
// move the failure at its cap most, as budget sensitivity finds without indices.
func (e *Engine) RulesByEffect(ctx context.Context, q Question) (keys []string, err error) {
	rules := unknownRules(q.Scenario)
	if len(rules) == 0 {
		return nil, nil
	}
	r := q.Request
	r.Estimator, r.Paths = solver.Weights, orderPaths
	var found *uncertainty.Sensitivity
	err = e.run(ctx, e.running, func(control sweep.Control) (err error) {
		found, err = uncertainty.FindSensitivity(ctx, q.Scenario, uncertainty.SensitivityRequest{
			Request: r, Varying: uncertainty.Varying{Vary: rules}}, control)
		return err
	})
	if errors.Is(err, uncertainty.ErrNothingVaried) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	c := found.Cases[0]
	failure := func(x *uncertainty.Effect) float64 {
		return max(math.Abs(x.Low.FailureChange.Value), math.Abs(x.High.FailureChange.Value))
	}
	slices.SortStableFunc(c.Quantities, func(a, b uncertainty.Effect) int {
		return cmp.Or(-cmp.Compare(a.Swing(c.Cap), b.Swing(c.Cap)),
			-cmp.Compare(failure(&a), failure(&b)))
	})
	for _, x := range c.Quantities {
		keys = append(keys, x.Key)
	}
	return keys, nil
}
