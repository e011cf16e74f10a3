package estimate

// Curve is what is known of a probability, such as a cumulative incidence, at each time
// of a grid.
type Curve struct {
	// Moments are those of the paths followed to each time. For Counts Sum is the number
	// of events among so many Paths, and nothing else is used.
	Moments []Moments
	// Values are the estimates, where these are better than the mean of the paths
	// followed; else nil.
	Values []float64
	Counts bool // 0/1 events of independent paths, with exact binomial bounds
}

// Len returns the number of times.
func (c Curve) Len() int { return len(c.Moments) }

// Value returns the estimate at the i-th time.
func (c Curve) Value(i int) float64 {
	if c.Values != nil {
		return c.Values[i]
	}
	return c.Moments[i].Mean()
}

// Interval returns bounds at the i-th time that are wrong with the given probabilities,
// as Moments.Interval and ClopperPearson do. They are those of the paths followed, which
// need no others to be valid, made to hold the estimate.
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
