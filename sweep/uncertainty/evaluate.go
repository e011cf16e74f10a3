package uncertainty

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// schema is the version of the result files.
const schema = 1

// evaluator estimates a case under given values of its uncertain quantities. All values
// use the same sessions (common random numbers).
type evaluator struct {
	base       *model.Scenario
	on         solver.Case
	settings   solver.Settings
	quantities []Quantity
	durations  []float64 // planned durations of the curves [s]
	paths      int64
	at         []float64 // durations with means of replicates [s]
	control    sweep.Control
}

// newEvaluator makes the evaluator of a case. Call prepare before use.
func newEvaluator(s *model.Scenario, q *sweep.Request, c sweep.Case,
	control sweep.Control) *evaluator {
	return &evaluator{base: s, paths: q.Paths, control: control,
		on: solver.Case{Session: c.Session, Device: c.Device, Environment: c.Environment,
			StartLevel: q.StartLevel, Duration: q.Duration,
			Pause: q.Pause || s.Timer.Resign == model.ResignPause},
		settings: solver.Settings{Seed: q.Seed, Estimator: solver.Weights, Sampling: q.Sampling,
			Readings: q.Readings,
			Failures: sweep.Failures(q.EndOnResign, q.CountRefused), Workers: control.Workers,
			Kernel: control.Kernel, FailuresOnly: true}}
}

// prepare prepares for points of the given quantities.
func (e *evaluator) prepare(quantities []Quantity) error {
	for _, q := range quantities {
		if strings.HasPrefix(q.Key, "timer.phase.") { // sets would have timers of different lengths
			return fmt.Errorf("%s: the length of a phase cannot be uncertain: leave out its range, or make "+
				"it an axis of a plan", q.Key)
		}
	}
	p, err := solver.Compile(e.base, e.on)
	if err != nil {
		return err
	}
	e.quantities, e.durations = slices.Clone(quantities), p.Durations()
	for i := range e.quantities {
		q := &e.quantities[i]
		q.Plant = q.Plant || e.on.Pause && model.TouchesPauses(q.Key)
	}
	return nil
}

// own means that a quantity keeps the scenario's value.
var own = math.NaN()

// owns returns the point with the scenario's values of all quantities.
func (e *evaluator) owns() []float64 { return slices.Repeat([]float64{own}, len(e.quantities)) }

// each evaluates points, which are values by quantity, and passes the estimates of the i-th
// to take, in any order, from several goroutines. Points that differ only in rules share a
// run of the plant.
func (e *evaluator) each(ctx context.Context, points [][]float64,
	take func(i int, found *solver.Estimates)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	runs := e.runs(points)
	if p := e.control.Progress; p != nil {
		p.Planned.Add(e.paths * int64(len(runs)))
	}
	// Several plants in parallel leave no processor waiting. If there are few plants,
	// several processors share one.
	beside, settings := parallel.Workers(e.control.Workers), e.settings
	if len(runs) < 2*beside {
		beside = 1
	} else {
		settings.Workers = 1
	}
	parallel.For(beside, len(runs), func(_, i int) {
		if ctx.Err() != nil {
			return
		}
		if err := e.run(ctx, points, runs[i], settings, take); err != nil {
			stop(err)
			return
		}
		if p := e.control.Progress; p != nil {
			p.Paths.Add(e.paths)
		}
	})
	return context.Cause(ctx)
}

// apart evaluates n cases, each on a plant of its own, and gives take what is found for the
// i-th, in any order, from several goroutines.
func (e *evaluator) apart(ctx context.Context, n int,
	of func(i int) (*model.Scenario, solver.Case, error),
	take func(i int, found *solver.Estimates)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	if p := e.control.Progress; p != nil {
		p.Planned.Add(e.paths * int64(n))
	}
	settings := e.settings
	settings.Workers = 1
	parallel.For(parallel.Workers(e.control.Workers), n, func(_, i int) {
		if ctx.Err() != nil {
			return
		}
		s, on, err := of(i)
		var program *solver.Program
		if err == nil {
			program, err = solver.Compile(s, on)
		}
		if err == nil {
			err = solver.Summaries(ctx, []*solver.Program{program}, settings, e.paths, nil,
				func(_ int, found *solver.Estimates) { take(i, found) })
		}
		if err != nil {
			stop(err)
			return
		}
		if p := e.control.Progress; p != nil {
			p.Paths.Add(e.paths)
		}
	})
	return context.Cause(ctx)
}

// runs groups points into runs of the plant: points of a run have the same values of
// quantities that affect the plant.
func (e *evaluator) runs(points [][]float64) [][]int {
	var runs [][]int
	number := map[string]int{}
	for i, point := range points {
		var plant []byte
		for j, q := range e.quantities {
			if q.Plant {
				plant = binary.LittleEndian.AppendUint64(plant, math.Float64bits(point[j]))
			}
		}
		run, ok := number[string(plant)]
		if !ok {
			run = len(runs)
			number[string(plant)] = run
			runs = append(runs, nil)
		}
		runs[run] = append(runs[run], i)
	}
	return runs
}

// run evaluates the points of a run of the plant.
func (e *evaluator) run(ctx context.Context, points [][]float64, run []int,
	settings solver.Settings,
	take func(i int, found *solver.Estimates)) error {
	s, err := e.with(e.base, points[run[0]], true)
	if err != nil {
		return err
	}
	first, err := solver.Compile(s, e.on)
	if err != nil {
		return err
	}
	programs := make([]*solver.Program, len(run))
	for k, i := range run {
		under, err := e.with(s, points[i], false)
		if err != nil {
			return err
		}
		var shared bool
		if programs[k], shared = first.Under(under); !shared {
			return fmt.Errorf("uncertainty: rules of %s need another plant", e.on.Session)
		}
	}
	return solver.Summaries(ctx, programs, settings, e.paths, e.at,
		func(k int, found *solver.Estimates) { take(run[k], found) })
}

// with returns a scenario with the values of a point: of the quantities that affect the
// plant, or of the rules.
func (e *evaluator) with(s *model.Scenario, point []float64, plant bool) (*model.Scenario, error) {
	var set []model.Setting
	for j, q := range e.quantities {
		if q.Plant == plant && !math.IsNaN(point[j]) {
			set = append(set, q.parameter.Varied(point[j]))
		}
	}
	under, err := s.With("values of uncertain inputs", set)
	if err != nil {
		return nil, fmt.Errorf("values drawn do not go together: %w", err)
	}
	return under, nil
}

// length returns the duration with an index [s], 0 for −1.
func (e *evaluator) length(i int) float64 {
	if i < 0 {
		return 0
	}
	return e.durations[i]
}

// index returns the index of the longest duration that is not longer than a
// session length.
func (e *evaluator) index(plan float64) int { return max(int(plan/e.durations[0]+1e-9)-1, 0) }

// evenly returns the indices of n evenly spaced durations, and also the given one.
func (e *evaluator) evenly(n, also int) []int {
	at := []int{also}
	for j := 1; j <= n; j++ {
		at = append(at, max(j*len(e.durations)/n-1, 0))
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// bestCap returns the index of the longest session whose estimated failure is
// within a tolerance, −1 if none.
func bestCap(failure []estimate.Moments, tolerance float64) int {
	i := slices.IndexFunc(failure, func(m estimate.Moments) bool { return m.Mean() > tolerance })
	if i < 0 {
		i = len(failure)
	}
	return i - 1
}
