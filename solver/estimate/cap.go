package estimate

import (
	"sort"
	"strconv"
)

// Status says how the search for a cap ended.
type Status int

const (
	Met       Status = iota // a cap was found inside the grid
	ToHorizon               // the tolerance holds at every grid time; the cap is beyond the grid
	Never                   // the tolerance is exceeded already at the first grid time
	Unknown                 // too few paths to support or exclude the first grid time
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

// CapResult is a cap on a grid of times, as indices into the grid.
type CapResult struct {
	// Index is the last grid time that the data support, −1 if none. A cap is
	// never rounded up.
	Index int

	// UpperIndex is the last grid time that the data do not exclude, −1 if none.
	// With any number of paths the cap would lie between Index and UpperIndex.
	UpperIndex int

	Status Status
}

// InvertCap finds the longest of n grid times up to which a curve stays within a
// tolerance, given bounds on the curve at each grid time:
//
//	Index      = the largest i with Upper(j) <= tolerance for all j <= i,
//	UpperIndex = the first i with Lower(i) > tolerance, less one; n−1 if none,
//
// with −1 for no such i. It calls bounds once each for i = 0, 1, … and stops
// when both are known.
//
// Bounds that are valid at each single time are enough. Let i be the first grid
// time at which the true nondecreasing curve exceeds the tolerance. This time is
// fixed. The cap is too long only if it reaches i, and then Upper(i) <=
// tolerance is below the true value at i. The probability of that is the
// one-sided error probability of the bound at this single time. The same holds
// for Lower and UpperIndex with the last time at which the curve is within the
// tolerance. A simultaneous band would only be wider. For counts, Index is that
// of an order statistic (see LowerOrderIndex).
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

// CurveCaps finds the caps of a nondecreasing curve, such as a cumulative incidence, for
// any number of tolerances.
type CurveCaps struct {
	curve  Curve
	widest []float64 // largest variance up to each time
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

// Invert returns the same as InvertCap with the bounds of Curve.Interval, but computes few
// bounds. The upper bound with the largest variance so far does not fall, so bisection
// finds up to which time it is within the tolerance; up to there the actual upper bound is
// too. Bounds contain the estimate: where the estimate exceeds the tolerance, so does the
// upper bound, and elsewhere the lower bound does not. After the first upper bound above
// the tolerance no other upper bound is needed.
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
