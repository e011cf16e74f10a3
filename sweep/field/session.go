package field

import (
	"fmt"

	"budget/model"
	"budget/model/document"
)

// Session is a row of a log.
type Session struct {
	Line int    // of the file, from 1
	Type string // session type id
	// Duration planned, NaN if the session is open-ended, and runtime until the end [s].
	Planned, Actual float64
	Cause           model.Cause
	// Bare means that the log has only the reason suppressedBySystem; Cause is then
	// chosen by the thermal state and the level.
	Bare       bool
	Start, End float64 // displayed levels, NaN if unknown
	Thermal    model.ThermalLevel
	// Times [s], NaN if not in the log: at thermal levels serious and critical; at a low
	// displayed level (very low included); at a very low one.
	Serious, Critical float64
	Low, VeryLow      float64
	Device, Key       string // the watch, and the start of the session; "" if not given

	LPM bool // Low Power Mode was on

	hasThermal, hasLPM bool
	instant            string // of the start, the same in every zone; "" without a zone
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

// text returns what a row says, however the file writes it.
func (x *Session) text() string {
	y := *x
	y.Line, y.Key, y.instant = 0, x.start(), ""
	return fmt.Sprint(y)
}

// start returns what identifies the start, "" if not given.
func (x *Session) start() string {
	if x.instant != "" {
		return x.instant
	}
	return x.Key
}

// LeftOut reports whether the row is not used in a fit.
func (r Remark) LeftOut() bool { return r.Kind != Note }
