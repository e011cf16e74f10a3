package field

import (
	"fmt"
	"maps"
	"slices"

	"budget/model"
	"budget/sweep/sessionlog"
)

// accumulator sums up one aspect of sessions in whole numbers. The sums are therefore the same for
// every order of the sessions and however a log is split. An accumulator's JSON is its place in a
// reduced log.
type accumulator interface {
	// begin prepares an empty accumulator for sessions of a scenario.
	begin(s *model.Scenario)
	add(x *sessionlog.Session)
	// merge adds the sums of another accumulator of the same type.
	merge(other accumulator)
	// check reports what is impossible in sums that were read from a file.
	check(s *model.Scenario) error
}

// milliseconds rounds a time [s], to be summed.
func milliseconds(seconds float64) int64 { return int64(seconds*1000 + 0.5) }

// checkTypes reports what is impossible in sums by session type that were read from a file: a
// type that the scenario does not have, or sums that possible rejects.
func checkTypes[T any](s *model.Scenario, sums map[string]T, possible func(T) bool) error {
	for _, id := range slices.Sorted(maps.Keys(sums)) {
		if s.Session(id) == nil {
			return fmt.Errorf("session type %q is not in the scenario", id)
		}
		if !possible(sums[id]) {
			return fmt.Errorf("%s: impossible numbers", id)
		}
	}
	return nil
}

// isCount reports whether a number of sessions is possible.
func isCount(n int64) bool { return n >= 0 && n <= mostSessions }
