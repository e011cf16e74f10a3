package incidence

import (
	"slices"

	"budget/model"
)

// sum is a series that is the sum of other series.
type sum struct {
	slot  int
	of    []int
	given bool // among sessions that start
}

// sums returns the sums of a view.
func (e *Rules) sums(v View) []sum {
	all := sum{slot: slotAll, given: v == Meaning && !e.countsRefused}
	for _, cause := range e.ends {
		if !(v == Meaning && cause.Chosen()) && !(all.given && cause == model.Refused) {
			all.of = append(all.of, slotOf(cause))
		}
	}
	late := e.startsAgain() && !e.countsRefused
	if late && all.given {
		all.of = append(all.of, slotLate)
	}
	if v == AsUsed {
		return []sum{all}
	}
	failed := sum{slot: slotFailed, given: all.given}
	for _, cause := range e.ends {
		if slices.Contains(e.failures, cause) || cause == model.InProgress {
			failed.of = append(failed.of, slotOf(cause))
		}
	}
	if late {
		failed.of = append(failed.of, slotLate)
	}
	return []sum{all, failed, {slotLeft, []int{int(model.Resigned)}, all.given}}
}

// given reports whether a series is among the sessions that start.
func (e *Rules) given(v View, slot int) bool {
	isSum := slot == slotAll || slot == slotFailed || slot == slotLeft
	return v == Meaning && isSum && !e.countsRefused
}
