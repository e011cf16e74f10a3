package incidence

import (
	"budget/model"
	"budget/solver/plant"
)

// Reading is a reading of the grant: how pressure uses it up.
type Reading string

// The two readings of the session model, section 6.
const (
	Cautious     Reading = "cautious"   // the system shortens a grant under pressure
	AsDocumented Reading = "documented" // it does not
)

// View is whose sessions are looked at.
type View int

const (
	AsUsed   View = iota // as people use the app: the user's own stop is a cause
	Meaning              // a user who means to finish: the stop hazard is removed
	numViews = 2
)

// The series are one for each cause that ends a session, of all sessions, and then sums of
// them. In the view AsUsed that is slotAll alone, of all sessions too; in the view Meaning
// sums are of the sessions that start, unless refusals count as failures.
const (
	slotAll    = int(model.Completed) + iota // all causes: what completion leaves
	slotFailed                               // the failures
	slotLeft                                 // the loss of the front
	slots
)

// lanes is how many numbers of a kind go side by side: replicates of a group, rules of a
// batch.
const lanes = 8

// replicates are so many, as in package plant: path p belongs to replicate p mod 64.
const replicates = plant.Replicates

// conditions are so many, as in package plant.
const conditions = plant.Conditions
