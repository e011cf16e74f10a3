package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"budget/internal/parallel"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/plan"
)

// Progress counts the work done by a sweep, for a display.
type Progress struct {
	solver.Progress
	Blocks atomic.Int64 // blocks finished by this run
}

// Control says how to run. It does not affect results.
type Control struct {
	Workers  int
	Kernel   string
	Progress *Progress
}

// syncEvery limits the work lost if the machine stops, not only the program.
const syncEvery = 250 * time.Millisecond

// fill computes the blocks of units that a journal does not have and appends each
// when it is finished. When ctx ends, it returns ctx's error; finished blocks are
// kept.
func fill(ctx context.Context, p *plan.Plan, units []plan.Unit, j *Journal, control Control) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	// Several units in parallel leave no processor waiting at the end of each. If
	// there are few units, several processors share one.
	settings := solving(p, control)
	settings.Workers = parallel.Workers(settings.Workers)
	beside := max(1, min(settings.Workers, len(units)/4))
	settings.Workers = (settings.Workers + beside - 1) / beside
	w := &filling{plan: p, journal: j, control: control, settings: settings, synced: time.Now()}
	parallel.For(beside, len(units), func(_, i int) {
		if ctx.Err() != nil {
			return
		}
		if err := w.unit(ctx, units[i]); err != nil {
			stop(err)
		}
	})
	err := context.Cause(ctx)
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(err, j.sync())
}

// solving returns the settings for the plan's paths.
func solving(p *plan.Plan, control Control) solver.Settings {
	s := solver.Settings{Seed: p.Seed, Estimator: solver.Weights, Sampling: p.Sampling,
		Readings: p.Readings,
		Failures: sweep.Failures(p.EndOnResign, p.CountRefused), Workers: control.Workers,
		Kernel: control.Kernel}
	if control.Progress != nil {
		s.Progress = &control.Progress.Progress
	}
	return s
}

// filling is the state of a fill.
type filling struct {
	plan     *plan.Plan
	control  Control
	settings solver.Settings

	mu      sync.Mutex // guards the journal
	journal *Journal
	synced  time.Time
}

func (w *filling) has(key sweep.Key) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.journal.Has(key)
}

// unit computes the missing blocks of a unit and appends them.
func (w *filling) unit(ctx context.Context, u plan.Unit) error {
	blocks, err := w.find(ctx, u)
	if err != nil || len(blocks) == 0 {
		return err
	}
	return w.keep(blocks)
}

// find computes the missing blocks of a unit.
func (w *filling) find(ctx context.Context, u plan.Unit) ([]keyed, error) {
	tasks, err := w.plan.Compile(u, w.has, w.settings.Workers)
	if err != nil || len(tasks) == 0 {
		return nil, err
	}
	programs := make([]*solver.Program, len(tasks))
	for i, t := range tasks {
		programs[i] = t.Program
	}
	at := sweep.OnGrid(programs[0].Durations(), w.plan.Durations[u.Session])
	blocks, failed := make([]keyed, len(tasks)), make([]error, len(tasks))
	err = solver.Summaries(ctx, programs, w.settings, w.plan.Paths, at,
		func(i int, e *solver.Estimates) {
			b := &sweep.Block{Looks: solver.Looks{e}}
			if n := w.plan.Trajectories; n > 0 {
				if b.States, failed[i] = sweep.States(ctx, programs[i], w.settings.Seed, n,
					1); failed[i] != nil {
					return
				}
			}
			blocks[i] = keyed{tasks[i].Key, packBlock(b)}
		})
	return blocks, cmp.Or(err, errors.Join(failed...))
}

// Probe runs some paths of a unit and discards them, to measure the time they
// take.
func Probe(ctx context.Context, p *plan.Plan, u plan.Unit, paths int64, control Control) error {
	probe := *p
	probe.Paths = paths
	w := &filling{plan: &probe, control: control, settings: solving(&probe, control),
		journal: &Journal{}}
	_, err := w.find(ctx, u)
	return err
}

// Simulate returns the estimates of a cell for a session type and stores nothing.
func Simulate(ctx context.Context, p *plan.Plan, cell plan.Cell, session string,
	control Control) (*sweep.Block, error) {
	w := &filling{plan: p, control: control, settings: solving(p, control), journal: &Journal{}}
	blocks, err := w.find(ctx, plan.Unit{Session: session, Cells: []plan.Cell{cell}})
	if err != nil {
		return nil, err
	}
	return readBlock(blocks[0].payload, askedOf(p, session))
}

// keep appends the blocks of a unit to the journal.
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
