package solver

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/estimate"
	"budget/solver/plant"
)

// Cost is what a session of a given length costs a user who means to finish: battery and
// heat. It is taken over the sessions that start and complete; a path's weight is its
// survival (session model, section 7).
type Cost struct {
	Duration float64 // [s]
	Paths    int64   // with a positive weight
	// Level and Shown are the drop of the true and of the displayed battery level,
	// parts of 1; Hottest is the highest skin-side temperature [degC].
	Level, Shown, Hottest Spent
	// Probabilities that the thermal level reached fair, serious, critical, and that the
	// Low Power prompt came.
	Fair, Serious, Critical, Prompted estimate.Estimate
	// Absences is the number of absences that have begun, and Away the time in those that have
	// ended [s]; 0 unless they pause the session (Case.Pause).
	Absences, Away Spent
}

// Spent is the mean and the 5 %, 50 % and 95 % quantiles of a quantity of a
// session.
type Spent struct{ Mean, P5, P50, P95 estimate.Estimate }

// Cost simulates a fixed number of paths, all stepped to the end, and returns the cost of
// each of the ascending durations [s] under the first of the readings. If ctx ends first,
// it returns ctx's error.
func (p *Program) Cost(ctx context.Context, s Settings, durations []float64,
	paths int64) ([]Cost, error) {
	s, err := s.filled()
	if err == nil {
		err = weightsOnly(s)
	}
	if err == nil {
		err = inRange("paths", paths > 0, paths, "1 or more")
	}
	if err != nil {
		return nil, err
	}
	var at []int
	for i, d := range durations {
		if d <= 0 || reaching(d, p.Durations()) < 0 || i > 0 && d <= durations[i-1] {
			return nil, fmt.Errorf("solver: durations: %v s: expected ascending ones of at most %v s",
				d, p.Durations()[len(p.Durations())-1])
		}
		at = append(at, reaching(d, p.Durations())+1)
	}
	s.Progress.plan(paths)

	rules := p.terms.Rules(p.plant, s.Readings[:1], p.failures(&s))[0]
	rules.Ready(Meaning)
	sampler := s.sampler()
	samples := newCostSamples(len(at))
	tasks := chunks(0, paths)
	var next atomic.Int64
	workers := min(s.Workers, len(tasks))
	byTask := make([]*costSamples, len(tasks))
	parallel.For(workers, workers, func(int, int) {
		for n := next.Add(1) - 1; n < int64(len(tasks)) && ctx.Err() == nil; n = next.Add(1) - 1 {
			byTask[n] = p.costOf(tasks[n], at, &s, sampler, func(h *plant.History, i int) float64 {
				return rules.Left(h, i)
			})
		}
	})
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	// In the order of the paths, so that sums do not depend on the workers.
	for _, task := range byTask {
		samples.add(task)
	}
	var costs []Cost
	for i, d := range durations {
		costs = append(costs, samples.cost(i, d, p.plant.Step))
	}
	return costs, nil
}

// costSamples are the samples of each quantity of Cost, by duration.
type costSamples struct {
	paths [][]costPath // by duration
}

// costPath is what a path has spent up to a duration, and its weight then.
type costPath struct {
	plant.Sample
	path   uint64
	weight float64
}

func newCostSamples(durations int) *costSamples {
	return &costSamples{make([][]costPath, durations)}
}

func (c *costSamples) add(o *costSamples) {
	for i := range c.paths {
		c.paths[i] = append(c.paths[i], o.paths[i]...)
	}
}

// costOf runs a span of paths and samples them at the given steps. The weight is the
// path's survival to the end of a session of that many steps.
func (p *Program) costOf(tasks span, at []int, s *Settings, sampler plant.Sampler,
	left func(h *plant.History, i int) float64) *costSamples {
	c := newCostSamples(len(at))
	var now []plant.Sample
	kernel := p.plant.Watch(s.Kernel, sampler, at,
		func(_ uint64, samples []plant.Sample) { now = samples })
	last := at[len(at)-1] + p.plant.First - 1
	path := tasks.first
	kernel.Run(last, func() (uint64, bool) {
		if path >= tasks.last {
			return 0, false
		}
		next := path
		path += plant.Replicates
		return next, true
	}, func(path uint64, h *plant.History) {
		for i, sample := range now {
			if w := left(h, at[i]+p.plant.First-1); w > 0 {
				c.paths[i] = append(c.paths[i], costPath{sample, path, w})
			}
		}
		if s.Progress != nil {
			s.Progress.Paths.Add(1)
		}
	})
	for i := range c.paths { // lanes finish in any order
		slices.SortFunc(c.paths[i], func(a, b costPath) int {
			if a.path < b.path {
				return -1
			}
			return 1
		})
	}
	return c
}

// cost returns the cost of the i-th duration, given the length of a step [s].
func (c *costSamples) cost(i int, duration, step float64) Cost {
	alpha := (1 - DefaultConfidence) / 2
	of := func(value func(s *plant.Sample) float64) *estimate.Sample {
		s := new(estimate.Sample)
		for n := range c.paths[i] {
			x := &c.paths[i][n]
			s.Add(value(&x.Sample), x.weight, int(x.path%plant.Replicates))
		}
		return s
	}
	spent := func(value func(s *plant.Sample) float64) Spent {
		s := of(value)
		return Spent{s.Mean(alpha), s.Quantile(0.05, alpha), s.Quantile(0.5, alpha),
			s.Quantile(0.95, alpha)}
	}
	share := func(is func(s *plant.Sample) bool) estimate.Estimate {
		return of(func(s *plant.Sample) float64 {
			if is(s) {
				return 1
			}
			return 0
		}).Share(alpha)
	}
	reached := func(l model.ThermalLevel) estimate.Estimate {
		return share(func(s *plant.Sample) bool { return s.Reached >= l })
	}
	return Cost{
		Duration: duration, Paths: int64(len(c.paths[i])),
		Level:    spent(func(s *plant.Sample) float64 { return s.Level }),
		Shown:    spent(func(s *plant.Sample) float64 { return s.Displayed }),
		Hottest:  spent(func(s *plant.Sample) float64 { return s.Hottest }),
		Fair:     reached(model.Fair),
		Serious:  reached(model.Serious),
		Critical: reached(model.Critical),
		Prompted: share(func(s *plant.Sample) bool { return s.Prompted }),
		Absences: spent(func(s *plant.Sample) float64 { return float64(s.Absences) }),
		Away:     spent(func(s *plant.Sample) float64 { return float64(s.Away) * step }),
	}
}
