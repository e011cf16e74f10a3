package notation

import (
	"budget/model"
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
		return "too few sessions simulated", ""
	case sweep.CapHorizon:
		return "met up to the " + Length(c.Cap) + " looked at", ""
	case sweep.CapImprecise:
		return Length(c.Cap), "(to " + Length(c.CapUpper) + ", imprecise)"
	}
	if c.Cap == c.CapUpper {
		return Length(c.Cap), "(to the step)"
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

// Limit writes the limit of a case, and whether it is documented.
func Limit(c sweep.Case) string {
	documented := LimitName(c) != plainLimit
	switch {
	case c.Limit == 0 && documented:
		return "no documented limit"
	case c.Limit == 0:
		return "no limit, as the scenario has it"
	case documented:
		return "documented limit " + Length(c.Limit)
	}
	return "limit " + Length(c.Limit) + ", as the scenario has it"
}

// plainLimit is what a limit is called that a scenario sets.
const plainLimit = "limit"

// LimitName is what the limits of cases are called: documented where all are.
func LimitName(cases ...sweep.Case) string {
	for _, c := range cases {
		if !model.LimitDocumented(c.Session, model.Duration(c.Limit)) {
			return plainLimit
		}
	}
	return "documented limit"
}
