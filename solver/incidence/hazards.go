package incidence

import (
	"math"
	"slices"
	"sync"

	"budget/model"
	"budget/solver/plant"
	"budget/solver/random"
)

// Terms are the hazards, refusals and grant of a scenario.
type Terms struct {
	Session *model.Session
	Policy  *model.Policy
	Frailty float64 // shape of the frailty of the users
	Timer   *model.Timer
	Restart bool // a new session starts when the granted time is used up
}

// Hazards returns the hazards of the system and of people.
func (t Terms) Hazards() []model.Hazard {
	return t.Session.Under(t.Policy)
}

// hazards are the hazards of a program, the same under every reading: the classes of
// conditions and the survival of a path over time. Tables that need much memory are made on
// demand and kept until Release.
//
// The rows of package model are of three sorts: one that a frailty multiplies; those that
// depend on the condition, by which a path differs from others; and those that are the same
// for every path.
type hazards struct {
	Terms
	step         float64 // D [s]
	steps, first int     // of a path, and the index of the time of the shortest session
	legs         []model.Leg
	pauses       bool          // leaving pauses it: it is in the path's restarts, and no hazard
	ends         []model.Cause // that end it

	frail    model.Cause             // by the hazard with the frailty
	rho      float64                 // that hazard for a frailty of 1 [1/s]
	own      []model.Cause           // by hazards that depend on the condition
	shared   [numViews][]model.Cause // by hazards that do not
	same     causeRates              // the latter
	greatest causeRates              // without the frail one, in any condition
	classes  []hazardClass
	classOf  [conditions]uint8
	making   sync.Mutex
	factor   [][]float64 // by class: survival of n steps, n = 0..alive+1
	tables   [numViews]*survivalTable
}

// hazardClass is a class of conditions with equal hazards. Class 0 has no
// hazards.
type hazardClass struct {
	own   []float64 // by place in hazards.own [1/s]
	total float64   // their sum
}

// causeRates are hazards by cause [1/s].
type causeRates = [model.Completed]float64

func (t Terms) newHazards(on *plant.Plant) *hazards {
	h := &hazards{Terms: t, step: on.Step, steps: on.Steps, first: on.First, legs: on.Legs,
		pauses: on.Pauses(), ends: model.Ends}
	if h.startsAgain() {
		h.ends = model.TimerEnds
	}
	rows := t.Hazards()
	var depends, has [model.Completed]bool
	for _, row := range rows {
		if row.Frail {
			h.frail = row.Cause
			if !h.pauses {
				h.rho = float64(row.Rate)
			}
			continue
		}
		has[row.Cause] = true
		depends[row.Cause] = depends[row.Cause] || row.While != model.Always
	}
	nominal := model.Rates(rows, model.Condition{}, 0)
	for _, cause := range model.Ends {
		switch {
		case !has[cause]:
		case depends[cause]:
			h.own = append(h.own, cause)
		default:
			h.same[cause] = nominal[cause]
			h.shared[AsUsed] = append(h.shared[AsUsed], cause)
			if !cause.Chosen() {
				h.shared[Meaning] = append(h.shared[Meaning], cause)
			}
		}
	}

	h.classes = []hazardClass{{own: make([]float64, len(h.own))}}
	for code := range h.classOf {
		rates := model.Rates(rows, plant.ConditionOf(code), 0)
		for cause, rate := range rates {
			h.greatest[cause] = max(h.greatest[cause], rate)
		}
		var class hazardClass
		for _, cause := range h.own {
			class.own = append(class.own, rates[cause])
			class.total += rates[cause]
		}
		found := slices.IndexFunc(h.classes, func(c hazardClass) bool {
			return slices.Equal(c.own, class.own)
		})
		if found < 0 {
			found = len(h.classes)
			h.classes = append(h.classes, class)
		}
		h.classOf[code] = uint8(found)
	}
	return h
}

// times returns the number of planned durations.
func (h *hazards) times() int { return h.steps - h.first + 1 }

// timer reports whether there are several phases.
func (h *hazards) timer() bool { return len(h.legs) > 1 }

// startsAgain reports whether there can be starts after the first.
func (h *hazards) startsAgain() bool { return h.timer() || h.restarts() }

// restarts reports whether there can be starts within a stint.
func (h *hazards) restarts() bool { return h.pauses || h.Restart }

// endings returns the number of series of endings that can have ends.
func (h *hazards) endings() int {
	if h.restarts() {
		return len(endings)
	}
	return atRestarts
}

// stintEnd returns the index of the duration at which the stint ends that the i-th is in or
// before.
func (h *hazards) stintEnd(i int) int {
	for j := range h.legs {
		if l := &h.legs[j]; l.Ends && l.To-h.first >= i {
			return l.To - h.first
		}
	}
	return i
}

// alive returns the last step that any path can reach before its grant is used up.
func (h *hazards) alive() int {
	if h.restarts() {
		return h.steps // they have fresh grants
	}
	return min(h.outlasted(1), h.steps) // grants are used up at a rate of at least 1
}

// outlasted returns the index of the time at which the grant of a stint is used up at a rate.
// It is more than steps if all stints are shorter.
func (h *hazards) outlasted(rate float64) int {
	if h.Session.Limit == 0 {
		return h.steps + 1
	}
	grant, from := h.grantSteps(0, rate), 0
	for i := range h.legs {
		switch l := &h.legs[i]; {
		case l.Starts:
			from = l.From
			fallthrough
		case l.InSession():
			if from+grant <= l.To {
				return from + grant
			}
		}
	}
	return h.steps + 1
}

// sessionSteps returns the number of steps in a session before step k.
func (h *hazards) sessionSteps(k int) int {
	if !h.timer() {
		return k
	}
	n := 0
	for i := range h.legs {
		if l := &h.legs[i]; l.InSession() && l.From < k {
			n += min(k, l.To) - l.From
		}
	}
	return n
}

// legAt returns the leg of step k; at the end of the last one, that.
func (h *hazards) legAt(k int) *model.Leg {
	i := 0
	for i+1 < len(h.legs) && h.legs[i].To <= k {
		i++
	}
	return &h.legs[i]
}

// grantSteps returns how many steps a grant lasts that is used at the given
// rate: the least n with n·D·rate ≥ limit − 1e-9 s.
func (h *hazards) grantSteps(used, rate float64) int {
	left := float64(h.Session.Limit) - 1e-9 - used
	return max(int(math.Ceil(left/(h.step*rate))), 0)
}

// eta returns the sum of the shared hazards of a view.
func (h *hazards) eta(v View) (eta float64) {
	for _, cause := range h.shared[v] {
		eta += h.same[cause]
	}
	return eta
}

// rates returns the hazards of a class in a view, but for the frail one.
func (h *hazards) rates(v View, class uint8) (rates causeRates) {
	for i, cause := range h.own {
		rates[cause] = h.classes[class].own[i]
	}
	for _, cause := range h.shared[v] {
		rates[cause] = h.same[cause]
	}
	return rates
}

// ready makes the tables for weighing paths.
func (h *hazards) ready() {
	h.making.Lock()
	defer h.making.Unlock()
	if h.factor != nil {
		return
	}
	for _, class := range h.classes {
		factor := make([]float64, h.alive()+2)
		for n := range factor {
			factor[n] = random.Exp(-class.total * h.step * float64(n))
		}
		h.factor = append(h.factor, factor)
	}
}

// Ready makes the tables of a view, before the rules are shared among
// goroutines.
func (h *hazards) Ready(v View) { h.table(v) }

// table returns the survival table of a view.
func (h *hazards) table(v View) *survivalTable {
	h.ready()
	h.making.Lock()
	defer h.making.Unlock()
	if h.tables[v] == nil {
		h.tables[v] = h.newSurvivalTable(v)
	}
	return h.tables[v]
}

// Release frees the tables; they are made again on demand.
func (h *hazards) Release() {
	h.factor, h.tables = nil, [numViews]*survivalTable{}
}

// survivalTable holds, for a view, the survival under the hazards that all paths share.
// The frailty is integrated out. With f Gamma of shape a and mean 1, ρ the frail hazard
// and η the sum of the others, the probability to survive them up to t is
//
//	φ(t) = exp(−η t) E[exp(−f ρ t)] = exp(−η t) (1 + ρ t/a)^−a
//
// The frailty needs no draw, because nothing else depends on it. Let E be the share of
// a path that has survived its further hazards up to t_k, and λ the sum of its further
// hazards in the step. Then it ends in the step by a cause of rate λ_i with probability
// λ_i E J_k, and by the frail one with probability E R_k, where
//
//	J_k = ∫₀ᴰ φ(t_k+u) e^(−λu) du,   R_k = ∫₀ᴰ φ(t_k+u) e^(−λu) ρ/(1 + ρ (t_k+u)/a) du
//
// This is the model's rule, 1 − e^−Λ split by the shares λ_i/Σλ, averaged over f.
//
// In a rest of a timer there are no hazards, and t is the time in sessions. At a later start φ
// falls by the users who do not come back. Where leaving pauses, the frail hazard does not end
// paths: ρ is 0 here.
type survivalTable struct {
	view    View
	phi     []float64               // φ(t_k), after a start at it
	taken   [len(endings)][]float64 // the part that is left of the amounts that endings take at t_k
	exposed [][]float64             // J_k by hazard class [s]
	resign  [][]float64             // R_k by hazard class
}

// The five-point Gauss–Legendre rule on [0, 1].
const gauss = 5

var (
	gaussNodes = [gauss]float64{0.046910077030668004, 0.23076534494715845, 0.5,
		0.7692346550528415, 0.953089922969332}
	gaussWeights = [gauss]float64{0.11846344252809454, 0.23931433524968324, 0.28444444444444444,
		0.23931433524968324, 0.11846344252809454}
)

func (h *hazards) newSurvivalTable(v View) *survivalTable {
	rho, a := h.rho, h.Frailty
	// After alive survival is 0. The first duration is read even if the limit is
	// shorter.
	last := max(h.alive(), h.first)
	t := &survivalTable{view: v, phi: make([]float64, last+1)}
	eta := h.eta(v)
	for i := range t.taken {
		t.taken[i] = t.phi
	}
	if h.timer() {
		h.survivalOfTimer(t, eta)
	} else {
		for k := range t.phi {
			s := float64(k) * h.step
			t.phi[k] = random.Exp(-eta*s) * h.outlasting(s)
		}
	}
	if h.restarts() {
		before := append([]float64{0}, t.phi...) // φ at the step before
		for i := atRestarts; i < len(endings); i++ {
			t.taken[i] = before
		}
	}

	further := make([]float64, len(h.classes))
	fastest := eta + rho
	for c, class := range h.classes {
		t.exposed = append(t.exposed, make([]float64, last))
		t.resign = append(t.resign, make([]float64, last))
		further[c] = class.total
		fastest = max(fastest, eta+rho+further[c])
	}
	// The exposure at the nodes of a panel, by class, for a panel length and a start u
	// [s] in the step. It is the same in most steps.
	var atLength, atU float64
	left := make([][gauss]float64, len(further))
	exposed, resign := make([]float64, len(further)), make([]float64, len(further))
	for k := range last {
		if h.timer() && !h.legAt(k).InSession() {
			continue
		}
		clear(exposed)
		clear(resign)
		start := float64(h.sessionSteps(k)) * h.step
		common := random.Exp(-eta * start)
		for u := 0.0; u < h.step; {
			length := h.panel(start, u, fastest)
			if length != atLength || u != atU {
				atLength, atU = length, u
				for c := range left {
					for j, x := range gaussNodes {
						left[c][j] = gaussWeights[j] * length * random.Exp(-(eta+further[c])*(u+x*length))
					}
				}
			}
			var f, r [gauss]float64
			for j, x := range gaussNodes {
				at := start + u + x*length
				f[j] = common * h.outlasting(at)
				r[j] = f[j] * rho / (1 + rho*at/a)
			}
			for c := range left {
				for j, w := range left[c] {
					exposed[c] += w * f[j]
					resign[c] += w * r[j]
				}
			}
			u += length
			if h.step-u < 1e-9*h.step {
				break
			}
		}
		// Correct the rounding error in proportion, so that the ends of a step
		// sum to the survival lost in it.
		for c := range further {
			lost := t.phi[k] - t.phi[k+1]*h.factor[c][1]
			scale := 0.0
			if sum := (eta+further[c])*exposed[c] + resign[c]; sum > 0 {
				scale = lost / sum
			}
			t.exposed[c][k], t.resign[c][k] = exposed[c]*scale, resign[c]*scale
		}
	}
	return t
}

// survivalOfTimer computes φ and the users who do not come back to the later starts of a timer.
func (h *hazards) survivalOfTimer(t *survivalTable, eta float64) {
	returns := h.returns(t.view)
	gone := make([]float64, len(t.phi))
	t.taken[slices.Index(endings[:], slotNotReturned)] = gone
	started := 1.0 // share of users who have come back so far
	for k := range t.phi {
		s := float64(h.sessionSteps(k)) * h.step
		survives := random.Exp(-eta*s) * h.outlasting(s)
		if l := h.legAt(k); l.Starts && l.From == k && k > 0 {
			gone[k] = survives * started * (1 - returns)
			started *= returns
		}
		t.phi[k] = survives * started
	}
}

// returns is the probability that a user comes back after a rest, in a view.
func (h *hazards) returns(v View) float64 {
	if v == Meaning {
		return 1
	}
	return float64(h.Timer.Return)
}

// panel returns the length [s] of the panel that starts u seconds into the step from
// start [s] on. The rule is applied to panels in which no hazard reaches 1/2, given the
// sum of the fastest [1/s], and the frailty's power changes little; its relative error is
// then below 1e-12. In the catalog one panel is the whole step.
func (h *hazards) panel(start, u, fastest float64) float64 {
	length := min(h.step-u, 0.5/fastest)
	if h.rho > 0 {
		length = min(length, 0.5*(h.Frailty/h.rho+start+u))
	}
	return length
}

// outlasting returns φ(s) without its factor exp(−η s): the probability to survive the
// frail hazard.
func (h *hazards) outlasting(s float64) float64 {
	if h.rho == 0 {
		return 1
	}
	return random.Exp(-h.Frailty * math.Log1p(h.rho*s/h.Frailty))
}
