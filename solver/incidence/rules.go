package incidence

import (
	"math"
	"sort"

	"budget/model"
	"budget/solver/plant"
)

// Rules are what ends sessions under one reading: they say from a history how a session
// ends. Histories do not depend on them, so any number of rules are evaluated on the same
// paths.
type Rules struct {
	*hazards
	reading  Reading
	failures []model.Cause       // what a plan fails by
	rate     [conditions]float64 // at which a grant is used up in each condition
	pressing uint32              // the conditions in which that is not 1, as bits
	grant    int                 // steps that it lasts in all others

	// refusal is the probability that a start is refused, by whether Low Power Mode was
	// on, the thermal level critical, and the watch too hot.
	refusal [2][2][2]float64
}

// Rules returns the rules on a plant, under readings. Without a limit readings do not
// differ, and there are rules for the first alone.
func (t Terms) Rules(on *plant.Plant, readings []Reading, failures []model.Cause) []*Rules {
	h := t.newHazards(on)
	if t.Session.Limit == 0 {
		readings = readings[:1]
	}
	var rules []*Rules
	for _, reading := range readings {
		rules = append(rules, h.newRules(reading, failures))
	}
	return rules
}

func (h *hazards) newRules(reading Reading, failures []model.Cause) *Rules {
	e := &Rules{hazards: h, reading: reading, failures: failures}
	policy := *h.Policy
	if reading == AsDocumented {
		policy = policy.Documented()
	}
	for code := range e.rate {
		e.rate[code] = policy.GrantRate(plant.ConditionOf(code))
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
func (e *Rules) refused(s plant.Start) float64 {
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
func (e *Rules) stop(h *plant.History) (int, model.Cause) {
	if e.Session.Limit == 0 {
		return h.End, h.Cause
	}
	expired := e.expiry(h)
	if expired <= e.steps && (expired < h.End || expired == h.End && h.AfterGrant) {
		return expired, model.Expired
	}
	return h.End, h.Cause
}

// expiry returns the index of the time at which the grant is used up, as far as the
// history goes.
func (e *Rules) expiry(h *plant.History) int {
	if h.Seen&e.pressing == 0 {
		return e.grant // most paths
	}
	used := 0.0
	for i, run := range h.Runs {
		next, rate := h.Next(i, e.steps), e.rate[run.Condition]
		after := used + float64(next-int(run.Step))*e.step*rate
		if after >= float64(e.Session.Limit)-1e-9 {
			return min(int(run.Step)+e.grantSteps(used, rate), next)
		}
		used = after
	}
	return e.steps + 1
}

// weigh adds n paths of a history, followed up to the time with index end, to a replicate
// of a exposure as weights: at every step a path's hazards take their share of what is
// left of it, and a threshold takes all the rest.
func (e *Rules) weigh(h *plant.History, n int64, l *exposure, replicate, end int) {
	stop, cause := e.stop(h)
	last := min(stop, end)
	refused := h.Weight * e.refused(h.Start)
	l.weight[replicate] += n * fixed(h.Weight)
	l.refused[replicate] += n * fixed(refused)
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
				left *= e.factor[class][from-entered]
				amount = n * fixed(left)
				l.enter(replicate, class, from, -amount)
			}
			l.enter(replicate, now, from, amount)
			class, entered = now, from
		}
		if h.Next(i, e.steps) >= last {
			left *= e.factor[class][last-entered]
			amount = n * fixed(left)
			l.enter(replicate, class, last, -amount)
			break
		}
	}
	if stop <= end && cause != model.Refused {
		l.end(replicate, cause, stop, amount)
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
func (e *Rules) toss(h *plant.History, t *survivalTable, u, v float64, end int) event {
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
		factor := e.factor[class]
		if u <= left*factor[to-from]*t.phi[to] {
			left *= factor[to-from]
			continue // most runs are outlasted
		}
		// Survival falls from step to step: find the one in which it falls below u.
		k := from + sort.Search(to-from, func(n int) bool { return u > left*factor[n+1]*t.phi[from+n+1] })
		return event{k + 1, e.hazardCause(t, class, k, v)}
	}
	if stop <= end {
		return event{stop, cause}
	}
	return event{end + 1, model.Completed}
}

// hazardCause picks the cause whose hazard ends a path in step k, by the shares of the
// masses they book.
func (e *Rules) hazardCause(t *survivalTable, class uint8, k int, v float64) model.Cause {
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

// counted reports which causes the sum of a view counts.
func (e *Rules) counted(v View) (counted [slotSum]bool) {
	if v == Meaning {
		for _, cause := range e.failures {
			counted[cause] = true
		}
		return counted
	}
	for cause := range counted {
		counted[cause] = true
	}
	return counted
}

// largest returns the largest weight that a path not yet seen could carry in a
// series up to the i-th duration: for causes that are hazards alone, what the hazard at its
// highest takes; for thresholds and refusals, all of a path. Where a hazard is
// off it still returns 1, so that no zero is printed as if it were certain.
func (e *Rules) largest(v View, slot, i int) float64 {
	s := float64(i+e.first) * e.step
	cause := model.Cause(slot)
	if slot == slotSum || !cause.Gradual() || v == Meaning && cause.Chosen() {
		return 1
	}
	rate := e.greatest[cause]
	if cause == e.frail {
		rate += e.Frailty * math.Log1p(e.rho*s/e.Frailty) / s
	}
	if rate <= 0 {
		return 1
	}
	return -math.Expm1(-rate * s)
}
