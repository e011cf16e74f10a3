package estimate

import (
	"sort"
	"strconv"
)

// Status says how the search for a cap ended.
type Status int

const (
	Met       Status = iota // a cap was found inside the grid
	ToHorizon               // the tolerance holds at every grid time: the cap lies beyond the grid
	Never                   // the tolerance is surely exceeded at the first grid time
	Unknown                 // the data can neither support nor exclude the first grid time: more paths
)

// String returns the status in lower-case words.
func (s Status) String() string {
	switch s {
	case Met:
		return "met"
	case ToHorizon:
		return "to horizon"
	case Never:
		return "never"
	case Unknown:
		return "unknown"
	}
	return "Status(" + strconv.Itoa(int(s)) + ")"
}

// CapResult is a cap on a grid of times, given as indices into the grid.
type CapResult struct {
	// Index is the last usable grid time, −1 if none. The next grid time is not
	// supported by the data: a cap is never rounded up.
	Index int

	// UpperIndex is the last grid time that the data do not exclude, −1 if none.
	// The best cap that any number of paths could support lies, within the grid,
	// between Index and UpperIndex.
	UpperIndex int

	Status Status
}

// InvertCap finds the longest of n grid times up to which a curve stays within a
// tolerance, given bounds on the curve at each grid time:
//
//	Index      = the largest i with Upper(j) <= tolerance for all j <= i,
//	UpperIndex = the first i with Lower(i) > tolerance, less one; n−1 if none,
//
// with −1 for no such i. It calls bounds once for i = 0, 1, … in turn, and no
// more once both are known.
//
// Bounds that hold at each single time suffice, though all of them are looked
// at: let i be the first grid time at which the true nondecreasing curve exceeds
// the tolerance. It is one fixed time. The cap is too long only if it reaches i,
// hence only if Upper(i) <= tolerance, below the true value there, which has the
// one-sided error probability of the bound at that single time. The same holds
// for Lower and UpperIndex with the last time at which the curve is within the
// tolerance. A band that holds at all times at once would pay for nothing. For
// counts, Index is that of an order statistic (see LowerOrderIndex).
//
// InvertCap panics if n < 1.
func InvertCap(n int, bounds func(i int) Interval, tolerance float64) CapResult {
	if n < 1 {
		panic("estimate: no grid times")
	}
	c := CapResult{Index: -1, UpperIndex: n - 1}
	within := true
	for i := range n {
		b := bounds(i)
		if within && b.Upper <= tolerance {
			c.Index = i
		} else {
			within = false
		}
		if b.Lower > tolerance {
			c.UpperIndex = i - 1
			break
		}
	}
	switch {
	case c.Index >= 0 && c.Index == n-1:
		c.Status = ToHorizon
	case c.Index >= 0:
		c.Status = Met
	case c.UpperIndex >= 0:
		c.Status = Unknown
	default:
		c.Status = Never
	}
	return c
}

// CurveCaps inverts a curve that does not fall, as that of a cumulative incidence, at any
// number of tolerances.
type CurveCaps struct {
	curve  Curve
	widest []float64 // the largest variance up to each time
	alpha  float64
}

// NewCurveCaps prepares the inversion with bounds that are wrong with probability alpha
// on each side.
func NewCurveCaps(curve Curve, alpha float64) *CurveCaps {
	c := &CurveCaps{curve, make([]float64, curve.Len()), alpha}
	variance := 0.0
	for i, m := range curve.Moments {
		variance = max(variance, m.Variance)
		c.widest[i] = variance
	}
	return c
}

// Invert returns what InvertCap does with the bounds of Curve.Interval. The upper bound
// with the largest variance so far does not fall either: bisection finds up to where it is
// within the tolerance, and so are all others. Bounds hold the estimate: where that exceeds
// the tolerance, so does the upper bound, and elsewhere the lower one does not. After the
// first upper bound beyond the tolerance no other is asked for.
func (c *CurveCaps) Invert(tolerance float64) CapResult {
	within := sort.Search(c.curve.Len(), func(i int) bool {
		if c.curve.Value(i) > tolerance {
			return true
		}
		if c.curve.Counts {
			return c.curve.Interval(i, 0, c.alpha).Upper > tolerance
		}
		m := c.curve.Moments[i]
		m.Variance = c.widest[i]
		return !m.SurelyWithin(tolerance, c.alpha) && m.Interval(0, c.alpha).Upper > tolerance
	})
	beyond := false
	return InvertCap(c.curve.Len(), func(i int) Interval {
		switch {
		case i < within:
			return Interval{0, tolerance}
		case c.curve.Value(i) > tolerance:
			return Interval{c.curve.Interval(i, c.alpha, 0).Lower, 1}
		case beyond:
			return Interval{0, 1}
		}
		upper := c.curve.Interval(i, 0, c.alpha).Upper
		beyond = upper > tolerance
		return Interval{0, upper}
	}, tolerance)
}
