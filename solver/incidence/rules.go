package incidence

import (
	"iter"
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

// weigher adds paths of one history to a replicate of an exposure.
type weigher struct {
	rules     *Rules
	exposure  *exposure
	replicate int
	paths     int64   // with this history
	left      float64 // weight of a path that survives so far
	class     int     // of the path, −1 if it is in none
	entered   int     // step when it entered it
}

// amount returns the amount of a weight.
func (w *weigher) amount(weight float64) int64 { return w.paths * fixed(weight) }

// leave lets the paths leave their class at a step.
func (w *weigher) leave(k int) {
	if w.class >= 0 {
		w.left *= w.rules.factor[w.class][k-w.entered]
		w.exposure.enter(w.replicate, w.class, k, -w.amount(w.left))
		w.class = -1
	}
}

// enter lets the paths enter a class at a step, if they are not in it.
func (w *weigher) enter(class, k int) {
	if class != w.class {
		w.leave(k)
		w.exposure.enter(w.replicate, class, k, w.amount(w.left))
		w.class, w.entered = class, k
	}
}

// take lets a share of the paths end at a step.
func (w *weigher) take(slot, k int, share float64) {
	w.exposure.end(w.replicate, slot, k, w.amount(w.left*share))
}

// takeLate lets a share of the paths end at a step after their users have left.
func (w *weigher) takeLate(slot, k int, share float64) {
	w.exposure.endLate(w.replicate, slot, k, w.amount(w.left*share))
}

// start books a later start of a timer at a step.
func (w *weigher) start(k int, refused float64) {
	w.leave(k)
	w.take(slotNotReturned, k, 1)
	w.begin(w.take, k, refused)
}

// restart books starts after absences at a step.
func (w *weigher) restart(restarts []plant.Restart, k int) {
	for _, r := range restarts {
		w.leave(k)
		w.begin(w.takeLate, k, w.rules.refusedAgain(r))
	}
}

// begin books how a start can fail.
func (w *weigher) begin(take func(slot, k int, share float64), k int, refused float64) {
	orphan := float64(w.rules.Timer.Orphan)
	take(slotInProgress, k, orphan)
	w.left *= 1 - orphan
	for _, slot := range []int{int(model.Refused), slotLate} {
		take(slot, k, refused)
	}
	w.left *= 1 - refused
}

// weigh adds n paths of a history, followed up to the time with index end, to a replicate
// of an exposure as weights. At every step hazards take their share of a path's survival,
// the prompt takes its share, and a threshold takes the whole rest.
func (e *Rules) weigh(h *plant.History, n int64, l *exposure, replicate, end int) {
	if e.leavesOut(h) {
		return
	}
	h = e.restarted(h)
	l.paths[replicate] += n
	stop, cause := e.stop(h)
	cut := e.cut(h, stop, cause)
	last := min(cut, end)
	refused := h.Weight * e.refused(h.Start)
	l.weight[replicate] += n * fixed(h.Weight)
	l.refused[replicate] += n * fixed(refused)
	w := weigher{e, l, replicate, n, h.Weight - refused, -1, 0}
	prompt := e.prompted(h, stop, cause)
	for p := range e.parts(h, last) {
		if p.startsLate() {
			w.start(p.from, e.lateRefusal(h, p.run, p.from))
		}
		w.restart(p.restarts, p.from)
		if p.from == prompt {
			w.leave(p.from)
			w.take(int(model.Resigned), p.from, e.prompt)
			w.left *= 1 - e.prompt
		}
		w.enter(e.class(&p), p.from)
	}
	w.leave(last)
	if e.startsAt(last) != nil {
		w.start(last, e.lateRefusal(h, runAt(h, last), last))
	}
	if prompt == last {
		w.take(int(model.Resigned), last, e.prompt)
		w.left *= 1 - e.prompt
	}
	switch {
	case stop > end || cause == model.Refused:
	case !late(h, cause):
		w.take(int(cause), cut, 1)
	case stop < end:
		w.restart(lateRestarts(h), stop)
		w.takeLate(int(cause), stop, 1)
	}
}

// late reports whether a path that ends by a cause does so after its user has left. That is
// booked at the time after, and is no end of a session that ends where the user has left.
func late(h *plant.History, cause model.Cause) bool { return h.Late && cause == model.PowerOff }

// Left returns the weight of a path that survives refusal and all ends up to and
// including the time with index i, for a user who means to finish. Rules must be Ready
// for Meaning.
func (e *Rules) Left(h *plant.History, i int) float64 {
	h = e.restarted(h)
	stop, cause := e.stop(h)
	if stop < i || stop == i && !late(h, cause) {
		return 0
	}
	left := h.Weight - h.Weight*e.refused(h.Start)
	if e.prompted(h, stop, cause) <= i {
		left *= 1 - e.prompt
	}
	for p := range e.parts(h, i) {
		if p.startsLate() {
			left *= (1 - float64(e.Timer.Orphan)) * (1 - e.lateRefusal(h, p.run, p.from))
		}
		for _, r := range p.restarts {
			left *= (1 - float64(e.Timer.Orphan)) * (1 - e.refusedAgain(r))
		}
		left *= e.factor[e.class(&p)][p.to-p.from]
	}
	return left * e.table(Meaning).phi[i]
}

// event is a 0/1 event; Completed means that nothing ended the path.
type event struct {
	index int
	cause model.Cause
	late  bool // a refusal at a later start
}

// toss draws when and how a path, followed up to the time with index end, ends in a view,
// from two uniform numbers. The path ends when its survival falls below u: by refusal, by
// the prompt, by a hazard, or by the threshold that takes the rest.
func (e *Rules) toss(h *plant.History, t *survivalTable, u, v float64, end int) event {
	h = e.restarted(h)
	left := 1 - e.refused(h.Start)
	if u > left {
		return event{cause: model.Refused}
	}
	stop, cause := e.stop(h)
	cut := e.cut(h, stop, cause)
	last, prompt := min(cut, end), e.prompted(h, stop, cause)
	starts := func(k, run int) (event, bool) {
		before := t.phi[k-1] // as at k, but for the users who do not come back
		if u > left*before*e.returns(t.view) {
			return event{index: k, cause: model.NotReturned}, true
		}
		return e.tossStart(t, u, &left, k, e.lateRefusal(h, run, k))
	}
	restarts := func(of []plant.Restart, k int) (event, bool) {
		for _, r := range of {
			if at, ended := e.tossStart(t, u, &left, k, e.refusedAgain(r)); ended {
				at.index++
				return at, true
			}
		}
		return event{}, false
	}
	for p := range e.parts(h, last) {
		if p.startsLate() {
			if at, ended := starts(p.from, p.run); ended {
				return at
			}
		}
		if at, ended := restarts(p.restarts, p.from); ended {
			return at
		}
		if p.from == prompt {
			if left *= 1 - e.prompt; u > left*t.phi[p.from] {
				return event{index: p.from, cause: model.Resigned}
			}
		}
		class, steps := e.class(&p), p.to-p.from
		factor := e.factor[class]
		if p.leg.InSession() && u > left*factor[steps]*t.phi[p.to] {
			// Survival falls from step to step: find the one in which it falls below u.
			k := p.from + sort.Search(steps, func(n int) bool {
				return u > left*factor[n+1]*t.phi[p.from+n+1]
			})
			return event{index: k + 1, cause: e.hazardCause(t, uint8(class), k, v)}
		}
		left *= factor[steps] // the path survives most parts
	}
	if e.startsAt(last) != nil {
		if at, ended := starts(last, runAt(h, last)); ended {
			return at
		}
	}
	if prompt == last && u > left*(1-e.prompt)*t.phi[last] {
		return event{index: last, cause: model.Resigned}
	}
	switch {
	case stop <= end && !late(h, cause):
		return event{index: cut, cause: cause}
	case stop < end:
		if at, ended := restarts(lateRestarts(h), stop); ended {
			return at
		}
		return event{index: stop + 1, cause: cause}
	}
	return event{index: end + 1, cause: model.Completed}
}

// tossStart draws whether a start after the first fails at step k, and lowers what is left of
// the path.
func (e *Rules) tossStart(t *survivalTable, u float64, left *float64, k int,
	refused float64) (event, bool) {
	*left *= 1 - float64(e.Timer.Orphan)
	if u > *left*t.phi[k] {
		return event{index: k, cause: model.InProgress}, true
	}
	*left *= 1 - refused
	if u > *left*t.phi[k] {
		return event{index: k, cause: model.Refused, late: true}, true
	}
	return event{}, false
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
	if slot >= slotAll && slot != slotLeft || !cause.Gradual() || v == Meaning && cause.Chosen() {
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
