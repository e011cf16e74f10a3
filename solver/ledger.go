package solver

import "budget/model"

// ledger collects the paths of eight nets side by side as weights under some endings,
// in the form that lets one fold serve every shared hazard and view. A path's share E
// is what refusal and its own hazards have left of its weight. Amounts are integers in
// units of 2^-36, so that paths may be booked in any order and ledgers added in any
// order with the same result.
type ledger struct {
	weight  amounts // of all paths
	refused amounts
	entered [][]amounts                // by hazard class and step: Σ E of the paths that enter it, less those that leave; nil if none does
	ended   [len(thresholds)][]amounts // by cause and time: Σ E of the paths that a threshold ends
	times   int
}

// amounts are those of the nets of a ledger.
type amounts = [lanes]int64

// The causes with a threshold, in the order of ledger.ended.
var thresholds = [...]model.Cause{model.Errored, model.Expired, model.PowerOff}

// unit is the number of units of an amount in one.
const unit = 1 << 36

// fixed rounds a share to units.
func fixed(share float64) int64 { return int64(share*unit + 0.5) }

// newLedger returns an empty ledger for the steps up to, and the times to, the one
// with index end.
func newLedger(classes, end int) *ledger {
	return &ledger{entered: make([][]amounts, classes), times: end + 1}
}

// clear empties a ledger for as many classes and times, and keeps its memory where it
// can.
func (l *ledger) clear(classes, end int) {
	l.weight, l.refused = amounts{}, amounts{}
	if classes != len(l.entered) || end+1 != l.times {
		*l = *newLedger(classes, end)
	}
	for _, entered := range l.entered {
		clear(entered)
	}
	for _, ended := range l.ended {
		clear(ended)
	}
}

// enter lets an amount of a net enter a hazard class at step k.
func (l *ledger) enter(net, class, k int, amount int64) {
	if l.entered[class] == nil {
		l.entered[class] = make([]amounts, l.times)
	}
	l.entered[class][k][net] += amount
}

// end lets a threshold take an amount of a net at the time with index k.
func (l *ledger) end(net int, cause model.Cause, k int, amount int64) {
	for i, c := range thresholds {
		if c == cause {
			if l.ended[i] == nil {
				l.ended[i] = make([]amounts, l.times)
			}
			l.ended[i][k][net] += amount
		}
	}
}

// add adds the entries of another ledger up to this one's last time.
func (l *ledger) add(o *ledger) {
	for n := range lanes {
		l.weight[n] += o.weight[n]
		l.refused[n] += o.refused[n]
	}
	add := func(to *[]amounts, from []amounts) {
		if from == nil {
			return
		}
		if *to == nil {
			*to = make([]amounts, l.times)
		}
		for k := range from[:min(len(from), l.times)] {
			for n, amount := range from[k] {
				(*to)[k][n] += amount
			}
		}
	}
	for c := range l.entered {
		add(&l.entered[c], o.entered[c])
	}
	for i := range l.ended {
		add(&l.ended[i], o.ended[i])
	}
}
