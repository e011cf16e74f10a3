package incidence

import (
	"iter"
	"slices"

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
	gates    uint8               // the same for plant.Case.Gates, as bits
	prompt   float64             // probability that the Low Power prompt ends a session
	rate     [conditions]float64 // at which a grant is used up, by condition
	pressing uint32              // the conditions with a rate other than 1, as bits
	grant    int                 // index of the time at which it is used up at rate 1

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
	}
	if !h.pauses {
		e.prompt = h.Session.PromptResigns(h.Policy)
	}
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
	e.grant = e.outlasted(1)
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

// GatedAt returns the rules for only the paths that start at or above one of the gates that
// programs share, by its index in plant.Case.Gates.
func (e *Rules) GatedAt(i int) *Rules {
	g := *e
	g.gates = 1 << i
	return &g
}

// below reports whether a path starts below the rules' gate.
func (e *Rules) below(s plant.Start) bool {
	return e.gated && s.BelowGate || s.BelowGates&e.gates != 0
}

// leavesOut reports whether the rules ignore a path.
func (e *Rules) leavesOut(h *plant.History) bool { return e.below(h.Start) }

// refused returns the probability that the start of a path is refused. A start below the gate is
// one that never happens.
func (e *Rules) refused(s plant.Start) float64 {
	if e.below(s) {
		return 1
	}
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
	if e.Session.Limit == 0 || e.Restart {
		return h.End, h.Cause
	}
	expired := e.expiry(h)
	if expired <= e.steps && (expired < h.End || expired == h.End && h.AfterGrant) {
		return expired, model.Expired
	}
	return h.End, h.Cause
}

// expiry returns the index of the time at which the grant of a stint is used up.
func (e *Rules) expiry(h *plant.History) int {
	if h.Seen&e.pressing == 0 && len(h.Restarts) == 0 {
		return e.grant // most paths
	}
	used := 0.0 // in the session so far
	for p := range e.parts(h, e.steps) {
		if p.starts() || len(p.restarts) > 0 {
			used = 0
		}
		if !p.leg.InSession() {
			continue
		}
		rate := e.rate[p.condition]
		after := used + float64(p.to-p.from)*e.step*rate
		if after >= float64(e.Session.Limit)-1e-9 {
			return min(p.from+e.grantSteps(used, rate), p.to)
		}
		used = after
	}
	return e.steps + 1
}

// restarted returns a history with the restarts of its used grants, in order among those that it
// has.
//
// The app starts a new session at once when the granted time is used up (Terms.Restart). The
// watch does not notice: only the starts differ, with what can make them fail, and every grant
// is fresh. So the restarts under some rules follow from a history. Where a stint or the path
// ends at the same time, or the user leaves, there is none.
func (e *Rules) restarted(h *plant.History) *plant.History {
	if !e.Restart || e.Session.Limit == 0 {
		return h
	}
	var found []plant.Restart
	used, expired, before := 0.0, false, uint8(0) // expired when the part before ended
	for p := range e.parts(h, min(h.End, e.steps)) {
		if p.starts() || len(p.restarts) > 0 {
			used, expired = 0, false
		}
		if !p.leg.InSession() {
			expired = false
			continue
		}
		start := func(step int, before uint8) {
			found = append(found, plant.Restart{Step: int32(step),
				LowPower: plant.ConditionOf(int(before)).LowPower,
				Critical: plant.ConditionOf(int(p.condition)).Thermal == model.Critical})
			used = 0
		}
		if expired {
			start(p.from, before)
		}
		rate, at := e.rate[p.condition], p.from
		for {
			n := max(e.grantSteps(used, rate), 1)
			if at+n >= p.to {
				used += float64(p.to-at) * e.step * rate
				expired = at+n == p.to
				break
			}
			at += n
			start(at, p.condition)
		}
		before = p.condition
	}
	if len(found) == 0 {
		return h
	}
	all := *h
	all.Restarts = append(found, h.Restarts...)
	slices.SortStableFunc(all.Restarts, func(a, b plant.Restart) int { return int(a.Step - b.Step) })
	return &all
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
	if e.timer() && poll <= e.steps && !e.legAt(poll).InSession() {
		return never // answered in a rest
	}
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

// startsAt returns the leg of a later start of a timer at the time with index k, or nil.
func (e *Rules) startsAt(k int) *model.Leg {
	if !e.timer() || k == 0 {
		return nil
	}
	if l := e.legAt(k); l.Starts && l.From == k {
		return l
	}
	return nil
}

// runAt returns the last run of a history that has step k.
func runAt(h *plant.History, k int) int {
	n := len(h.Runs) - 1
	for n > 0 && int(h.Runs[n].Step) > k {
		n--
	}
	return n
}

// lateRefusal returns the probability that a later start of a timer is refused, at step k in the
// n-th run of a history. Low Power Mode is that before the poll.
func (e *Rules) lateRefusal(h *plant.History, n, k int) float64 {
	for n > 0 && int(h.Runs[n-1].Step) == k {
		n-- // the runs after it began when the user came back from an absence
	}
	lowPower := h.Start.LowPower
	switch {
	case k > int(h.Runs[n].Step):
		lowPower = plant.ConditionOf(int(h.Runs[n].Condition)).LowPower
	case n > 0:
		lowPower = plant.ConditionOf(int(h.Runs[n-1].Condition)).LowPower
	}
	critical := plant.ConditionOf(int(h.Runs[n].Condition)).Thermal == model.Critical
	return e.refused(plant.Start{LowPower: lowPower, Critical: critical})
}

// cut returns the index of the time up to which a path that ends by a cause at stop is
// followed. Where the watch turns off just before a later start, that does not happen.
func (e *Rules) cut(h *plant.History, stop int, cause model.Cause) int {
	if cause == model.PowerOff && !h.AfterGrant && e.startsAt(stop) != nil {
		return stop - 1
	}
	return stop
}

// part is a part of a path in one leg and under one condition.
type part struct {
	run, from, to int // index of the run, and the steps
	condition     uint8
	leg           *model.Leg
	restarts      []plant.Restart // at its first step
}

// starts reports whether a stint starts with the part, startsLate whether it is not the first.
func (p *part) starts() bool     { return p.leg.Starts && p.from == p.leg.From }
func (p *part) startsLate() bool { return p.starts() && p.from > 0 }

// parts returns the parts of a path up to step last, in order.
func (e *Rules) parts(h *plant.History, last int) iter.Seq[part] {
	return func(yield func(part) bool) {
		leg, restarts := 0, h.Restarts
		for i, run := range h.Runs {
			next := min(h.Next(i, e.steps), last)
			for from := int(run.Step); from < next; {
				for e.legs[leg].To <= from {
					leg++
				}
				on := &e.legs[leg]
				to := min(next, on.To)
				here := restartsAt(restarts, from)
				if restarts = restarts[len(here):]; len(restarts) > 0 {
					to = min(to, int(restarts[0].Step))
				}
				if !yield(part{i, from, to, run.Condition, on, here}) {
					return
				}
				from = to
			}
		}
	}
}

// restartsAt returns the first of some restarts, as far as they are at a step.
func restartsAt(restarts []plant.Restart, step int) []plant.Restart {
	n := 0
	for n < len(restarts) && int(restarts[n].Step) == step {
		n++
	}
	return restarts[:n]
}

// lateRestarts returns the restarts at the end of a history by the physics, if there are any
// before it.
func lateRestarts(h *plant.History) []plant.Restart {
	n := len(h.Restarts)
	for n > 0 && int(h.Restarts[n-1].Step) == h.End {
		n--
	}
	return h.Restarts[n:]
}

// refusedAgain returns the probability that a start after an absence is refused.
func (e *Rules) refusedAgain(r plant.Restart) float64 {
	return e.refused(plant.Start{LowPower: r.LowPower, Critical: r.Critical})
}

// class returns the hazard class of a part.
func (e *Rules) class(p *part) int {
	if !p.leg.InSession() {
		return 0
	}
	return int(e.classOf[p.condition])
}
