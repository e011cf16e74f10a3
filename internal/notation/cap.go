package notation

import (
	"budget/solver"
	"budget/sweep"
)

// Cap writes a cap and how long it could be, or in words why there is none. step is the
// shortest plan looked at [s].
func Cap(c sweep.Cap, step float64) (text, upper string) {
	switch c.Status {
	case sweep.CapNever:
		return "none: even " + Length(step) + " fails " + Chance(c.ShortestFails.Value), ""
	case sweep.CapUnknown:
		return "not enough paths", ""
	case sweep.CapHorizon:
		return "met up to the " + Length(c.Cap) + " looked at", ""
	case sweep.CapImprecise:
		return Length(c.Cap), "(to " + Length(c.CapUpper) + ", imprecise)"
	}
	if c.Cap == c.CapUpper {
		return Length(c.Cap), "(exact)"
	}
	return Length(c.Cap), "(to " + Length(c.CapUpper) + ")"
}

// Case names a case; fleet and mix go without saying.
func Case(c sweep.Case) string {
	name := c.SessionName
	if c.Device != solver.Fleet {
		name += ", " + c.Device
	}
	if c.Environment != solver.Mix {
		name += ", " + c.Environment
	}
	return name
}

// CapLength writes a cap [s]; one of 0 is none.
func CapLength(seconds float64) string {
	if seconds == 0 {
		return "none"
	}
	return Length(seconds)
}

// Limit writes a documented limit [s]; 0 means that there is none.
func Limit(limit float64) string {
	if limit == 0 {
		return "no documented limit"
	}
	return "documented limit " + Length(limit)
}
