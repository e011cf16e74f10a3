package solver

import (
	"context"
	"slices"
	"sync/atomic"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/plant"
)

// History is what happened to the watch of one session: its conditions over time and the end
// by the physics, if any. No hazard acts on it.
type History = plant.History

// ConditionOf returns the condition with a code of History.Runs.
func ConditionOf(code uint8) model.Condition { return plant.ConditionOf(int(code)) }

// Conditions is the number of codes of conditions.
const Conditions = plant.Conditions

// Histories runs the first paths of a seed up to the longest session and returns their
// histories. Paths are independent, so they are a random sample of sessions; they are those of
// Program.Trace. Workers and kernel are as in Settings and do not affect the result. If ctx
// ends first, it returns ctx's error.
func (p *Program) Histories(ctx context.Context, seed uint64, paths, workers int,
	kernel string) ([]History, error) {
	const part = 256 // paths that a worker takes at a time
	all := make([]History, paths)
	sampler := plant.NewSampler(seed, plant.Independent)
	var next atomic.Int64
	workers = parallel.Workers(workers)
	parallel.For(workers, workers, func(int, int) {
		k := p.plant.Kernel(kernel, sampler)
		at, end := 0, 0
		k.Run(p.plant.Steps, func() (uint64, bool) {
			if at == end {
				at = int(next.Add(part)) - part
				end = min(at+part, paths)
				if at >= paths || ctx.Err() != nil {
					at = end
					return 0, false
				}
			}
			at++
			return uint64(at - 1), true
		}, func(path uint64, h *History) {
			all[path] = *h
			all[path].Runs, all[path].Restarts = slices.Clone(h.Runs), slices.Clone(h.Restarts)
		})
	})
	return all, ctx.Err()
}
