package uncertainty

import (
	"context"
	"math"
	"slices"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// indexing finds which share each quantity has in the variance of a cap, and of the failure
// of a plan, over all that is not known (estimate.SobolIndices). Two samples of sets, A and
// B, are drawn as for uncertainty; then A with one quantity at a time from B. What differs
// from A in rules alone is read off A's plants; a quantity that touches the watch takes as
// many plants again. Quantities that by themselves move nothing (idle) are taken from B
// together: if they matter in company after all, their common index shows it. So n plants
// with m sets each take n·(2 + p) runs of the plant, p the groups that touch the watch. A
// plant with its sets is a cluster.
type indexing struct {
	*evaluator
	q         *SensitivityRequest
	durations []float64
	plan      float64
	unknowns  []Quantity
	groups    [][]int // of unknowns, each to be taken from sample B by itself
}

// idle tells whether a quantity by itself moves nothing: the cap by no step, and failure by
// less than a hundredth of itself.
func (q *Effect) idle(c *CaseSensitivity) bool {
	return q.Swing(c.Cap) == 0 && max(math.Abs(q.Low.FailureChange.Value), math.Abs(q.High.FailureChange.Value)) <= 0.01*c.Failure
}

// group puts the quantities that are idle together, at the end.
func (x *indexing) group(c *CaseSensitivity) {
	var idle []int
	for j := range c.Quantities {
		if c.Quantities[j].idle(c) {
			idle = append(idle, j)
			continue
		}
		x.groups = append(x.groups, []int{j})
	}
	if len(idle) > 0 {
		x.groups = append(x.groups, idle)
	}
}

// indices fills in the indices of a case's quantities, which are in the unknowns' order.
func (x *indexing) indices(ctx context.Context, c *CaseSensitivity) error {
	n, m := x.q.Base, x.q.Sets
	a, err := drawSets(x.unknowns, n*m, n, x.q.Design, x.q.Seed, 0)
	if err != nil {
		return err
	}
	b, err := drawSets(x.unknowns, n*m, n, x.q.Design, x.q.Seed, 1)
	if err != nil {
		return err
	}
	x.at = nil
	var variants []variant
	x.group(c)
	type target struct{ group, set int } // group −1 is sample A, −2 sample B
	var targets [][]target
	for p := range n {
		own := variant{plant: settings(x.unknowns, a[p*m].values, true)}
		var ownTargets []target
		other := variant{plant: settings(x.unknowns, b[p*m].values, true)}
		var otherTargets []target
		for i := p * m; i < (p+1)*m; i++ {
			own.rules, ownTargets = append(own.rules, settings(x.unknowns, a[i].values, false)), append(ownTargets, target{-1, i})
			other.rules, otherTargets = append(other.rules, settings(x.unknowns, b[i].values, false)), append(otherTargets, target{-2, i})
		}
		for g, group := range x.groups {
			plant := slices.ContainsFunc(group, func(j int) bool { return x.unknowns[j].Plant })
			mixed := variant{}
			var mixedTargets []target
			for i := p * m; i < (p+1)*m; i++ {
				values := slices.Clone(a[i].values)
				for _, j := range group {
					values[j] = b[i].values[j]
				}
				if !plant {
					own.rules, ownTargets = append(own.rules, settings(x.unknowns, values, false)), append(ownTargets, target{g, i})
					continue
				}
				mixed.plant = settings(x.unknowns, values, true)
				mixed.rules, mixedTargets = append(mixed.rules, settings(x.unknowns, values, false)), append(mixedTargets, target{g, i})
			}
			if plant {
				variants, targets = append(variants, mixed), append(targets, mixedTargets)
			}
		}
		variants, targets = append(variants, own, other), append(targets, ownTargets, otherTargets)
	}

	caps, failure := newIndexSample(len(x.groups), n*m), newIndexSample(len(x.groups), n*m)
	at := indexOf(x.durations, x.plan)
	if err := x.each(ctx, merged(variants, &targets), func(i, k int, found *solver.Estimates) {
		t := targets[i][k]
		caps.set(t.group, t.set, capOf(found, x.q.Tolerances[0]))
		failure.set(t.group, t.set, found.Readings[0].Failure.Value(at))
	}); err != nil {
		return err
	}
	clusters := make([]int, n*m)
	for i := range clusters {
		clusters[i] = i / m
	}
	ofCap, ofFailure := caps.indices(clusters, x.q.Confidence), failure.indices(clusters, x.q.Confidence)
	c.CapRange = caps.between()
	for g, group := range x.groups {
		for _, j := range group {
			q := &c.Quantities[j]
			q.Together, q.OfCap, q.OfFailure = len(group), ofCap[g], ofFailure[g]
			q.Narrowing = narrowing(c.CapRange[1]-c.CapRange[0], q.OfCap.First)
		}
	}
	return nil
}

// merged puts variants of one and the same plant together: all, where nothing that is varied
// touches the watch.
func merged[T any](variants []variant, targets *[][]T) []variant {
	if slices.ContainsFunc(variants, func(v variant) bool { return len(v.plant) > 0 }) {
		return variants
	}
	var rules [][]model.Setting
	var all []T
	for i, v := range variants {
		rules, all = append(rules, v.rules...), append(all, (*targets)[i]...)
	}
	*targets = [][]T{all}
	return []variant{{rules: rules}}
}

// indexSample holds the values of a function at the points of both samples and between.
type indexSample struct {
	a, b []float64
	ab   [][]float64 // by group
}

func newIndexSample(groups, points int) *indexSample {
	s := &indexSample{a: make([]float64, points), b: make([]float64, points)}
	for range groups {
		s.ab = append(s.ab, make([]float64, points))
	}
	return s
}

// set puts a value in its place; group −1 is sample a, −2 sample b.
func (s *indexSample) set(group, point int, value float64) {
	switch group {
	case -1:
		s.a[point] = value
	case -2:
		s.b[point] = value
	default:
		s.ab[group][point] = value
	}
}

func (s *indexSample) indices(clusters []int, confidence float64) []Indices {
	var out []Indices
	for _, i := range estimate.SobolIndices(s.a, s.b, s.ab, clusters, (1-confidence)/2) {
		ranged := func(e estimate.Estimate) Ranged { return Ranged{e.Value, e.Lower, e.Upper} }
		out = append(out, Indices{ranged(i.First), ranged(i.Total)})
	}
	return out
}

// between returns the 5 and 95 % quantiles of the values at the points of both samples.
func (s *indexSample) between() [2]float64 {
	all := slices.Sorted(slices.Values(append(slices.Clone(s.a), s.b...)))
	at := func(p float64) float64 { return all[estimate.QuantileRank(len(all), p)-1] }
	return [2]float64{at(CapQuantiles[0]), at(CapQuantiles[2])}
}
