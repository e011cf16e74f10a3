package incidence

import (
	"budget/model"
	"budget/solver/estimate"
)

// Curves are what is known under some rules. Where the rules of two readings agree they
// share memory.
type Curves struct {
	Reading Reading
	// Refused is the probability that the start is refused: one value.
	Refused estimate.Curve
	// Of sessions that start, of a user who means to finish (Meaning), by duration: the
	// failure of the plan, the loss of the front, all ends, which completion leaves, and the
	// failure cause with the largest incidence. Where refusals count as failures they are of
	// all sessions.
	Failure    estimate.Curve
	Resigned   estimate.Curve
	Unfinished estimate.Curve
	Binding    []model.Cause

	// Ended has, by view, the incidence of each of model.Ends in all sessions, and then of all
	// together: in the view Meaning, where refusals are no failures, of sessions that start.
	// What is not kept is nil, or empty.
	Ended [numViews][]estimate.Curve

	// Replicates are means of the failure of a user who means to finish, by the replicates
	// that the paths are dealt to, path p to replicate p mod 64; NaN where a replicate has
	// no path that starts. Replicates are independent of each other, and those of programs that share
	// a plant are of the same paths, so that differences between programs can be told
	// from chance.
	Replicates [][]float64
}

// Reader reads the curves under some rules off an account.
type Reader struct {
	account *Account
	number  int // of the rules
	spread  Spread
	tallies [numViews]*Tally // read so far
}

// Reader returns a reader of the rules with a number. It is for one goroutine, and reads
// what the account has when it first needs it.
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

// Caps returns the curves that caps are made of; of Resigned and Unfinished the values alone.
func (r *Reader) Caps() Curves {
	t := r.tally(Meaning)
	first := []estimate.Moments{t.moments(t, int(model.Refused), 0)}
	refused := estimate.Curve{Moments: first, Counts: t.counts()}
	return Curves{Reading: t.rules.reading, Refused: refused, Failure: t.curve(slotFailed),
		Resigned:   estimate.Curve{Values: t.values(slotLeft)},
		Unfinished: estimate.Curve{Values: t.values(slotAll)}, Binding: t.binding()}
}

// Complete adds to the curves the laws of Resigned and Unfinished, and the incidence of every cause
// in both views if asked to.
func (r *Reader) Complete(c *Curves, causes bool) {
	c.Resigned, c.Unfinished = r.tally(Meaning).curve(slotLeft), r.tally(Meaning).curve(slotAll)
	for v := range numViews {
		for slot := 0; causes && slot <= slotAll; slot++ {
			c.Ended[v] = append(c.Ended[v], r.tally(View(v)).curve(slot))
		}
	}
}

// Summary returns curves as small as a batch makes them, for paths all followed to the
// end: as people use the app, all ends together in both views, and by replicates, at some
// durations alone.
func (r *Reader) Summary(at []int) Curves {
	c := r.Caps()
	c.Failure.Values = nil // they are the means
	c.Ended = newEnded()
	for _, i := range at {
		all := &c.Ended[Meaning][slotAll]
		all.Moments = append(all.Moments, r.tally(Meaning).moments(r.tally(Meaning), slotAll, i))
		used := r.tally(AsUsed)
		for slot := range c.Ended[AsUsed] {
			ended := &c.Ended[AsUsed][slot]
			ended.Moments = append(ended.Moments, used.moments(used, slot, i))
		}
		c.Replicates = append(c.Replicates,
			r.account.law.(*weights).replicates(r.account.segments, r.number, i))
	}
	return c
}

// newEnded returns room for Curves.Ended.
func newEnded() (ended [numViews][]estimate.Curve) {
	for v := range ended {
		ended[v] = make([]estimate.Curve, slotAll+1)
	}
	return ended
}
