package timer

import "budget/cmd/budget/internal/inputs"

// timerFlags are the flags of budget timer.
type timerFlags struct {
	*inputs.Options
	tolerance float64 // that the answer is for
	keep      bool
	resign    []string // what becomes of the timer when the user leaves; none for the scenario's
}
