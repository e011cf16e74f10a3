package field

import "budget/model"

// accumulator sums up one aspect of sessions in whole numbers. The sums are therefore the same for
// every order of the sessions and however a log is split. An accumulator's JSON is its place in a
// reduced log.
type accumulator interface {
	// begin prepares an empty accumulator for sessions of a scenario.
	begin(s *model.Scenario)
	add(x *Session)
	// merge adds the sums of another accumulator of the same type.
	merge(other accumulator)
	// check reports what is impossible in sums that were read from a file.
	check(s *model.Scenario) error
}

// milliseconds rounds a time [s], to be summed.
func milliseconds(seconds float64) int64 { return int64(seconds*1000 + 0.5) }
