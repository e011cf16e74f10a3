package uncertainty

import (
	"context"
	"math"
	"slices"

	"budget/solver"
	"budget/solver/estimate"
)

// indexing finds the share of each uncertain quantity in the variance of a cap and of the
// failure of a session length (estimate.SobolIndices). It draws two samples of sets, A and
// B, as for Spread, and then A with one quantity at a time from B. A rule is evaluated on
// A's plants; a quantity that affects the plant needs as many plants again. Quantities that
// have no effect by themselves (idle) are taken from B together: if they matter in
// combination, their common index shows it. So n plants with m sets each need n·(2 + p)
// runs of the plant, with p the groups that affect the plant. A plant with its sets is a
// cluster.
type indexing struct {
	*evaluator
	base, sets int // plants in each sample, and sets on each of them
	design     RuleDesign
	seed       uint64
	tolerance  float64
	alpha      float64
	plan       int // index of the duration for the indices of failure
}

// idle reports whether a quantity has no effect by itself: the cap does not move, and failure
// changes by less than a hundredth.
func (q *Effect) idle(cap, failure float64) bool {
	return q.Swing(cap) == 0 && max(math.Abs(q.Low.FailureChange.Value),
		math.Abs(q.High.FailureChange.Value)) <= 0.01*failure
}

// groups returns the groups of quantities to take from sample B: each quantity alone, and
// the idle ones together at the end.
func groups(effects []Effect, cap, failure float64) [][]int {
	var all [][]int
	var idle []int
	for j := range effects {
		if effects[j].idle(cap, failure) {
			idle = append(idle, j)
			continue
		}
		all = append(all, []int{j})
	}
	if len(idle) > 0 {
		all = append(all, idle)
	}
	return all
}

// indices fills in the indices of the quantities' effects, which are in the quantities'
// order, and returns the 5 and 95 % quantiles of the cap.
func (x *indexing) indices(ctx context.Context, effects []Effect,
	groups [][]int) (between [2]float64, err error) {
	n, m := x.base, x.sets
	a, err := drawSets(x.quantities, n*m, n, x.design, x.seed, 0)
	if err != nil {
		return between, err
	}
	b, err := drawSets(x.quantities, n*m, n, x.design, x.seed, 1)
	if err != nil {
		return between, err
	}
	x.at = nil
	// A set of A, the set of B, and A with each group from B; then the next
	// set.
	columns := 2 + len(groups)
	var points [][]float64
	clusters := make([]int, n*m)
	for i := range clusters {
		clusters[i] = i / m
		points = append(points, a[i].values, b[i].values)
		for _, group := range groups {
			mixed := slices.Clone(a[i].values)
			for _, j := range group {
				mixed[j] = b[i].values[j]
			}
			points = append(points, mixed)
		}
	}
	caps, failure := make([][]float64, columns), make([][]float64, columns)
	for k := range columns {
		caps[k], failure[k] = make([]float64, n*m), make([]float64, n*m)
	}
	if err := x.each(ctx, points, func(i int, found *solver.Estimates) {
		f := found.Readings[0].Failure.Moments
		caps[i%columns][i/columns] = x.length(bestCap(f, x.tolerance))
		failure[i%columns][i/columns] = f[x.plan].Mean()
	}); err != nil {
		return between, err
	}
	all := slices.Sorted(slices.Values(slices.Concat(caps[0], caps[1])))
	for k, p := range [2]float64{CapQuantiles[0], CapQuantiles[2]} {
		between[k] = all[estimate.QuantileRank(len(all), p)-1]
	}
	ofCap := estimate.SobolIndices(caps[0], caps[1], caps[2:], clusters, x.alpha)
	ofFailure := estimate.SobolIndices(failure[0], failure[1], failure[2:], clusters, x.alpha)
	for g, group := range groups {
		for _, j := range group {
			effects[j].Together = len(group)
			effects[j].OfCap, effects[j].OfFailure = ofCap[g], ofFailure[g]
			effects[j].Narrowing = narrowing(between[1]-between[0], ofCap[g].First)
		}
	}
	return between, nil
}

// narrowing returns the expected narrowing of a range if a quantity with this first-order
// index S becomes known. On average the share 1 − S of the variance remains, so a range of
// the same shape is √(1 − S) as wide.
func narrowing(width float64, first estimate.Estimate) estimate.Estimate {
	by := func(s float64) float64 { return width * (1 - math.Sqrt(1-min(max(s, 0), 1))) }
	return estimate.Estimate{Value: by(first.Value),
		Interval: estimate.Interval{Lower: by(first.Lower), Upper: by(first.Upper)}}
}
