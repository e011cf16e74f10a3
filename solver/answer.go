package solver

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"budget/internal/parallel"
	"budget/solver/estimate"
	"budget/solver/incidence"
)

// Why a run ended.
type Outcome int

const (
	Done        Outcome = iota // the fixed number of paths is done, or every cap is decided
	OutOfPaths                 // MaxPaths came first
	OutOfTime                  // the context's deadline came first
	Interrupted                // the context was cancelled
)

// Answer is the result of a run: the caps and the estimates they come from.
type Answer struct {
	Outcome Outcome
	Caps    []Cap // by reading, then tolerance
	*Estimates
	// Looks are the estimates at each look, if the question keeps them. A cap is that of
	// the first look that decides it, else of the last look.
	Looks Looks
}

// Precise reports whether every cap is as precise as asked; those at a gate are as precise as
// the paths for the others make them.
func (a *Answer) Precise() bool { return !slices.ContainsFunc(a.Caps, Cap.open) }

// Answer simulates a program's paths until the question is answered or ctx ends.
// The result depends on the arguments alone unless ctx ends first.
func (p *Program) Answer(ctx context.Context, s Settings, q Question) (*Answer, error) {
	var answer *Answer
	err := Answers(ctx, []*Program{p}, s, q, func(_ int, a *Answer) { answer = a })
	return answer, err
}

// asked is a program and its answer so far.
type asked struct {
	*reader
	Answer
	number int
}

// Answers answers a question about programs that share their plant (Program.Under)
// from the same paths, each as Program.Answer would, and passes each answer to take
// when it is found. It adds paths until every answer is decided; an answer that is
// decided earlier uses only the paths up to then.
func Answers(ctx context.Context, programs []*Program, s Settings, q Question,
	take func(i int, a *Answer)) error {
	s, err := s.filled()
	if err == nil {
		err = shareAPlant(programs)
	}
	if err == nil {
		curves := len(s.Readings)
		if programs[0].plant.Case.Gate > 0 {
			curves++
		}
		q, err = q.filled(curves)
	}
	if err != nil {
		return err
	}
	readers, sim := together(programs, &s, false)
	open := make([]*asked, len(readers))
	for i, r := range readers {
		open[i] = &asked{reader: r, number: i}
	}

	// Look at doubling numbers of paths; each look spends its share of the error
	// probability (estimate.LookAlpha). A decided cap keeps the interval of the
	// look that decided it. Further paths are followed only as far as the open
	// caps can lie. A look that could not decide anything is skipped and spends
	// nothing.
	paths := q.Paths
	if paths == 0 {
		paths = q.FirstLook
	}
	for look := 1; ; look++ {
		share := 1.0
		if q.Paths == 0 {
			paths, share = min(paths, q.MaxPaths), estimate.LookAlpha(1, look)
		}
		s.Progress.plan(paths)
		// Read many answers in parallel; read few one after the other, each in
		// parallel.
		beside, within := s.Workers, 1
		if len(open) < beside {
			beside, within = 1, beside
		}
		var err error
		if look == 1 && q.Paths == 0 {
			err = scout(ctx, open, sim, q, paths/scouts)
		}
		end := 0
		for _, a := range open {
			end = max(end, a.follow(sim))
		}
		if err == nil {
			err = sim.extend(ctx, paths, end)
		}
		last := q.Paths > 0 || err != nil || paths >= q.MaxPaths
		var undecided []*asked
		missing := math.Inf(1)
		for batch := range slices.Chunk(open, 4*beside) {
			parallel.For(beside, len(batch), func(_, i int) {
				a := batch[i]
				a.open(sim.account, a.first, within)
				a.look(q, share)
				if a.Precise() || last {
					a.complete(a.Estimates, q.views()...)
				}
				a.readers = nil // the next look reads anew
			})
			for i, a := range batch {
				if !a.Precise() && !last {
					missing = min(missing, q.missing(a.Caps))
					undecided = append(undecided, a)
					continue
				}
				a.Outcome = outcome(err, a.Precise())
				take(a.number, &a.Answer)
				batch[i] = nil // free it
			}
		}
		if open = undecided; len(open) == 0 {
			return nil
		}
		for paths *= 2; missing > 3 && paths < q.MaxPaths; missing /= 2 {
			paths *= 2
			look++
		}
	}
}

// scouts is the part of the paths of the first look, as a divisor, that is followed to the
// horizon to see how far the others need to be followed.
const scouts = 8

// scout simulates paths to the horizon and reads off them where the caps can lie. Nothing is
// decided, so it spends nothing of the error probability.
func scout(ctx context.Context, all []*asked, sim *simulation, q Question, paths int64) error {
	if err := sim.extend(ctx, paths, sim.plant.Steps); err != nil {
		return err
	}
	for _, a := range all {
		a.open(sim.account, a.first, sim.settings.Workers)
		a.Caps = a.reader.caps(estimate.LookAlpha(1, 1)).caps(q)
		for i := range a.Caps {
			a.Caps[i].Precise, a.Caps[i].Gated = false, false // follow all
		}
		a.readers = nil
	}
	return nil
}

// views returns the views that the answer has the incidence of every cause in.
func (q *Question) views() []View {
	if q.CapsOnly {
		return nil
	}
	return []View{AsUsed, Meaning}
}

// shareAPlant returns an error unless there are programs and all share one
// plant.
func shareAPlant(programs []*Program) error {
	if len(programs) == 0 {
		return errors.New("solver: no programs")
	}
	for i, p := range programs {
		if p.plant != programs[0].plant {
			return fmt.Errorf("solver: program %d does not share the plant of program 0", i)
		}
	}
	return nil
}

// together returns readers for programs that share a plant, and one simulation for
// all of them.
func together(programs []*Program, s *Settings, keepAll bool) ([]*reader, *simulation) {
	readers, rules := readersOf(programs, s)
	return readers, newSimulation(programs[0].plant, s, rules, keepAll)
}

// readersOf returns the readers of programs and the rules of all, one after the other.
func readersOf(programs []*Program, s *Settings) (readers []*reader, rules []*incidence.Rules) {
	readers = make([]*reader, len(programs))
	for i, p := range programs {
		readers[i] = p.reader(s)
		readers[i].first = len(rules)
		rules = append(rules, readers[i].rules...)
	}
	return readers, rules
}

// look reads the caps off the paths. share is the part of the error probability
// it spends.
func (a *asked) look(q Question, share float64) {
	a.Estimates = a.reader.caps(share)
	a.Confidence = q.Confidence
	if a.Gated != nil {
		a.Gated.Confidence = q.Confidence
	}
	a.Caps = settle(a.Caps, a.Estimates.caps(q))
	if q.KeepLooks {
		look := *a.Estimates
		look.Readings = slices.Clone(look.Readings) // a copy without what the last look adds
		if look.Gated != nil {
			gated := *look.Gated
			gated.Readings = slices.Clone(gated.Readings)
			look.Gated = &gated
		}
		a.Looks = append(a.Looks, &look)
	}
}

// follow returns the index of the time up to which further paths need to be
// followed: a little beyond the upper ends of the caps that are still open.
func (a *asked) follow(sim *simulation) int {
	p := a.program.plant
	if a.Caps == nil {
		return p.Steps
	}
	most := 0
	for _, c := range a.Caps {
		if c.open() {
			most = max(most, int(math.Round(c.Upper/p.Step))-1)
		}
	}
	end := p.First + most + most/8 + 24
	if end >= sim.account.Alive() {
		return p.Steps // hardly any paths are left from there
	}
	return end
}

// outcome returns why a run ended, given the error of its context or nil.
func outcome(err error, precise bool) Outcome {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return OutOfTime
	case err != nil:
		return Interrupted
	case !precise:
		return OutOfPaths
	}
	return Done
}
