package ranking

import "cmp"

// covers reports whether enough circumstances reach a value under design a, given that enough do
// under design b. Of each circumstance is known whether it surely reaches the value under a,
// whether it surely does not reach b's value under b, and whether it surely reaches it under a if
// it does under b.
//
// Let q be the quantile. Circumstances of the weight 1 − q or more reach b's value under b. The
// fewest of them are paired if they are first those that are neither sure nor paired (unknown),
// then those that are sure under a. With w(sure) and w(unknown), each without circumstances that
// miss b's value, the paired ones among them weigh at least
//
//	1 − q − w(sure) − w(unknown),
//
// and all that are sure under a must weigh 1 − q with them. For the worst case, q = 0, each
// circumstance must be sure or paired.
func (r *race) covers(n int, sure, missing, paired func(i int) bool) bool {
	reach, taken := 0.0, 0.0
	for i := range n {
		w := r.weight(i, n)
		switch {
		case sure(i):
			reach += w
			if !missing(i) {
				taken += w
			}
		case missing(i):
		case !paired(i):
			if r.Quantile == 0 {
				return false
			}
			taken += w
		}
	}
	least := 1 - r.Quantile - rounding
	return reach+max(least-taken, 0) >= least-rounding
}

// reached returns the largest of values by circumstance that all circumstances but the quantile
// reach.
func reached[T cmp.Ordered](r *race, values []T) T {
	best, found := values[0], false
	for _, x := range values {
		missed := 0.0
		for i, y := range values {
			if y < x {
				missed += r.weight(i, len(values))
			}
		}
		if missed <= r.Quantile+rounding && (!found || x > best) {
			best, found = x, true
		}
	}
	return best
}

// rounding is more than sums of weights can be off for want of digits.
const rounding = 1e-9

// weight returns the weight of one of some circumstances.
func (p *Problem) weight(i, of int) float64 {
	if p.Weights == nil {
		return 1 / float64(of)
	}
	return p.Weights[i]
}
