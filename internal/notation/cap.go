package notation

import (
	"fmt"
	"math"
	"slices"
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
	if c.Status == sweep.CapNever {
		return c.Status.Name() + ": " + EvenShortest(c, step), ""
	}
	text = CapState(c.Case, c.Status, c.Cap)
	switch {
	case !c.Status.HasCap(), c.Status == sweep.CapHorizon:
		return text, ""
	case c.Status == sweep.CapImprecise:
		return text, "(to " + Reached(c.Case, c.CapUpper) + ", " + c.Status.Name() + ")"
	case c.Cap == c.CapUpper:
		return text, "(" + ToTheStep + ")"
	case c.Cycles != "" && c.Cycles.By(c.Cap) == c.Cycles.By(c.CapUpper):
		return text, "(to " + Length(c.CapUpper) + ")"
	}
	return text, "(to " + Reached(c.Case, c.CapUpper) + ")"
}

// EvenShortest says of a cap that there is none how often the shortest length fails. step is that
// length [s]; of a timer it is the first session.
func EvenShortest(c sweep.Cap, step float64) string {
	shortest := Length(step)
	if c.Cycles != "" {
		shortest = "the first session"
	}
	return "even " + shortest + " fails " + Chance(c.ShortestFails.Value)
}

// CapState writes a cap [s] without its interval, or the name of its status if there is no cap.
func CapState(c sweep.Case, s sweep.CapStatus, seconds float64) string {
	switch {
	case !s.HasCap():
		return s.Name()
	case seconds > 0 && c.Cycles != "":
		return Position(c, seconds)
	case s == sweep.CapHorizon:
		return s.Name() + " " + Length(seconds)
	}
	return CapLength(c, seconds)
}

// CapReached is CapState without the position of a timer, for tables with little room.
func CapReached(c sweep.Case, s sweep.CapStatus, seconds float64) string {
	if c.Cycles != "" && s.HasCap() && seconds > 0 {
		return Reached(c, seconds)
	}
	return CapState(c, s, seconds)
}

// Reached writes how many cycles of a timer end by a position [s], and a session's length as
// Length does.
func Reached(c sweep.Case, seconds float64) string {
	done, all := c.Cycles.By(seconds), c.Cycles.Len()
	switch {
	case all == 0:
		return Length(seconds)
	case all == 1 && done == 1:
		return "the whole timer"
	case done == 0:
		return "no whole cycle"
	case done == all:
		return fmt.Sprintf("all %d cycles", all)
	}
	return fmt.Sprintf("%d of %d cycles", done, all)
}

// Position writes a position on the clock of a timer [s] with the cycles that end by it, and a
// session's length as Length does.
func Position(c sweep.Case, seconds float64) string {
	if c.Cycles == "" {
		return Length(seconds)
	}
	return Reached(c, seconds) + ", " + Length(seconds)
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

// CapLength writes the best estimate of a case's cap [s], and "none" for 0: a length, or the
// cycles of a timer. A safe cap of 0 can also be unknown: use CapState for those.
func CapLength(c sweep.Case, seconds float64) string {
	if seconds <= 0 {
		return sweep.CapNever.Name()
	}
	return Reached(c, seconds)
}

// Drawn writes a cap of a case over draws of the uncertain inputs [s]. From ten minutes on it
// rounds down to whole minutes: a few hundred draws are not more precise. longest is the longest
// length simulated [s].
func Drawn(c sweep.Case, seconds, longest float64) string {
	switch {
	case math.IsNaN(seconds):
		return ""
	case seconds > 0 && c.Cycles != "":
		return Reached(c, seconds)
	case longest > 0 && seconds >= longest*(1-1e-9):
		return CapState(c, sweep.CapHorizon, longest)
	case seconds >= 600:
		seconds = 60 * math.Floor(seconds/60)
	}
	return CapLength(c, seconds)
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

// EndOf names a cycle of a timer by its end [s], as in "cycle 2, 55 min 5 s", and writes other
// lengths as Length does.
func EndOf(c sweep.Case, seconds float64) string {
	n := slices.Index(c.Cycles.Ends(), seconds)
	switch {
	case n < 0:
		return Length(seconds)
	case c.Cycles.Len() == 1:
		return "the timer, " + Length(seconds)
	}
	return fmt.Sprintf("cycle %d, %s", n+1, Length(seconds))
}

// Limit writes the limit of a case and whether it is documented.
func Limit(c sweep.Case) string {
	documented := LimitName(c) != plainLimit
	switch {
	case c.Limit == 0 && documented:
		return "no documented limit"
	case c.Cycles != "":
		return "the limit is for each session"
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
