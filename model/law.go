package model

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Law is the probability law of an uncertain quantity, which is the same in all sessions
// but not known exactly. It is one of LawKinds. The law of a list, such as policy.levels,
// is for an offset to all of its values.
type Law struct {
	Kind LawKind
	// Low and High are the least and the greatest value [SI]. They are infinite if the law is not
	// bounded. For Discrete they are those of its cases.
	Low, High float64
	// Centre is the mode of Triangular, the mean of Normal and the median of Lognormal
	// before they are cut to Low and High [SI].
	Centre float64
	// Spread is the standard deviation of Normal [SI] or of the logarithm of Lognormal.
	Spread float64
	// Cases and Weights are the values of Discrete [SI] and their probabilities.
	Cases, Weights []float64
}

// LawKind names a kind of law, as scenario files do.
type LawKind string

// The kinds of laws.
const (
	Uniform    LawKind = "uniform"     // all values of the range are equally likely
	LogUniform LawKind = "log-uniform" // the logarithm is uniform: for an unknown order of magnitude
	Triangular LawKind = "triangular"  // most likely at the value, falling to 0 at both ends
	Normal     LawKind = "normal"      // around the value, with a standard deviation
	Lognormal  LawKind = "lognormal"   // the value is the median; sigma is the sd of the logarithm
	Discrete   LawKind = "discrete"    // one of a few cases
)

// LawKinds lists the kinds of laws.
func LawKinds() []LawKind {
	return []LawKind{Uniform, LogUniform, Triangular, Normal, Lognormal, Discrete}
}

// wide is the ratio of the ends of a range above which the default law is log-uniform: if
// the order of magnitude is unknown, a uniform law would rarely give small values.
const wide = 10

// lawOfRange returns the law of a quantity with a range but no distribution.
func lawOfRange(low, high float64) *Law {
	if low > 0 && high >= wide*low*(1-1e-12) {
		return &Law{Kind: LogUniform, Low: low, High: high}
	}
	return &Law{Kind: Uniform, Low: low, High: high}
}

// Quantile returns the u-quantile, 0 ≤ u ≤ 1. It does not fall with u. At 0 and 1 it is Low and
// High, which can be infinite.
func (l *Law) Quantile(u float64) float64 {
	switch l.Kind {
	case Uniform:
		return l.Low + u*(l.High-l.Low)
	case LogUniform:
		return l.within(math.Exp((1-u)*math.Log(l.Low) + u*math.Log(l.High)))
	case Triangular:
		if l.Low == l.High {
			return l.Low
		}
		return l.within(distuv.NewTriangle(l.Low, l.High, l.Centre, nil).Quantile(u))
	case Discrete:
		sum := 0.0
		for i, w := range l.Weights {
			if sum += w; u < sum {
				return l.Cases[i]
			}
		}
		return l.Cases[len(l.Cases)-1]
	}
	// Convert u from the cut law to the whole law.
	below, above := 0.0, 1.0
	if !math.IsInf(l.Low, -1) {
		below = l.share(l.Low)
	}
	if !math.IsInf(l.High, 1) {
		above = l.share(l.High)
	}
	z := distuv.UnitNormal.Quantile(min(below+u*(above-below), 1))
	if l.Kind == Lognormal {
		return l.within(l.Centre * math.Exp(l.Spread*z))
	}
	return l.within(l.Centre + l.Spread*z)
}

// share returns the probability of values below x for the normal or lognormal law before it is
// cut.
func (l *Law) share(x float64) float64 {
	if l.Kind == Lognormal {
		if x <= 0 {
			return 0
		}
		return distuv.UnitNormal.CDF(math.Log(x/l.Centre) / l.Spread)
	}
	return distuv.UnitNormal.CDF((x - l.Centre) / l.Spread)
}

// within limits x to Low and High, which rounding could exceed.
func (l *Law) within(x float64) float64 { return min(max(x, l.Low), l.High) }

// Ends returns the values between which to vary the quantity: the ends of its range or of its
// cases, or the 5 and 95 % quantiles of a normal or lognormal law.
func (l *Law) Ends() (low, high float64) {
	low, high = l.Low, l.High
	if l.Kind == Normal || l.Kind == Lognormal {
		low, high = l.Quantile(0.05), l.Quantile(0.95)
	}
	return low, high
}
