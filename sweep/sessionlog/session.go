package sessionlog

import (
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
	// HasThermal and HasLPM mean that the log has the thermal state, and whether LPM was on.
	HasThermal, HasLPM bool

	instant    float64 // of the start [s], the same in every zone
	hasInstant bool

	identity uint64 // hash of what identifies it
	content  uint32 // part of a hash of what its row says, however the file writes it
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

// Identity returns a hash of what identifies a session that was read: its type, device and start.
// (Of one start HealthKit may have a workout and a mindful session.) Without a start nothing does,
// and the hash is of what its row says.
func (x *Session) Identity() uint64 { return x.identity }

// identify sets the hashes of a session.
func (x *Session) identify() {
	var h hash64
	h.text(x.Type)
	h.text(x.Device)
	if x.hasInstant {
		h.real(x.instant)
	} else {
		h.text(x.Key)
	}
	x.identity = uint64(h)
	for _, v := range [...]float64{x.Planned, x.Actual, x.Start, x.End, x.Serious, x.Critical, x.Low,
		x.VeryLow} {
		h.real(v)
	}
	h.number(uint64(x.Cause))
	h.number(uint64(x.Thermal))
	h.truth(x.Bare, x.LPM, x.HasThermal, x.HasLPM, x.hasInstant)
	x.content = uint32(h)
	if x.Key == "" {
		h.number(1)
		x.identity = uint64(h)
	}
}

// LeftOut reports whether the row is not used in a fit.
func (r Remark) LeftOut() bool { return r.Kind != Note }
