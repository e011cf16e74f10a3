package live

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"budget/solver"
	"budget/sweep"
)

// CoarsePaths is the number of paths of a first answer on a plant that is new.
const CoarsePaths = 4096

// mostKept is the number of plants that are kept: those of the session types and of what was
// moved last. A plant takes a few megabytes.
const mostKept = 12

// Engine answers questions and keeps their plants.
type Engine struct {
	paths   int64
	control sweep.Control

	// Each holds a token while something runs: what a page waits for, and what takes long, which
	// no other answer waits for.
	running, long chan struct{}

	mu   sync.Mutex
	kept []*plantKept // the one used last comes first
}

// plantKept are the kept paths of a case.
type plantKept struct {
	of    sweep.Case
	pause bool
	seed  uint64
	*solver.Kept
}

// NewEngine returns an engine that gives a number of paths to every settled answer. Of the
// control, workers and kernel hold.
func NewEngine(paths int64, control sweep.Control) *Engine {
	return &Engine{paths: paths, running: make(chan struct{}, 1), long: make(chan struct{}, 1),
		control: sweep.Control{Workers: control.Workers, Kernel: control.Kernel}}
}

// Paths returns the number of paths of a settled answer.
func (e *Engine) Paths() int64 { return e.paths }

// Answer answers a question and passes the answers to take: first a coarse one where the watch has
// to be simulated anew and coarse is set, then the settled one. If ctx ends first, it returns
// ctx's error; an error of take ends it, too.
func (e *Engine) Answer(ctx context.Context, q Question, coarse bool,
	take func(*Answer) error) error {
	return e.answer(ctx, q, coarse, take, solver.Meaning)
}

// Curves returns the settled answer to a question with every cause in both views.
func (e *Engine) Curves(ctx context.Context, q Question) (all *Answer, err error) {
	err = e.answer(ctx, q, false, func(a *Answer) error {
		all = a
		return nil
	}, solver.AsUsed, solver.Meaning)
	return all, err
}

func (e *Engine) answer(ctx context.Context, q Question, coarse bool, take func(*Answer) error,
	views ...solver.View) error {
	if err := q.check(); err != nil {
		return err
	}
	c, err := q.on()
	if err != nil {
		return err
	}
	settings := q.settings(e.control)
	give := func(kept *solver.Kept, p *solver.Program) error {
		a, err := q.answer(c, p, kept, settings, views...)
		if err != nil {
			return err
		}
		a.Settled = kept.Paths() >= e.paths
		return take(a)
	}
	if kept, under := e.find(&q, c); kept != nil {
		return give(kept, under)
	}
	p, err := q.compile(c)
	if err != nil {
		return err
	}
	if coarse && e.paths > CoarsePaths {
		kept, err := e.simulate(ctx, p, settings, CoarsePaths)
		if err == nil {
			err = give(kept, p)
		}
		if err != nil {
			return err
		}
	}
	kept, err := e.simulate(ctx, p, settings, e.paths)
	if err != nil {
		return err
	}
	e.keep(&plantKept{c, q.Request.Pause, q.Request.Seed, kept})
	return give(kept, p)
}

// Cost returns what sessions of a length [s] cost, under the program of an answer.
func (e *Engine) Cost(ctx context.Context, q Question, a *Answer, length float64) (solver.Cost,
	error) {
	var costs []solver.Cost
	err := e.run(ctx, e.running, func(sweep.Control) (err error) {
		costs, err = a.Program.Cost(ctx, q.settings(e.control), []float64{length},
			min(e.paths, sweep.CostPaths))
		return err
	})
	if err != nil {
		return solver.Cost{}, err
	}
	return costs[0], nil
}

// RunLong calls do, which takes long, while nothing else does. do gets what controls it.
func (e *Engine) RunLong(ctx context.Context, do func(sweep.Control) error) error {
	return e.run(ctx, e.long, do)
}

// run calls do when it has the only token, unless ctx ends before.
func (e *Engine) run(ctx context.Context, token chan struct{},
	do func(sweep.Control) error) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case token <- struct{}{}:
		defer func() { <-token }()
		return do(e.control)
	}
}

func (e *Engine) simulate(ctx context.Context, p *solver.Program, s solver.Settings,
	paths int64) (kept *solver.Kept, err error) {
	err = e.run(ctx, e.running, func(sweep.Control) (err error) {
		kept, err = p.Keep(ctx, s, paths)
		return err
	})
	return kept, err
}

// find returns the kept paths that a question can be read from, and its program on their plant;
// nil without any.
func (e *Engine) find(q *Question, c sweep.Case) (*solver.Kept, *solver.Program) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for i, k := range e.kept {
		if !alike(k.of, c) || k.pause != q.Request.Pause || k.seed != q.Request.Seed {
			continue
		}
		if p, ok := k.Program().Under(q.Scenario); ok {
			e.kept = slices.Insert(slices.Delete(e.kept, i, i+1), 0, k)
			return k.Kept, p
		}
	}
	return nil, nil
}

// alike reports whether two cases have the same plant, if their scenarios have.
func alike(a, b sweep.Case) bool {
	a.Limit, b.Limit, a.SessionName, b.SessionName = 0, 0, "", ""
	return reflect.DeepEqual(a, b)
}

func (e *Engine) keep(k *plantKept) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.kept = slices.Insert(e.kept, 0, k)
	e.kept = e.kept[:min(len(e.kept), mostKept)]
}

// check returns an error unless a question is about one cap.
func (q *Question) check() error {
	r := &q.Request
	if len(r.Sessions)*len(r.Devices)*len(r.Environments)*len(r.Readings)*len(r.Tolerances) != 1 ||
		r.Gate != 0 || r.Duration != 0 {
		return fmt.Errorf("live: a question is about one cap of all starts")
	}
	return nil
}

// settings returns the solver's settings of a question.
func (q *Question) settings(control sweep.Control) solver.Settings {
	return solver.Settings{Seed: q.Request.Seed, Readings: q.Request.Readings,
		Failures: sweep.Failures(q.Request.EndOnResign, q.Request.CountRefused),
		Workers:  control.Workers, Kernel: control.Kernel}
}
