package model

import "slices"

// Cause is a way for a session to end, in the order in which tables and charts
// list them.
type Cause int

// The causes of the session model, section 6.
const (
	Refused           Cause = iota // the start was refused
	Resigned                       // the app lost the front
	SuppressedThermal              // ended by the system because the watch is hot
	SuppressedBattery              // ended by the system because the battery is low
	SuppressedOther                // ended by the system for a reason not modelled
	Errored                        // the CPU limit, or any other error
	Expired                        // the granted time was used up
	PowerOff                       // the watch turned itself off
	Stopped                        // the user ended the session early
	Completed                      // none of these up to the end of the plan
)

// Ends lists the causes that end a session before its plan does.
var Ends = []Cause{Refused, Resigned, SuppressedThermal, SuppressedBattery,
	SuppressedOther, Errored, Expired, PowerOff, Stopped}

// Failures lists the ends that count as a failure of the plan by default: every
// end but the user's own and the loss of the front, which the product survives
// by pausing.
var Failures = []Cause{Refused, SuppressedThermal, SuppressedBattery,
	SuppressedOther, Errored, Expired, PowerOff}

var causeNames = [...]string{"refused", "resigned", "suppressed-thermal",
	"suppressed-battery", "suppressed-other", "error", "expired", "power-off",
	"stopped", "completed"}

var causeReasons = [...]string{"suppressedBySystem (at start)", "resignedFrontmost",
	"suppressedBySystem", "suppressedBySystem", "suppressedBySystem", "error",
	"expired", "no callback", "none (the app invalidates)", "none"}

// String returns the cause's name in files and tables, such as "power-off".
func (c Cause) String() string { return causeNames[c] }

// CauseNamed returns the cause of a name, Completed where there is none.
func CauseNamed(name string) Cause {
	if i := slices.Index(causeNames[:], name); i >= 0 {
		return Cause(i)
	}
	return Completed
}

// Reason returns the WKExtendedRuntimeSessionInvalidationReason the end arrives
// as. Workout, audio and location sessions use other interfaces; for them it
// names the analogue.
func (c Cause) Reason() string { return causeReasons[c] }
