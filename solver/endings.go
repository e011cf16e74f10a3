package solver

import (
	"fmt"
	"math"

	"budget/model"
)

// Reading is a reading of the grant: how pressure uses it up.
type Reading string

// The two readings of the session model, section 6.
const (
	Cautious     Reading = "cautious"   // the system shortens a grant under pressure
	AsDocumented Reading = "documented" // it does not
)

// endings evaluates histories under one reading.
type endings struct {
	program *Program
	rate    [conditions]float64 // at which a grant is used up in each condition
}

func (p *Program) newEndings(r Reading) *endings {
	policy := p.scenario.Policy
	switch r {
	case Cautious:
	case AsDocumented:
		policy = policy.Documented()
	default:
		panic(fmt.Sprintf("solver: unknown reading %q", r))
	}
	e := &endings{program: p}
	for code := range e.rate {
		e.rate[code] = policy.GrantRate(conditionOf(code))
	}
	return e
}

// stop returns the index of the time at which a threshold ends the path, and
// how: the grant is used up, or the physics says so. It is steps+1 where the
// path runs through.
func (e *endings) stop(h *History) (int, model.Cause) {
	p := e.program
	if p.session.Limit == 0 {
		return h.End, h.Cause
	}
	used := 0.0
	for i, run := range h.Runs {
		rate := e.rate[run.Condition]
		expired := int(run.Step) + p.grantSteps(used, rate)
		next := h.next(i, p.steps)
		if expired <= next && expired <= p.steps {
			if expired < h.End || expired == h.End && h.AfterGrant {
				return expired, model.Expired
			}
			break
		}
		used += float64(next-int(run.Step)) * p.step * rate
	}
	return h.End, h.Cause
}

// grantSteps returns how many steps a grant lasts that is used at the given
// rate: the least n with n·D·rate ≥ limit − 1e-9 s.
func (p *Program) grantSteps(used, rate float64) int {
	left := float64(p.session.Limit) - 1e-9 - used
	return max(int(math.Ceil(left/(p.step*rate))), 0)
}

// next returns the step at which the run after the i-th starts.
func (h *History) next(i, steps int) int {
	if i+1 < len(h.Runs) {
		return int(h.Runs[i+1].Step)
	}
	return steps
}

// block collects the endings of a block of paths under one reading, in the form
// that lets one fold serve every shared hazard and view. A path's share E is
// what refusal and its own hazards have left of it.
type block struct {
	refused float64
	// untouched[k] − untouched[k+1] paths entered minus left, at step k, the
	// state of no further hazard with E = 1: most paths most of the time. It
	// holds differences.
	untouched []int64
	held      [][]float64  // Σ E at each step, by hazard class
	touched   []bool       // whether held[class] has anything
	ended     [3][]float64 // Σ E at each time of those a threshold ended
}

// The causes with a threshold, in the order of block.ended.
var thresholds = [3]model.Cause{model.Errored, model.Expired, model.PowerOff}

func (p *Program) newBlock() *block {
	b := &block{
		untouched: make([]int64, p.steps+1),
		held:      make([][]float64, len(p.classes)),
		touched:   make([]bool, len(p.classes)),
	}
	for c := range b.held {
		b.held[c] = make([]float64, p.steps)
	}
	for i := range b.ended {
		b.ended[i] = make([]float64, p.steps+1)
	}
	return b
}

func (b *block) reset() {
	b.refused = 0
	clear(b.untouched)
	for c := range b.held {
		if b.touched[c] {
			clear(b.held[c])
			b.touched[c] = false
		}
	}
	for i := range b.ended {
		clear(b.ended[i])
	}
}

// weigh adds a path, followed up to the time with index end, to the block as
// weights: at every step the path's hazards take their share of what is left of
// it, and a threshold takes all the rest.
func (e *endings) weigh(h *History, b *block, end int) {
	p := e.program
	stop, cause := e.stop(h)
	last := min(stop, end)
	b.refused += h.Refusal
	left := 1 - h.Refusal
	for i, run := range h.Runs {
		from, to := int(run.Step), min(h.next(i, p.steps), last)
		if from >= to {
			break
		}
		class := p.classOf[run.Condition]
		if class == 0 && left == 1 {
			b.untouched[from]++
			b.untouched[to]--
			continue
		}
		b.touched[class] = true
		held, keep := b.held[class], p.keep[class]
		for k := from; k < to; k++ {
			held[k] += left
			left *= keep
		}
	}
	if stop <= end && cause != model.Refused {
		for i, c := range thresholds {
			if c == cause {
				b.ended[i][stop] += left
			}
		}
	}
}

// event is an end as a 0/1 event; Completed means that the path was not ended.
type event struct {
	index int
	cause model.Cause
}

// toss draws when and how a path, followed up to the time with index end, ends
// in a view, from two uniform numbers. It is ended at the first time its
// survival falls below u: by refusal, by a hazard, or by the threshold that takes
// the rest.
func (e *endings) toss(h *History, t *survivalTable, u, v float64, end int) event {
	p := e.program
	left := 1 - h.Refusal
	if u > left {
		return event{0, model.Refused}
	}
	stop, cause := e.stop(h)
	last := min(stop, end)
	for i, run := range h.Runs {
		from, to := int(run.Step), min(h.next(i, p.steps), last)
		if from >= to {
			break
		}
		class := p.classOf[run.Condition]
		if class == 0 && u <= left*t.phi[to] {
			continue // most runs: no further hazard, and outlasted
		}
		keep := p.keep[class]
		for k := from; k < to; k++ {
			if u > left*keep*t.phi[k+1] {
				return event{k + 1, p.hazardCause(t, class, k, v)}
			}
			left *= keep
		}
	}
	if stop <= end {
		return event{stop, cause}
	}
	return event{end + 1, model.Completed}
}

// hazardCause picks the hazard that ends a path in step k, by the shares of the
// masses they book.
func (p *Program) hazardCause(t *survivalTable, class uint8, k int, v float64) model.Cause {
	rates := p.rates(t, p.classes[class])
	exposed, resign := t.exposed[class][k], t.resign[class][k]
	total := resign
	for _, rate := range rates {
		total += rate * exposed
	}
	v = v*total - resign
	if v <= 0 {
		return model.Resigned
	}
	last := model.Resigned
	for cause, rate := range rates {
		if rate > 0 {
			last = model.Cause(cause)
			if v -= rate * exposed; v <= 0 {
				break
			}
		}
	}
	return last
}
