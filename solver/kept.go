package solver

import (
	"cmp"
	"context"

	"budget/solver/incidence"
)

// Kept are the paths of a plant with their histories in memory, so that rules which are not known
// yet can be evaluated on them: the answer under other rules then takes milliseconds. A path
// whose condition changes takes 100 bytes or more, any other almost nothing. Goroutines may share
// it.
type Kept struct {
	program  *Program
	settings Settings
	account  *incidence.Account
}

// Keep simulates a fixed number of paths of the program's plant and keeps their histories. Of the
// settings, seed and sampling hold for all that is read from them; the estimator is Weights. If
// ctx ends first, it returns ctx's error.
func (p *Program) Keep(ctx context.Context, s Settings, paths int64) (*Kept, error) {
	s, err := s.filled()
	if err == nil {
		err = weightsOnly(s)
	}
	if err == nil {
		err = inRange("paths", paths > 0, paths, "1 or more")
	}
	if err != nil {
		return nil, err
	}
	sampler := s.sampler()
	sim := &simulation{plant: p.plant, settings: &s, sampler: sampler,
		account: incidence.NewHistories(sampler, p.plant.Tilted(sampler), s.Kernel)}
	s.Progress.plan(paths)
	if err := sim.extend(ctx, paths, p.plant.Steps); err != nil {
		return nil, err
	}
	return &Kept{program: p, settings: s, account: sim.account}, nil
}

// Paths returns the number of paths.
func (k *Kept) Paths() int64 { return k.account.Paths() }

// Program returns the program whose plant was run.
func (k *Kept) Program() *Program { return k.program }

// Estimates returns the estimates of a program on the same plant (Program.Under), with the same
// bytes as Program.Estimates has for the number of paths. Of the settings, readings, failures and
// workers hold for these alone. Those of every cause are in some views: each takes as long as the
// rest.
func (k *Kept) Estimates(p *Program, s Settings, views ...View) (*Estimates, error) {
	e, _, err := k.read(p, s, views)
	return e, err
}

// Timer returns the estimates of a program whose sessions are timers, as Program.Timer does.
func (k *Kept) Timer(p *Program, s Settings, views ...View) (*TimerEstimates, error) {
	e, r, err := k.read(p, s, views)
	if err != nil {
		return nil, err
	}
	return r.timer(e), nil
}

// Summaries passes the estimates of programs on the same plant (Program.Under) to take, with the
// same bytes as the function Summaries has for the number of paths and the same other arguments.
func (k *Kept) Summaries(ctx context.Context, programs []*Program, s Settings, at []float64,
	take func(i int, e *Estimates)) error {
	s, err := s.filled()
	if err == nil {
		err = cmp.Or(shareAPlant(append([]*Program{k.program}, programs...)), weightsOnly(s))
	}
	if err != nil {
		return err
	}
	g := &Growing{at: at, timed: k.program.hasTimelines()}
	if g.places, err = k.program.places(at); err != nil {
		return err
	}
	var rules []*incidence.Rules
	g.readers, rules = readersOf(programs, &s)
	g.sim = &simulation{plant: k.program.plant, settings: &s, account: k.account.Under(rules),
		paths: k.Paths()}
	return g.Summaries(ctx, indices(programs), k.Paths(), s.Workers, take)
}

func (k *Kept) read(p *Program, s Settings, views []View) (*Estimates, *reader, error) {
	s, err := s.filled()
	if err == nil {
		err = shareAPlant([]*Program{k.program, p})
	}
	if err != nil {
		return nil, nil, err
	}
	r := p.reader(&s)
	r.open(k.account.Under(r.rules), 0, s.Workers)
	e := r.caps(1)
	r.complete(e, views...)
	return e, r, nil
}
