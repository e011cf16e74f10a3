package optimize

import (
	"context"
	"fmt"
	"sync"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/plan"
)

// sample is what some paths say of a candidate.
type sample struct {
	// By circumstance: failure by duration, of the sessions that the gate lets start, and its
	// replicates at the durations of evaluator.at.
	curves []solver.Incidence
	shares [][]estimate.Moments // by requirement, then circumstance; empty for what is known
	known  []float64            // by circumstance: share of starts that the gate leaves out
}

// evaluator simulates candidates, all on the same sessions (common random numbers).
type evaluator struct {
	*Design
	settings  solver.Settings
	control   sweep.Control
	unit      map[int]int // of a cell, by number: cells of a unit share a plant
	horizon   float64     // longest session [s]
	durations []float64   // of all curves [s]
	every     int         // the replicates are at every so many durations
	at        []float64   // [s]

	mu   sync.Mutex
	runs int64 // paths simulated: once for all candidates that share a plant
}

// mostTimes is the largest number of durations with replicates.
const mostTimes = 360

func newEvaluator(d *Design, control sweep.Control) (*evaluator, error) {
	e := &evaluator{Design: d, control: control, unit: map[int]int{}, horizon: d.Goal.Longest,
		settings: solver.Settings{Seed: d.Seed, Sampling: d.Sampling, Readings: d.Readings[:1],
			Failures: sweep.Failures(d.EndOnResign, d.CountRefused), Workers: control.Workers,
			Kernel: control.Kernel}}
	for i, u := range d.Units() {
		for _, c := range u.Cells {
			e.unit[c.Number] = i
		}
	}
	if e.horizon == 0 {
		for i := range d.Candidates {
			s, on, err := e.cell(d.Candidates[i].Cells[0])
			if err != nil {
				return nil, err
			}
			e.horizon = max(e.horizon, float64(s.Session(on.Session).Horizon))
		}
	}
	s, on, err := e.cell(d.Candidates[0].Cells[0])
	if err != nil {
		return nil, err
	}
	p, err := solver.Compile(s, on)
	if err != nil {
		return nil, err
	}
	e.durations = p.Durations()
	e.every = (len(e.durations) + mostTimes - 1) / mostTimes
	for i := e.every - 1; i < len(e.durations); i += e.every {
		e.at = append(e.at, e.durations[i])
	}
	return e, nil
}

// cell returns the scenario of a cell and its case.
func (e *evaluator) cell(c plan.Cell) (*model.Scenario, solver.Case, error) {
	s, on, err := e.Scenario(c)
	if on.Session == "" {
		on.Session = e.Sessions[0]
	}
	on.Duration = e.horizon
	return s, on, err
}

// place is a cell of a candidate that is evaluated.
type place struct{ k, circumstance int }

// each simulates the first paths of some candidates and passes the sample of each, by its index
// in the list, to take, in any order, from several goroutines.
func (e *evaluator) each(ctx context.Context, candidates []int, paths int64,
	take func(k int, s *sample)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var runs [][]place
	number := map[int]int{}
	for k, i := range candidates {
		for c, cell := range e.Candidates[i].Cells {
			n, ok := number[e.unit[cell.Number]]
			if !ok {
				n = len(runs)
				number[e.unit[cell.Number]] = n
				runs = append(runs, nil)
			}
			runs[n] = append(runs[n], place{k, c})
		}
	}
	if p := e.control.Progress; p != nil {
		p.Planned.Add(paths * int64(len(runs)))
	}
	// As in package uncertainty: several plants in parallel leave no processor waiting.
	beside, settings := parallel.Workers(e.control.Workers), e.settings
	if len(runs) < 2*beside {
		beside = 1
	} else {
		settings.Workers = 1
	}
	found := &gathering{evaluator: e, candidates: candidates, take: take,
		samples: make([]*sample, len(candidates)), missing: make([]int, len(candidates))}
	parallel.For(beside, len(runs), func(_, i int) {
		if ctx.Err() != nil {
			return
		}
		if err := e.run(ctx, candidates, runs[i], settings, paths, found.add); err != nil {
			stop(err)
			return
		}
		if p := e.control.Progress; p != nil {
			p.Paths.Add(paths)
		}
		e.mu.Lock()
		e.runs += paths
		e.mu.Unlock()
	})
	return context.Cause(ctx)
}

// run simulates the cells that share a plant.
func (e *evaluator) run(ctx context.Context, candidates []int, places []place,
	settings solver.Settings, paths int64,
	add func(p place, program *solver.Program, found *solver.Estimates)) error {
	programs := make([]*solver.Program, len(places))
	var first *solver.Program
	for n, p := range places {
		s, on, err := e.cell(e.Candidates[candidates[p.k]].Cells[p.circumstance])
		if err != nil {
			return err
		}
		gate := on.Gate
		if n == 0 {
			on.Gate, on.Gates = 0, e.Gates
			if first, err = solver.Compile(s, on); err != nil {
				return err
			}
		}
		of, shared := first.Under(s)
		if shared {
			programs[n], shared = of.At(gate)
		}
		if !shared {
			return fmt.Errorf("optimize: cells of a unit do not share a plant")
		}
	}
	return solver.Summaries(ctx, programs, settings, paths, e.at,
		func(n int, found *solver.Estimates) { add(places[n], programs[n], found) })
}

// gathering gathers the samples of candidates from their cells.
type gathering struct {
	*evaluator
	candidates []int
	take       func(k int, s *sample)

	mu      sync.Mutex
	samples []*sample
	missing []int // cells, by candidate, once it has a sample
}

// add adds the estimates of a cell.
func (g *gathering) add(p place, program *solver.Program, found *solver.Estimates) {
	in, left := found.Readings[0], 1.0
	if found.Gated != nil {
		left = 1 - program.BelowGate()
		in = found.Gated.Readings[0]
		in.Failure.Moments = thinned(in.Failure.Moments, left)
	}
	in.Ended, in.Binding, in.Resigned, in.Unfinished = solver.Incidence{}.Ended, nil,
		estimate.Curve{}, estimate.Curve{} // not needed, and large
	g.mu.Lock()
	s := g.samples[p.k]
	if s == nil {
		n := len(g.Candidates[g.candidates[p.k]].Cells)
		s = &sample{curves: make([]solver.Incidence, n), known: make([]float64, n)}
		for range g.Requirements {
			s.shares = append(s.shares, make([]estimate.Moments, n))
		}
		g.samples[p.k], g.missing[p.k] = s, n
	}
	s.curves[p.circumstance], s.known[p.circumstance] = in, 1-left
	for r, q := range g.Requirements {
		switch q.What {
		case Failure:
			s.shares[r][p.circumstance] = in.Failure.Moments[g.index(q.Length)]
		case Refused:
			s.shares[r][p.circumstance] = found.Readings[0].Refused.Moments[0]
		}
	}
	g.missing[p.k]--
	complete := g.missing[p.k] == 0
	if complete {
		g.samples[p.k] = nil // free it
	}
	g.mu.Unlock()
	if complete {
		g.take(p.k, s)
	}
}

// index returns the index of the shortest duration that is at least a length.
func (e *evaluator) index(length float64) int {
	i := int(length/e.durations[0]-1e-9*length) + 1
	return min(max(i-1, 0), len(e.durations)-1)
}

// thinned returns the moments of a share of the paths: the others say nothing.
func thinned(all []estimate.Moments, share float64) []estimate.Moments {
	out := make([]estimate.Moments, len(all))
	for i, m := range all {
		paths := max(int64(share*float64(m.Paths)), 1)
		part := float64(paths) / float64(m.Paths)
		m.Paths, m.Sum, m.Variance = paths, m.Sum*part, m.Variance*part
		out[i] = m
	}
	return out
}
