package solver

import (
	"context"
	"slices"
	"sync/atomic"

	"budget/internal/parallel"
	"budget/solver/incidence"
	"budget/solver/plant"
)

// simulation runs paths of a plant and accounts for them under any number of sets
// of rules.
type simulation struct {
	plant    *plant.Plant
	settings *Settings
	sampler  plant.Sampler
	account  *incidence.Account
	paths    int64 // asked for so far
	// chosen, if not nil, maps path i of the simulation to path chosen[i] of the plant; it
	// ascends.
	chosen []uint64
}

func newSimulation(on *plant.Plant, s *Settings, rules []*incidence.Rules,
	keepAll bool) *simulation {
	if s.StepAll {
		on = on.WithoutSkipping()
	}
	sampler := s.sampler()
	return &simulation{plant: on, settings: s, sampler: sampler,
		account: incidence.NewAccount(rules, s.Estimator, sampler, on.Tilted(sampler), s.Kernel, keepAll)}
}

// chunk is the largest number of paths of a replicate that a worker takes at a
// time.
const chunk = 1024

// extend runs further paths, up to the given total, and follows them up to the time with
// index end. If ctx ends first it finishes the chunks already started. The paths done are
// then still the first ones of their replicates, so slow paths are not left out.
func (s *simulation) extend(ctx context.Context, paths int64, end int) error {
	steps := s.account.Open(end)
	tasks := chunks(s.paths, paths)
	s.paths = paths
	var next atomic.Int64
	workers := min(s.settings.Workers, len(tasks))
	parallel.For(workers, workers, func(int, int) {
		s.run(steps, func() (span, bool) {
			n := next.Add(1) - 1
			if ctx.Err() != nil || n >= int64(len(tasks)) {
				return span{}, false
			}
			return tasks[n], true
		})
	})
	return ctx.Err()
}

// span is a range of paths of one replicate: every 64th path from first up to but
// not including last.
type span struct{ first, last uint64 }

// chunks splits the paths from first up to but not including last into spans.
func chunks(first, last int64) []span {
	var spans []span
	for from := first; from < last; from += chunk * plant.Replicates {
		to := min(from+chunk*plant.Replicates, last)
		for i := range min(plant.Replicates, to-from) {
			spans = append(spans, span{uint64(from + i), uint64(to)})
		}
	}
	return spans
}

// run takes spans and accounts for their paths until no span is left.
func (s *simulation) run(steps int, spans func() (span, bool)) {
	kernel := s.plant.Kernel(s.settings.Kernel, s.sampler)
	var paths, gone, stepped int64 // since the last report
	report := func() {
		if p := s.settings.Progress; p != nil {
			p.Paths.Add(paths)
			p.Steps.Add(gone)
			p.Stepped.Add(kernel.Stepped() - stepped)
		}
		paths, gone, stepped = 0, 0, kernel.Stepped()
	}
	var now span
	kernel.Run(steps, func() (uint64, bool) {
		if now.first >= now.last {
			report()
			var ok bool
			if now, ok = spans(); !ok {
				return 0, false
			}
		}
		path := now.first
		now.first += plant.Replicates
		if s.chosen != nil {
			path = s.chosen[path]
		}
		return path, true
	}, func(path uint64, h *plant.History) {
		paths++
		gone += int64(min(h.End, steps))
		if s.chosen != nil {
			i, _ := slices.BinarySearch(s.chosen, path)
			path = uint64(i)
		}
		s.account.Add(path, h)
	})
	report()
}
