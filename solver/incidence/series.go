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

// slots is the number of series: one for each cause that ends a session, and one
// for their sum: in the view AsUsed of all, in the view Meaning of the failure
// causes.
const slots = int(model.Completed) + 1

const slotSum = int(model.Completed)

// lanes is how many numbers of a kind go side by side: replicates of a group, rules of a
// batch.
const lanes = 8

// replicates are so many, as in package plant: path p belongs to replicate p mod 64.
const replicates = plant.Replicates

// conditions are so many, as in package plant.
const conditions = plant.Conditions
