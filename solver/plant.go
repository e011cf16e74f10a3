package solver

import (
	"math"

	"budget/model"
	"budget/solver/random"
)

// lane is one path on its way through the plant: its constants, its state at
// t_k and the history it leaves.
type lane struct {
	history History

	// Constants of the session.
	in         inputs
	low, high  uint32       // the path's number, for its random words
	r0, r1, r2 float64      // resistances at 25 degC [ohm], those of v1 and v2 times what a step does not leave
	drain      float64      // D/Q: state of charge per ampere and step
	held       model.Vector // the part of the thermal input that does not change, by mode
	sunHeat    float64      // in the sun [W]
	cpuLimit   int64        // greatest sum of the CPU window that does not exceed the limit
	watchCPU   bool         // whether the window can exceed it at all

	// State.
	z, v1, v2         float64
	modes             model.Vector // amplitudes of the thermal network's modes
	cellT, skinT      float64      // temperatures at the nodes B and K
	ou, noise         float64
	sun               bool
	state             int     // of the workload
	factor            float64 // on the state's power: m, and Low Power Mode
	lpm, asked        bool
	lowLevel, veryLow bool // displayed, at the last poll
	level             model.ThermalLevel
	rise, fall        float64 // temperatures at which the level changes next
	condition         int
	segment           int // of the open-circuit voltage
	knot              float64
	slope, intercept  float64
	cpu               cpuWindow
}

// begin puts a path at the start of the lane.
func (p *Program) begin(l *lane, s sampler, path uint64) {
	draws := s.path(path)
	l.in = p.draw(&draws)
	l.low, l.high = uint32(path), uint32(path>>32)
	in := &l.in

	l.r0, l.r1, l.r2 = in.resistances(&p.scenario.Battery)
	l.r1, l.r2 = (1-p.cell.decay1)*l.r1, (1-p.cell.decay2)*l.r2
	l.drain = p.step / (in.device.capacity * in.health)
	var temperatures model.Vector
	temperatures, l.v1, l.v2 = p.start(in)
	l.modes = in.net.amplitudes.Times(temperatures)
	l.cellT, l.skinT = weighted(&in.net.cell, &l.modes), weighted(&in.net.skin, &l.modes)
	l.z = in.level
	for i := range l.held {
		l.held[i] = float64(in.net.air[i]*in.ambient) + float64(in.net.wrist[i]*in.wrist)
	}
	l.sunHeat = in.net.model.SunAreaScale * in.irradiance
	l.segment = len(p.cell.knots) - 1
	l.knot = math.Inf(1)
	p.findSegment(l)
	l.ou, l.noise, l.sun = in.ou, in.noise, in.sun
	l.state = 0

	l.lpm, l.asked = in.lpmStart, in.lpmStart
	l.factor = in.power
	if l.lpm {
		l.factor *= float64(p.scenario.Policy.LPMPower)
	}
	l.lowLevel, l.veryLow = false, false
	l.level, l.condition = model.Nominal, -1
	l.rise, l.fall = p.levelBounds(l.level, in.threshold)

	// Where even a full window of the busiest state does not exceed the CPU
	// limit, the window is not kept.
	l.cpuLimit = p.cpuLimit(in.cpu)
	l.watchCPU = l.cpuLimit < p.busiest()*int64(p.cpuSteps)
	if l.watchCPU {
		l.cpu.reset(p.cpuSteps)
	}
	l.history = History{Runs: l.history.Runs[:0], End: p.steps + 1}
}

// advance takes a lane through step k of the plant and tells whether the path
// goes on to the next; after the last step it makes the tests at the end. It is
// the portable kernel: the equations are those of package model's cell, network
// and system, inlined; trace.go runs the same path through package model itself,
// and a test holds them together. The vector kernel has the same phases.
//
// Every product that is added to something is rounded first, float64(x*y) + z,
// so that no architecture fuses the two.
func (p *Program) advance(l *lane, key random.Key, k, steps int) bool {
	in, c, h := &l.in, &p.cell, &l.history
	z, t := l.z, l.cellT

	// Poll: displayed level and thermal level.
	weight := z * p.gauge.inverseConverge
	if weight > 1 {
		weight = 1
	} else if weight < 0 {
		weight = 0
	}
	shown := float64(100*(z+float64((in.bias+l.noise)*weight))) + 0.5
	low, veryLow := shown < p.gauge.lowBelow, shown < p.gauge.veryLowBelow
	if low != l.lowLevel || veryLow != l.veryLow || l.skinT >= l.rise || l.skinT < l.fall || k == 0 {
		l.lowLevel, l.veryLow = low, veryLow
		if !p.react(l, k, t, l.skinT) {
			return false
		}
	}

	// Cell at constant power.
	if z < l.knot {
		p.findSegment(l)
	}
	power := l.factor * p.load.power[l.state]
	abs := t + model.ZeroCelsius
	x := c.eaOverRg * (1/abs - inverseReference)
	g := c.rho + float64((1-c.rho)*random.Exp(x))
	s := 1 + float64(c.soCGain*random.Exp(float64(c.texp*x)-float64(z*c.inverseScale)))
	u := l.intercept + float64(l.slope*z)
	e := u - l.v1 - l.v2
	ohmic := l.r0 * g * s
	half := 0.5 * e
	current := power / (half + math.Sqrt(float64(half*half)-float64(ohmic*power)))
	voltage := e - float64(current*ohmic)
	if !(e > 0 && voltage >= c.vCut) { // without a root, voltage is no number
		h.End, h.Cause, h.AfterGrant = k, model.PowerOff, true
		return false
	}
	if k == steps {
		return false
	}

	// Integrate over the step.
	z -= float64(current * l.drain)
	l.z = z
	l.v1 = float64(c.decay1*l.v1) + float64(current*(l.r1*g*s))
	l.v2 = float64(c.decay2*l.v2) + float64(current*(l.r2*g))
	heat := float64(current*(u-voltage)) - float64(current*float64(abs*c.entropy))

	// Network: heat [W] at its nodes, mode by mode.
	front := power * p.load.front[l.state]
	logic := power - front
	if l.sun {
		front += l.sunHeat
	}
	n, y, ou := in.net, &l.modes, l.ou
	for i := range y {
		y[i] = ((l.held[i] + float64(n.air[i]*ou)) + float64(n.decay[i]*y[i])) +
			(float64(n.logic[i]*logic) + (float64(n.heat[i]*heat) + float64(n.front[i]*front)))
	}
	l.cellT, l.skinT = weighted(&n.cell, y), weighted(&n.skin, y)
	if z <= 0 || l.cellT >= c.tOff {
		h.End, h.Cause = k+1, model.PowerOff
		return false
	}
	if l.watchCPU && l.cpu.add(p.load.cpu[l.state]) > l.cpuLimit {
		h.End, h.Cause = k+1, model.Errored
		return false
	}

	// Drivers, to t_{k+1}.
	x0, x1, x2, x3 := random.Philox(key, uint32(k), purposeStep, l.low, l.high)
	l.ou = float64(in.env.ouDecay*ou) + float64(in.env.ouInnovate*random.Normal32(x0))
	l.noise = float64(p.gauge.decay*l.noise) + float64(p.gauge.innovate*random.Normal32(x1))
	if in.env.sunShare > 0 {
		if l.sun {
			l.sun = uint64(x2) < in.env.sunFromSun
		} else {
			l.sun = uint64(x2) < in.env.sunFromShade
		}
	}
	l.state = p.load.step(l.state, x3)
	return true
}

// weighted returns the temperature of a node, the sum of the modes with the
// node's share in each.
func weighted(w, y *model.Vector) float64 {
	t := float64(w[0] * y[0])
	t += float64(w[1] * y[1])
	t += float64(w[2] * y[2])
	t += float64(w[3] * y[3])
	t += float64(w[4] * y[4])
	return t
}

// react is what follows in step k from another displayed or thermal level: the
// Low Power prompt, the condition, and at the start the refusal. It tells whether
// the path goes on.
func (p *Program) react(l *lane, k int, cellT, skinT float64) bool {
	in, h := &l.in, &l.history
	now := 0
	if l.lowLevel {
		now += conditionLow
		if !l.asked {
			l.asked = true
			if in.lpmAccept {
				l.lpm = true
				l.factor *= float64(p.scenario.Policy.LPMPower)
			}
		}
	}
	if l.veryLow {
		now += conditionVeryLow
	}
	if skinT >= l.rise || skinT < l.fall {
		l.level = l.level.Next(&p.scenario.Policy, skinT, in.threshold)
		l.rise, l.fall = p.levelBounds(l.level, in.threshold)
	}
	if l.level >= model.Serious {
		now += int(l.level) - 1
	}
	if l.lpm {
		now += conditionLPM
	}
	if now != l.condition {
		l.condition = now
		h.Runs = append(h.Runs, Run{int32(k), uint8(now)})
	}
	if k == 0 {
		h.Refusal = p.scenario.Policy.Refusal(in.lpmStart, l.level, cellT >= p.cell.tOff)
		if h.Refusal == 1 {
			h.End, h.Cause = 0, model.Refused
			return false
		}
	}
	return true
}

// run steps one path of the plant to its end, or through the given number of
// steps, which may be fewer than the program's, and leaves its history in the
// lane.
func (p *Program) run(l *lane, s sampler, path uint64, steps int) {
	p.begin(l, s, path)
	for k := 0; p.advance(l, s.key, k, steps); k++ {
	}
}

// findSegment moves to the segment of the open-circuit voltage that holds z. The
// level only falls.
func (p *Program) findSegment(l *lane) {
	c := &p.cell
	for l.z < c.knots[l.segment] {
		l.segment--
	}
	l.knot, l.slope, l.intercept = c.knots[l.segment], c.slope[l.segment], c.intercept[l.segment]
}

// inverseReference is 1/T_abs at 25 degC, where resistances are given.
const inverseReference = 1 / (25 + model.ZeroCelsius)

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

// levelBounds returns the temperatures at node K at or above which the thermal
// level rises and below which it falls.
func (p *Program) levelBounds(l model.ThermalLevel, theta float64) (rise, fall float64) {
	rise, fall = math.Inf(1), math.Inf(-1)
	if l < model.Critical {
		rise = p.limits[l] + theta
	}
	if l > model.Nominal {
		fall = p.limits[l-1] + theta - float64(p.scenario.Policy.Hysteresis)
	}
	return rise, fall
}

// cpuLimit returns the greatest sum of the window's CPU shares, in integer
// units, that the limit allows a session with CPU factor c:
//
//	c Σ cpu D ≤ cpu_limit · cpu_window
//
// A unit per step of the window makes up for the rounding of the shares, so that
// a window exactly at the limit does not exceed it.
func (p *Program) cpuLimit(c float64) int64 {
	policy := &p.scenario.Policy
	limit := float64(policy.CPULimit) * float64(policy.CPUWindow) / (c * p.step)
	return int64(min(limit*cpuUnits, math.MaxInt64/2)) + int64(p.cpuSteps)
}

// busiest returns the CPU share of the busiest state in integer units.
func (p *Program) busiest() int64 {
	most := int64(0)
	for _, share := range p.load.cpu {
		most = max(most, share)
	}
	return most
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
