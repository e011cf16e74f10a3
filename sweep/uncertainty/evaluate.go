package uncertainty

import (
	"context"
	"fmt"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// evaluator finds what the paths of a case say under other values of its quantities. All
// simulate the same sessions (common random numbers).
type evaluator struct {
	base     *model.Scenario
	on       solver.Case
	settings solver.Settings
	paths    int64
	at       []float64 // durations that replicates are told of [s]
	control  sweep.Control
}

// variant is a plant with the sets of rules to be looked at on it.
type variant struct {
	plant []model.Setting
	rules [][]model.Setting // each to be added to those of the plant
}

// newEvaluator prepares a case of a request.
func newEvaluator(s *model.Scenario, q *sweep.Request, c sweep.Case, control sweep.Control) *evaluator {
	return &evaluator{base: s,
		on: solver.Case{Session: c.Session, Device: c.Device, Environment: c.Environment, StartLevel: q.StartLevel, Duration: q.Duration},
		settings: solver.Settings{Seed: q.Seed, Estimator: solver.Weights, Sampling: q.Sampling, Readings: q.Readings,
			Failures: sweep.Failures(q.EndOnResign), Workers: control.Workers, Kernel: control.Kernel},
		paths: q.Paths, control: control}
}

// durations returns the planned durations of the curves [s].
func (e *evaluator) durations() ([]float64, error) {
	p, err := solver.Compile(e.base, e.on)
	if err != nil {
		return nil, err
	}
	return p.Durations(), nil
}

// each evaluates variants and gives take what is found for the k-th rules of the i-th, in any
// order, from several goroutines.
func (e *evaluator) each(ctx context.Context, variants []variant, take func(i, k int, found *solver.Estimates)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if p := e.control.Progress; p != nil {
		p.Planned.Add(e.paths * int64(len(variants)))
	}
	// Several plants side by side leave no processor waiting; where there are few, many
	// processors share one.
	beside, settings := parallel.Workers(e.control.Workers), e.settings
	if len(variants) < 2*beside {
		beside = 1
	} else {
		settings.Workers = 1
	}
	parallel.For(beside, len(variants), func(_, i int) {
		if ctx.Err() != nil {
			return
		}
		if err := e.one(ctx, variants[i], settings, func(k int, found *solver.Estimates) { take(i, k, found) }); err != nil {
			stop(err)
			return
		}
		if p := e.control.Progress; p != nil {
			p.Paths.Add(e.paths)
		}
	})
	return context.Cause(ctx)
}

// one evaluates a variant.
func (e *evaluator) one(ctx context.Context, v variant, settings solver.Settings, take func(k int, found *solver.Estimates)) error {
	const file = "values of what is not known"
	s, err := e.base.With(file, v.plant)
	if err != nil {
		return fmt.Errorf("values drawn do not go together: %w", err)
	}
	first, err := solver.Compile(s, e.on)
	if err != nil {
		return err
	}
	programs := make([]*solver.Program, len(v.rules))
	for i, rules := range v.rules {
		under, err := s.With(file, rules)
		if err != nil {
			return fmt.Errorf("values drawn do not go together: %w", err)
		}
		var shared bool
		if programs[i], shared = first.Under(under); !shared {
			return fmt.Errorf("sweep: rules of %s touch the watch", e.on.Session)
		}
	}
	return solver.Summaries(ctx, programs, settings, e.paths, e.at, take)
}
