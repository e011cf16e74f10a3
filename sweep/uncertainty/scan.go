package uncertainty

import (
	"cmp"
	"context"
	"math"
	"slices"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// Crossing is a value of the quantity at which the plan's failure crosses the tolerance,
// with an interval for chance among the paths, in Breakpoint.Quantity's unit.
type Crossing struct {
	At float64 `json:"at"`
	estimate.Interval
	// LowerOpen and UpperOpen tell that the interval reaches beyond the values looked at; its
	// end is then the last of them.
	LowerOpen bool `json:"lower_open"`
	UpperOpen bool `json:"upper_open"`
}

// scan is the failure of a session length along a lever.
type scan struct {
	*evaluator
	lever     *lever
	of        sweep.Case
	at        int // duration
	tolerance float64
	alpha     float64
	points    []scanned
}

// scanned is what is known at a value: the failure's best estimate less the tolerance, and
// so its bounds.
type scanned struct {
	x     float64
	above [3]float64 // lower bound, best estimate, upper bound
}

// decided reports whether the bounds are on one side of the tolerance.
func (s scanned) decided() bool { return s.above[0] > 0 || s.above[2] <= 0 }

// A scan first evaluates scanPoints values. Then it adds scanFiner values between the two around
// each crossing, scanRounds times.
const (
	scanPoints = 17
	scanRounds = 3
	scanFiner  = 7
)

// spaced returns n values between two, evenly spread, or by even factors where the lever is
// moved by factors.
func (w *scan) spaced(low, high float64, n int) []float64 {
	var all []float64
	for i := range n {
		u := float64(i) / float64(n-1)
		x := low + u*(high-low)
		if w.lever.ratio {
			x = low * math.Pow(high/low, u)
		}
		all = append(all, min(max(x, low), high))
	}
	return all
}

// evaluate gives take what is found at values of the lever, in any order, from several
// goroutines.
func (w *scan) evaluate(ctx context.Context, values []float64,
	take func(i int, found *solver.Estimates)) error {
	if w.lever.parameter == nil {
		return w.apart(ctx, len(values), func(i int) (*model.Scenario, solver.Case, error) {
			set, level := w.lever.under(values[i])
			on := w.on
			if level != nil {
				on.StartLevel = level
			}
			s, err := w.base.With("values of "+w.lever.Key, set)
			return s, on, err
		}, take)
	}
	points := make([][]float64, len(values))
	for i, x := range values {
		points[i] = []float64{x}
	}
	return w.each(ctx, points, take)
}

// look evaluates values.
func (w *scan) look(ctx context.Context, values []float64) error {
	found := make([]scanned, len(values))
	err := w.evaluate(ctx, values, func(i int, s *solver.Estimates) {
		e := s.Readings[0].Failure.Estimate(w.at, w.alpha)
		found[i] = scanned{values[i], [3]float64{e.Lower - w.tolerance, e.Value - w.tolerance,
			e.Upper - w.tolerance}}
	})
	w.points = append(w.points, found...)
	slices.SortFunc(w.points, func(a, b scanned) int { return cmp.Compare(a.x, b.x) })
	return err
}

// finer returns values between those where the estimate or a bound crosses the tolerance.
func (w *scan) finer() []float64 {
	var all []float64
	for i := 1; i < len(w.points); i++ {
		a, b := w.points[i-1], w.points[i]
		for k := range a.above {
			if (a.above[k] <= 0) != (b.above[k] <= 0) &&
				b.x-a.x > 1e-4*(w.points[len(w.points)-1].x-w.points[0].x) {
				inner := w.spaced(a.x, b.x, scanFiner+2)
				all = append(all, inner[1:len(inner)-1]...)
				break
			}
		}
	}
	return all
}

// crossings returns where the estimate crosses the tolerance, between neighbouring values as
// a straight line would. The ends of an interval are where the bounds do, nearest on the
// side where the plan holds and on the other: the argument is that of estimate.InvertCap.
func (w *scan) crossings() []Crossing {
	var out []Crossing
	n := len(w.points)
	for i := 1; i < n; i++ {
		x, ok := w.cross(1, i)
		if !ok {
			continue
		}
		c := Crossing{At: x, Interval: estimate.Interval{Lower: w.points[0].x, Upper: w.points[n-1].x},
			LowerOpen: true, UpperOpen: true}
		// On the lower side it is the upper bound where the plan holds there, else the lower.
		below, beyond := 2, 0
		if w.points[i-1].above[1] > 0 {
			below, beyond = 0, 2
		}
		for j := i; j >= 1 && c.LowerOpen; j-- {
			if y, ok := w.cross(below, j); ok && y <= x {
				c.Lower, c.LowerOpen = y, false
			}
		}
		for j := i; j < n && c.UpperOpen; j++ {
			if y, ok := w.cross(beyond, j); ok && y >= x {
				c.Upper, c.UpperOpen = y, false
			}
		}
		out = append(out, c)
	}
	return out
}

// cross returns where the k-th curve crosses the tolerance between points i−1 and i, if it
// does.
func (w *scan) cross(k, i int) (float64, bool) {
	a, b := w.points[i-1], w.points[i]
	if (a.above[k] <= 0) == (b.above[k] <= 0) {
		return 0, false
	}
	return a.x + (b.x-a.x)*a.above[k]/(a.above[k]-b.above[k]), true
}

// undecided returns the part in which the bounds are on both sides of the tolerance, if there
// is any.
func (w *scan) undecided() (from, to float64, some bool) {
	edge := func(i int) float64 { // between a point that is decided and one that is not
		for _, k := range []int{0, 2} {
			if x, ok := w.cross(k, i); ok {
				return x
			}
		}
		return w.points[i].x
	}
	for i, p := range w.points {
		if p.decided() {
			continue
		}
		if to = p.x; i+1 < len(w.points) && w.points[i+1].decided() {
			to = edge(i + 1)
		}
		if !some {
			from, some = p.x, true
			if i > 0 {
				from = edge(i)
			}
		}
	}
	return from, to, some
}
