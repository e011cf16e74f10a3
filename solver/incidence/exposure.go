package incidence

import (
	"slices"

	"budget/model"
)

// exposure sums the paths of eight replicates as weights under some rules, in a form that
// one fold can evaluate for all shared hazards and views. A path's share E is the part of
// its weight that survives refusal and the path's own hazards. Amounts are integers in
// units of 2^-36, so paths may be booked and exposures added in any order with the same
// result.
type exposure struct {
	paths   amounts // number of paths
	weight  amounts // of all paths
	refused amounts
	entered []column // by hazard class and step: Σ E that enters minus Σ E that leaves
	// By series of endings and time: Σ E taken; for users who do not come back to a later start,
	// Σ E that comes to it.
	ended [len(endings)]column
	times int
}

// column holds amounts by step or time. They are 0 before from and from to on.
type column struct {
	at       []amounts
	from, to int
}

// amounts are the amounts of an exposure's replicates.
type amounts = [lanes]int64

// sudden are the causes that end sessions at a point in time: thresholds, which take the whole
// rest of a path, and the prompt that takes the front.
var sudden = [...]model.Cause{model.Errored, model.Expired, model.PowerOff, model.Resigned}

// endings are the series of exposure.ended, in its order: sudden, and what can happen at a
// later start of a timer. Those from atRestarts on are what can happen in an absence and at the
// start after it. Nothing of that is left out of a session of any length beyond it, and all of
// it of a session that ends where the user has left. So it is booked at the time after.
var endings = [...]int{int(model.Errored), int(model.Expired), int(model.PowerOff),
	int(model.Resigned), int(model.Refused), slotLate, slotNotReturned, slotInProgress,
	int(model.Refused), slotLate, slotInProgress, int(model.PowerOff)}

const atRestarts = 8

// numThresholds is the number of thresholds; they come first.
const numThresholds = 3

// unit is the number of units in an amount of 1.
const unit = 1 << 36

// fixed rounds a share to units.
func fixed(share float64) int64 { return int64(share*unit + 0.5) }

// newExposure returns an empty exposure for the steps up to, and the times to, the one
// with index end.
func newExposure(classes, end int) *exposure {
	return &exposure{entered: make([]column, classes), times: end + 1}
}

// clear empties an exposure for the given numbers of classes and times and reuses its
// memory.
func (l *exposure) clear(classes, end int) {
	l.paths, l.weight, l.refused, l.times = amounts{}, amounts{}, amounts{}, end+1
	for c := range l.entered {
		l.entered[c].clear()
	}
	for i := range l.ended {
		l.ended[i].clear()
	}
	l.entered = slices.Grow(l.entered[:0], classes)[:classes]
}

// enter lets an amount of a replicate enter a hazard class at step k.
func (l *exposure) enter(replicate, class, k int, amount int64) {
	l.entered[class].touch(k, k+1, l.times)
	l.entered[class].at[k][replicate] += amount
}

// end lets a series of endings take an amount of a replicate at the time with index k.
func (l *exposure) end(replicate int, slot, k int, amount int64) {
	l.take(slices.Index(endings[:], slot), replicate, k, amount)
}

// endLate does so for what happens at t_k after the user has left.
func (l *exposure) endLate(replicate int, slot, k int, amount int64) {
	l.take(atRestarts+slices.Index(endings[atRestarts:], slot), replicate, k+1, amount)
}

func (l *exposure) take(i, replicate, k int, amount int64) {
	l.ended[i].touch(k, k+1, l.times)
	l.ended[i].at[k][replicate] += amount
}

// add adds the entries of another exposure up to this one's last time.
func (l *exposure) add(o *exposure) {
	for n := range lanes {
		l.paths[n] += o.paths[n]
		l.weight[n] += o.weight[n]
		l.refused[n] += o.refused[n]
	}
	for c := range l.entered {
		l.entered[c].add(&o.entered[c], l.times)
	}
	for i := range l.ended {
		l.ended[i].add(&o.ended[i], l.times)
	}
}

// touch extends a column to the amounts from from up to but not including to.
func (c *column) touch(from, to, times int) {
	if len(c.at) < times { // it is empty
		c.at = make([]amounts, times)
	}
	if c.from == c.to {
		c.from, c.to = from, to
	}
	c.from, c.to = min(c.from, from), max(c.to, to)
}

func (c *column) clear() {
	clear(c.at[c.from:c.to])
	c.from, c.to = 0, 0
}

func (c *column) add(o *column, times int) {
	to := min(o.to, times)
	if o.from >= to {
		return
	}
	c.touch(o.from, to, times)
	for k := o.from; k < to; k++ {
		for n, amount := range o.at[k] {
			c.at[k][n] += amount
		}
	}
}
