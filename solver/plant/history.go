package plant

import "budget/model"

// History is the recorded history of a path: its conditions over time, and the end by
// the physics, if any. Steps and times are those of the session or timer: while an absence
// pauses it (Case.Pause), they stand still.
type History struct {
	Weight float64 // weight of the path (sampling.go)
	Start  Start
	Runs   []Run // conditions, each from its step on; the first starts at step 0
	// Restarts are the starts after absences, in order of time.
	Restarts []Restart
	Seen     uint32 // the conditions among them, as bits
	End      int    // index of the time at which physics ended the path; steps+1 if it did not
	Cause    model.Cause
	// AfterGrant is set if a grant that is used up at the same time takes
	// precedence.
	AfterGrant bool
	// Late is set if the physics ended the path at End after an absence had begun there: in the
	// absence, or at the start after it.
	Late bool
}

// Restart is the start of a session after an absence: what its refusal depends on.
type Restart struct {
	Step     int32 // from which the session goes on
	LowPower bool  // Low Power Mode was on before the poll
	Critical bool  // the thermal level at the poll
}

// Start is what a refusal of the start and the app's gate depend on.
type Start struct {
	LowPower  bool // Low Power Mode was on
	Critical  bool // the thermal level at the first poll
	TooHot    bool // the watch turns off at the start; the path ends there
	BelowGate bool // the watch displays less than Case.Gate
	// BelowGates has a bit for each of Case.Gates: the watch displays less.
	BelowGates uint8
}

// Run is a range of steps under one condition, up to the first step of the next
// run.
type Run struct {
	Step      int32
	Condition uint8
}

// Next returns the first step after the i-th run.
func (h *History) Next(i, steps int) int {
	if i+1 < len(h.Runs) {
		return int(h.Runs[i+1].Step)
	}
	return steps
}

// enter starts a run under a condition.
func (h *History) enter(step, condition int) {
	h.Runs = append(h.Runs, Run{int32(step), uint8(condition)})
	h.Seen |= 1 << condition
}

// Conditions is the number of conditions. They are coded as thermal (0 below serious,
// 1 serious, 2 critical) + 3·low + 6·very low + 12·Low Power Mode.
const (
	Conditions       = 24
	conditionLow     = 3
	conditionVeryLow = 6
	conditionLPM     = 12
)

// ConditionOf returns the condition with a code.
func ConditionOf(code int) model.Condition {
	return model.Condition{
		Thermal:  [...]model.ThermalLevel{model.Nominal, model.Serious, model.Critical}[code%3],
		Low:      code/conditionLow%2 == 1,
		VeryLow:  code/conditionVeryLow%2 == 1,
		LowPower: code/conditionLPM == 1,
	}
}
