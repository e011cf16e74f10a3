package plant

import (
	"math"
	"slices"

	"budget/model"
)

// bounds hold for all of a plant's paths at all times together. A bound is wrong with
// probability below 1e-12 a path, which is negligible for a simulation.
//
//   - Ambient noise and gauge noise, stationary Gaussian processes, stay within 8.5
//     standard deviations of their laws; the probability that a step exceeds that is
//     2e-17.
//   - The load's energy over n steps stays below w0 + w1·n for a load factor of 1,
//     by Chernoff's bound, with probability 1 − 1e-18 (energyBound). The level of a watch
//     that is on falls at most as it would at the voltage that turns the watch off.
//   - Temperatures stay between the equilibria of the smallest and the largest input,
//     since the network is a positive system that starts between them. If a watch arrives
//     from another environment with temperatures up to δ outside, it stays within δ of
//     them: an equilibrium raised by δ at every node is the equilibrium of a larger input.
//   - The load warms a node by at most loadHeat, with probability 1 − 1e-20 at a step for
//     each interval of steps before it. Temperatures are sums of its part and the rest's.
//   - The current stays below P/V, with P the power of the busiest state and V the voltage
//     at this power for the resistances at the lowest temperature and level. This follows
//     by induction over the steps: the voltage falls to V only if the current was that
//     high before.
type bounds struct {
	possible bool    // the bounds hold in this scenario
	quiet    bool    // state quiet is the least busy
	busiest  int64   // largest CPU share of a state, in integer units
	shown    float64 // level above which, without the gauge's error, no threshold is displayed
	level    float64 // lowest level at which a path can be skipped, at least shown
	charge   float64 // integral of the open-circuit voltage up to there
	// Levels below which, and above which, without the gauge's error, a low level is displayed
	// and a very low one is not.
	shownLow, shownVeryLow float64
	// Greatest power of the load, and its least heat in the nodes P and F, for a load factor of
	// 1 [W].
	power                  float64
	leastLogic, leastFront float64
	energy                 energyBound
	usual                  float64 // about the mean energy of a step [J], not below it
	// Bounds on the heat in the nodes P and F alone, of which each is tightest for another
	// number of steps.
	logicEnergies, frontEnergies []energyBound
}

// newBounds returns the bounds of paths through legs with the given loads.
func newBounds(b *model.Battery, c *cell, loads []load, legs int, g *gauge, step float64,
	steps int) bounds {
	shown := (max(g.lowBelow, g.veryLowBelow) - 0.5) / 100
	level := max(shown, 0.1)
	s := bounds{
		possible: level < 1 && b.Entropy <= 0 && slices.IsSorted(b.OCV),
		quiet:    true,
		shown:    shown,
		level:    level,
		charge:   c.integral(level),
		shownLow: (g.lowBelow - 0.5) / 100, shownVeryLow: (g.veryLowBelow - 0.5) / 100,
		leastLogic: math.Inf(1), leastFront: math.Inf(1),
	}
	for n := range loads {
		l := &loads[n]
		s.quiet = s.quiet && l.cpu[0] == slices.Min(l.cpu[:])
		s.busiest = max(s.busiest, slices.Max(l.cpu[:]))
		for i, power := range l.power {
			s.power = max(s.power, power)
			s.leastLogic = min(s.leastLogic, power*(1-l.front[i]))
			s.leastFront = min(s.leastFront, power*l.front[i])
		}
	}
	all := func(l *load, state int) float64 { return l.power[state] }
	front := func(l *load, state int) float64 { return l.power[state] * l.front[state] }
	logic := func(l *load, state int) float64 { return l.power[state] * (1 - l.front[state]) }
	energies := energyBounds(loads, legs, step, 1e-18, all)
	s.energy = tightest(energies, 1, float64(steps))
	s.usual = energies[min(1, len(energies)-1)].w1 // for the smallest θ
	s.logicEnergies = energyBounds(loads, legs, step, 1e-20, logic)
	s.frontEnergies = energyBounds(loads, legs, step, 1e-20, front)
	return s
}

// energyBound is a bound w0 + w1·n [J] on the energy of any n steps in a row.
type energyBound struct{ w0, w1 float64 }

// energyBounds returns bounds such that for every n the energy of the next n steps of a path
// through legs with some of the given loads, from any state, exceeds each with probability at
// most delta. heat is the power [W] in a state. With e_s the energy of a step in state s, P the
// transition matrix and M = diag(exp(θ e)) P, Chernoff's bound for one load is
//
//	P(E_n ≥ w) ≤ e^(−θw) max (Mⁿ 1),
//
// and for any positive v with M v ≤ r v, Mⁿ 1 ≤ rⁿ v / min v. Any θ > 0 is valid: the larger it
// is, the fewer steps the bound is tight for. A leg begins in state quiet, so a further one
// multiplies the bound by rⁿ v_quiet / min v, of its own load and steps. A step after which a
// regular cue sets the state has M_c = diag(exp(θ e)) P_c instead, with P_c all in the column of
// the state cue or quiet and M_c v ≤ r_c v; among n steps of a leg these are at most
// (n/m + 1)(c + 1), for cues of c steps every m.
func energyBounds(loads []load, legs int, step, delta float64,
	heat func(l *load, state int) float64) []energyBound {
	most := 0.0
	energies := make([][4]float64, len(loads))
	for i := range loads {
		for s := range energies[i] {
			energies[i][s] = heat(&loads[i], s) * step
			most = max(most, energies[i][s])
		}
	}
	bounds := []energyBound{{w1: most}} // the busiest state at every step
	for theta := 1 / 64.0; theta < 1024 && theta*most <= 500; theta *= 1.25 {
		first, further, rate := 0.0, 0.0, 0.0
		for i := range loads {
			l, e := &loads[i], &energies[i]
			v, r := l.growth(theta, e)
			least := slices.Min(v[:])
			begins, beginsAgain := math.Log(slices.Max(v[:])/least), math.Log(v[model.StateQuiet]/least)
			grows := math.Log(r)
			if l.cueEvery > 0 {
				set := 0.0
				for s := range v {
					to := max(v[model.StateCue], v[model.StateQuiet])
					set = max(set, math.Exp(theta*e[s])*to/v[s])
				}
				more := max(0, math.Log(set/r)) * float64(l.cueSteps+1)
				begins, beginsAgain = begins+more, beginsAgain+more
				grows += more / float64(l.cueEvery)
			}
			first, further, rate = max(first, begins), max(further, beginsAgain), max(rate, grows)
		}
		w0 := (first + further*float64(legs-1) - math.Log(delta)) / theta
		bounds = append(bounds, energyBound{w0, rate / theta})
	}
	return bounds
}

// tightest returns the bound with the least x·w0 + y·w1.
func tightest(of []energyBound, x, y float64) (b energyBound) {
	least := math.Inf(1)
	for _, e := range of {
		if sum := x*e.w0 + y*e.w1; sum < least {
			b, least = e, sum
		}
	}
	return b
}

// growth returns v and r of energyBounds, given the energy of a step by state.
func (l *load) growth(theta float64, energy *[4]float64) (v [4]float64, r float64) {
	var m [4][4]float64
	for s, next := range l.next {
		before, factor := 0.0, math.Exp(theta*energy[s])
		for j := range m {
			cumulated := 1.0
			if j < len(next) {
				cumulated = float64(next[j]) / two32
			}
			m[s][j] = (cumulated - before) * factor
			before = cumulated
		}
	}
	v = [4]float64{1, 1, 1, 1}
	for range 200 {
		var next [4]float64
		least := math.Inf(1)
		r = 0
		for s := range v {
			for j := range v {
				next[s] += m[s][j] * v[j]
			}
			r, least = max(r, next[s]/v[s]), min(least, next[s]/v[s])
		}
		if r-least <= 1e-9*r {
			break
		}
		largest := slices.Max(next[:])
		for s := range v {
			v[s] = next[s] / largest
		}
	}
	// The ratios are those of v before the last round. The final v is no worse, since each
	// round narrows them.
	return v, r
}

// heatOf returns the bound of a node of a network.
func (s *bounds) heatOf(n *network, node int, step float64) (h loadHeat) {
	for _, from := range []struct {
		energies []energyBound
		node     int
		in       *model.Vector
		rate     *float64
	}{{s.logicEnergies, model.NodeP, &n.logic, &h.logic},
		{s.frontEnergies, model.NodeF, &n.front, &h.front}} {
		var response model.Vector
		for i := range response {
			response[i] = from.in[i] * n.shapes[node][i]
		}
		v := rises(response, n.decay)
		e := tightest(from.energies, v/step, n.gain[node][from.node]/step)
		*from.rate = e.w1 / step
		h.rest += e.w0 / step * v
	}
	return h
}
