package solver

import "budget/model"

// ledger collects paths as weights under some endings, in the form that lets one
// fold serve every shared hazard and view. A path's share E is what refusal and
// its own hazards have left of its weight. Amounts are integers in units of 2^-36, so that
// paths may be booked in any order and ledgers added in any order with the same
// result.
type ledger struct {
	weight  int64 // of all paths
	refused int64
	entered [][]int64                // by hazard class and step: Σ E of the paths that enter it, less those that leave; nil if none does
	ended   [len(thresholds)][]int64 // by cause and time: Σ E of the paths that a threshold ends
	times   int
}

// The causes with a threshold, in the order of ledger.ended.
var thresholds = [...]model.Cause{model.Errored, model.Expired, model.PowerOff}

// unit is the number of units of an amount in one.
const unit = 1 << 36

// fixed rounds a share to units.
func fixed(share float64) int64 { return int64(share*unit + 0.5) }

// newLedger returns an empty ledger for the steps up to, and the times to, the one
// with index end.
func newLedger(classes, end int) *ledger {
	return &ledger{entered: make([][]int64, classes), times: end + 1}
}

// clear empties a ledger. It keeps its memory.
func (l *ledger) clear() {
	l.weight, l.refused = 0, 0
	for _, entered := range l.entered {
		clear(entered)
	}
	for _, ended := range l.ended {
		clear(ended)
	}
}

// enter lets an amount enter a hazard class at step k.
func (l *ledger) enter(class, k int, amount int64) {
	if l.entered[class] == nil {
		l.entered[class] = make([]int64, l.times)
	}
	l.entered[class][k] += amount
}

// end lets a threshold take an amount at the time with index k.
func (l *ledger) end(cause model.Cause, k int, amount int64) {
	for i, c := range thresholds {
		if c == cause {
			if l.ended[i] == nil {
				l.ended[i] = make([]int64, l.times)
			}
			l.ended[i][k] += amount
		}
	}
}

// add adds the entries of another ledger up to this one's last time.
func (l *ledger) add(o *ledger) {
	l.weight += o.weight
	l.refused += o.refused
	add := func(to *[]int64, from []int64) {
		if from == nil {
			return
		}
		if *to == nil {
			*to = make([]int64, l.times)
		}
		for k, amount := range from[:min(len(from), l.times)] {
			(*to)[k] += amount
		}
	}
	for c := range l.entered {
		add(&l.entered[c], o.entered[c])
	}
	for i := range l.ended {
		add(&l.ended[i], o.ended[i])
	}
}
