package notation

import (
	"math"
	"strconv"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// ToTheStep replaces a cap's interval if the next longer session fails too often for certain.
const ToTheStep = "to the step"

// Cap writes a cap and the upper end of its interval, or the name of its status if there is no
// cap. step is the shortest length simulated [s].
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

// CapState writes a cap [s] without its interval, or the name of its status if there is no cap.
func CapState(s sweep.CapStatus, seconds float64) string {
	switch {
	case !s.HasCap():
		return s.Name()
	case s == sweep.CapHorizon:
		return s.Name() + " " + Length(seconds)
	}
	return CapLength(seconds)
}

// Case names a case. It omits the device and the environment if they are the fleet and the mix.
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

// CapLength writes the best estimate of a cap, or a limit [s], and "none" for 0. A safe cap of 0
// can also be unknown: use CapState for those.
func CapLength(seconds float64) string {
	if seconds <= 0 {
		return sweep.CapNever.Name()
	}
	return Length(seconds)
}

// Drawn writes a cap over draws of the uncertain inputs [s]. From ten minutes on it rounds down
// to whole minutes: a few hundred draws are not more precise. longest is the longest length
// simulated [s].
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

// CapMinutes writes a cap [s] in minutes without the unit, rounded down to 0.1 min, below one
// minute to 0.01 min; "none" for 0.
func CapMinutes(seconds float64) string {
	decimals, digit := 1, 10.0
	switch {
	case seconds == 0:
		return "none"
	case seconds < 60:
		decimals, digit = 2, 100
	}
	// 1e-6 keeps binary rounding from turning 20.3 min into 20.2 min.
	return strconv.FormatFloat(math.Floor(seconds/60*digit+1e-6)/digit, 'f', decimals, 64)
}

// Limit writes the limit of a case and whether it is documented.
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

// plainLimit is the name of a limit that a scenario sets.
const plainLimit = "limit"

// LimitName names the limits of cases: "documented limit" if all are documented, else "limit".
func LimitName(cases ...sweep.Case) string {
	for _, c := range cases {
		if !model.LimitDocumented(c.Session, model.Duration(c.Limit)) {
			return plainLimit
		}
	}
	return "documented limit"
}
