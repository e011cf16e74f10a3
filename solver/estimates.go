package solver

import (
	"cmp"
	"context"
	"slices"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/estimate"
	"budget/solver/incidence"
)

// DefaultConfidence is the confidence of intervals.
const DefaultConfidence = 0.95

// Estimates are the estimated probabilities of a case by reading, view, cause and
// session length, with intervals. Caps computes caps from them.
type Estimates struct {
	Durations []float64 // session lengths [s], ascending
	Paths     int64     // simulated
	Followed  []int64   // number of paths followed to each duration; nil means all
	// Share is the part of the error probability that intervals may spend
	// (estimate.LookAlpha): 1 if this is the only look.
	Share float64
	// Confidence is the confidence of each interval that the methods return; 0 means
	// DefaultConfidence.
	Confidence float64
	At         []float64 // the durations of Incidence.Ended and Replicates [s]
	Readings   []Incidence
	// Gated are the estimates of the sessions alone that start at Case.Gate or above, under the
	// first of the readings; nil without a gate.
	Gated *Estimates
}

// Incidence holds the curves of one reading.
type Incidence = incidence.Curves

// View selects whose sessions count.
type View = incidence.View

// AsUsed: sessions as people use the app, where the user's own stop is a cause. Meaning:
// sessions of users who mean to finish.
const (
	AsUsed  = incidence.AsUsed
	Meaning = incidence.Meaning
)

// Failure estimates the probability that a session of a length [s] fails for a user who
// means to finish: among the sessions that start, or among all where refusals count as
// failures. A duration between two of Durations counts as the longer one. Like all methods
// it returns estimate.Missing for readings and durations that the estimates do not have.
func (e *Estimates) Failure(r Reading, duration float64) estimate.Estimate {
	in, i := e.reading(r), reaching(duration, e.Durations)
	if in == nil || i < 0 {
		return estimate.Missing
	}
	return in.Failure.Estimate(i, e.alpha())
}

// Refused estimates the probability that the start is refused.
func (e *Estimates) Refused(r Reading) estimate.Estimate {
	in := e.reading(r)
	if in == nil || in.Refused.Len() == 0 {
		return estimate.Missing
	}
	return in.Refused.Estimate(0, e.alpha())
}

// Completion estimates the probability that nothing ends a session of a length [s], among
// the sessions of Failure. If the estimates keep intervals only for the durations At, other
// durations have a value without bounds.
func (e *Estimates) Completion(r Reading, duration float64) estimate.Estimate {
	in, i := e.reading(r), reaching(duration, e.Durations)
	if in == nil || i < 0 {
		return estimate.Missing
	}
	at := reaching(e.Durations[i], e.At)
	if at >= 0 && e.At[at] <= e.Durations[i]*(1+1e-9) && in.Ended[Meaning] != nil {
		return e.Ended(r, Meaning, model.Completed, duration).Complement()
	}
	return in.Unfinished.Estimate(i, e.alpha()).Complement()
}

// Resigned estimates the probability that the app loses the front during a session of a
// length [s], for a user who means to finish, among the sessions of Failure.
func (e *Estimates) Resigned(r Reading, duration float64) estimate.Estimate {
	in, i := e.reading(r), reaching(duration, e.Durations)
	if in == nil || i < 0 {
		return estimate.Missing
	}
	return in.Resigned.Estimate(i, e.alpha())
}

// EndsBy returns the most frequent cause of failure of sessions of a length [s], for users who
// mean to finish; model.Completed if the estimates do not have the reading or the length.
func (e *Estimates) EndsBy(r Reading, duration float64) model.Cause {
	in, i := e.reading(r), reaching(duration, e.Durations)
	if in == nil || i < 0 {
		return model.Completed
	}
	return in.Binding[i]
}

// Ended estimates the probability that a cause ends a session of one of the lengths At
// [s], among all sessions. model.Completed stands for all causes together, in the view
// Meaning among the sessions of Failure.
func (e *Estimates) Ended(r Reading, v View, c model.Cause, duration float64) estimate.Estimate {
	in, i := e.reading(r), reaching(duration, e.At)
	if in == nil || i < 0 || int(c) >= len(in.Ended[v]) || in.Ended[v][c].Len() == 0 {
		return estimate.Missing
	}
	return in.Ended[v][c].Estimate(i, e.alpha())
}

// Survival estimates the probability that nothing ends a session of one of the lengths At
// [s], as people use the app.
func (e *Estimates) Survival(r Reading, duration float64) estimate.Estimate {
	return e.Ended(r, AsUsed, model.Completed, duration).Complement()
}

// PathsTo returns the number of paths followed to a duration [s].
func (e *Estimates) PathsTo(duration float64) int64 {
	i := reaching(duration, e.Durations)
	switch {
	case i < 0:
		return 0
	case e.Followed == nil:
		return e.Paths
	}
	return e.Followed[i]
}

// alpha is the error probability on each side of an interval.
func (e *Estimates) alpha() float64 {
	return (1 - cmp.Or(e.Confidence, DefaultConfidence)) * e.Share / 2
}

func (e *Estimates) reading(r Reading) *Incidence {
	for i := range e.Readings {
		if e.Readings[i].Reading == r {
			return &e.Readings[i]
		}
	}
	return nil
}

// reaching returns the index of the shortest of the ascending durations that is at
// least a duration, or −1. The slack allows for the rounding of a multiple of the
// step.
func reaching(duration float64, durations []float64) int {
	if i, _ := slices.BinarySearch(durations, duration*(1-1e-9)); duration > 0 && i < len(durations) {
		return i
	}
	return -1
}

// Estimates simulates a fixed number of paths. If ctx ends first, it returns ctx's
// error.
func (p *Program) Estimates(ctx context.Context, s Settings, paths int64) (*Estimates, error) {
	s, err := s.filled()
	if err != nil {
		return nil, err
	}
	e, _, err := p.simulated(ctx, &s, paths)
	return e, err
}

// simulated simulates a fixed number of paths and returns all estimates, with their reader.
func (p *Program) simulated(ctx context.Context, s *Settings, paths int64) (*Estimates, *reader,
	error) {
	if err := inRange("paths", paths > 0, paths, "1 or more"); err != nil {
		return nil, nil, err
	}
	r := p.reader(s)
	sim := newSimulation(p.plant, s, r.rules, false)
	s.Progress.plan(paths)
	if err := sim.extend(ctx, paths, p.plant.Steps); err != nil {
		return nil, nil, err
	}
	r.open(sim.account, 0, s.Workers)
	e := r.caps(1)
	r.complete(e, AsUsed, Meaning)
	return e, r, nil
}

// reader reads the estimates of a program off an account.
type reader struct {
	program  *Program
	settings *Settings
	rules    []*incidence.Rules
	readings int // rules of differing readings, before those at the gate
	account  *incidence.Account
	first    int                 // index of its first rules in the account
	readers  []*incidence.Reader // by rules
}

func (p *Program) reader(s *Settings) *reader {
	rules := p.terms.Rules(p.plant, s.Readings, p.failures(s))
	r := &reader{program: p, settings: s, rules: rules, readings: len(rules)}
	switch {
	case p.gate > 0:
		r.rules = append(rules, rules[0].GatedAt(p.gate-1))
	case p.plant.Case.Gate > 0:
		r.rules = append(rules, rules[0].Gated())
	}
	return r
}

// open starts reading an account, where first is the index of the program's first rules.
func (r *reader) open(a *incidence.Account, first, workers int) {
	r.account, r.first, r.readers = a, first, nil
	for i := range r.rules {
		r.readers = append(r.readers, a.Reader(first+i, spread(workers)))
	}
}

// estimates returns the estimates of a look that may spend a share of the error
// probability. read reads the curves of one set of rules; readings with equal rules share
// them.
func (r *reader) estimates(share float64, read func(*incidence.Reader) Incidence) *Estimates {
	e := &Estimates{Durations: r.program.Durations(), Paths: r.account.Paths(), Share: share,
		Followed: r.readers[0].Followed()}
	for i, reading := range r.settings.Readings {
		var in Incidence
		if i < r.readings {
			in = read(r.readers[i])
		} else {
			in = e.Readings[0]
		}
		in.Reading = reading
		e.Readings = append(e.Readings, in)
	}
	if r.readings < len(r.readers) {
		at := r.readers[r.readings]
		in := read(at)
		in.Reading = r.settings.Readings[0]
		e.Gated = &Estimates{Durations: e.Durations, Paths: at.Followed()[0], Share: share,
			Followed: at.Followed(), Readings: []Incidence{in}}
	}
	return e
}

// caps returns only the curves that caps need.
func (r *reader) caps(share float64) *Estimates {
	return r.estimates(share, (*incidence.Reader).Caps)
}

// complete adds the curves that caps do not need, and the incidence of every cause in some views.
func (r *reader) complete(e *Estimates, views ...View) {
	for i := range e.Readings {
		in := &e.Readings[i]
		if i < r.readings {
			r.readers[i].Complete(in, views...)
		} else {
			first := &e.Readings[0]
			in.Resigned, in.Unfinished, in.Ended = first.Resigned, first.Unfinished, first.Ended
		}
	}
	if e.Gated != nil {
		r.readers[r.readings].Complete(&e.Gated.Readings[0], views...)
	}
	if len(views) > 0 {
		e.At = e.Durations
		if e.Gated != nil {
			e.Gated.At = e.Durations
		}
	}
}

// spread returns an incidence.Spread over a number of workers.
func spread(workers int) incidence.Spread {
	return func(n int, do func(worker, i int)) { parallel.For(workers, n, do) }
}
