package estimate

import "math"

// Estimate is an estimated number, usually a probability, with its standard error
// and its confidence interval.
type Estimate struct {
	Value         float64 `json:"value"`
	StandardError float64 `json:"-"`
	Interval
}

// Missing is the estimate of an unknown number: all NaN, so it is within no
// tolerance.
var Missing = Estimate{math.NaN(), math.NaN(), Interval{math.NaN(), math.NaN()}}

// Complement returns the estimate of 1 − p, given that of p.
func (e Estimate) Complement() Estimate {
	return Estimate{1 - e.Value, e.StandardError, Interval{1 - e.Upper, 1 - e.Lower}}
}

// Plus returns the estimate of a sum of two probabilities, with the sums of their bounds.
func (e Estimate) Plus(o Estimate) Estimate {
	return Estimate{e.Value + o.Value, e.StandardError + o.StandardError,
		Interval{e.Lower + o.Lower, min(e.Upper+o.Upper, 1)}}
}

// Interval is a pair of confidence bounds; for a probability 0 <= Lower <= Upper <= 1.
type Interval struct {
	Lower float64 `json:"lower"` // lower confidence bound
	Upper float64 `json:"upper"` // upper confidence bound
}

// Width returns the distance between the bounds.
func (i Interval) Width() float64 { return i.Upper - i.Lower }

// Contains reports whether p lies between the bounds or on one of them.
func (i Interval) Contains(p float64) bool { return i.Lower <= p && p <= i.Upper }

// checkAlphas panics unless both one-sided error probabilities lie in [0, 1/2].
// Above 1/2 a bound would be wrong more often than right; up to 1/2 the
// estimate lies between the bounds.
func checkAlphas(lower, upper float64) {
	if !(lower >= 0 && lower <= 0.5 && upper >= 0 && upper <= 0.5) {
		panic(badAlpha)
	}
}

const badAlpha = "estimate: error probability outside [0, 1/2]"
