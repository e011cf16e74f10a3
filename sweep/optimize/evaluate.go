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
	paths int64 // the fewest of a circumstance
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
	cells     [][]plan.Cell
	grown     []*grown  // paths so far, by unit; nil for none
	horizon   float64   // longest session [s]
	durations []float64 // of all curves [s]
	every     int       // the replicates are at every so many durations
	at        []float64 // [s]

	mu   sync.Mutex
	runs int64 // paths simulated: once for all candidates that share a plant
}

// grown are the paths of cells that share a plant.
type grown struct {
	*solver.Growing
	programs []*solver.Program
	of       map[int]int // programs by number of the cell
}

// mostKept is the largest number of paths that are kept, of all plants together, to be added to.
// They take 100 MB or a few times as much (solver.Grow).
const mostKept = 1 << 20

// mostTimes is the largest number of durations with replicates.
const mostTimes = 360

func newEvaluator(d *Design, control sweep.Control) (*evaluator, error) {
	e := &evaluator{Design: d, control: control, unit: map[int]int{}, horizon: d.Goal.Longest,
		settings: solver.Settings{Seed: d.Seed, Sampling: d.Sampling, Readings: d.Readings[:1],
			Failures: sweep.Failures(d.EndOnResign, d.CountRefused), Workers: control.Workers,
			Kernel: control.Kernel}}
	for i, u := range d.Units() {
		e.cells, e.grown = append(e.cells, u.Cells), append(e.grown, nil)
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

// run is the cells to evaluate that share a plant.
type run struct {
	unit   int
	places []place
	from   int64 // paths simulated before
	keep   bool
}

// each simulates the first paths of some candidates, those that were not simulated before, and
// passes the sample of each, by its index in the list, to take, in any order, from several
// goroutines. A plant that was simulated longer gives a sample of as many paths.
func (e *evaluator) each(ctx context.Context, candidates []int, paths int64,
	take func(k int, s *sample)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var runs []run
	number := map[int]int{} // in runs, by unit
	for k, i := range candidates {
		for c, cell := range e.Candidates[i].Cells {
			unit := e.unit[cell.Number]
			n, ok := number[unit]
			if !ok {
				n = len(runs)
				number[unit] = n
				runs = append(runs, run{unit: unit})
			}
			runs[n].places = append(runs[n].places, place{k, c})
		}
	}
	e.keep(runs, paths)
	for _, r := range runs {
		if p := e.control.Progress; p != nil {
			p.Planned.Add(max(paths-r.from, 0))
		}
	}
	// As in package uncertainty: several plants in parallel leave no processor waiting.
	beside, workers := parallel.Workers(e.control.Workers), parallel.Workers(e.control.Workers)
	if len(runs) < 2*beside {
		beside = 1
	} else {
		workers = 1
	}
	found := &gathering{evaluator: e, candidates: candidates, take: take,
		samples: make([]*sample, len(candidates)), missing: make([]int, len(candidates))}
	parallel.For(beside, len(runs), func(_, i int) {
		if ctx.Err() != nil {
			return
		}
		if err := e.run(ctx, candidates, &runs[i], paths, workers, found.add); err != nil {
			stop(err)
			return
		}
		more := max(paths-runs[i].from, 0)
		if p := e.control.Progress; p != nil {
			p.Paths.Add(more)
		}
		e.mu.Lock()
		e.runs += more
		e.mu.Unlock()
	})
	return context.Cause(ctx)
}

// keep decides which paths of runs are kept, so that no more than mostKept are. If they are too
// many, those of other plants are dropped first.
func (e *evaluator) keep(runs []run, paths int64) {
	needed := make([]bool, len(e.grown))
	for _, r := range runs {
		needed[r.unit] = true
	}
	kept := int64(0)
	for unit, g := range e.grown {
		if g != nil && !needed[unit] {
			kept += g.Paths()
		}
	}
	if kept+paths*int64(len(runs)) > mostKept {
		kept = 0
		for unit := range e.grown {
			if !needed[unit] {
				e.grown[unit] = nil
			}
		}
	}
	for i := range runs {
		r := &runs[i]
		of := paths
		if g := e.grown[r.unit]; g != nil {
			r.from = g.Paths()
			of = max(of, r.from)
		}
		kept += of
		r.keep = kept <= mostKept
	}
}

// most returns the largest number of paths kept of any plant of some candidates, at least paths:
// with so many, all have equal samples.
func (e *evaluator) most(candidates []int, paths int64) int64 {
	for _, i := range candidates {
		for _, cell := range e.Candidates[i].Cells {
			if g := e.grown[e.unit[cell.Number]]; g != nil {
				paths = max(paths, g.Paths())
			}
		}
	}
	return paths
}

// run simulates the cells that share a plant.
func (e *evaluator) run(ctx context.Context, candidates []int, r *run, paths int64, workers int,
	add func(p place, program *solver.Program, found *solver.Estimates)) error {
	g := e.grown[r.unit]
	if g == nil {
		var err error
		if g, err = e.grow(r.unit); err != nil {
			return err
		}
	}
	e.grown[r.unit] = nil
	if r.keep {
		e.grown[r.unit] = g
	}
	var programs []int
	of := map[int][]place{} // by program
	for _, p := range r.places {
		n := g.of[e.Candidates[candidates[p.k]].Cells[p.circumstance].Number]
		if of[n] == nil {
			programs = append(programs, n)
		}
		of[n] = append(of[n], p)
	}
	return g.Summaries(ctx, programs, paths, workers, func(n int, found *solver.Estimates) {
		for _, p := range of[n] {
			add(p, g.programs[n], found)
		}
	})
}

// grow compiles the cells of a unit.
func (e *evaluator) grow(unit int) (*grown, error) {
	g := &grown{of: map[int]int{}}
	var first *solver.Program
	for n, cell := range e.cells[unit] {
		s, on, err := e.cell(cell)
		if err != nil {
			return nil, err
		}
		gate := on.Gate
		if n == 0 {
			on.Gate, on.Gates = 0, e.Gates
			if first, err = solver.Compile(s, on); err != nil {
				return nil, err
			}
		}
		of, shared := first.Under(s)
		if shared {
			of, shared = of.At(gate)
		}
		if !shared {
			return nil, fmt.Errorf("optimize: cells of a unit do not share a plant")
		}
		g.of[cell.Number] = n
		g.programs = append(g.programs, of)
	}
	var err error
	g.Growing, err = solver.Grow(g.programs, e.settings, e.Paths, e.at)
	return g, err
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
		s = &sample{paths: found.Paths, curves: make([]solver.Incidence, n), known: make([]float64, n)}
		for range g.Requirements {
			s.shares = append(s.shares, make([]estimate.Moments, n))
		}
		g.samples[p.k], g.missing[p.k] = s, n
	}
	s.paths = min(s.paths, found.Paths)
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
