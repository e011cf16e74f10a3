package optimize

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep/plan"
)

// grow compiles the cells of a unit under the draws of a plant.
func (e *evaluator) grow(number int) (*grown, error) {
	g := &grown{}
	cells, plant := e.cells[number/e.plants], number%e.plants
	var first *solver.Program
	for _, cell := range cells {
		for draw := range e.draws {
			if e.points != nil && e.points.Plant(draw) != plant {
				continue
			}
			program, err := e.compile(cell, draw, &first)
			if err != nil {
				return nil, err
			}
			g.variants = append(g.variants, variant{cell: cell.Number, draw: draw, program: program, of: g,
				index: len(g.variants)})
		}
	}
	at := e.at
	durations := first.Durations()
	if !e.Goal.Maximize.Capped() {
		if g.stints = first.Stints(); g.stints == nil {
			g.stints = []solver.Stint{{End: e.Goal.Length, Length: e.Goal.Length}}
		}
		at = nil
		for _, s := range g.stints {
			at = append(at, durations[index(durations, s.End)])
		}
	}
	var programs, base []*solver.Program
	for i := range g.variants {
		base = append(base, g.variants[i].program)
	}
	if e.Goal.Maximize.Capped() || slices.ContainsFunc(e.Requirements,
		func(q Requirement) bool { return q.What == Failure }) {
		g.failing, programs = len(base), base
	}
	if !e.Goal.Maximize.Capped() {
		g.completing = len(base)
		programs = slices.Clone(programs)
		for _, p := range base {
			programs = append(programs, p.Completing())
		}
	}
	var err error
	if g.Growing, err = solver.Grow(programs, e.settings, e.Paths, at); err != nil {
		return nil, err
	}
	for _, length := range e.spends {
		length = durations[reachIndex(durations, length)]
		if !slices.Contains(g.spends, length) {
			g.spends = append(g.spends, length)
		}
	}
	if slices.Sort(g.spends); len(g.spends) > 0 {
		g.spending, err = solver.Spend(base, e.settings, g.spends)
	}
	return g, err
}

// compile compiles a cell under a draw on the plant of the first program, which it sets if it is
// the first.
func (e *evaluator) compile(cell plan.Cell, draw int,
	first **solver.Program) (*solver.Program, error) {
	s, on, err := e.cell(cell)
	if err == nil && e.points != nil {
		s, err = e.points.Under(s, draw)
	}
	if err != nil {
		return nil, err
	}
	gate := on.Gate
	if *first == nil {
		on.Gate, on.Gates = 0, e.Gates
		if *first, err = solver.Compile(s, on); err != nil {
			return nil, err
		}
	}
	of, shared := (*first).Under(s)
	if shared {
		of, shared = of.At(gate)
	}
	if !shared {
		return nil, fmt.Errorf("optimize: cells of a unit do not share a plant")
	}
	return of, nil
}

// summaries adds paths up to the given total and passes the estimates of the variants of some cells
// to take, in any order, from several goroutines.
func (g *grown) summaries(ctx context.Context, cell func(number int) bool, paths int64,
	workers int, take func(v *variant, found *variantEstimates)) error {
	if g.spending != nil {
		if err := g.spending.Extend(ctx, paths, workers); err != nil {
			return err
		}
	}
	var programs []int
	kinds := 0 // of estimates of a variant
	for _, n := range []int{g.failing, g.completing} {
		if n > 0 {
			kinds++
		}
	}
	for i := range g.variants {
		if cell(g.variants[i].cell) {
			for kind := range kinds {
				programs = append(programs, i+kind*len(g.variants))
			}
		}
	}
	var mu sync.Mutex
	open := map[int]*variantEstimates{}
	return g.Summaries(ctx, programs, paths, workers, func(n int, found *solver.Estimates) {
		i := n % len(g.variants)
		v := &g.variants[i]
		mu.Lock()
		of := open[i]
		if of == nil {
			of = &variantEstimates{leftOut: v.program.BelowGate()}
			open[i] = of
		}
		if n >= g.failing {
			of.completing = found
		}
		if n < g.failing || g.failing == 0 {
			of.main = found
		}
		complete := of.main != nil && (g.completing == 0 || of.completing != nil)
		if complete {
			delete(open, i)
		}
		mu.Unlock()
		if complete {
			of.failure = of.curve()
			take(v, of)
		}
	})
}

// curve returns failure by duration, of the sessions that the gate lets start.
func (f *variantEstimates) curve() solver.Incidence {
	in := f.main.Readings[0]
	if f.main.Gated != nil {
		in = f.main.Gated.Readings[0]
		if f.main.Gated.Paths == f.main.Paths { // they count paths below the gate
			in.Failure.Moments = thinned(in.Failure.Moments, 1-f.leftOut)
		}
	}
	in.Ended, in.Binding, in.Resigned, in.Unfinished = solver.Incidence{}.Ended, nil,
		estimate.Curve{}, estimate.Curve{} // not needed, and large
	return in
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

// spent returns the moments that a requirement is about; of 1 if no session finishes.
func (v *variant) spent(q *Requirement, durations []float64, paths int64) estimate.Moments {
	at := slices.Index(v.of.spends, durations[reachIndex(durations, q.Length)])
	m, ok := v.of.spending.Battery(v.index, at)
	if q.What == Heat {
		m, ok = v.of.spending.Reached(v.index, at, q.Level)
	}
	if !ok {
		return estimate.Moments{Paths: paths, Blocks: 2, Sum: float64(paths), Largest: 1}
	}
	return m
}
