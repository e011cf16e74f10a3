package plant

import (
	"math"
	"math/bits"

	"budget/model"
	"budget/solver/random"
)

// A path is settled when nothing can end it any more, nor change its condition,
// but the CPU limit: its battery is too full, its cell too warm and its skin too
// cool for the time that is left. What it goes through no longer matters, so it
// is not stepped.
//
// "Can" is meant up to chance so small that it does not exist for a simulation: a
// statement here is wrong with probability below 1e-12 a path. The bounds hold at
// all times together:
//
//   - ambient noise and gauge noise, stationary Gaussian processes, stay within
//     8.5 standard deviations of their laws; a step leaves that with probability
//     2e-17;
//   - the load's energy over n steps stays below w0 + w1·n for a load factor of 1,
//     by Chernoff's bound, with probability 1 − 1e-18 (energyBound);
//   - temperatures never leave the equilibria of the least and the greatest input,
//     since the network is a positive system that starts between them;
//   - the current stays below P/V with P the power of the busiest state and V the
//     voltage under it of a cell whose resistances are those of the lowest
//     temperature and level, by induction over the steps: it is as low as V only if
//     the current was as high before.
//
// The gauge's noise, too, matters only near the levels that the system looks at.
// It is a stationary process that nothing else depends on. So it starts, in its
// stationary law, when the level first comes within its reach.

// reach is the number of standard deviations that a Gaussian process stays within.
const reach = 8.5

// settling holds what the bounds of a plant's paths are made of.
type settling struct {
	possible bool    // whether they hold at all in this scenario
	quiet    bool    // whether state quiet is the least busy
	shown    float64 // true level down to which no threshold is displayed but for the gauge's error
	level    float64 // least level that can be settled, at or above shown
	voltage  float64 // open-circuit voltage at that level [V]
	emptying float64 // s − 1 at that level for α = 1
	// Greatest and least heat of the load in the nodes P and F, and greatest power,
	// for a load factor of 1 [W].
	logic, front           float64
	leastLogic, leastFront float64
	power                  float64
	w0, w1                 float64 // bound on the energy over n steps, w0 + w1·n [J]
}

func (p *Plant) compileSettling() {
	b, s := &p.Scenario.Battery, &p.settling
	s.shown = (max(p.gauge.lowBelow, p.gauge.veryLowBelow) - 0.5) / 100
	s.level = max(s.shown, 0.1)
	s.possible = s.level < 1 && b.Entropy <= 0
	for i := range b.OCV[1:] {
		s.possible = s.possible && b.OCV[i] <= b.OCV[i+1]
	}
	s.voltage = b.OpenCircuitVoltage(s.level)
	s.emptying = p.cell.soCGain * math.Exp(-s.level*p.cell.inverseScale)
	s.quiet = p.load.cpu[0] == min(p.load.cpu[0], p.load.cpu[1], p.load.cpu[2], p.load.cpu[3])
	s.leastLogic, s.leastFront = math.Inf(1), math.Inf(1)
	for i, power := range p.load.power {
		logic, front := power*(1-p.load.front[i]), power*p.load.front[i]
		s.logic, s.front, s.power = max(s.logic, logic), max(s.front, front), max(s.power, power)
		s.leastLogic, s.leastFront = min(s.leastLogic, logic), min(s.leastFront, front)
	}
	s.w0, s.w1 = p.load.energyBound(p.Step, p.Steps, 1e-18)
	for i := range p.environments {
		e := &p.environments[i]
		e.reach = reach * e.ouSD * math.Sqrt(1-math.Pow(e.ouDecay, 2*float64(p.Steps)))
	}
}

// WithoutSkipping returns the plant with every path stepped to its end, to measure or to
// check. Histories do not depend on it.
func (p *Plant) WithoutSkipping() *Plant {
	all := *p
	all.settling.possible = false
	return &all
}

// energyBound returns w0 and w1 [J] such that the energy of the load over the next
// n steps, in whatever state it is, exceeds w0 + w1·n with probability delta at
// most, for every n; they are best near the given n. With e_s the energy of a step
// in state s, P the transition matrix and M = diag(exp(θ e)) P, Chernoff's bound is
//
//	P(E_n ≥ w) ≤ e^(−θw) max (Mⁿ 1),
//
// and for any positive v with M v ≤ r v, Mⁿ 1 ≤ rⁿ max v / min v. Any θ > 0 will do.
func (l *load) energyBound(step float64, n int, delta float64) (w0, w1 float64) {
	var p [4][4]float64
	most := 0.0
	for s, next := range l.next {
		before := 0.0
		for j := range p {
			cumulated := 1.0
			if j < len(next) {
				cumulated = float64(next[j]) / two32
			}
			p[s][j] = cumulated - before
			before = cumulated
		}
		most = max(most, l.power[s]*step)
	}
	w1 = most // the busiest state at every step
	for theta := 1 / 64.0; theta < 1024; theta *= 1.25 {
		if theta*most > 500 {
			break
		}
		v := [4]float64{1, 1, 1, 1}
		r := 0.0
		for range 200 {
			var next [4]float64
			r = 0
			largest := 0.0
			for s := range v {
				for j := range v {
					next[s] += p[s][j] * v[j]
				}
				next[s] *= math.Exp(theta * l.power[s] * step)
				r = max(r, next[s]/v[s])
				largest = max(largest, next[s])
			}
			for s := range v {
				v[s] = next[s] / largest
			}
		}
		// The ratios of the last round are those of its v before; the one after is
		// no worse, since each round narrows them.
		spread := max(v[0], v[1], v[2], v[3]) / min(v[0], v[1], v[2], v[3])
		a, b := (math.Log(spread)-math.Log(delta))/theta, math.Log(r)/theta
		if a+b*float64(n) < w0+w1*float64(n) {
			w0, w1 = a, b
		}
	}
	return w0, w1
}

// settle finds from which levels on the path that has entered a lane is settled,
// and below which level the gauge's noise matters to it, when it is followed
// through the given number of steps.
func (p *Plant) settle(l *lane, steps int) {
	l.settledAt0, l.noiseBelow = math.Inf(1), math.Inf(1)
	in, s, c := &l.in, &p.settling, &p.cell
	safe := max(s.level, s.shown+max(0, reach*p.gauge.sd-in.bias))
	power := l.factor * s.power
	// Above safe no threshold is displayed, whatever the noise. In a turn the
	// level falls by no more than the drain at the least voltage.
	if c.vCut > 0 && !p.heard {
		l.noiseBelow = safe + turn*power/c.vCut*l.drain
	}
	if !s.possible || in.level < safe || l.watchCPU && !s.quiet {
		return
	}

	// The lowest temperature of the cell: the least of the load, no sun, the
	// coldest air.
	pre := float64(p.Scenario.Population.PrePower)
	preFront := pre * p.load.front[0]
	coldest := in.ambient + min(in.ou, 0) - in.env.reach
	n := in.net
	lowest := n.cellGain(min(l.factor*s.leastLogic, pre-preFront), min(l.factor*s.leastFront, preFront), 0, coldest, in.wrist)
	x := c.exponent(lowest)
	g := c.rho + (1-c.rho)*random.Exp(x)
	gs := g * (1 + s.emptying*random.Exp(c.texp*x))

	// The lowest voltage, V = U − I (R0' + R1' + R2') with I = P/V.
	power = max(power, pre)
	resistance := (l.r0+l.r1)*gs + l.r2*g
	root := s.voltage*s.voltage - 4*power*resistance
	if !(root > 0) {
		return
	}
	voltage := (s.voltage + math.Sqrt(root)) / 2
	if voltage <= c.vCut*(1+1e-6) {
		return
	}
	current := power / voltage

	// The highest temperatures: the most of the load, always in the sun, the
	// warmest air. Entropic heat goes with the absolute temperature, at most t_off.
	logic, front := max(l.factor*s.logic, pre-preFront), max(l.factor*s.front, preFront)
	heat := current*current*resistance - current*(c.tOff+model.ZeroCelsius)*c.entropy
	sun := in.net.model.SunAreaScale * in.irradiance
	warmest := in.ambient + max(in.ou, 0) + in.env.reach
	cell := n.cellGain(logic, front+sun, heat, warmest, in.wrist)
	skin := n.skinGain(logic, front+sun, heat, warmest, in.wrist)
	if !(cell < c.tOff-1e-3 && skin < p.limits[model.Serious-1]+in.threshold-1e-3) {
		return
	}

	// The level falls by no more than the energy left, at the lowest voltage.
	perJoule := l.factor / voltage * l.drain / p.Step
	l.settleFall = perJoule * s.w1
	l.settledAt0 = safe + perJoule*s.w0 + l.settleFall*float64(steps)
}

// settled tells whether a path at level z is settled at step k.
func (l *lane) settled(k int, z float64) bool {
	return z >= l.settledAt0-float64(l.settleFall*float64(k))
}

// skip leaves the history of a path that is settled from the start.
func (p *Plant) skip(l *lane, loads loadWords, steps int) {
	condition := uint8(0)
	if l.in.lpmStart {
		condition = conditionLPM
	}
	l.history.Start = Start{LowPower: l.in.lpmStart}
	l.history.Runs, l.history.Seen = append(l.history.Runs, Run{0, condition}), 1<<condition
	p.endSettled(l, loads, steps)
}

// endSettled finds when the CPU limit ends a settled path, if it does, from its load
// alone. With quiet the least busy state, the sum over a full window rises with steps
// in another state alone; so once the window is full it goes from one stay in the
// other states to the next.
func (p *Plant) endSettled(l *lane, loads loadWords, steps int) {
	if !l.watchCPU {
		return
	}
	b, window := &l.loadBlock, &l.busy
	window.steps, window.head, window.sum = window.steps[:0], 0, 0
	quiet := p.load.cpu[0]
	state := 0
	for from := 0; from < steps; from += loadSteps {
		loads(l.path, from, b)
		for i := 0; i < loadSteps; i++ {
			if state == 0 && from+i >= p.cpuSteps {
				i += bits.TrailingZeros64(b.leaves >> i)
				if i >= loadSteps {
					break
				}
			} else {
				k := from + i
				if k >= steps {
					return
				}
				if window.add(k, p.load.cpu[state]-quiet, p.cpuSteps)+quiet*int64(min(k+1, p.cpuSteps)) > l.cpuLimit {
					l.history.End, l.history.Cause = k+1, model.Errored
					return
				}
			}
			state = p.load.step(state, b.word(i))
		}
	}
}

// loadSteps is the number of steps that a block of load words is for.
const loadSteps = 64

// loadBlock holds the words of a path's load for some steps, those of step i in the
// lower half of words[2·(i mod turn) + i/32][i/turn mod 8], and the steps that lead
// out of state quiet as bits.
type loadBlock struct {
	words  [8][8]uint64
	leaves uint64
}

func (b *loadBlock) word(i int) uint32 { return uint32(b.words[i%turn*2+i/32][i/turn%8]) }

// loadWords puts the words of a path from step k on into a block.
type loadWords func(path uint64, k int, b *loadBlock)

// loads is loadWords for single numbers.
func (p *Plant) loads(key random.Key) loadWords {
	return func(path uint64, k int, b *loadBlock) {
		b.leaves = 0
		for i := 0; i < loadSteps; i += turn {
			for j, word := range driverWords(key, purposeLoad, path, k+i) {
				b.words[2*j+i/32][i/turn%8] = uint64(word)
				if uint64(word) >= p.load.next[0][0] {
					b.leaves |= 1 << (i + j)
				}
			}
		}
	}
}

// busyWindow sums what the last steps take more than quiet ones.
type busyWindow struct {
	steps []busyStep
	head  int // of those in the window
	sum   int64
}

type busyStep struct {
	step  int
	share int64
}

// add puts step k into the window of the last n steps and returns the window's sum.
func (w *busyWindow) add(k int, share int64, n int) int64 {
	for w.head < len(w.steps) && w.steps[w.head].step <= k-n {
		w.sum -= w.steps[w.head].share
		w.head++
	}
	if w.head == len(w.steps) {
		w.steps, w.head = w.steps[:0], 0
	}
	w.steps = append(w.steps, busyStep{k, share})
	w.sum += share
	return w.sum
}
