package estimate

import "math"

// Draws that come in clusters, such as several on each of some plants, tell less than as
// many independent ones. The clusters are independent of each other and alike.

// RobustRank returns which of n independent draws, by size from the smallest, a share of
// all draws is at least as large as, wrong with probability at most alpha, and that share.
// Where n is too small for the share that is asked for it is the smallest draw, and the
// share that n draws without a smaller one support (Wilks):
//
//	rank = LowerOrderIndex(n, 1 − share, alpha), or 1 and share = alpha^(1/n).
//
// It panics unless n >= 1, 0 < share < 1 and 0 < alpha <= 1/2.
func RobustRank(n int64, share, alpha float64) (rank int64, reached float64) {
	if n < 1 {
		panic("estimate: no draws")
	}
	if rank = LowerOrderIndex(n, 1-share, alpha); rank > 0 {
		return rank, share
	}
	return 1, math.Exp(math.Log(alpha) / float64(n))
}

// ClusterVariance returns the variance of the mean of all draws, given their sums and
// numbers by cluster, +Inf for fewer than two clusters. With k clusters, N draws and the
// mean x of all:
//
//	k/(k−1)·Σ (sum_c − number_c·x)² / N².
func ClusterVariance(sums []float64, numbers []int) float64 {
	k := float64(len(sums))
	if k < 2 {
		return math.Inf(1)
	}
	total, n := 0.0, 0.0
	for c, sum := range sums {
		total, n = total+sum, n+float64(numbers[c])
	}
	squares := 0.0
	for c, sum := range sums {
		d := sum - float64(numbers[c])*total/n
		squares += d * d
	}
	return k / (k - 1) * squares / (n * n)
}

// QuantileRanks returns between which of the n sorted draws, from 1, their p-quantile
// lies, wrong with about the probability alpha on either side, where the draws tell as
// much as so many independent ones: the ranks of Clopper and Pearson's bounds on p.
//
// Reference: for clusters, Korn and Graubard, Survey Methodology 24 (1998) 193, with the
// effective size p(1−p)/variance of the share of draws below.
func QuantileRanks(n int, p, effective, alpha float64) (lower, upper int) {
	trials := int64(max(math.Floor(effective), 1))
	low := ClopperPearson(int64(math.Floor(p*float64(trials))), trials, alpha, alpha).Lower
	high := ClopperPearson(int64(math.Ceil(p*float64(trials))), trials, alpha, alpha).Upper
	lower = max(int(math.Ceil(low*float64(n))), 1)
	return lower, min(int(math.Ceil(high*float64(n)))+1, n)
}
