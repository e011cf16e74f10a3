package field

import (
	"budget/model"
	"budget/model/document"
	"slices"
	"strings"
)

// Session is a row of a log.
type Session struct {
	Line            int     // of the file, from 1
	Type            string  // session type id
	Planned, Actual float64 // duration planned, and runtime until the end [s]
	Cause           model.Cause
	// Bare means that the log has only the reason suppressedBySystem; Cause is then
	// chosen by the thermal state and the level.
	Bare       bool
	Start, End float64 // displayed levels
	Thermal    model.ThermalLevel
	// Times [s], NaN if not in the log: at thermal levels serious and critical; at a low
	// displayed level (very low included); at a very low one.
	Serious, Critical float64
	Low, VeryLow      float64
	Device, Key       string // the watch, and the start of the session; "" if not given

	hasThermal bool
	text       string // the row as in the file
}

// Log is the content of a file of sessions.
type Log struct {
	File     string
	Digest   string    // SHA-256 of the file
	Rows     int       // in the file, without the line of column names
	Sessions []Session // those used by a fit, in the file's order
	Remarks  []Remark  // in the file's order
}

// RemarkKind is the kind of a remark.
type RemarkKind string

// Rows with one of the first three kinds are left out, except the first of
// duplicates. Rows with a note are used.
const (
	Malformed     RemarkKind = "malformed"
	Duplicate     RemarkKind = "duplicate"
	Contradictory RemarkKind = "contradictory"
	Note          RemarkKind = "note"
)

// Remark is a remark about a row.
type Remark struct {
	document.Problem
	Kind RemarkKind
}

// LeftOut reports whether the row is not used in a fit.
func (r Remark) LeftOut() bool { return r.Kind != Note }

// LeftOut returns the number of rows not used in a fit.
func (l *Log) LeftOut() int { return l.Rows - len(l.Sessions) }

// The columns of a log, by name in any order.
const (
	columnSession  = "session"
	columnPlanned  = "planned_min"
	columnActual   = "actual_min"
	columnEnd      = "end"
	columnStart    = "start_level"
	columnFinish   = "end_level"
	columnThermal  = "thermal"
	columnSerious  = "serious_min"
	columnCritical = "critical_min"
	columnLow      = "low_min"
	columnVeryLow  = "very_low_min"
	columnDevice   = "device"
	columnKey      = "start"
)

// required are the columns that a log must have, optional those it may have.
var (
	required = []string{columnSession, columnPlanned, columnActual, columnEnd, columnStart,
		columnFinish}
	optional = []string{columnThermal, columnSerious, columnCritical, columnLow, columnVeryLow,
		columnDevice, columnKey}
)

// Columns lists the columns of a log in the order of simulated logs.
func Columns() []string { return append(slices.Clone(required), optional...) }

// thermalWords are the thermal states in a log, named as in
// ProcessInfo.ThermalState.
var thermalWords = []string{"nominal", "fair", "serious", "critical"}

// The reasons that watchOS gives an app, WKExtendedRuntimeSessionInvalidationReason.
const (
	reasonNone       = "none"
	reasonInProgress = "sessionInProgress"
	reasonSuppressed = "suppressedBySystem"
)

// reasonOf returns the reason that an app gets for an end by a cause. There is none
// when the watch turns itself off; then it is the name of the cause.
func reasonOf(c model.Cause) string {
	reason, _, _ := strings.Cut(c.Reason(model.ExtendedRuntime), " (")
	if reason == model.NoCallback {
		return c.String()
	}
	return reason
}

// reasons maps the reasons that have a single cause.
var reasons = func() map[string]model.Cause {
	one := map[string]model.Cause{}
	for _, c := range model.Ends {
		one[reasonOf(c)] = c
	}
	delete(one, reasonNone)
	delete(one, reasonSuppressed)
	return one
}()

// ends lists the words for how a session ended.
func ends() []string {
	var words []string
	for _, c := range model.Ends {
		words = append(words, c.String())
	}
	return append(words, model.Completed.String(), reasonOf(model.Resigned), reasonSuppressed,
		reasonNone)
}
