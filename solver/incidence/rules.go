package incidence

import (
	"math"
	"slices"
	"sort"

	"budget/model"
	"budget/solver/plant"
)

// Rules are the terms under one reading: they determine from a history how a session
// ends. Histories do not depend on them, so any number of rules can be evaluated on the
// same paths.
type Rules struct {
	*hazards
	reading  Reading
	failures []model.Cause // causes that count as failure
	// countsRefused means that refusals are among them. Else failure is a share of
	// the sessions that start.
	countsRefused bool
	// gated leaves out the paths that start below the app's gate. All shares are then of those
	// at or above it.
	gated    bool
	prompt   float64             // probability that the Low Power prompt ends a session
	rate     [conditions]float64 // at which a grant is used up, by condition
	pressing uint32              // the conditions with a rate other than 1, as bits
	grant    int                 // number of steps that it lasts at rate 1

	// refusal is the probability that a start is refused, by whether Low Power Mode was
	// on, the thermal level critical, and the watch too hot.
	refusal [2][2][2]float64
}

// Differing returns how many of a number of readings can differ for a session type: 1 if
// it has no limit, since there is no grant.
func Differing(s *model.Session, readings int) int {
	if s.Limit == 0 {
		return min(readings, 1)
	}
	return readings
}

// Rules returns the rules on a plant for each reading. Without a limit readings do
// not differ, and only the first has rules.
func (t Terms) Rules(on *plant.Plant, readings []Reading, failures []model.Cause) []*Rules {
	h := t.newHazards(on)
	var rules []*Rules
	for _, reading := range readings[:Differing(t.Session, len(readings))] {
		rules = append(rules, h.newRules(reading, failures))
	}
	return rules
}

func (h *hazards) newRules(reading Reading, failures []model.Cause) *Rules {
	e := &Rules{hazards: h, reading: reading, failures: failures,
		countsRefused: slices.Contains(failures, model.Refused),
		prompt:        h.Session.PromptResigns(h.Policy)}
	policy := h.Policy.Of(h.Session)
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
				e.refusal[low][critical][hot] = h.Session.Refusal(&policy, low == 1, level, hot == 1)
			}
		}
	}
	return e
}

// Gated returns the rules for only the paths that start at or above the app's gate.
func (e *Rules) Gated() *Rules {
	g := *e
	g.gated = true
	return &g
}

// leavesOut reports whether the rules ignore a path.
func (e *Rules) leavesOut(h *plant.History) bool { return e.gated && h.Start.BelowGate }

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
// the cause: the grant or the physics. It is steps+1 if no threshold ends the
// path.
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

// expiry returns the index of the time at which the grant is used up.
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

// lowSeen are the conditions in which the displayed level is low, as bits.
var lowSeen = func() (seen uint32) {
	for code := range conditions {
		if plant.ConditionOf(code).Low {
			seen |= 1 << code
		}
	}
	return seen
}()

// prompted returns the index of the poll at which the Low Power prompt may take the front:
// the first poll with a low level, if Low Power Mode was off at the start. stop and cause
// are the end of the session by a threshold. It is steps+1 if the prompt cannot take the
// front.
func (e *Rules) prompted(h *plant.History, stop int, cause model.Cause) int {
	never := e.steps + 1
	if e.prompt == 0 {
		return never
	}
	poll := promptOf(h, never)
	if poll < stop || poll == stop && cause == model.PowerOff && h.AfterGrant {
		return poll // the cell fails after the poll of a step; other ends come before it
	}
	return never
}

// promptOf returns the index of the poll at which the Low Power prompt comes, or never.
func promptOf(h *plant.History, never int) int {
	if h.Start.LowPower || h.Seen&lowSeen == 0 {
		return never
	}
	for _, run := range h.Runs {
		if lowSeen>>run.Condition&1 == 1 {
			return int(run.Step)
		}
	}
	return never
}

// weigh adds n paths of a history, followed up to the time with index end, to a replicate
// of an exposure as weights. At every step hazards take their share of a path's survival,
// the prompt takes its share, and a threshold takes the whole rest.
func (e *Rules) weigh(h *plant.History, n int64, l *exposure, replicate, end int) {
	if e.leavesOut(h) {
		return
	}
	l.paths[replicate] += n
	stop, cause := e.stop(h)
	last := min(stop, end)
	refused := h.Weight * e.refused(h.Start)
	l.weight[replicate] += n * fixed(h.Weight)
	l.refused[replicate] += n * fixed(refused)
	left := h.Weight - refused
	amount := n * fixed(left)
	prompt := e.prompted(h, stop, cause)
	class, entered := -1, 0 // class of the path, and the step when it entered it
	for i, run := range h.Runs {
		from := int(run.Step)
		if from >= last {
			break
		}
		if from == prompt {
			if class >= 0 {
				left *= e.factor[class][from-entered]
				l.enter(replicate, class, from, -n*fixed(left))
				class = -1
			}
			l.end(replicate, model.Resigned, from, n*fixed(left*e.prompt))
			left *= 1 - e.prompt
			amount = n * fixed(left)
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
	if prompt == last {
		l.end(replicate, model.Resigned, last, n*fixed(left*e.prompt))
		amount = n * fixed(left*(1-e.prompt))
	}
	if stop <= end && cause != model.Refused {
		l.end(replicate, cause, stop, amount)
	}
}

// Left returns the weight of a path that survives refusal and all ends up to and
// including the time with index i, for a user who means to finish. Rules must be Ready
// for Meaning.
func (e *Rules) Left(h *plant.History, i int) float64 {
	stop, cause := e.stop(h)
	if stop <= i {
		return 0
	}
	left := h.Weight - h.Weight*e.refused(h.Start)
	if e.prompted(h, stop, cause) <= i {
		left *= 1 - e.prompt
	}
	for n, run := range h.Runs {
		from, to := int(run.Step), min(h.Next(n, e.steps), i)
		if from >= to {
			break
		}
		left *= e.factor[e.classOf[run.Condition]][to-from]
	}
	return left * e.table(Meaning).phi[i]
}

// event is a 0/1 event; Completed means that nothing ended the path.
type event struct {
	index int
	cause model.Cause
}

// toss draws when and how a path, followed up to the time with index end, ends in a view,
// from two uniform numbers. The path ends when its survival falls below u: by refusal, by
// the prompt, by a hazard, or by the threshold that takes the rest.
func (e *Rules) toss(h *plant.History, t *survivalTable, u, v float64, end int) event {
	left := 1 - e.refused(h.Start)
	if u > left {
		return event{0, model.Refused}
	}
	stop, cause := e.stop(h)
	last, prompt := min(stop, end), e.prompted(h, stop, cause)
	for i, run := range h.Runs {
		from, to := int(run.Step), min(h.Next(i, e.steps), last)
		if from >= last {
			break
		}
		if from == prompt {
			if left *= 1 - e.prompt; u > left*t.phi[from] {
				return event{from, model.Resigned}
			}
		}
		class := e.classOf[run.Condition]
		factor := e.factor[class]
		if u <= left*factor[to-from]*t.phi[to] {
			left *= factor[to-from]
			continue // the path survives most runs
		}
		// Survival falls from step to step: find the one in which it falls below u.
		k := from + sort.Search(to-from, func(n int) bool { return u > left*factor[n+1]*t.phi[from+n+1] })
		return event{k + 1, e.hazardCause(t, class, k, v)}
	}
	if prompt == last && u > left*(1-e.prompt)*t.phi[last] {
		return event{last, model.Resigned}
	}
	if stop <= end {
		return event{stop, cause}
	}
	return event{end + 1, model.Completed}
}

// hazardCause picks the cause whose hazard ends a path in step k, in proportion to
// their probabilities in the step.
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

// largest returns the largest possible weight of a path in a series up to the i-th duration:
// for causes that are only hazards, the part taken by the largest hazard and the prompt; for
// thresholds and refusals, the whole path. It is 1 even if a hazard is off, so that no zero is
// shown as certain.
func (e *Rules) largest(v View, slot, i int) float64 {
	s := float64(i+e.first) * e.step
	cause := model.Cause(slot)
	if slot == slotLeft {
		cause = model.Resigned
	}
	if slot == slotAll || slot == slotFailed || !cause.Gradual() || v == Meaning && cause.Chosen() {
		return 1
	}
	rate := e.greatest[cause]
	if cause == e.frail {
		rate += e.Frailty * math.Log1p(e.rho*s/e.Frailty) / s
	}
	if rate <= 0 {
		return 1
	}
	taken := -math.Expm1(-rate * s)
	if cause == model.Resigned {
		taken += (1 - taken) * e.prompt // at one poll
	}
	return taken
}
