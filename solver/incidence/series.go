package incidence

import (
	"budget/model"
	"budget/solver/plant"
)

// Reading is an interpretation of Apple's documentation of the grant: whether
// pressure uses it up faster.
type Reading string

// The two readings of the session model, section 6.
const (
	Cautious     Reading = "cautious"   // the system shortens a grant under pressure
	AsDocumented Reading = "documented" // it does not
)

// View selects whose sessions count.
type View int

const (
	AsUsed   View = iota // as people use the app: the user's own stop is a cause
	Meaning              // a user who means to finish: the stop hazard is removed
	numViews = 2
)

// There is a series for each cause that ends a session, among all sessions, and then sums
// of causes. The view AsUsed has only slotAll, among all sessions. In the view Meaning
// sums are among the sessions that start, unless refusals count as failures.
const (
	slotAll    = int(model.Completed) + iota // all causes: the complement of completion
	slotFailed                               // the failures
	slotLeft                                 // the loss of the front
	slotLate                                 // refusals at later starts of a timer
	slotNotReturned
	slotInProgress
	slots
)

// slotOf returns the series of a cause.
func slotOf(c model.Cause) int {
	switch c {
	case model.NotReturned:
		return slotNotReturned
	case model.InProgress:
		return slotInProgress
	}
	return int(c)
}

// lanes is the number of values computed in parallel: replicates of a group, rules of a
// batch.
const lanes = 8

// replicates is the number of replicates, as in package plant: path p belongs to
// replicate p mod 64.
const replicates = plant.Replicates

// conditions is the number of conditions, as in package plant.
const conditions = plant.Conditions
