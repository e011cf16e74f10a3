package solver

import (
	"fmt"
	"sort"

	"budget/model"
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
	*hazards
	failures []model.Cause       // what a plan fails by
	rate     [conditions]float64 // at which a grant is used up in each condition
	pressing uint32              // the conditions in which that is not 1, as bits
	grant    int                 // steps that it lasts in all others

	// refusal is the probability that a start is refused, by whether Low Power Mode was
	// on, the thermal level critical, and the watch too hot.
	refusal [2][2][2]float64
}

func (h *hazards) newEndings(r Reading, failures []model.Cause) *endings {
	e := &endings{hazards: h, failures: failures}
	policy := *h.policy
	switch r {
	case Cautious:
	case AsDocumented:
		policy = policy.Documented()
	default:
		panic(fmt.Sprintf("solver: unknown reading %q", r))
	}
	for code := range e.rate {
		e.rate[code] = policy.GrantRate(conditionOf(code))
		if e.rate[code] != 1 {
			e.pressing |= 1 << code
		}
	}
	e.grant = e.grantSteps(0, 1)
	for low, first := range e.refusal {
		for critical, refusal := range first {
			for hot := range refusal {
				level := model.Nominal
				if critical == 1 {
					level = model.Critical
				}
				e.refusal[low][critical][hot] = policy.Refusal(low == 1, level, hot == 1)
			}
		}
	}
	return e
}

// refused returns the probability that the start of a path is refused.
func (e *endings) refused(s Start) float64 {
	place := func(b bool) int {
		if b {
			return 1
		}
		return 0
	}
	return e.refusal[place(s.LowPower)][place(s.Critical)][place(s.TooHot)]
}

// stop returns the index of the time at which a threshold ends the path, and
// how: the grant is used up, or the physics says so. It is steps+1 where the
// path runs through.
func (e *endings) stop(h *History) (int, model.Cause) {
	if e.session.Limit == 0 {
		return h.End, h.Cause
	}
	if expired := e.expiry(h); expired <= e.steps && (expired < h.End || expired == h.End && h.AfterGrant) {
		return expired, model.Expired
	}
	return h.End, h.Cause
}

// expiry returns the index of the time at which the grant is used up, as far as the
// history goes.
func (e *endings) expiry(h *History) int {
	if h.Seen&e.pressing == 0 {
		return e.grant // most paths
	}
	used := 0.0
	for i, run := range h.Runs {
		next, rate := h.Next(i, e.steps), e.rate[run.Condition]
		after := used + float64(next-int(run.Step))*e.step*rate
		if after >= float64(e.session.Limit)-1e-9 {
			return min(int(run.Step)+e.grantSteps(used, rate), next)
		}
		used = after
	}
	return e.steps + 1
}

// weigh adds n paths of a history, followed up to the time with index end, to a net
// of a ledger as weights: at every step a path's hazards take their share of what is
// left of it, and a threshold takes all the rest.
func (e *endings) weigh(h *History, n int64, l *ledger, net, end int) {
	stop, cause := e.stop(h)
	last := min(stop, end)
	refused := h.Weight * e.refused(h.Start)
	l.weight[net] += n * fixed(h.Weight)
	l.refused[net] += n * fixed(refused)
	left := h.Weight - refused
	amount := n * fixed(left)
	class, entered := -1, 0 // what the path is in, and since when
	for i, run := range h.Runs {
		from := int(run.Step)
		if from >= last {
			break
		}
		if now := int(e.classOf[run.Condition]); now != class {
			if class >= 0 {
				left *= e.keep[class][from-entered]
				amount = n * fixed(left)
				l.enter(net, class, from, -amount)
			}
			l.enter(net, now, from, amount)
			class, entered = now, from
		}
		if h.Next(i, e.steps) >= last {
			left *= e.keep[class][last-entered]
			amount = n * fixed(left)
			l.enter(net, class, last, -amount)
			break
		}
	}
	if stop <= end && cause != model.Refused {
		l.end(net, cause, stop, amount)
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
	left := 1 - e.refused(h.Start)
	if u > left {
		return event{0, model.Refused}
	}
	stop, cause := e.stop(h)
	last := min(stop, end)
	for i, run := range h.Runs {
		from, to := int(run.Step), min(h.Next(i, e.steps), last)
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

// hazardCause picks the cause whose hazard ends a path in step k, by the shares of the
// masses they book.
func (e *endings) hazardCause(t *survivalTable, class uint8, k int, v float64) model.Cause {
	rates := e.rates(t.view, class)
	exposed, resign := t.exposed[class][k], t.resign[class][k]
	total := resign
	for _, rate := range rates {
		total += rate * exposed
	}
	v = v*total - resign
	if v <= 0 {
		return e.frail
	}
	last := e.frail
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
