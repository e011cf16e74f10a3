package plant

import (
	"math"

	"budget/model"
	"budget/solver/random"
)

// lane is one path on its way through the plant: its constants, its state at
// t_k and the history it leaves.
type lane struct {
	history History
	path    uint64
	stepped int64 // steps of all paths that were on the lane

	// Constants of the session.
	in         inputs
	r0, r1, r2 float64      // resistances at 25 degC [ohm], those of v1 and v2 times what a step does not leave
	drain      float64      // D/Q: state of charge per ampere and step
	held       model.Vector // the part of the thermal input that never changes, by mode
	sunHeat    float64      // in the sun [W]
	cpuLimit   int64        // greatest sum of the CPU window that does not exceed the limit
	watchCPU   bool         // whether the window can exceed it at all
	// From settle.go:
	noiseBelow             float64 // level below which the gauge's noise matters
	settledAt0, settleFall float64 // level from which on a path is settled at t = 0, and its fall per step

	// State.
	k                 int // step
	z, v1, v2         float64
	x, alpha, boost   float64      // exponent of the Arrhenius factor, the factor, and s − 1
	fall              float64      // of z in the last step
	modes             model.Vector // of the thermal network, as parts of the temperature at node B
	cellT, skinT      float64      // temperatures at the nodes B and K
	ou, noise         float64
	noisy             bool // whether the gauge's noise is followed
	sun               bool
	state             int          // of the workload
	factor            float64      // on the state's power: m, and Low Power Mode
	power             float64      // of the load [W]
	input             model.Vector // thermal input but for cell heat and ambient noise, by mode
	lpm, asked        bool
	lowLevel, veryLow bool // displayed, at the last poll
	level             model.ThermalLevel
	rise, leave       float64 // temperatures at which the level changes next
	condition         int
	segment           int // of the open-circuit voltage
	knot              float64
	slope, intercept  float64
	cpu               cpuWindow

	// Random numbers of the turn.
	airs, noises [turn]float64 // standard normal
	loads, suns  [turn]uint32

	// To end a settled path with (settle.go).
	loadBlock loadBlock
	busy      busyWindow
}

// enter puts a path on the lane: its session draws, and what they say of it before
// its temperatures are known.
func (p *Plant) enter(l *lane, d *sessionDraws, path uint64, steps int) {
	d.move(path)
	p.draw(d, &l.in)
	in := &l.in
	l.path = path
	l.history = History{Weight: in.weight, Runs: l.history.Runs[:0], End: p.Steps + 1}
	l.factor = in.power
	if in.lpmStart {
		l.factor *= float64(p.Scenario.Policy.LPMPower)
	}
	l.r0, l.r1, l.r2 = in.resistances(&p.Scenario.Battery)
	l.drain = p.Step / (in.device.capacity * in.health)

	// Where even a full window of the busiest state does not exceed the CPU
	// limit, the window is not kept.
	l.cpuLimit = p.cpuLimit(in.cpu)
	l.watchCPU = l.cpuLimit < p.load.busiest()*int64(p.cpuSteps)
	p.settle(l, steps)
}

// begin puts a path on the lane and tells whether it needs to be stepped: a path
// that is settled from the start leaves its history at once.
func (p *Plant) begin(l *lane, d *sessionDraws, loads loadWords, path uint64, steps int) bool {
	p.enter(l, d, path, steps)
	if l.settled(0, l.in.level) {
		p.skip(l, loads, steps)
		return false
	}
	p.start(l)
	return true
}

// start puts a path that has entered the lane at its start.
func (p *Plant) start(l *lane) {
	in := &l.in
	var temperatures model.Vector
	temperatures, l.v1, l.v2 = p.equilibrium(in, l.r1, l.r2)
	l.r1, l.r2 = (1-p.cell.decay1)*l.r1, (1-p.cell.decay2)*l.r2
	l.modes = in.net.amplitudes.Times(temperatures)
	l.cellT, l.skinT = temperatures[model.NodeB], temperatures[model.NodeK]
	l.k, l.z, l.fall = 0, in.level, 0
	l.resist(p.cell.exponent(l.cellT), &p.cell)
	for i := range l.held {
		l.held[i] = float64(in.net.air[i]*in.ambient) + float64(in.net.wrist[i]*in.wrist)
	}
	l.sunHeat = in.net.model.SunAreaScale * in.irradiance
	l.segment = len(p.cell.knots) - 1
	l.knot = math.Inf(1)
	p.findSegment(l)
	l.ou, l.sun = in.ou, in.sun
	l.noise, l.noisy = 0, false
	l.state = 0
	l.lpm, l.asked = in.lpmStart, in.lpmStart
	l.lowLevel, l.veryLow = false, false
	l.level, l.condition = model.Nominal, -1
	l.rise, l.leave = p.levelBounds(l.level, in.threshold)
	if l.watchCPU {
		l.cpu.reset(p.cpuSteps)
	}
	p.demand(l)
}

// proceed takes a lane through its next step and tells whether the path goes on.
func (p *Plant) proceed(l *lane, key random.Key, loads loadWords, steps int) bool {
	if l.k%turn == 0 {
		if l.settled(l.k, l.z) {
			p.endSettled(l, loads, steps)
			return false
		}
		p.renew(l, key)
	}
	return p.advance(l, steps)
}

// renew draws the random numbers of the turn that begins with the lane's step.
func (p *Plant) renew(l *lane, key random.Key) {
	k := l.k
	for i, word := range driverWords(key, purposeAir, l.path, k) {
		l.airs[i] = random.Normal32(word)
	}
	l.loads = driverWords(key, purposeLoad, l.path, k)
	if l.in.env.sunShare > 0 {
		l.suns = driverWords(key, purposeSun, l.path, k)
	}
	if l.z < l.noiseBelow && !l.noisy {
		l.noise, l.noisy = l.in.noise, true
	}
	if l.noisy {
		for i, word := range driverWords(key, purposeNoise, l.path, k) {
			l.noises[i] = random.Normal32(word)
		}
	}
}

// advance takes a lane through its step k of the plant and tells whether the path
// goes on to the next; after the last step it makes the tests at the end. It is
// the portable kernel: the equations are those of package model's cell, network
// and system, inlined; trace.go runs the same path through package model itself,
// and a test holds them together. The vector kernels have the same phases.
//
// Every product that is added to something is rounded first, float64(x*y) + z,
// so that no architecture fuses the two.
func (p *Plant) advance(l *lane, steps int) bool {
	in, c, h, k := &l.in, &p.cell, &l.history, l.k
	z, t := l.z, l.cellT

	// Poll: displayed level and thermal level.
	low, veryLow := false, false
	if l.noisy {
		shown := p.gauge.shown(z, in.bias+l.noise)
		low, veryLow = shown < p.gauge.lowBelow, shown < p.gauge.veryLowBelow
	}
	if low != l.lowLevel || veryLow != l.veryLow || l.skinT >= l.rise || l.skinT < l.leave || k == 0 {
		l.lowLevel, l.veryLow = low, veryLow
		if !p.react(l, k, t, l.skinT) {
			return false
		}
	}

	// Resistances, from those of the last step.
	abs := t + model.ZeroCelsius
	x := c.eaOverRg * (1/abs - inverseReference)
	dx := x - l.x
	ds := float64(c.texp*dx) + float64(l.fall*c.inverseScale)
	if float64(dx*dx)+float64(ds*ds) <= random.ExpSmallReach*random.ExpSmallReach {
		l.x = x
		l.alpha *= random.ExpSmall(dx)
		l.boost *= random.ExpSmall(ds)
	} else {
		l.resist(x, c)
	}
	g := c.rho + float64((1-c.rho)*l.alpha)
	gs := g * (1 + l.boost)

	// Cell at constant power.
	if z < l.knot {
		p.findSegment(l)
	}
	u := l.intercept + float64(l.slope*z)
	e := u - l.v1 - l.v2
	ohmic := l.r0 * gs
	half := 0.5 * e
	current := l.power / (half + math.Sqrt(float64(half*half)-float64(ohmic*l.power)))
	voltage := e - float64(current*ohmic)
	if !(e > 0 && voltage >= c.vCut) { // without a root, voltage is no number
		h.End, h.Cause, h.AfterGrant = k, model.PowerOff, true
		return false
	}
	if k == steps {
		return false
	}
	l.stepped++

	// Integrate over the step.
	l.fall = current * l.drain
	z -= l.fall
	l.z = z
	l.v1 = float64(c.decay1*l.v1) + float64(current*(l.r1*gs))
	l.v2 = float64(c.decay2*l.v2) + float64(current*(l.r2*g))
	heat := float64(current*(u-voltage)) - float64(current*float64(abs*c.entropy))

	// Network, mode by mode: the amplitudes are parts of the temperature at node B,
	// which is had sooner as that without the cell's heat and what the heat adds.
	n, y, ou := in.net, &l.modes, l.ou
	y0 := (l.input[0] + float64(n.air[0]*ou)) + float64(n.decay[0]*y[0])
	y1 := (l.input[1] + float64(n.air[1]*ou)) + float64(n.decay[1]*y[1])
	y2 := (l.input[2] + float64(n.air[2]*ou)) + float64(n.decay[2]*y[2])
	y3 := (l.input[3] + float64(n.air[3]*ou)) + float64(n.decay[3]*y[3])
	y4 := (l.input[4] + float64(n.air[4]*ou)) + float64(n.decay[4]*y[4])
	l.cellT = (((y0 + y1) + (y2 + y3)) + y4) + float64(n.cellHeat*heat)
	y[0] = y0 + float64(n.heat[0]*heat)
	y[1] = y1 + float64(n.heat[1]*heat)
	y[2] = y2 + float64(n.heat[2]*heat)
	y[3] = y3 + float64(n.heat[3]*heat)
	y[4] = y4 + float64(n.heat[4]*heat)
	l.skinT = ((float64(n.skin[0]*y[0]) + float64(n.skin[1]*y[1])) + (float64(n.skin[2]*y[2]) + float64(n.skin[3]*y[3]))) + float64(n.skin[4]*y[4])
	if z <= 0 || l.cellT >= c.tOff {
		h.End, h.Cause = k+1, model.PowerOff
		return false
	}
	if l.watchCPU && l.cpu.add(p.load.cpu[l.state]) > l.cpuLimit {
		h.End, h.Cause = k+1, model.Errored
		return false
	}

	// Drivers, to t_{k+1}.
	at := k % turn
	l.ou = float64(in.env.ouDecay*ou) + float64(in.env.ouInnovate*l.airs[at])
	if l.noisy {
		l.noise = float64(p.gauge.decay*l.noise) + float64(p.gauge.innovate*l.noises[at])
	}
	sun, state := l.sun, p.load.step(l.state, l.loads[at])
	if in.env.sunShare > 0 {
		if sun {
			sun = uint64(l.suns[at]) < in.env.sunFromSun
		} else {
			sun = uint64(l.suns[at]) < in.env.sunFromShade
		}
	}
	if state != l.state || sun != l.sun {
		l.state, l.sun = state, sun
		p.demand(l)
	}
	l.k++
	return true
}

// shown returns the displayed level at true level z with gauge error e, in per cent plus
// a half before it is rounded down.
func (g *gaugeStep) shown(z, e float64) float64 {
	weight := z * g.inverseConverge
	if weight > 1 {
		weight = 1
	} else if weight < 0 {
		weight = 0
	}
	return float64(100*(z+float64(e*weight))) + 0.5
}

// demand sets the power and the thermal input of the lane's load, in its state and
// in the sun or not.
func (p *Plant) demand(l *lane) {
	l.power = l.factor * p.load.power[l.state]
	front := l.power * p.load.front[l.state]
	logic := l.power - front
	if l.sun {
		front += l.sunHeat
	}
	n := l.in.net
	for i := range l.input {
		l.input[i] = l.held[i] + (float64(n.logic[i]*logic) + float64(n.front[i]*front))
	}
}

// exponent returns the exponent of the Arrhenius factor at battery temperature t
// [degC].
func (c *cell) exponent(t float64) float64 {
	return c.eaOverRg * (1/(t+model.ZeroCelsius) - inverseReference)
}

// resist sets what the resistances are made of, for the exponent x and the lane's
// level:
//
//	α = eˣ,   s − 1 = soc_gain · exp(−z/soc_scale) · α^soc_texp
//
// Temperature and level move little in a step. So steps multiply both by the
// exponential of the small difference of exponents, and come here only where it
// is not small. With differences up to 2^-6 the error of a step is below 2e-14 of
// the factor, in proportion to the sixth power of the difference, and that of a
// path whose exponents change by V in all below 1.3e-12·V.
func (l *lane) resist(x float64, c *cell) {
	l.x = x
	l.alpha = random.Exp(x)
	l.boost = c.soCGain * random.Exp(float64(c.texp*x)-float64(l.z*c.inverseScale))
	if l.boost < 1e-280 && c.soCGain > 0 {
		l.x = math.NaN() // too small to carry on with: the next step comes here too
	}
}

// react is what follows in step k from another displayed or thermal level: the
// Low Power prompt, the condition, and at the start what a refusal depends on. It
// tells whether the path goes on.
func (p *Plant) react(l *lane, k int, cellT, skinT float64) bool {
	in, h := &l.in, &l.history
	now := 0
	if l.lowLevel {
		now += conditionLow
		if !l.asked {
			l.asked = true
			if in.lpmAccept {
				l.lpm = true
				l.factor *= float64(p.Scenario.Policy.LPMPower)
				p.demand(l)
			}
		}
	}
	if l.veryLow {
		now += conditionVeryLow
	}
	if skinT >= l.rise || skinT < l.leave {
		l.level = l.level.Next(&p.Scenario.Policy, skinT, in.threshold)
		l.rise, l.leave = p.levelBounds(l.level, in.threshold)
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
		h.Seen |= 1 << now
	}
	if k == 0 {
		h.Start = Start{LowPower: in.lpmStart, Critical: l.level == model.Critical, TooHot: cellT >= p.cell.tOff}
		if h.Start.TooHot {
			h.End, h.Cause = 0, model.Refused
			return false
		}
	}
	return true
}

// findSegment moves to the segment of the open-circuit voltage that holds z. The
// level only falls.
func (p *Plant) findSegment(l *lane) {
	c := &p.cell
	for l.z < c.knots[l.segment] {
		l.segment--
	}
	l.knot, l.slope, l.intercept = c.knots[l.segment], c.slope[l.segment], c.intercept[l.segment]
}

// inverseReference is 1/T_abs at 25 degC, where resistances are given.
const inverseReference = 1 / (25 + model.ZeroCelsius)

// levelBounds returns the temperatures at node K at or above which the thermal
// level rises and below which it is left.
func (p *Plant) levelBounds(l model.ThermalLevel, theta float64) (rise, leave float64) {
	rise, leave = math.Inf(1), math.Inf(-1)
	if l < model.Critical {
		rise = p.limits[l] + theta
	}
	if l > model.Nominal {
		leave = p.limits[l-1] + theta - float64(p.Scenario.Policy.Hysteresis)
	}
	return rise, leave
}
