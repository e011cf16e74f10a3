package model

import "math"

// ClosingFits returns the probability that work of c seconds fits between willExpire and the
// end of a session that expires. The lead W is uniform between warning_min and warning_max:
//
//	P(W ≥ c) = clip((warning_max − c) / (warning_max − warning_min), 0, 1)
func (p *Policy) ClosingFits(c float64) float64 {
	shortest, longest := float64(p.WarningMin), float64(p.WarningMax)
	switch {
	case c <= shortest:
		return 1
	case c > longest:
		return 0
	}
	return (longest - c) / (longest - shortest)
}

// Unsaved returns the time since the last save [s] if a session that saves periodically ends at
// t without a warning. The slack allows for the rounding of multiples.
func Unsaved(t, every float64) float64 {
	lost := math.Mod(t, every)
	if slack := 1e-9 * t; lost <= slack || every-lost <= slack {
		return 0
	}
	return lost
}
