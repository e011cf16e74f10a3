package sweep

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"budget/model"
	"budget/solver"
)

// Progress counts what a sweep has done, for a display to read.
type Progress struct {
	solver.Progress
	Blocks atomic.Int64 // finished, of those to find
}

// FillControl says how to run. No result depends on it.
type FillControl struct {
	Workers  int
	Kernel   string
	Progress *Progress
}

// syncEvery bounds the work that is lost where a machine, and not the program alone,
// stops.
const syncEvery = 250 * time.Millisecond

// fill finds the blocks of units that a journal does not have, and puts them there as
// they are finished. When ctx ends, it returns its error; what is finished is kept.
func (p *Plan) fill(ctx context.Context, units []Unit, j *Journal, control FillControl) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// Several units side by side leave no processor waiting at the end of each; where
	// there are few, many processors share one.
	workers := min(control.Workers, max(16, runtime.GOMAXPROCS(0)))
	beside := max(1, min(workers, len(units)/4))
	settings := p.solving(control)
	settings.Workers = (workers + beside - 1) / beside
	w := &filling{plan: p, journal: j, control: control, settings: settings, synced: time.Now()}
	var next atomic.Int64
	var all sync.WaitGroup
	for range beside {
		all.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(units) {
					return
				}
				if err := w.unit(ctx, units[i]); err != nil {
					stop(err)
				}
			}
		})
	}
	all.Wait()
	err := context.Cause(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(err, j.sync())
}

// solving returns how the plan's paths are simulated.
func (p *Plan) solving(control FillControl) solver.Settings {
	s := solver.Settings{Seed: p.Seed, Estimator: solver.Weights, Sampling: p.Sampling, Readings: p.Readings,
		Failures: failures(p.EndOnResign), Workers: control.Workers, Kernel: control.Kernel}
	if control.Progress != nil {
		s.Progress = &control.Progress.Progress
	}
	return s
}

// filling is a fill under way.
type filling struct {
	plan     *Plan
	control  FillControl
	settings solver.Settings

	mu      sync.Mutex // of the journal
	journal *Journal
	synced  time.Time
}

func (w *filling) has(key Key) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.journal.Has(key)
}

// unit finds and keeps the blocks of a unit.
func (w *filling) unit(ctx context.Context, u Unit) error {
	blocks, err := w.find(ctx, u)
	if err != nil || len(blocks) == 0 {
		return err
	}
	return w.keep(blocks)
}

// find finds the blocks of a unit that are missing.
func (w *filling) find(ctx context.Context, u Unit) ([]keyed, error) {
	tasks, err := w.plan.compile(u, w.has, w.settings.Workers)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	programs := make([]*solver.Program, len(tasks))
	for i, t := range tasks {
		programs[i] = t.program
	}
	durations := programs[0].Durations()
	at := indices(durations, w.plan.Durations[u.Session])
	blocks, failed := make([]keyed, len(tasks)), make([]error, len(tasks))
	writers := make(chan struct{}, w.settings.Workers) // who write blocks meanwhile
	err = solver.Summaries(ctx, programs, w.settings, w.plan.Paths, at, func(i int, s *solver.Summary) {
		writers <- struct{}{}
		go func() {
			defer func() { <-writers }()
			b := newBlock(s, durations)
			if n := w.plan.Trajectories; n > 0 {
				if b.states, failed[i] = states(ctx, programs[i], w.settings.Seed, n, 1); failed[i] != nil {
					return
				}
			}
			blocks[i] = keyed{tasks[i].key, b.write()}
		}()
	})
	for range cap(writers) {
		writers <- struct{}{}
	}
	return blocks, cmp.Or(err, errors.Join(failed...))
}

// Probe runs some paths of a unit and keeps nothing, for whoever wants to know how long
// that takes.
func (p *Plan) Probe(ctx context.Context, u Unit, paths int64, control FillControl) error {
	probe := *p
	probe.Paths = paths
	w := &filling{plan: &probe, control: control, settings: probe.solving(control), journal: &Journal{}}
	_, err := w.find(ctx, u)
	return err
}

// keep puts the blocks of a unit into the journal.
func (w *filling) keep(blocks []keyed) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := w.journal.put(blocks...)
	if err == nil && time.Since(w.synced) > syncEvery {
		w.synced = time.Now()
		err = w.journal.sync()
	}
	if err != nil {
		return fmt.Errorf("cannot write to the journal: %w", err)
	}
	if w.control.Progress != nil {
		w.control.Progress.Blocks.Add(int64(len(blocks)))
	}
	return nil
}

// What is kept of states: at so many times, with some paths by themselves.
const (
	stateTimes = 90
	statePaths = 5
)

// states traces paths of a program.
func states(ctx context.Context, p *solver.Program, seed uint64, paths, workers int) (*solver.States, error) {
	return p.States(ctx, seed, paths, stateTimes, statePaths, workers)
}

// indices returns the places of some durations among those of a program's curves, which
// are the multiples of a step: of the longest that is not longer. Those that are none are
// left out.
func indices(durations, some []float64) []int {
	var at []int
	step := durations[0]
	for _, t := range some {
		if i := int(t/step+1e-9) - 1; i >= 0 && i < len(durations) && (len(at) == 0 || i > at[len(at)-1]) {
			at = append(at, i)
		}
	}
	return at
}

// failures lists the causes that a plan of the app fails by.
func failures(endOnResign bool) []model.Cause {
	if endOnResign {
		return append(model.Failures[:len(model.Failures):len(model.Failures)], model.Resigned)
	}
	return model.Failures
}
