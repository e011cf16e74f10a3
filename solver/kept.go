package solver

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"budget/solver/histories"
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
	first    int64 // number of the first path
}

// Keep simulates a fixed number of paths of the program's plant and keeps their histories. Of the
// settings, seed and sampling hold for all that is read from them; the estimator is Weights. If
// ctx ends first, it returns ctx's error.
func (p *Program) Keep(ctx context.Context, s Settings, paths int64) (*Kept, error) {
	none, err := p.KeepNone(s, 0)
	if err != nil {
		return nil, err
	}
	return none.Next(ctx, paths)
}

// KeepNone returns a Kept without paths, for those that are followed through a number of steps; 0
// means all. The programs that are read from them must not need more (Needed).
func (p *Program) KeepNone(s Settings, steps int) (*Kept, error) {
	s, err := s.filled()
	if err == nil {
		err = cmp.Or(weightsOnly(s), inRange("steps", steps >= 0, steps, "0 or more"))
	}
	if err != nil {
		return nil, err
	}
	return p.keepFrom(0, s, cmp.Or(steps, p.plant.Steps)), nil
}

// keepFrom returns a Kept without paths, for those from a number on.
func (p *Program) keepFrom(first int64, s Settings, steps int) *Kept {
	sampler := s.sampler()
	account := incidence.NewHistories(sampler, p.plant.Tilted(sampler), s.Kernel, steps)
	account.Open(p.plant.Steps)
	return &Kept{program: p, settings: s, first: first, account: account}
}

// Needed returns the number of steps through which the paths of programs that share a plant need to
// be followed: no session runs any longer.
func Needed(programs []*Program, s Settings) (steps int, err error) {
	if s, err = s.filled(); err == nil {
		err = shareAPlant(programs)
	}
	if err != nil {
		return 0, err
	}
	_, rules := readersOf(programs, &s)
	return incidence.Alive(rules), nil
}

// Next simulates the paths that follow on k's, up to a total, and returns them alone, for Join. If
// ctx ends first, it returns ctx's error.
func (k *Kept) Next(ctx context.Context, paths int64) (*Kept, error) {
	next := k.after()
	if err := inRange("paths", paths > next.first, paths, fmt.Sprintf("%d or more",
		next.first+1)); err != nil {
		return nil, err
	}
	sim := &simulation{plant: k.program.plant, settings: &k.settings, sampler: k.settings.sampler(),
		account: next.account, paths: next.first}
	k.settings.Progress.plan(paths)
	if err := sim.extend(ctx, paths, k.program.plant.Steps); err != nil {
		return nil, err
	}
	return next, nil
}

// after returns a Kept for the paths that follow on k's.
func (k *Kept) after() *Kept {
	return k.program.keepFrom(k.first+k.Paths(), k.settings, k.account.Alive())
}

// AppendTo appends the paths to bytes, from which ReadNext makes them again.
func (k *Kept) AppendTo(to []byte) []byte {
	return k.account.AppendTo(binary.AppendUvarint(to, uint64(k.Paths())))
}

// ReadNext reads paths that follow on k's and that AppendTo has made bytes. It is an error if the
// bytes are something else. The caller sees to it that they are paths from that number on, with the
// same PlantDigest, seed, sampling and number of steps.
func (k *Kept) ReadNext(from []byte) (*Kept, error) {
	next := k.after()
	paths, n := binary.Uvarint(from)
	if err := next.account.Read(from[max(n, 0):]); err != nil {
		return nil, err
	}
	if n <= 0 || next.Paths() < 1 || uint64(next.Paths()) != paths {
		return nil, histories.ErrRecord
	}
	return next, nil
}

// PlantDigest identifies the program's plant: on plants with the same digest, paths with the same
// number, seed and sampling have the same histories.
func (p *Program) PlantDigest() [sha256.Size]byte { return p.plant.Digest() }

// Join adds the paths of Next or ReadNext, which must not be used any more. It is an error if they
// do not follow on k's.
func (k *Kept) Join(next *Kept) error {
	if end := k.first + k.Paths(); next.program != k.program || next.first != end {
		return fmt.Errorf("solver: paths from number %d on do not follow on the first %d of a plant",
			next.first, end)
	}
	k.account.Join(next.account)
	return nil
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
