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

// Estimates are what a number of paths tell of a case: every incidence with its law, by
// reading, view, cause and planned duration. Caps finds caps in them.
type Estimates struct {
	Durations []float64 // of the plans [s], ascending
	Paths     int64     // simulated
	Followed  []int64   // of them to each duration; nil means all to every one
	// Share is the part of the error probability that intervals may spend
	// (estimate.LookAlpha): 1 where this is the only look.
	Share float64
	// Confidence is that of the intervals that the methods return, each by itself; 0 means
	// DefaultConfidence.
	Confidence float64
	At         []float64 // the durations that Incidence.Ended and Replicates are for [s]
	Readings   []Incidence
}

// Incidence is what is known under a reading.
type Incidence = incidence.Curves

// View is whose sessions are looked at.
type View = incidence.View

// AsUsed is as people use the app: the user's own stop is a cause. Meaning is a user who
// means to finish.
const (
	AsUsed  = incidence.AsUsed
	Meaning = incidence.Meaning
)

// Failure estimates the probability that a plan of a duration [s] fails, among the sessions
// that start, for a user who means to finish; where refusals count as failures, among all. A
// duration between two is that of the longer one. Of readings and durations that the
// estimates are not for it returns estimate.Missing, as all methods do.
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

// Completion estimates the probability that nothing has ended a session by the end of a plan
// of a duration [s], among those of Failure. Where the estimates keep laws for the
// durations At alone, others have a value without bounds.
func (e *Estimates) Completion(r Reading, duration float64) estimate.Estimate {
	in, i := e.reading(r), reaching(duration, e.Durations)
	if in == nil || i < 0 {
		return estimate.Missing
	}
	if at := reaching(e.Durations[i], e.At); at >= 0 && e.At[at] <= e.Durations[i]*(1+1e-9) {
		return e.Ended(r, Meaning, model.Completed, duration).Complement()
	}
	return in.Unfinished.Estimate(i, e.alpha()).Complement()
}

// Resigned estimates the probability that a session of a user who means to finish, among
// those of Failure, has lost the front by the end of a plan of a duration [s].
func (e *Estimates) Resigned(r Reading, duration float64) estimate.Estimate {
	in, i := e.reading(r), reaching(duration, e.Durations)
	if in == nil || i < 0 {
		return estimate.Missing
	}
	return in.Resigned.Estimate(i, e.alpha())
}

// EndsBy returns the cause by which the most sessions of a user who means to finish fail, by
// the end of a plan of a duration [s]; model.Completed of what the estimates are not for.
func (e *Estimates) EndsBy(r Reading, duration float64) model.Cause {
	in, i := e.reading(r), reaching(duration, e.Durations)
	if in == nil || i < 0 {
		return model.Completed
	}
	return in.Binding[i]
}

// Ended estimates the probability of ending by a cause at or before the end of a plan of
// one of the durations At [s], among all sessions. With model.Completed it is that of all
// causes together: in the view Meaning among the sessions of Failure.
func (e *Estimates) Ended(r Reading, v View, c model.Cause, duration float64) estimate.Estimate {
	in, i := e.reading(r), reaching(duration, e.At)
	if in == nil || i < 0 || len(in.Ended[v]) == 0 || in.Ended[v][c].Len() == 0 {
		return estimate.Missing
	}
	return in.Ended[v][c].Estimate(i, e.alpha())
}

// Survival estimates the probability that a plan of one of the durations At [s], as people
// use the app, reaches its end.
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

// reaching returns the place of the shortest of ascending durations that is as long as
// one, or −1. The slack takes up the rounding of a multiple of the step.
func reaching(duration float64, durations []float64) int {
	if i, _ := slices.BinarySearch(durations, duration*(1-1e-9)); duration > 0 && i < len(durations) {
		return i
	}
	return -1
}

// Estimates simulates a fixed number of paths. It is a function of its arguments; if ctx
// ends first, it returns its error.
func (p *Program) Estimates(ctx context.Context, s Settings, paths int64) (*Estimates, error) {
	s, err := s.filled()
	if err == nil {
		err = inRange("paths", paths > 0, paths, "1 or more")
	}
	if err != nil {
		return nil, err
	}
	r := p.reader(&s)
	sim := newSimulation(p.plant, &s, r.rules, false)
	s.Progress.plan(paths)
	if err := sim.extend(ctx, paths, p.plant.Steps); err != nil {
		return nil, err
	}
	r.open(sim.account, 0, s.Workers)
	e := r.caps(1)
	r.complete(e, true)
	return e, nil
}

// reader reads the estimates of a program off an account.
type reader struct {
	program  *Program
	settings *Settings
	rules    []*incidence.Rules
	account  *incidence.Account
	first    int                 // number of the first of the rules in the account
	readers  []*incidence.Reader // by rules
}

func (p *Program) reader(s *Settings) *reader {
	return &reader{program: p, settings: s, rules: p.terms.Rules(p.plant, s.Readings, s.Failures)}
}

// open begins to read an account that has the rules from a number on, with so many workers.
func (r *reader) open(a *incidence.Account, first, workers int) {
	r.account, r.first, r.readers = a, first, nil
	for i := range r.rules {
		r.readers = append(r.readers, a.Reader(first+i, spread(workers)))
	}
}

// estimates returns those of a look that may spend a share of the error probability, with
// what is read for each of the rules. Where readings agree they have the same.
func (r *reader) estimates(share float64, read func(*incidence.Reader) Incidence) *Estimates {
	e := &Estimates{Durations: r.program.Durations(), Paths: r.account.Paths(), Share: share,
		Followed: r.readers[0].Followed()}
	for i, reading := range r.settings.Readings {
		var in Incidence
		if i < len(r.readers) {
			in = read(r.readers[i])
		} else {
			in = e.Readings[0]
		}
		in.Reading = reading
		e.Readings = append(e.Readings, in)
	}
	return e
}

// caps returns what caps are made of.
func (r *reader) caps(share float64) *Estimates {
	return r.estimates(share, (*incidence.Reader).Caps)
}

// complete adds the laws that caps do without, and the incidence of every cause in both
// views if asked to.
func (r *reader) complete(e *Estimates, causes bool) {
	for i := range e.Readings {
		in := &e.Readings[i]
		if i < len(r.readers) {
			r.readers[i].Complete(in, causes)
		} else {
			first := &e.Readings[0]
			in.Resigned, in.Unfinished, in.Ended = first.Resigned, first.Unfinished, first.Ended
		}
	}
	if causes {
		e.At = e.Durations
	}
}

// spread is incidence.Spread over so many workers.
func spread(workers int) incidence.Spread {
	return func(n int, do func(worker, i int)) { parallel.For(workers, n, do) }
}
