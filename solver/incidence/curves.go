package incidence

import (
	"budget/model"
	"budget/solver/estimate"
)

// Curves are what is known under some rules. Where the rules of two readings agree they
// share memory.
type Curves struct {
	Reading Reading
	// Of a user who means to finish (Meaning), by duration: the failure of the plan, the
	// loss of the front, and the failure cause with the largest incidence.
	Failure  estimate.Curve
	Resigned estimate.Curve
	Binding  []model.Cause

	// Ended has, by view, the incidence of each of model.Ends and then of all that count
	// together: of all causes as people use the app (AsUsed), of the failures for a user
	// who means to finish (Meaning). What is not kept is nil.
	Ended [numViews][]estimate.Curve

	// Replicates are means of the failure of a user who means to finish, by the replicates
	// that the paths are dealt to, path p to replicate p mod 64; NaN where a replicate has
	// no path. Replicates are independent of each other, and those of programs that share
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

// Caps returns the curves that caps are made of; of Resigned the values alone.
func (r *Reader) Caps() Curves {
	t := r.tally(Meaning)
	return Curves{Reading: t.rules.reading, Failure: t.curve(slotSum),
		Resigned: estimate.Curve{Values: t.values(int(model.Resigned))}, Binding: t.binding()}
}

// Complete adds to the curves the law of Resigned, and the incidence of every cause in
// both views if asked to.
func (r *Reader) Complete(c *Curves, causes bool) {
	c.Resigned = r.tally(Meaning).curve(int(model.Resigned))
	for v := range numViews {
		for slot := 0; causes && slot < slots; slot++ {
			c.Ended[v] = append(c.Ended[v], r.tally(View(v)).curve(slot))
		}
	}
}

// Summary returns curves as small as a batch makes them, for paths all followed to the
// end: as people use the app, and by replicates, at some durations alone.
func (r *Reader) Summary(at []int) Curves {
	c := r.Caps()
	c.Failure.Values = nil // they are the means
	c.Ended[AsUsed] = make([]estimate.Curve, slots)
	for _, i := range at {
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
