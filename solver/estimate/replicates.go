package estimate

import "math"

// fewEvents is the least ratio of the variance of a mean to the square of the largest
// contribution of a replicate if many events make up the mean. The largest of 64 normal
// deviates is below 4.6 in all but one of 4000 cases.
const fewEvents = 3

// rounding is more than the sums that make a probability can be off for want of digits.
// Deviations up to it say nothing about events.
const rounding = 1e-12

// ReplicateMoments returns the moments of the error of a mean over independent replicates, given
// their deviations from the mean and the number of paths of all: Interval(0, alpha).Upper is by
// how much the mean may be off to one side. It is for differences of two means on the same
// paths, whose replicates deviate little.
//
// Events that no path has shown may be as heavy as the largest deviation of a replicate. If a
// replicate deviates by more than many events could (fewEvents), or none deviates, they may be
// whole paths; a deviation that rounding explains is none. With fewer than two replicates
// nothing is known.
func ReplicateMoments(deviations []float64, paths int64) Moments {
	n := float64(len(deviations))
	if n < 2 {
		return Moments{Paths: paths, Largest: 1}
	}
	sum, largest := 0.0, 0.0
	for _, d := range deviations {
		sum += d * d
		largest = max(largest, math.Abs(d))
	}
	variance, one := sum/(n-1)/n, largest/n
	m := Moments{Paths: paths, Blocks: int64(n), Variance: variance * float64(paths),
		Largest: min(one*float64(paths), 1)}
	if variance < fewEvents*one*one || largest <= rounding {
		m.Largest = 1
	}
	return m
}
