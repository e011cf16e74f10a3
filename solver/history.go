package solver

import "budget/model"

// History is what a path of the plant leaves for the endings: the conditions it
// went through and the end the physics made, if any.
type History struct {
	Refusal float64 // probability that the start is refused
	Runs    []Run   // conditions, each from its step on; the first from step 0
	End     int     // index of the time at which physics ended the path; steps+1 if it did not
	Cause   model.Cause
	// AfterGrant tells that a grant used up at the same time comes first.
	AfterGrant bool
}

// Run is a stretch of steps under one condition, up to the next run's first.
type Run struct {
	Step      int32
	Condition uint8
}
