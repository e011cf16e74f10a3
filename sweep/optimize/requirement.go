package optimize

import (
	"budget/model"
	"budget/model/document"
)

// What a requirement is about.
type What string

const (
	// Failure: the share of sessions of a length that fail.
	Failure What = "failure"
	// Refused: the share of starts that the system refuses.
	Refused What = "refused"
	// LeftOut: the share of starts that the app's gate excludes.
	LeftOut What = "left-out"
	// Battery: the share of the battery that a session of a length uses on average, if it finishes.
	Battery What = "battery"
	// Heat: the share of sessions of a length, of those that finish, in which the watch reaches a
	// thermal level.
	Heat What = "heat"
)

// whats lists what requirements may be about.
var whats = []What{Failure, Refused, LeftOut, Battery, Heat}

// ofLength reports whether it is about sessions of a length.
func (w What) ofLength() bool { return w == Failure || w.spends() }

// spends reports whether it is about what sessions that finish have used.
func (w What) spends() bool { return w == Battery || w == Heat }

// Requirement is a share that a design may have at most.
type Requirement struct {
	What   What
	Length float64            // [s]; 0 means the whole timer
	Level  model.ThermalLevel // of Heat
	Most   float64
	Zone   float64 // by how much it may be exceeded; see ranking.Limit
	At     document.Position
}
