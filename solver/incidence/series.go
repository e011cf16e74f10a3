package incidence

import (
	"slices"

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

// sum is a series that others add up to.
type sum struct {
	slot  int
	of    []int
	given bool // that the session starts
}

// sums returns the sums of a view.
func (e *Rules) sums(v View) []sum {
	all := sum{slot: slotAll, given: v == Meaning && !e.countsRefused}
	for _, cause := range model.Ends {
		if !(v == Meaning && cause.Chosen()) && !(all.given && cause == model.Refused) {
			all.of = append(all.of, int(cause))
		}
	}
	if v == AsUsed {
		return []sum{all}
	}
	failed := sum{slot: slotFailed, given: all.given}
	for _, cause := range model.Ends {
		if slices.Contains(e.failures, cause) {
			failed.of = append(failed.of, int(cause))
		}
	}
	return []sum{all, failed, {slotLeft, []int{int(model.Resigned)}, all.given}}
}

// given reports whether a series is of the sessions that start.
func (e *Rules) given(v View, slot int) bool {
	return v == Meaning && slot >= slotAll && !e.countsRefused
}

// lanes is how many numbers of a kind go side by side: replicates of a group, rules of a
// batch.
const lanes = 8

// replicates are so many, as in package plant: path p belongs to replicate p mod 64.
const replicates = plant.Replicates

// conditions are so many, as in package plant.
const conditions = plant.Conditions
