package optimize

import (
	"context"
	"sync"

	"budget/internal/parallel"
	"budget/solver"
	"budget/solver/estimate"
	"budget/solver/ranking"
)

// place is a cell of a candidate that is evaluated.
type place struct{ k, circumstance int }

// run is the cells to evaluate that share a plant, under the draws of the plant.
type run struct {
	unit   int // in evaluator.grown
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
			for plant := range e.plants {
				unit := e.unit[cell.Number]*e.plants + plant
				n, ok := number[unit]
				if !ok {
					n = len(runs)
					number[unit] = n
					runs = append(runs, run{unit: unit})
				}
				runs[n].places = append(runs[n].places, place{k, c})
			}
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
			for plant := range e.plants {
				if g := e.grown[e.unit[cell.Number]*e.plants+plant]; g != nil {
					paths = max(paths, g.Paths())
				}
			}
		}
	}
	return paths
}

// run simulates the cells that share a plant.
func (e *evaluator) run(ctx context.Context, candidates []int, r *run, paths int64, workers int,
	add func(p place, of *variant, found *variantEstimates)) error {
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
	return e.pass(ctx, g, candidates, r.places, max(paths, g.Paths()), workers, add)
}

// pass passes the estimates of some cells on a plant to add.
func (e *evaluator) pass(ctx context.Context, g *grown, candidates []int, places []place,
	paths int64, workers int, add func(p place, of *variant, found *variantEstimates)) error {
	of := map[int][]place{} // by cell
	for _, p := range places {
		number := e.Candidates[candidates[p.k]].Cells[p.circumstance].Number
		of[number] = append(of[number], p)
	}
	return g.summaries(ctx, func(cell int) bool { return of[cell] != nil }, paths, workers,
		func(v *variant, found *variantEstimates) {
			for _, p := range of[v.cell] {
				add(p, v, found)
			}
		})
}

// gathering gathers the samples of candidates from their cells.
type gathering struct {
	*evaluator
	candidates []int
	take       func(k int, s *sample)

	mu      sync.Mutex
	samples []*sample
	missing []int // conditions, by candidate, once it has a sample
}

// add adds the estimates of a cell under a draw.
func (g *gathering) add(p place, v *variant, found *variantEstimates) {
	shares := g.required(v, found)
	of := &g.Candidates[g.candidates[p.k]]
	g.mu.Lock()
	s := g.samples[p.k]
	if s == nil {
		n := g.conditions(g.candidates[p.k])
		s = &sample{paths: found.main.Paths, of: make([]int64, n), known: make([]float64, n)}
		for range g.Requirements {
			s.shares = append(s.shares, make([]estimate.Moments, n))
		}
		if g.Goal.Maximize.Capped() {
			s.curves = make([]solver.Incidence, n)
		} else {
			s.scores = make([]ranking.Score, n)
		}
		g.samples[p.k], g.missing[p.k] = s, n
	}
	s.paths = min(s.paths, found.main.Paths)
	at := p.circumstance*g.draws + v.draw
	s.known[at], s.of[at] = found.leftOut, found.main.Paths
	for r := range shares {
		s.shares[r][at] = shares[r]
	}
	if g.Goal.Maximize.Capped() {
		s.curves[at] = found.failure
	} else {
		s.scores[at] = score(v, found.completing, found.leftOut, of.Value)
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

// required returns the moments of the required shares of a cell under a draw, by requirement.
func (e *evaluator) required(v *variant, found *variantEstimates) []estimate.Moments {
	all := make([]estimate.Moments, len(e.Requirements))
	durations := found.main.Durations
	for r, q := range e.Requirements {
		switch q.What {
		case Failure:
			all[r] = found.failure.Failure.Moments[reachIndex(durations, q.Length)]
		case Refused:
			all[r] = found.main.Readings[0].Refused.Moments[0]
		case Battery, Heat:
			all[r] = v.spent(&q, durations, found.main.Paths)
		}
	}
	return all
}
