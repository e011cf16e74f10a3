package uncertainty

import (
	"math"
	"slices"

	"budget/solver/estimate"
)

// setCaps are indices of durations for a set's cap: the best estimate, the interval,
// and for the first set of a plant the lower bound for the robust cap. −1 means none.
type setCaps struct {
	best, lower, upper int
	sure               estimate.CapResult
}

// capQuantile returns the p-quantile of the best estimates of the caps of sets, as an index of a
// duration, −1 for none. plants are by set, numbers are those of sets by plant. Its interval,
// which is wrong with probability alpha on each side, combines two independent sources of chance,
// the sets drawn and the paths, by the distances of their limits from the estimate (the method of
// variance estimates recovery):
//
//	lower = value − √((value − r)² + (value − b)²),
//
// r is the best estimate whose rank bounds the quantile for chance among the sets. b is the
// same quantile of the sets' lower bounds: as if all bounds erred together, for all sets
// simulate the same sessions. The upper limit is made likewise. No limit lies beyond the bound
// of that rank itself, as if both sources were at their worst together.
//
// Reference: Zou and Donner, Statistics in Medicine 27 (2008) 1693.
func capQuantile(caps []setCaps, plants, numbers []int, p, alpha float64) (value, from, to int) {
	n := len(caps)
	sorted := func(of func(setCaps) int) []int {
		all := make([]int, n)
		for i, c := range caps {
			all[i] = of(c)
		}
		slices.Sort(all)
		return all
	}
	best := sorted(func(c setCaps) int { return c.best })
	at := estimate.QuantileRank(n, p) - 1
	value = best[at]
	below := make([]float64, len(numbers))
	share := 0.0
	for i, c := range caps {
		if c.best <= value {
			below[plants[i]]++
			share += 1 / float64(n)
		}
	}
	effective := float64(len(numbers))
	if v := estimate.ClusterVariance(below, numbers); v > 0 {
		effective = min(max(share*(1-share)/v, effective), float64(n))
	}
	lower, upper := estimate.QuantileRanks(n, p, effective, alpha)
	lowers := sorted(func(c setCaps) int { return c.lower })
	uppers := sorted(func(c setCaps) int { return c.upper })
	from = value - distance(value-best[lower-1], value-lowers[at])
	to = value + distance(best[upper-1]-value, uppers[at]-value)
	return value, max(from, lowers[lower-1]), min(to, uppers[upper-1])
}

// distance returns the length of the hypotenuse over two distances, rounded up.
func distance(a, b int) int { return int(math.Ceil(math.Hypot(float64(a), float64(b)))) }
