package solver

import (
	"cmp"
	"context"
	"math"
	"slices"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver/estimate"
	"budget/solver/incidence"
	"budget/solver/plant"
)

// Spending is what sessions use of the battery and how hot the watch gets in them, for users who
// mean to finish, under the rules of programs that share a plant. It is taken over the sessions
// that start and complete, as Cost is. Paths can be added.
type Spending struct {
	programs []*Program
	rules    []*incidence.Rules
	settings Settings
	at       []int // steps of the lengths
	paths    int64
	sums     [][]spent // by program and length, then by replicate
}

// spent are sums over the paths of a replicate: of weights, their squares, and weights times what a
// path has used or reached.
type spent struct {
	weight, squares, level float64
	reached                [thermalLevels]float64
}

// Spend prepares the spending of programs by some ascending lengths [s], under the first of the
// readings.
func Spend(programs []*Program, s Settings, lengths []float64) (*Spending, error) {
	s, err := s.filled()
	if err == nil {
		err = cmp.Or(shareAPlant(programs), weightsOnly(s))
	}
	if err != nil {
		return nil, err
	}
	places, err := programs[0].places(lengths)
	if err != nil {
		return nil, err
	}
	g := &Spending{programs: programs, settings: s}
	for _, i := range places {
		g.at = append(g.at, i+1)
	}
	for _, p := range programs {
		r := p.reader(&s)
		of := r.rules[0]
		if r.readings < len(r.rules) {
			of = r.rules[r.readings] // at the gate
		}
		of.Ready(incidence.Meaning)
		g.rules = append(g.rules, of)
	}
	for range len(programs) * len(g.at) {
		g.sums = append(g.sums, make([]spent, plant.Replicates))
	}
	return g, nil
}

// watched is a path with its samples by length, and its weights by program and length.
type watched struct {
	path    uint64
	samples []plant.Sample
	weights []float64
}

// perRound is the number of paths of a replicate that are held at a time.
const perRound = 256

// Extend adds paths up to the given total, unless there are as many. Sums do not depend on the
// steps in which paths are added, nor on the workers. After an error nothing can be added any more.
func (g *Spending) Extend(ctx context.Context, paths int64, workers int) error {
	sampler := g.settings.sampler()
	for g.paths < paths {
		to := min(g.paths+perRound*plant.Replicates, paths)
		tasks := chunks(g.paths, to)
		byTask := make([][]watched, len(tasks))
		parallel.For(workers, len(tasks), func(_, n int) {
			if ctx.Err() == nil {
				byTask[n] = g.watch(tasks[n], sampler)
			}
		})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		for _, task := range byTask {
			for i := range task {
				g.add(&task[i])
			}
		}
		g.paths = to
	}
	return nil
}

// watch runs a span of paths and returns them in order.
func (g *Spending) watch(task span, sampler plant.Sampler) []watched {
	var all []watched
	var now []plant.Sample
	on := g.programs[0].plant
	first := on.First - 1
	kernel := on.Watch(g.settings.Kernel, sampler, g.at,
		func(_ uint64, samples []plant.Sample) { now = samples })
	path := task.first
	kernel.Run(g.at[len(g.at)-1]+first, func() (uint64, bool) {
		if path >= task.last {
			return 0, false
		}
		next := path
		path += plant.Replicates
		return next, true
	}, func(path uint64, h *plant.History) {
		x := watched{path: path, samples: slices.Clone(now)}
		for _, r := range g.rules {
			for i := range now {
				x.weights = append(x.weights, r.Left(h, g.at[i]+first))
			}
		}
		all = append(all, x)
	})
	slices.SortFunc(all, func(a, b watched) int { return cmp.Compare(a.path, b.path) })
	return all
}

// add adds a path to the sums.
func (g *Spending) add(x *watched) {
	n := len(x.samples) // lengths that the path reaches
	for p := range g.rules {
		for i := range n {
			w := x.weights[p*n+i]
			if w == 0 {
				continue
			}
			s, of := &g.sums[p*len(g.at)+i][x.path%plant.Replicates], &x.samples[i]
			s.weight += w
			s.squares += float64(w * w)
			s.level += float64(w * min(max(of.Level, 0), 1))
			for l := range s.reached {
				if of.Reached >= model.ThermalLevel(l) {
					s.reached[l] += w
				}
			}
		}
	}
}

// Battery returns the moments of the share of the battery that sessions of the i-th length use
// under a program. ok is false if no session completes.
func (g *Spending) Battery(program, i int) (m estimate.Moments, ok bool) {
	return g.moments(program, i, func(s *spent) float64 { return s.level })
}

// Reached returns the moments of the share of sessions of the i-th length in which the watch
// reaches a thermal level. ok is false if no session completes.
func (g *Spending) Reached(program, i int, l model.ThermalLevel) (m estimate.Moments, ok bool) {
	return g.moments(program, i, func(s *spent) float64 { return s.reached[l] })
}

// moments returns the moments of the ratio of a sum to the sum of weights. Its error comes from
// linearizing the ratio over replicates (estimate.Sample); that many paths of equal weight count as
// have at most the information.
func (g *Spending) moments(program, i int, of func(*spent) float64) (estimate.Moments, bool) {
	replicates := g.sums[program*len(g.at)+i]
	weight, squares, sum := 0.0, 0.0, 0.0
	for n := range replicates {
		s := &replicates[n]
		weight, squares, sum = weight+s.weight, squares+s.squares, sum+of(s)
	}
	if weight == 0 {
		return estimate.Moments{}, false
	}
	ratio, error2, n := min(sum/weight, 1), 0.0, float64(len(replicates))
	for b := range replicates {
		s := &replicates[b]
		r := of(s) - float64(ratio*s.weight)
		error2 += float64(r * r)
	}
	error2 *= n / (n - 1) / weight / weight
	paths := math.Max(math.Floor(weight*weight/squares), 1)
	return estimate.Moments{Paths: int64(paths), Blocks: int64(n), Sum: ratio * paths,
		Variance: error2 * paths, Largest: 1}, true
}
