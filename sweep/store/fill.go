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
	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/plan"
)

// Progress counts the work done by a sweep, for a display.
type Progress struct {
	solver.Progress
	Blocks atomic.Int64 // blocks finished by this run
	Tables atomic.Int64 // blocks whose rows are written
	// What the paths and the blocks of units have taken so far.
	PathTime, BlockTime Rate
}

// Rate is the time that a number of things has taken.
type Rate struct{ number, nanoseconds atomic.Int64 }

func (r *Rate) add(n int64, t time.Duration) {
	r.number.Add(n)
	r.nanoseconds.Add(int64(t))
}

// Each returns the time for one [s], or what is usual before any is known.
func (r *Rate) Each(usual float64) float64 {
	if n := r.number.Load(); n > 0 {
		return float64(r.nanoseconds.Load()) / 1e9 / float64(n)
	}
	return usual
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
// kept. A file, if not nil, keeps the paths.
func fill(ctx context.Context, p *plan.Plan, units []plan.Unit, j *Journal, file *pathFile,
	control Control) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	w := newFilling(p, units, j, file, control)
	// Several units in parallel leave no processor waiting at the end of each. If
	// there are few units, several processors share one.
	workers := parallel.Workers(control.Workers)
	beside := max(1, min(workers, len(units)/4))
	w.settings.Workers = (workers + beside - 1) / beside
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

// newFilling returns the state of a fill of some units.
func newFilling(p *plan.Plan, units []plan.Unit, j *Journal, file *pathFile,
	control Control) *filling {
	w := &filling{plan: p, journal: j, file: file, control: control, settings: solving(p, control),
		synced: time.Now(), runs: map[int]*keptRun{}}
	if p.Paths > solver.MostKept {
		return w
	}
	for _, u := range units {
		if w.runs[u.Run] == nil {
			w.runs[u.Run] = &keptRun{}
		}
		w.runs[u.Run].units++
		w.runs[u.Run].open++
	}
	return w
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

	file *pathFile // nil if no paths are kept after the sweep

	mu      sync.Mutex       // guards what follows
	runs    map[int]*keptRun // those whose paths can be kept, by number, up to their last unit
	journal *Journal
	synced  time.Time
}

// keptRun is a run of the watch. Its paths are kept until the last unit that needs them is done.
type keptRun struct {
	units int // that need it
	open  int // of them: not done

	compiled  sync.Once
	program   *solver.Program
	malformed error // why there is no program

	run    sync.Once
	paths  *solver.Kept
	failed error // why there are no paths
}

// Runs returns how many runs of the watch a plan needs for units. Units share one unless their
// paths are too many to keep.
func Runs(p *plan.Plan, units []plan.Unit) int {
	if p.Paths > solver.MostKept {
		return len(units)
	}
	runs := map[int]bool{}
	for _, u := range units {
		runs[u.Run] = true
	}
	return len(runs)
}

// run returns the run of a unit, nil if its paths need not be kept.
func (w *filling) run(u plan.Unit) *keptRun {
	w.mu.Lock()
	defer w.mu.Unlock()
	run := w.runs[u.Run]
	if run == nil || run.units < 2 && w.file == nil {
		return nil
	}
	return run
}

// leave forgets the run of a unit that is done if it is the last one.
func (w *filling) leave(u plan.Unit) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.runs[u.Run].open--; w.runs[u.Run].open == 0 {
		delete(w.runs, u.Run)
	}
}

// compile returns the program whose paths are kept, at first that of a scenario and a case.
func (r *keptRun) compile(s *model.Scenario, on solver.Case) (*solver.Program, error) {
	r.compiled.Do(func() { r.program, r.malformed = solver.Compile(s, on) })
	return r.program, r.malformed
}

// simulate returns the paths, for the programs of a unit.
func (r *keptRun) simulate(ctx context.Context, w *filling,
	programs []*solver.Program) (*solver.Kept, error) {
	r.run.Do(func() {
		steps := 0 // all, since another unit may need more than this one
		if r.units == 1 {
			steps, r.failed = solver.Needed(programs, w.settings)
		}
		if r.failed == nil {
			r.paths, r.failed = w.file.paths(ctx, r.program, w.plan, w.settings, steps)
		}
	})
	return r.paths, r.failed
}

func (w *filling) has(key sweep.Key) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.journal.Has(key)
}

// unit computes the missing blocks of a unit and appends each when it is finished.
func (w *filling) unit(ctx context.Context, u plan.Unit) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	err := w.find(ctx, u, func(b keyed) {
		if err := w.keep(b); err != nil {
			stop(err)
		}
	})
	return cmp.Or(context.Cause(ctx), err)
}

// find computes the missing blocks of a unit and passes each to take, from several goroutines.
func (w *filling) find(ctx context.Context, u plan.Unit, take func(keyed)) error {
	begun := time.Now()
	compile, run := solver.Compile, w.run(u)
	if run != nil {
		defer w.leave(u)
		compile = run.compile
	}
	tasks, err := w.plan.Compile(u, w.has, w.settings.Workers, compile)
	if err != nil || len(tasks) == 0 {
		return err
	}
	programs := make([]*solver.Program, len(tasks))
	for i, t := range tasks {
		programs[i] = t.Program
	}
	at := sweep.OnGrid(programs[0].Durations(), w.plan.Durations[u.Session])
	failed := make([]error, len(tasks))
	simulated := sync.OnceValue(time.Now) // when the first block is there
	found := func(i int, e *solver.Estimates) {
		simulated()
		b := &sweep.Block{Looks: solver.Looks{e}}
		if n := w.plan.Trajectories; n > 0 {
			if b.States, failed[i] = sweep.States(ctx, programs[i], w.settings.Seed, n,
				1); failed[i] != nil {
				return
			}
		}
		take(keyed{tasks[i].Key, packBlock(b)})
	}
	if run != nil {
		var paths *solver.Kept
		if paths, err = run.simulate(ctx, w, programs); err == nil {
			err = paths.Summaries(ctx, programs, w.settings, at, found)
		}
	} else {
		err = solver.Summaries(ctx, programs, w.settings, w.plan.Paths, at, found)
	}
	if err == nil && w.control.Progress != nil {
		w.control.Progress.PathTime.add(w.plan.Paths, simulated().Sub(begun))
		w.control.Progress.BlockTime.add(int64(len(tasks)), time.Since(simulated()))
	}
	return cmp.Or(err, errors.Join(failed...))
}

// Probe runs some paths of a unit and discards them, to measure the time they
// take.
func Probe(ctx context.Context, p *plan.Plan, u plan.Unit, paths int64, control Control) error {
	probe := *p
	probe.Paths = paths
	w := &filling{plan: &probe, control: control, settings: solving(&probe, control),
		journal: &Journal{}}
	return w.find(ctx, u, func(keyed) {})
}

// Simulate returns the estimates of a cell for a session type and stores nothing.
func Simulate(ctx context.Context, p *plan.Plan, cell plan.Cell, session string,
	control Control) (*sweep.Block, error) {
	w := &filling{plan: p, control: control, settings: solving(p, control), journal: &Journal{}}
	var found keyed
	err := w.find(ctx, plan.Unit{Session: session, Cells: []plan.Cell{cell}},
		func(b keyed) { found = b })
	if err != nil {
		return nil, err
	}
	return readBlock(found.payload, askedOf(p, session))
}

// keep appends a block to the journal.
func (w *filling) keep(b keyed) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := w.journal.put(b)
	if err == nil && time.Since(w.synced) > syncEvery {
		w.synced = time.Now()
		err = w.journal.sync()
	}
	if err != nil {
		return fmt.Errorf("cannot write to the journal: %w", err)
	}
	if w.control.Progress != nil {
		w.control.Progress.Blocks.Add(1)
	}
	return nil
}
