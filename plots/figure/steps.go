package figure

import "math"

// Steps says what a curve is between its points.
type Steps int

// The kinds of steps. A quantity that jumps is drawn upright: a slope would claim values in
// between that no point has.
const (
	Straight Steps = iota // straight lines: the quantity changes gradually
	Held                  // as at the point before, up to the next
	Lowest                // as at the lower of the two points beside it
)

// corners returns the corners of a curve through some points: where they stand, and the point
// whose value each has.
func (s Steps) corners(x, y []float64) (at []float64, of []int) {
	for k := range x {
		if s != Straight && k > 0 && !math.IsNaN(y[k-1]) && !math.IsNaN(y[k]) {
			from := k - 1
			if s == Lowest && y[k] < y[k-1] {
				from = k
			}
			at, of = append(at, x[k-1], x[k]), append(of, from, from)
		}
		at, of = append(at, x[k]), append(of, k)
	}
	return at, of
}
