package plant

import "budget/model"

// History is what a path of the plant leaves: the conditions it
// went through and the end the physics made, if any.
type History struct {
	Weight float64 // of the path among all (sampling.go)
	Start  Start
	Runs   []Run  // conditions, each from its step on; the first from step 0
	Seen   uint32 // the conditions among them, as bits
	End    int    // index of the time at which physics ended the path; steps+1 if it did not
	Cause  model.Cause
	// AfterGrant tells that a grant used up at the same time comes first.
	AfterGrant bool
}

// Start is what a refusal of the start depends on.
type Start struct {
	LowPower bool // Low Power Mode was on
	Critical bool // the thermal level at the first poll
	TooHot   bool // for the watch to stay on: the path ends there
}

// Run is a stretch of steps under one condition, up to the next run's first.
type Run struct {
	Step      int32
	Condition uint8
}

// Next returns the step at which the run after the i-th starts.
func (h *History) Next(i, steps int) int {
	if i+1 < len(h.Runs) {
		return int(h.Runs[i+1].Step)
	}
	return steps
}

// Conditions are so many, coded as thermal (0 below serious, 1 serious, 2 critical)
// + 3·low + 6·very low + 12·Low Power Mode.
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
