package estimate

import (
	"math"
	"sort"
)

// Quantile returns the p-quantile, 0 <= p <= 1, of values in ascending order by linear
// interpolation at index p(n−1) (Hyndman and Fan's type 7). It is NaN without values.
func Quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	place := p * float64(len(sorted)-1)
	i := min(int(place), len(sorted)-1)
	next := sorted[min(i+1, len(sorted)-1)]
	return sorted[i] + (place-float64(i))*(next-sorted[i])
}

// QuantileRank returns the rank, from 1, of the p-quantile among n sorted values: the
// smallest value with at least a share p of the values at or below it (Hyndman and
// Fan's type 1). Use it where the quantile must be one of the values, such as a cap on
// a grid.
func QuantileRank(n int, p float64) int {
	const rounding = 1e-9 // p·n may exceed a whole number by rounding alone
	return max(int(math.Ceil(p*float64(n)-rounding)), 1)
}

// QuantileRanks returns the ranks, from 1, of the two of n sorted draws between which the
// p-quantile of their distribution lies, wrong with probability at most alpha on either side.
// effective is the number of independent draws with the same information. Of m independent
// draws
//
//	P(draw r > quantile) <= P(Bin(m, p) <= r−1),  P(draw s < quantile) <= P(Bin(m, p) >= s),
//
// so r is LowerOrderIndex, and s the same counted from the largest. Of n draws with the
// information of m, the r-th of m begins after (r−1)·n/m. Where m is too small for a bound
// the result is the smallest or the largest draw, which is wrong more often than alpha.
//
// Reference: for clusters, Korn and Graubard, Survey Methodology 24 (1998) 193, with the
// effective size p(1−p)/variance of the share of draws below.
func QuantileRanks(n int, p, effective, alpha float64) (lower, upper int) {
	m := int64(max(math.Floor(effective), 1))
	from := func(p float64) int {
		r := max(LowerOrderIndex(m, p, alpha), 1)
		return int(float64(r-1)*float64(n)/float64(m)) + 1
	}
	return from(p), n + 1 - from(1-p)
}

// ClusterVariance returns the variance of the mean of draws in clusters, such as several
// draws from each of some plants. Clusters are independent and identically distributed;
// draws of one cluster need not be. The arguments are the sum and the number of draws of
// each cluster. The result is +Inf for fewer than two clusters. With k clusters, N draws
// and the mean x of all:
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

// LowerOrderIndex returns the r for which the r-th smallest of n independent
// times is a lower confidence bound for the eps-quantile of their distribution:
// the time by which a fraction eps has ended. The bound is wrong with
// probability at most alpha:
//
//	r = max{ r : P(Bin(n, eps) <= r−1) <= alpha },
//
// It is 0 if n is too small to claim a cap (see WilksSize). Times strictly below
// the r-th smallest are safe if an end at exactly that time counts as too early.
// The cap is the same as the longest time whose one-sided Clopper–Pearson upper
// bound is at most eps: before the r-th smallest time at most r−1 of n have
// ended.
//
// Reference: Wilks, Annals of Mathematical Statistics 12 (1941) 91.
//
// LowerOrderIndex and WilksSize panic unless n >= 0, 0 < eps < 1 and
// 0 < alpha <= 1/2.
func LowerOrderIndex(n int64, eps, alpha float64) int64 {
	checkOrder(n, eps, alpha)
	return int64(sort.Search(int(n), func(ended int) bool {
		return binomialAtMost(int64(ended), n, eps) > alpha
	}))
}

// WilksSize returns the smallest n with (1−eps)^n <= alpha, so that
// LowerOrderIndex is at least 1: n runs without a single end before a time support
// that time as a cap.
func WilksSize(eps, alpha float64) int64 {
	checkOrder(0, eps, alpha)
	return int64(math.Ceil(math.Log(alpha) / math.Log1p(-eps)))
}

func checkOrder(n int64, eps, alpha float64) {
	if !(n >= 0 && eps > 0 && eps < 1) {
		panic("estimate: order statistic of a negative number of times " +
			"or a quantile outside (0, 1)")
	}
	if !(alpha > 0 && alpha <= 0.5) {
		panic("estimate: order statistic with an error probability outside (0, 1/2]")
	}
}

// RobustRank returns the rank, from the smallest, of the largest of n independent draws
// that is a lower bound for at least the given share of all possible draws. This is wrong
// with probability at most alpha. Where n is too small for that share, the result is the
// smallest draw and the share that n draws without a smaller one support (Wilks):
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
