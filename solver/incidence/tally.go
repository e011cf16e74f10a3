package incidence

import (
	"budget/model"
	"budget/solver/estimate"
)

// slots is the number of series: one for each cause that ends a session, and one
// for their sum: in the view AsUsed of all, in the view Meaning of the failure
// causes.
const slots = int(model.Completed) + 1

const slotSum = int(model.Completed)

// Tally is what paths say of sessions under some rules in a view: for every
// series and time a cumulative sum that is exact, so that tallies merge in any
// order with the same bytes. Its size does not depend on the number of paths.
//
// Paths may be followed to different ends, so each time has its own number of paths.
type Tally struct {
	sums
	rules         *Rules
	number        int // of the rules in the account
	view          View
	tilted        bool    // paths weigh differently
	paths, blocks []int64 // followed to each time
	chain         []link  // in the order of time
}

// sums are the sums of a tally, by series and duration (Tally.at).
type sums interface {
	// mean returns the mean of the paths followed to the i-th duration.
	mean(t *Tally, slot, i int) float64
	// moments returns the moments of those paths.
	moments(t *Tally, slot, i int) estimate.Moments
	// take takes the places from one up to but not including another over from others.
	take(o sums, from, to int)
}

func (a *Account) newTally(number int, v View) *Tally {
	times := a.times()
	return &Tally{sums: a.law.sums(times), rules: a.rules[number], number: number, view: v, tilted: a.tilted,
		paths: make([]int64, times), blocks: make([]int64, times)}
}

func (t *Tally) times() int { return len(t.paths) }

// at returns the place of a series at a duration.
func (t *Tally) at(slot, i int) int { return slot*len(t.paths) + i }

// tally reads the paths under the rules with a number in a view. Paths of segments that
// end early say nothing of later times: so the times between two ends are read off the
// segments that reach the later one, and where some paths stop being followed stands a
// link.
func (a *Account) tally(number int, v View, spread Spread) *Tally {
	t := a.newTally(number, v)
	ends, start := a.ends(), t.rules.first
	var on []*Tally // the paths that go on beyond each link
	for j, end := range ends {
		if j+1 == len(ends) {
			a.law.read(a, t, a.reaching(end), 0, end, spread)
			break
		}
		// The first segments alone go on beyond the end of the next ones. They are read
		// from that time on, which the link needs, and booked after it.
		part, link := a.newTally(number, v), ends[j+1]-start
		a.law.read(a, part, a.reaching(end), link, end, spread)
		copy(t.paths[link+1:end-start+1], part.paths[link+1:])
		copy(t.blocks[link+1:end-start+1], part.blocks[link+1:])
		for slot := range slots {
			t.take(part.sums, t.at(slot, link+1), t.at(slot, end-start)+1)
		}
		on = append(on, part)
	}
	for j := len(on) - 1; j >= 0; j-- {
		t.join(on[j], ends[j+1]-start)
	}
	return t
}

// curve returns a series with its law.
func (t *Tally) curve(slot int) estimate.Curve {
	_, counts := t.sums.(events)
	c := estimate.Curve{Moments: make([]estimate.Moments, t.times()), Values: t.values(slot), Counts: counts}
	for i := range c.Moments {
		c.Moments[i] = t.moments(t, slot, i)
	}
	return c
}

// values returns the estimates of a series.
func (t *Tally) values(slot int) []float64 {
	values := make([]float64, t.times())
	links := 0
	for i := range values {
		for links < len(t.chain) && t.chain[links].i < i {
			links++
		}
		values[i] = chained(t.chain[:links], slot, t.mean(t, slot, i))
	}
	return values
}

// binding returns the failure cause with the largest incidence at each duration.
func (t *Tally) binding() []model.Cause {
	binding, most := make([]model.Cause, t.times()), make([]float64, t.times())
	for i := range binding {
		binding[i], most[i] = model.Completed, -1
	}
	for _, cause := range t.rules.failures {
		for i, p := range t.values(int(cause)) {
			if p > most[i] {
				binding[i], most[i] = cause, p
			}
		}
	}
	return binding
}
