package field

import (
	"fmt"
	"maps"
	"slices"

	"budget/model"
)

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
