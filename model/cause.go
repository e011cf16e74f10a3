package model

import "slices"

// Cause is a way for a session to end, in the order in which tables and charts list them.
// The table causes has all properties of a cause except what an app sees of it, which
// depends on the interface.
type Cause int

// The causes of the session model, section 6.
const (
	Refused Cause = iota
	Resigned
	SuppressedThermal
	SuppressedBattery
	SuppressedOther
	Errored
	Expired
	PowerOff
	Stopped
	Completed // none of these up to the planned end; the last cause of sessions
	// Of timers alone (section 9).
	NotReturned
	InProgress
)

// causes has one row for each cause.
var causes = [...]struct {
	name      string // in files and tables
	hazard    string // name of its rates in Policy.Hazards or Session.Hazards, if any
	threshold bool   // ends a session when something is used up or too hot
	refusal   bool   // keeps a session from starting
	fails     bool   // counts as failure by default
	chosen    bool   // by the user; users who mean to finish have no such end
	between   bool   // ends a timer where its next session should start; sessions have no such end
	meaning   string // for a reader who does not know the term
}{
	Refused: {
		name: "refused", refusal: true, // not a failure by default: the session does not start
		meaning: "The system does not let the session start: in Low Power Mode, at thermal level " +
			"critical, or because the watch is too hot to run.",
	},
	Resigned: { // the app survives it by pausing
		name: "resigned", hazard: "resign",
		meaning: "The user switches to another app, by the Digital Crown or a notification. Sessions " +
			"that run in the background go on.",
	},
	SuppressedThermal: {
		name: "suppressed-thermal", hazard: "suppress_thermal", fails: true,
		meaning: "The system ends the session because the watch is hot. Apple documents no threshold.",
	},
	SuppressedBattery: {
		name: "suppressed-battery", hazard: "suppress_battery", fails: true,
		meaning: "The system ends the session because the battery is low, more often in Low Power Mode.",
	},
	SuppressedOther: {
		name: "suppressed-other", hazard: "suppress_other", fails: true,
		meaning: "The system ends the session for a reason that is not modelled.",
	},
	Errored: {
		name: "error", hazard: "error", threshold: true, fails: true,
		meaning: "The app takes more processor time than its share within a window, or any other " +
			"error ends the session.",
	},
	Expired: {
		name: "expired", threshold: true, fails: true,
		meaning: "The granted time is used up: the session type's limit, or earlier if " +
			"heat or a low battery cuts it short.",
	},
	PowerOff: {
		name: "power-off", threshold: true, fails: true,
		meaning: "The watch turns itself off: the cell cannot deliver the load, most often when " +
			"cold, old and nearly empty; or it is too hot.",
	},
	Stopped: {
		name: "stopped", hazard: "stop", chosen: true,
		meaning: "The user ends the session early. It is no failure.",
	},
	Completed: {
		name:    "completed",
		meaning: "None of these: the session reaches its length.",
	},
	NotReturned: {
		name: "not-returned", between: true, chosen: true,
		meaning: "After a rest the user does not come back to start the next session of a timer.",
	},
	InProgress: {
		name: "in-progress", between: true,
		meaning: "The next session of a timer cannot start because the old one still runs: the app " +
			"has lost its session's delegate.",
	},
}

var (
	// Ends lists the causes that end a session before its planned end.
	Ends = those(func(c Cause) bool { return c != Completed && !causes[c].between })
	// TimerEnds lists those that end a timer.
	TimerEnds = those(func(c Cause) bool { return c != Completed })
	// Failures lists the causes that count as failure by default.
	Failures = those(func(c Cause) bool { return causes[c].fails })
	// Thresholds lists the causes that have a threshold.
	Thresholds = those(func(c Cause) bool { return causes[c].threshold })
)

func those(match func(Cause) bool) (list []Cause) {
	for c := range Cause(len(causes)) {
		if match(c) {
			list = append(list, c)
		}
	}
	return slices.Clip(list)
}

// UnknownCause is no cause: that of a name that no cause has.
const UnknownCause Cause = -1

// CauseNamed returns the cause with a name, or UnknownCause.
func CauseNamed(name string) Cause {
	if found := those(func(c Cause) bool { return causes[c].name == name }); len(found) > 0 {
		return found[0]
	}
	return UnknownCause
}

// String returns the cause's name in files and tables, such as "power-off".
func (c Cause) String() string {
	if c < 0 || int(c) >= len(causes) {
		return "unknown cause"
	}
	return causes[c].name
}

// Hazard returns the name of the cause's rates, such as "suppress_battery", ""
// if it has none.
func (c Cause) Hazard() string { return causes[c].hazard }

// Gradual reports whether the cause has only hazards and no threshold. Such a cause ends only
// part of a weighted path.
func (c Cause) Gradual() bool {
	return causes[c].hazard != "" && !causes[c].threshold && !causes[c].refusal
}

// Chosen reports whether the user ends the session by the cause. Users who mean to
// finish have no hazard of it.
func (c Cause) Chosen() bool { return causes[c].chosen }

// Meaning returns what the cause means, for a reader who does not know the term.
func (c Cause) Meaning() string { return causes[c].meaning }
