package estimate

import "math"

// binomialAtMost returns P(Bin(n, p) <= k) for 0 < p < 1, with full relative
// precision where it is below about 1/2.
func binomialAtMost(k, n int64, p float64) float64 {
	if k < 0 {
		return 0
	}
	if k >= n {
		return 1
	}
	// P(Bin(n, p) <= k) = P(Beta(a, b) > p) with a = k+1 and b = n−k.
	a, b := float64(k+1), float64(n-k)
	if p < a/(a+b) {
		below, _ := betaTail(a, b, p, 1-p)
		return 1 - below
	}
	above, _ := betaTail(b, a, 1-p, p)
	return above
}

// LowerOrderIndex returns the r for which the r-th smallest of n independent
// times is a lower confidence bound for the eps-quantile of their distribution,
// the time by which a fraction eps has ended, wrong with probability at most
// alpha:
//
//	r = max{ r : P(Bin(n, eps) <= r−1) <= alpha },
//
// 0 if no time will do: then n is too small to claim a cap (see WilksSize).
// Times strictly below the r-th smallest are safe when an end at exactly that
// time counts as too early. It is the same cap as the longest time whose
// one-sided Clopper–Pearson upper bound is at most eps: before the r-th smallest
// time at most r−1 of n have ended.
//
// Reference: Wilks, Annals of Mathematical Statistics 12 (1941) 91.
//
// The order functions panic unless n >= 0, 0 < eps < 1 and 0 < alpha <= 1/2.
func LowerOrderIndex(n int64, eps, alpha float64) int64 {
	checkOrder(n, eps, alpha)
	return searchOrder(n, func(r int64) bool { return binomialAtMost(r-1, n, eps) > alpha }) - 1
}

// UpperOrderIndex returns the u for which the u-th smallest of n independent
// times is an upper confidence bound for the eps-quantile, wrong with
// probability at most alpha:
//
//	u = min{ u : P(Bin(n, eps) <= u−1) >= 1 − alpha },
//
// n+1 if no time will do. A cap without it hides that n is too small.
func UpperOrderIndex(n int64, eps, alpha float64) int64 {
	checkOrder(n, eps, alpha)
	// P(Bin(n, eps) >= u) <= alpha, in the tail that keeps its digits.
	return searchOrder(n, func(u int64) bool { return binomialAtMost(n-u, n, 1-eps) <= alpha })
}

// WilksSize returns the smallest n for which LowerOrderIndex is at least 1, the
// least with (1−eps)^n <= alpha: so many runs without a single end before a time
// support that time as a cap.
func WilksSize(eps, alpha float64) int64 {
	checkOrder(0, eps, alpha)
	return int64(math.Ceil(math.Log(alpha) / math.Log1p(-eps)))
}

func checkOrder(n int64, eps, alpha float64) {
	if !(n >= 0 && eps > 0 && eps < 1) {
		panic("estimate: order statistic of a negative number of times or a quantile outside (0, 1)")
	}
	if !(alpha > 0 && alpha <= 0.5) {
		panic("estimate: order statistic with an error probability outside (0, 1/2]")
	}
}

// searchOrder returns the smallest i in 1..n for which ok holds, n+1 if none;
// ok(i) implies ok(i+1).
func searchOrder(n int64, ok func(i int64) bool) int64 {
	low, high := int64(1), n+1
	for low < high {
		mid := low + (high-low)/2
		if ok(mid) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
