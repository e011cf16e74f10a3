package notation

import (
	"math"
	"strconv"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// ToTheStep is what stands for the interval of a cap where the next longer session surely
// fails too often.
const ToTheStep = "to the step"

// Cap writes a cap and how long it could be, or the name of the state that stands in its
// place. step is the shortest length looked at [s].
func Cap(c sweep.Cap, step float64) (text, upper string) {
	switch {
	case c.Status == sweep.CapNever:
		return c.Status.Name() + ": even " + Length(step) + " fails " +
			Chance(c.ShortestFails.Value), ""
	case !c.Status.HasCap(), c.Status == sweep.CapHorizon:
		return CapState(c.Status, c.Cap), ""
	case c.Status == sweep.CapImprecise:
		return Length(c.Cap), "(to " + Length(c.CapUpper) + ", " + c.Status.Name() + ")"
	case c.Cap == c.CapUpper:
		return Length(c.Cap), "(" + ToTheStep + ")"
	}
	return Length(c.Cap), "(to " + Length(c.CapUpper) + ")"
}

// CapState writes a cap of a status [s] without its interval, or the name of the state that
// stands in its place.
func CapState(s sweep.CapStatus, seconds float64) string {
	switch {
	case !s.HasCap():
		return s.Name()
	case s == sweep.CapHorizon:
		return s.Name() + " " + Length(seconds)
	}
	return CapLength(seconds)
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

// CapLength writes the best estimate of a cap, or a limit [s]; 0 is none. Of a safe cap 0
// does not say whether there is none: see CapState.
func CapLength(seconds float64) string {
	if seconds <= 0 {
		return sweep.CapNever.Name()
	}
	return Length(seconds)
}

// Drawn writes a cap of draws of uncertain inputs [s]: in whole minutes, rounded down, from ten
// on, since a few hundred draws say no more; longest is what was looked at.
func Drawn(seconds, longest float64) string {
	switch {
	case math.IsNaN(seconds):
		return ""
	case longest > 0 && seconds >= longest*(1-1e-9):
		return CapState(sweep.CapHorizon, longest)
	case seconds >= 600:
		seconds = 60 * math.Floor(seconds/60)
	}
	return CapLength(seconds)
}

// CapMinutes writes a cap [s] in minutes for tables that say so, cut off to a tenth of a minute,
// below one minute to a hundredth: caps are never rounded up. One of 0 is none.
func CapMinutes(seconds float64) string {
	decimals, digit := 1, 10.0
	switch {
	case seconds == 0:
		return "none"
	case seconds < 60:
		decimals, digit = 2, 100
	}
	// A millionth keeps 20.3 min from becoming 20.2 min in binary.
	return strconv.FormatFloat(math.Floor(seconds/60*digit+1e-6)/digit, 'f', decimals, 64)
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
