package incidence

import (
	"slices"

	"budget/model"
	"budget/solver/estimate"
)

// Tally holds the sums of paths under some rules in a view: an exact cumulative sum
// for every series and time. So tallies merge in any order with the same bytes. Its
// size does not depend on the number of paths.
//
// Paths may be followed to different ends, so each time has its own number of paths.
type Tally struct {
	sums
	rules         *Rules
	number        int // index of the rules in the account
	view          View
	tilted        bool    // paths have different weights
	paths, blocks []int64 // followed to each time
	started       []int64 // blocks with sessions that start
	chain         chain
}

// sums are the sums of a tally, by series and duration (Tally.at).
type sums interface {
	// mean returns the mean of the paths followed to the i-th duration.
	mean(t *Tally, slot, i int) float64
	// moments returns the moments of those paths.
	moments(t *Tally, slot, i int) estimate.Moments
	// counts reports whether they are sums of 0/1 events.
	counts() bool
	// take copies the sums from index from up to but not including to from o.
	take(o sums, from, to int)
}

func (t *Tally) times() int { return len(t.paths) }

// given reports whether a series is among the sessions that start.
func (t *Tally) given(slot int) bool { return t.rules.given(t.view, slot) }

// at returns the index of a series at a duration.
func (t *Tally) at(slot, i int) int { return slot*len(t.paths) + i }

// curve returns a series with its moments.
func (t *Tally) curve(slot int) estimate.Curve {
	c := estimate.Curve{Moments: make([]estimate.Moments, t.times()), Values: t.values(slot),
		Counts: t.counts()}
	for i := range c.Moments {
		c.Moments[i] = t.moments(t, slot, i)
	}
	return c
}

// values returns the estimates of a series.
func (t *Tally) values(slot int) []float64 {
	values := make([]float64, t.times())
	for i := range values {
		values[i] = t.chain.before(i).value(slot, t.mean(t, slot, i))
	}
	return values
}

// binding returns the most frequent cause of failure at each duration.
func (t *Tally) binding() []model.Cause {
	binding, most := make([]model.Cause, t.times()), make([]float64, t.times())
	for i := range binding {
		binding[i], most[i] = model.Completed, -1
	}
	rank := func(cause model.Cause, slot int) {
		for i, p := range t.values(slot) {
			if p > most[i] {
				binding[i], most[i] = cause, p
			}
		}
	}
	for _, cause := range t.rules.failures {
		rank(cause, int(cause))
	}
	if t.rules.startsAgain() {
		rank(model.InProgress, slotInProgress)
		if !t.rules.countsRefused { // else they are among those refused
			rank(model.Refused, slotLate)
		}
	}
	return binding
}

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
