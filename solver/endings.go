package solver

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"budget/model"
	"budget/solver/random"
)

// Reading is a reading of the grant: how pressure uses it up.
type Reading string

// The two readings of the session model, section 6.
const (
	Cautious     Reading = "cautious"   // the system shortens a grant under pressure
	AsDocumented Reading = "documented" // it does not
)

// endings are a program's rules under one reading: they tell from a history how a
// session ends. Histories do not depend on them, so any number of endings are
// evaluated on the same paths.
type endings struct {
	*Program
	policy   model.Policy
	failures []model.Cause       // what a plan fails by
	rate     [conditions]float64 // at which a grant is used up in each condition
	classes  []hazardClass
	classOf  [conditions]uint8
	keep     [][]float64 // by class: what n steps leave of a path, n = 0..steps
}

// hazardClass is a pair of hazards [1/s] that some conditions share. Class 0 has
// none.
type hazardClass struct{ thermal, battery float64 }

func (p *Program) newEndings(r Reading, failures []model.Cause) *endings {
	e := &endings{Program: p, policy: *p.policy, failures: failures, classes: []hazardClass{{}}}
	switch r {
	case Cautious:
	case AsDocumented:
		e.policy = e.policy.Documented()
	default:
		panic(fmt.Sprintf("solver: unknown reading %q", r))
	}
	for code := range e.rate {
		c := conditionOf(code)
		e.rate[code] = e.policy.GrantRate(c)
		class := hazardClass{e.policy.ThermalHazard(c), e.policy.BatteryHazard(c)}
		found := slices.Index(e.classes, class)
		if found < 0 {
			found = len(e.classes)
			e.classes = append(e.classes, class)
		}
		e.classOf[code] = uint8(found)
	}
	for _, class := range e.classes {
		keep := make([]float64, p.steps+1)
		for n := range keep {
			keep[n] = random.Exp(-(class.thermal + class.battery) * p.step * float64(n))
		}
		e.keep = append(e.keep, keep)
	}
	return e
}

// alive returns the last step that any path can reach before its grant is used up.
func (e *endings) alive() int {
	if e.session.Limit == 0 {
		return e.steps
	}
	return min(e.grantSteps(0, 1), e.steps) // grants are used up at a rate of at least 1
}

// refusal returns the probability that the start of a path is refused.
func (e *endings) refusal(s Start) float64 {
	first := model.Nominal
	if s.Critical {
		first = model.Critical
	}
	return e.policy.Refusal(s.LowPower, first, s.TooHot)
}

// stop returns the index of the time at which a threshold ends the path, and
// how: the grant is used up, or the physics says so. It is steps+1 where the
// path runs through.
func (e *endings) stop(h *History) (int, model.Cause) {
	if e.session.Limit == 0 {
		return h.End, h.Cause
	}
	used := 0.0
	for i, run := range h.Runs {
		next, rate := h.next(i, e.steps), e.rate[run.Condition]
		uses := float64(next-int(run.Step)) * e.step * rate
		if used += uses; used < float64(e.session.Limit)*(1-1e-6) {
			continue // most runs: far from the limit
		}
		expired := int(run.Step) + e.grantSteps(used-uses, rate)
		if expired <= next && expired <= e.steps {
			if expired < h.End || expired == h.End && h.AfterGrant {
				return expired, model.Expired
			}
			break
		}
	}
	return h.End, h.Cause
}

// grantSteps returns how many steps a grant lasts that is used at the given
// rate: the least n with n·D·rate ≥ limit − 1e-9 s.
func (e *endings) grantSteps(used, rate float64) int {
	left := float64(e.session.Limit) - 1e-9 - used
	return max(int(math.Ceil(left/(e.step*rate))), 0)
}

// weigh adds n paths of a history, followed up to the time with index end, to a net
// of a ledger as weights: at every step a path's hazards take their share of what is
// left of it, and a threshold takes all the rest.
func (e *endings) weigh(h *History, n int64, l *ledger, net, end int) {
	stop, cause := e.stop(h)
	last := min(stop, end)
	refused := h.Weight * e.refusal(h.Start)
	l.weight[net] += n * fixed(h.Weight)
	l.refused[net] += n * fixed(refused)
	left := h.Weight - refused
	class, entered := -1, 0 // what the path is in, and since when
	for i, run := range h.Runs {
		from := int(run.Step)
		if from >= last {
			break
		}
		if now := int(e.classOf[run.Condition]); now != class {
			if class >= 0 {
				left *= e.keep[class][from-entered]
				l.enter(net, class, from, -n*fixed(left))
			}
			l.enter(net, now, from, n*fixed(left))
			class, entered = now, from
		}
		if h.next(i, e.steps) >= last {
			left *= e.keep[class][last-entered]
			l.enter(net, class, last, -n*fixed(left))
			break
		}
	}
	if stop <= end && cause != model.Refused {
		l.end(net, cause, stop, n*fixed(left))
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
	left := 1 - e.refusal(h.Start)
	if u > left {
		return event{0, model.Refused}
	}
	stop, cause := e.stop(h)
	last := min(stop, end)
	for i, run := range h.Runs {
		from, to := int(run.Step), min(h.next(i, e.steps), last)
		if from >= to {
			break
		}
		class := e.classOf[run.Condition]
		keep := e.keep[class]
		if u <= left*keep[to-from]*t.phi[to] {
			left *= keep[to-from]
			continue // most runs are outlasted
		}
		// Survival falls from step to step: find the one in which it falls below u.
		k := from + sort.Search(to-from, func(n int) bool { return u > left*keep[n+1]*t.phi[from+n+1] })
		return event{k + 1, e.hazardCause(t, class, k, v)}
	}
	if stop <= end {
		return event{stop, cause}
	}
	return event{end + 1, model.Completed}
}

// hazardCause picks the hazard that ends a path in step k, by the shares of the
// masses they book.
func (e *endings) hazardCause(t *survivalTable, class uint8, k int, v float64) model.Cause {
	rates := e.rates(t, e.classes[class])
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
