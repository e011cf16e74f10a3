package incidence

import (
	"budget/model"
	"budget/solver/estimate"
)

// Curves are the estimated curves under some rules. Readings with equal rules share
// memory.
type Curves struct {
	Reading Reading
	// Refused is the probability that the start is refused: one value.
	Refused estimate.Curve
	// Among sessions that start, for users who mean to finish (Meaning), by duration:
	// failure, loss of the front, all ends (the complement of completion), and the most
	// frequent cause of failure. If refusals count as failures, they are among all sessions.
	// Causes rank by their incidence among all sessions, as in Ended: a session that a cause
	// ends has started.
	// Of a timer they are those by the end of the stint that a duration is in or before.
	Failure    estimate.Curve
	Resigned   estimate.Curve
	Unfinished estimate.Curve
	Binding    []model.Cause
	// SoFar is, of a timer of several phases, its failure at every duration itself: the share that
	// has failed by then. Caps have no use for it, and do not read it.
	SoFar estimate.Curve

	// Ended has, by view, the incidence of each of model.Ends among all sessions, and then of
	// all causes together: in the view Meaning among sessions that start, unless refusals are
	// failures. Those of NotReturned and InProgress follow for a timer. Curves that are not kept
	// are nil or empty.
	Ended [numViews][]estimate.Curve

	// Replicates are the mean failures for users who mean to finish, by replicate; path p is
	// in replicate p mod 64. A replicate without a path that starts is NaN. Replicates are
	// independent. Programs that share a plant have the same paths in them, so differences
	// between programs can be distinguished from chance.
	Replicates [][]float64
}

// Reader reads the curves under some rules from an account.
type Reader struct {
	account *Account
	number  int // index of the rules
	spread  Spread
	tallies [numViews]*Tally // read so far
}

// Reader returns a reader for the rules with index number. It is for one goroutine. It
// reads the state of the account when it first needs it.
func (a *Account) Reader(number int, spread Spread) *Reader {
	return &Reader{account: a, number: number, spread: spread}
}

func (r *Reader) tally(v View) *Tally {
	if r.tallies[v] == nil {
		r.tallies[v] = r.account.tally(r.number, v, r.spread)
	}
	return r.tallies[v]
}

// Followed returns the number of paths followed to each duration.
func (r *Reader) Followed() []int64 { return r.tally(Meaning).paths }

// Caps returns the curves that caps need; Resigned and Unfinished have values only.
func (r *Reader) Caps() Curves {
	t := r.tally(Meaning)
	first := []estimate.Moments{t.moments(t, int(model.Refused), 0)}
	refused := estimate.Curve{Moments: first, Counts: t.counts()}
	c := Curves{Reading: t.rules.reading, Refused: refused, Failure: t.curve(slotFailed),
		Resigned:   estimate.Curve{Values: t.values(slotLeft)},
		Unfinished: estimate.Curve{Values: t.values(slotAll)}, Binding: t.binding()}
	c.toStints(t.rules)
	return c
}

// toStints takes the values of curves of a timer from the ends of its stints.
func (c *Curves) toStints(r *Rules) {
	if !r.timer() {
		return
	}
	for _, curve := range []*estimate.Curve{&c.Failure, &c.Resigned, &c.Unfinished} {
		curve.Moments, curve.Values = atStints(r, curve.Moments), atStints(r, curve.Values)
	}
	c.Binding = atStints(r, c.Binding)
}

// atStints returns the values by duration as those at the ends of the stints of a timer.
func atStints[T any](r *Rules, values []T) []T {
	if len(values) == 0 {
		return values
	}
	out := make([]T, len(values))
	for i := range out {
		out[i] = values[r.stintEnd(i)]
	}
	return out
}

// Complete adds the moments of Resigned and Unfinished, and the incidence of every cause in some
// views.
func (r *Reader) Complete(c *Curves, views ...View) {
	t := r.tally(Meaning)
	c.Resigned, c.Unfinished = t.curve(slotLeft), t.curve(slotAll)
	c.toStints(t.rules)
	if t.rules.timer() {
		c.SoFar = t.curve(slotFailed)
	}
	for _, v := range views {
		for slot := 0; slot <= slotAll; slot++ {
			c.Ended[v] = append(c.Ended[v], r.tally(v).curve(slot))
		}
		if t := r.tally(v); t.rules.startsAgain() {
			for _, slot := range slotOfTimer {
				c.Ended[v] = append(c.Ended[v], t.curve(slot))
			}
		}
	}
}

// Summary returns the same small curves as a batch, if all paths are followed to the end:
// Replicates only at the durations with the indices at, and with ends also Ended of the view
// AsUsed, and all ends together in both views.
func (r *Reader) Summary(at []int, ends bool) Curves {
	c := r.Caps()
	c.Failure.Values = nil // they equal the means
	rules := r.tally(Meaning).rules
	for _, i := range at {
		if rules.timer() {
			i = rules.stintEnd(i)
		}
		c.Replicates = append(c.Replicates, r.Failing(i))
	}
	if !ends {
		return c
	}
	c.Ended = newEnded()
	if r.tally(Meaning).rules.startsAgain() {
		for v := range c.Ended {
			c.Ended[v] = append(c.Ended[v], make([]estimate.Curve, 2)...)
		}
	}
	for _, i := range at {
		all := &c.Ended[Meaning][slotAll]
		all.Moments = append(all.Moments, r.tally(Meaning).moments(r.tally(Meaning), slotAll, i))
		used := r.tally(AsUsed)
		for slot := range c.Ended[AsUsed] {
			ended := &c.Ended[AsUsed][slot]
			if slot > slotAll {
				ended.Moments = append(ended.Moments, used.moments(used, slotOfTimer[slot-slotAll-1], i))
				continue
			}
			ended.Moments = append(ended.Moments, used.moments(used, slot, i))
		}
	}
	return c
}

// Failing returns the mean failure weight of every replicate up to the i-th duration, for users
// who mean to finish; NaN without paths that start.
func (r *Reader) Failing(i int) []float64 {
	return r.account.law.(*weights).replicates(r.account.segments, r.number, i)
}

// slotOfTimer are the series that only timers have, in the order of the causes after
// model.Completed.
var slotOfTimer = [2]int{slotNotReturned, slotInProgress}

// newEnded returns empty Curves.Ended.
func newEnded() (ended [numViews][]estimate.Curve) {
	for v := range ended {
		ended[v] = make([]estimate.Curve, slotAll+1)
	}
	return ended
}
