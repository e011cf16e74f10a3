package ranking

import "budget/solver/estimate"

// claim is what may be said of two designs.
type claim int

const (
	better claim = iota // a is worth more than b
	within              // a is worth at least as much as b, less δ
)

// surelyBelow reports whether the mean of a certainly is at most that of b plus a margin, given
// the replicates of both and the difference of their means, b − a.
func (r *race) surelyBelow(a, b []float64, difference, margin float64, paths int64) bool {
	room := difference + margin
	if !(room > 0) {
		return false
	}
	deviations, centre := make([]float64, len(a)), 0.0
	for n := range a {
		deviations[n] = b[n] - a[n]
		centre += deviations[n] / float64(len(a))
	}
	if centre != centre {
		return false // a replicate without a path that starts
	}
	for n := range deviations {
		deviations[n] -= centre
	}
	m := estimate.ReplicateMoments(deviations, paths)
	return m.SurelyWithin(room, r.pair) || m.Interval(0, r.pair).Upper <= room
}
