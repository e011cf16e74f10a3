package incidence

import "budget/model"

// exposure collects the paths of eight replicates side by side as weights under some rules,
// in the form that lets one fold serve every shared hazard and view. A path's share E
// is what refusal and its own hazards have left of its weight. Amounts are integers in
// units of 2^-36, so that paths may be booked in any order and exposures added in any
// order with the same result.
type exposure struct {
	paths   amounts // their number
	weight  amounts // of all paths
	refused amounts
	entered []column            // by hazard class and step: Σ E that enters it, less what leaves
	ended   [len(sudden)]column // by cause and time: Σ E that is taken then
	times   int
}

// column holds amounts by step or time. It has none before the from-th, and none from
// the to-th on.
type column struct {
	at       []amounts
	from, to int
}

// amounts are those of the replicates of a exposure.
type amounts = [lanes]int64

// sudden are the causes that take paths at a time, in the order of exposure.ended: by a
// threshold, which takes all that is left, or by the prompt that takes the front. Those of
// package model's table come first.
var sudden = [...]model.Cause{model.Errored, model.Expired, model.PowerOff, model.Resigned}

// numThresholds is the number of those with a threshold, which come first.
const numThresholds = 3

// unit is the number of units of an amount in one.
const unit = 1 << 36

// fixed rounds a share to units.
func fixed(share float64) int64 { return int64(share*unit + 0.5) }

// newExposure returns an empty exposure for the steps up to, and the times to, the one
// with index end.
func newExposure(classes, end int) *exposure {
	return &exposure{entered: make([]column, classes), times: end + 1}
}

// clear empties a exposure for as many classes and times, and keeps its memory where it
// can.
func (l *exposure) clear(classes, end int) {
	l.paths, l.weight, l.refused = amounts{}, amounts{}, amounts{}
	if classes != len(l.entered) || end+1 != l.times {
		*l = *newExposure(classes, end)
	}
	for c := range l.entered {
		l.entered[c].clear()
	}
	for i := range l.ended {
		l.ended[i].clear()
	}
}

// enter lets an amount of a replicate enter a hazard class at step k.
func (l *exposure) enter(replicate, class, k int, amount int64) {
	l.entered[class].touch(k, k+1, l.times)
	l.entered[class].at[k][replicate] += amount
}

// end lets a sudden cause take an amount of a replicate at the time with index k.
func (l *exposure) end(replicate int, cause model.Cause, k int, amount int64) {
	for i, c := range sudden {
		if c == cause {
			l.ended[i].touch(k, k+1, l.times)
			l.ended[i].at[k][replicate] += amount
		}
	}
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

// touch makes room for amounts at the from-th to before the to-th of so many.
func (c *column) touch(from, to, times int) {
	if c.at == nil {
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
