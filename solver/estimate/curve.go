package estimate

import (
	"math"
	"sort"
)

// Curve is the estimate of a probability, such as a cumulative incidence, at each time
// of a grid.
type Curve struct {
	// Moments are the moments of the paths followed to each time; their number never
	// grows with time. With Counts, Sum is the number of events among Paths, and the
	// other fields are not used. Without Moments the curve has Values only, no intervals.
	Moments []Moments
	// Values are the estimates if they are better than the mean of the paths
	// followed, else nil.
	Values []float64
	Counts bool // 0/1 events of independent paths, with exact binomial bounds
}

// Len returns the number of times.
func (c Curve) Len() int { return max(len(c.Moments), len(c.Values)) }

// Chained reports whether some paths are not followed to the last time.
func (c Curve) Chained() bool {
	return len(c.Moments) > 0 && c.Moments[0].Paths != c.Moments[len(c.Moments)-1].Paths
}

// Estimate returns the estimate at the i-th time, with bounds that are wrong with
// probability alpha on each side.
func (c Curve) Estimate(i int, alpha float64) Estimate {
	if len(c.Moments) == 0 {
		e := Missing
		e.Value = c.Values[i]
		return e
	}
	return Estimate{c.Value(i), c.standardError(i), c.Interval(i, alpha, alpha)}
}

// standardError returns the standard error at the i-th time. It is that of the paths
// followed there, but at least that of the last time to which more paths were followed:
// few paths that saw no event would give too small an error.
func (c Curve) standardError(i int) float64 {
	of := func(m Moments) float64 {
		if c.Counts {
			p := m.Mean()
			return math.Sqrt(p * (1 - p) / float64(m.Paths))
		}
		return m.StandardError()
	}
	followed := c.Moments[i].Paths
	before := sort.Search(i, func(j int) bool { return c.Moments[j].Paths <= followed }) - 1
	if before < 0 {
		return of(c.Moments[i])
	}
	return max(of(c.Moments[i]), of(c.Moments[before]))
}

// Value returns the estimate at the i-th time.
func (c Curve) Value(i int) float64 {
	if c.Values != nil {
		return c.Values[i]
	}
	return c.Moments[i].Mean()
}

// Interval returns bounds at the i-th time that are wrong with the given probabilities,
// as Moments.Interval and ClopperPearson do. They come from the paths followed to that
// time and are widened to contain the estimate.
func (c Curve) Interval(i int, alphaLower, alphaUpper float64) Interval {
	m := c.Moments[i]
	var bounds Interval
	if c.Counts {
		bounds = ClopperPearson(int64(m.Sum), m.Paths, alphaLower, alphaUpper)
	} else {
		bounds = m.Interval(alphaLower, alphaUpper)
	}
	if c.Values != nil {
		bounds.Lower, bounds.Upper = min(bounds.Lower, c.Values[i]), max(bounds.Upper, c.Values[i])
	}
	return bounds
}
