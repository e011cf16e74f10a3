package plant

import "budget/solver/random"

// turn is the number of steps that a block of four random words serves: the word
// of step k for a purpose is word k mod turn of the purpose's block ⌊k/turn⌋. What
// need not be looked at every step is looked at where a turn begins.
const turn = 4

// driverWords returns a path's words of the turn that begins with step k, for the
// driver with the given purpose.
func driverWords(key random.Key, purpose uint32, path uint64, k int) (words [turn]uint32) {
	words[0], words[1], words[2], words[3] = random.Philox(key, uint32(k/turn), purpose, uint32(path), uint32(path>>32))
	return words
}

// step returns the next load state for a random word.
func (l *load) step(state int, word uint32) int {
	next := &l.next[state]
	w := uint64(word)
	switch {
	case w < next[0]:
		return 0
	case w < next[1]:
		return 1
	case w < next[2]:
		return 2
	}
	return 3
}

// busiest returns the CPU share of the busiest state in integer units.
func (l *load) busiest() int64 {
	most := int64(0)
	for _, share := range l.cpu {
		most = max(most, share)
	}
	return most
}

// cpuLimit returns the greatest sum of the window's CPU shares, in integer
// units, that the limit allows a session with CPU factor c:
//
//	c Σ cpu D ≤ cpu_limit · cpu_window
//
// A unit per step of the window makes up for the rounding of the shares, so that
// a window exactly at the limit does not exceed it.
func (p *Plant) cpuLimit(c float64) int64 {
	policy := &p.Scenario.Policy
	limit := float64(policy.CPULimit) * float64(policy.CPUWindow) / (c * p.Step)
	return int64(min(limit*cpuUnits, float64(1<<62))) + int64(p.cpuSteps)
}

// cpuWindow sums the CPU shares of the last steps, in integers so that the sum
// never drifts.
type cpuWindow struct {
	shares []int64
	next   int
	sum    int64
}

func (w *cpuWindow) reset(steps int) {
	if len(w.shares) != steps {
		w.shares = make([]int64, steps)
	}
	clear(w.shares)
	w.next, w.sum = 0, 0
}

// add puts a step's share into the window and returns the window's sum.
func (w *cpuWindow) add(share int64) int64 {
	w.sum += share - w.shares[w.next]
	w.shares[w.next] = share
	if w.next++; w.next == len(w.shares) {
		w.next = 0
	}
	return w.sum
}
