package live

import (
	"context"
	"errors"
	"math"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// Range is how a cap moves over inputs that nobody knows: quantiles of it over draws of them [s].
type Range struct {
	Low, Median, High float64 // 5 %, 50 % and 95 % of draws have a shorter cap
	Robust            float64 // NaN where it was not looked for
	Longest           float64 // session length looked at
}

// The draws of a range over rules are read from two runs of the watch, in a tenth of a second.
const (
	ruleSets  = 64
	rulePaths = 8192
)

// RuleRange finds how the cap of a question moves over the rules of the system that nobody outside
// Apple knows. It returns nil where no such rule matters.
func (e *Engine) RuleRange(ctx context.Context, q Question, c sweep.Cap) (*Range, error) {
	rules := unknownRules(q.Scenario)
	if len(rules) == 0 {
		return nil, nil
	}
	r := q.Request
	r.Estimator, r.Paths = solver.Weights, rulePaths
	longest := c.Horizon
	if _, timer := q.Scenario.TimerSequence(); !timer {
		step := float64(q.Scenario.Grid.Step)
		longest = max(math.Floor(min(max(2.5*c.Cap, 600), c.Horizon)/step+1e-9), 1) * step
		r.Duration = longest
	}
	var found *uncertainty.Spread
	err := e.run(ctx, e.running, func(control sweep.Control) (err error) {
		found, err = uncertainty.FindSpread(ctx, q.Scenario, uncertainty.SpreadRequest{Request: r,
			Varying: uncertainty.Varying{Vary: rules}, Sets: ruleSets, Plants: 2,
			Design: uncertainty.LatinRules, Share: 0.5}, control)
		return err
	})
	if errors.Is(err, uncertainty.ErrNothingVaried) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	at := found.Cases[0].Caps[0].Quantiles
	return &Range{at[0].Value, at[1].Value, at[2].Value, math.NaN(), longest}, nil
}

// FullRange finds how the cap of a question moves over all uncertain inputs, as budget caps does.
// It takes some seconds. It returns nil where no input is uncertain.
func (e *Engine) FullRange(ctx context.Context, q Question, c sweep.Cap) (*Range, error) {
	rows := []sweep.Cap{c}
	err := e.RunLong(ctx, func(control sweep.Control) error {
		_, err := uncertainty.AddRanges(ctx, q.Scenario, q.Request, c.Tolerance, rows, control)
		return err
	})
	s := rows[0].Spread
	if err != nil || s == nil {
		return nil, err
	}
	return &Range{s.Low, s.Median, s.High, s.Robust, s.Longest}, nil
}

// Longest finds how often the timer of a question may repeat, and how long its longest phases may
// be at the number of cycles that it has.
func (e *Engine) Longest(ctx context.Context, q Question) (of model.Sequence,
	caps *sweep.TimerCaps, err error) {
	of, _ = q.Scenario.TimerSequence()
	r := q.Request
	r.Paths = e.paths
	resign := model.ResignLeave
	switch {
	case r.Pause:
		resign = model.ResignPause
	case r.EndOnResign:
		resign = model.ResignEnd
	}
	err = e.run(ctx, e.running, func(control sweep.Control) error {
		timers, err := sweep.Timers(ctx, q.Scenario, r, []sweep.Strategy{{Name: "as asked",
			Session: r.Sessions[0], Phases: of.Phases(), Resign: resign}}, control)
		if err != nil {
			return err
		}
		caps, err = sweep.CapTimer(ctx, q.Scenario, r, of, &timers[0], false, control)
		return err
	})
	return of, caps, err
}
