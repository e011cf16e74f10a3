package plant

import (
	"math"
	"math/bits"

	"budget/model"
	"budget/solver/random"
)

// The rest of a path can be skipped when nothing except the CPU limit can end it or
// change its condition any more: its battery is too full, its cell too warm and its skin
// too cool for the time left. "Can" is meant in the sense of the bounds (bounds.go).
//
// The gauge's noise matters only near the thresholds of the displayed level, and nothing
// else depends on it. So this stationary process starts, in its stationary law, when the
// level first comes near enough.
type skipping struct {
	noiseBelow float64 // level below which the gauge's noise matters

	// The rest is for a path that can be skipped where its level stays high enough, if possible.
	possible   bool
	airMatters bool    // and if the air stays cooler than its bound
	quiet      float64 // lowest level at which no noise matters
	lowest     float64 // level above which the following hold
	factor     float64 // greatest factor on the power of a load, from the start on
	heat       float64 // greatest heat of the cell [W]
	sag        float64 // greatest difference of open-circuit voltage and voltage [V]
	// Greatest and least fall of the level per joule of the load for a factor of 1, times volts.
	perJoule, leastPerJoule float64
}

// skipping returns whether and how the path of a session can be skipped, and the level below
// which the gauge's noise matters. steps is the number of steps it is followed through.
func (p *Plant) skipping(in *session, steps int) skipping {
	s, c := &p.bounds, &p.cell
	safe := max(s.level, s.shown+max(0, reach*p.gauge.sd-in.bias))
	now := skipping{noiseBelow: math.Inf(1), quiet: safe}
	// Above safe no threshold is displayed for any noise. In a turn the level
	// falls at most by the drain at the lowest voltage.
	if c.vCut > 0 && !p.noiseFromStart {
		_, factor := p.factors(in, in.lpmStart)
		power := factor * s.power
		now.noiseBelow = safe + turn*power/c.vCut*in.drain
		now.quiet = now.noiseBelow
	}
	n := float64(steps)
	if in.level >= s.level && p.lasts(in, in.lpmStart, in.level, s.charge, n*s.usual) {
		p.settle(in, &now, in.lpmStart, in.level, s.level, s.energy.w0+n*s.energy.w1)
	}
	return now
}

// lasts reports whether a path could be skippable at all, and would stay above a level with a given
// integral of the open-circuit voltage at that voltage, with Low Power Mode or without. energy is
// that of its load for a factor of 1 [J].
func (p *Plant) lasts(in *session, lpm bool, level, least, energy float64) bool {
	_, most := p.factors(in, lpm)
	return p.bounds.possible && (!in.watchCPU || p.bounds.quiet) &&
		p.cell.integral(level)-most*in.drain/p.Step*energy >= least
}

// settle finds whether and how a path can be skipped at a level, as long as its condition stays as
// it is and its level above another. The energy is a bound on that of its load for a factor of
// 1 [J].
func (p *Plant) settle(in *session, now *skipping, lpm bool, level, above, energy float64) {
	s, c := &p.bounds, &p.cell
	now.possible = false
	least, most := p.factors(in, lpm)
	now.perJoule, now.leastPerJoule = most*in.drain/p.Step, least*in.drain/p.Step
	now.lowest = above
	if c.vCut > 0 { // the voltage of a watch that is on
		now.lowest = max(above, level-now.perJoule*energy/c.vCut)
	}
	if lpm != in.lpmStart {
		from, to := p.factors(in, in.lpmStart)
		least, most = min(least, from), max(most, to)
	}
	now.factor = most

	// The lowest temperature of the cell: smallest load, no sun, coldest air.
	pre := float64(p.Scenario.Population.PrePower)
	preFront := pre * p.loads[0].front[0]
	coldest := in.ambient + min(in.ou, 0) - in.env.reach
	logic, front := min(least*s.leastLogic, pre-preFront), min(least*s.leastFront, preFront)
	lowest := in.net.equilibrium(model.NodeB, logic, front, 0, coldest, in.wrist)
	if in.env.from >= 0 {
		here, there := in.net.equilibria(logic, front, 0, coldest, in.wrist), p.left(in)
		lowest -= excess(&here, &there)
	}
	exponent := c.exponent(lowest)
	g := c.rho + (1-c.rho)*random.Exp(exponent)
	emptying := c.soCGain * random.Exp(c.texp*exponent-now.lowest*c.inverseScale)
	gs := g * (1 + emptying)

	// The lowest voltage, V = U − I (R0' + R1' + R2') with I = P/V.
	power := max(most*s.power, pre)
	resistance := (in.r0+in.r1)*gs + in.r2*g
	u := c.voltage(now.lowest)
	root := u*u - 4*power*resistance
	if !(root > 0) {
		return
	}
	voltage := (u + math.Sqrt(root)) / 2
	if voltage <= c.vCut*(1+1e-6) {
		return
	}
	current := power / voltage

	// Entropic heat is proportional to the absolute temperature, at most t_off.
	now.sag = u - voltage
	now.heat = current*current*resistance - current*(c.tOff+model.ZeroCelsius)*c.entropy
	warm := max(in.ou, 0)
	now.airMatters = !p.cool(in, now, warm+in.env.reach)
	now.possible = !now.airMatters || p.cool(in, now, warm)
}

// cool reports whether a path can be skipped as far as its temperatures go, if the air is at most
// so much warmer than its mean.
func (p *Plant) cool(in *session, s *skipping, warmer float64) bool {
	// The highest temperatures: most heat from the load, always in the sun, warmest air.
	factor, pre := s.factor, float64(p.Scenario.Population.PrePower)
	preFront := pre * p.loads[0].front[0]
	n, warmest := in.net, in.ambient+warmer
	cell := n.equilibrium(model.NodeB, 0, in.sunHeat, s.heat, warmest, in.wrist) +
		n.warms(model.NodeB, &n.cellLoad, factor, pre, preFront)
	skin := n.equilibrium(model.NodeK, 0, in.sunHeat, s.heat, warmest, in.wrist) +
		n.warms(model.NodeK, &n.skinLoad, factor, pre, preFront)
	if in.env.from >= 0 {
		here := n.equilibria(pre-preFront, preFront+in.sunHeat, s.heat, warmest, in.wrist)
		there := p.left(in)
		warmer := excess(&there, &here)
		cell, skin = cell+warmer, skin+warmer
	}
	return cell < p.cell.tOff-1e-3 && skin < p.limits[model.Serious-1]+in.threshold-1e-3
}

// factors returns the least and the greatest factor on the power of a load for a path, in Low
// Power Mode or not.
func (p *Plant) factors(in *session, lpm bool) (least, greatest float64) {
	if !lpm {
		return in.power, in.power
	}
	least, greatest = math.Inf(1), 0
	for i := range p.loads {
		factor := in.power * p.loads[i].lowPower
		least, greatest = min(least, factor), max(greatest, factor)
	}
	return least, greatest
}

// excess returns the largest amount by which temperatures exceed others, at
// least 0.
func excess(t, others *model.Vector) float64 {
	most := 0.0
	for i := range t {
		most = max(most, t[i]-others[i])
	}
	return most
}

// A block has the words of a path for blockSteps steps: vectors of eight turns.
const (
	blockVectors = 4
	blockSteps   = blockVectors * 8 * turn
)

// block holds the words of a path for blockSteps steps: the word of step i in the lower half of
// block[blockVectors·(i mod turn) + i/32][i/turn mod 8].
type block [blockVectors * turn][8]uint64

func (b *block) at(i int) *uint64 {
	return &b[i%turn*blockVectors+i/(8*turn)%blockVectors][i/turn%8]
}

// loadBlock holds load words and, as bits, the steps that lead out of state quiet and those that
// may not lead to it from another.
type loadBlock struct {
	words        block
	leaves, away [blockVectors]uint32
}

func (b *loadBlock) word(i int) uint32 { return uint32(*b.words.at(i)) }

// stays returns a lower bound on the number of steps from step i of the block on before one
// leads out of state quiet.
func (b *loadBlock) stays(i int) int {
	return min(bits.TrailingZeros32(b.leaves[i/32]>>(i%32)), 32-i%32)
}

// busyWindow sums the CPU shares of the last steps of a session, from step began on. It keeps
// those of steps that differ from base, the share of quiet ones.
type busyWindow struct {
	steps []busyStep
	head  int   // first of those in the window
	sum   int64 // above that of quiet steps alone
	began int
	base  int64
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
	w.steps = append(w.steps, busyStep{k, share - w.base})
	w.sum += share - w.base
	return w.sum + w.base*int64(min(k-w.began+1, n))
}

// mayBeBusy reports whether a skipped path may exceed the CPU limit, which most cannot: it bounds
// the number of steps of a window in which the load is not in state quiet, takes all of them for
// the busiest, and where that is too much, looks at the states.
//
// A step leads out of state quiet if its bit in leaves is set; otherwise the next state can only
// be another if the state before is and the bit in away is set. That is how a sum carries: adding
// the two turns the ones of away into zeros, from the lowest bit that is in both up.
func (p *Plant) mayBeBusy(limit int64, steps int, words func(step int) *loadBlock) bool {
	quiet := int64(0)
	for i := range p.loads {
		quiet = max(quiet, p.loads[i].cpu[0])
	}
	n := p.cpuSteps
	if n > 32 || p.cues || p.bounds.busiest <= quiet || limit < int64(n)*quiet {
		return true
	}
	least := int((limit-int64(n)*quiet)/(p.bounds.busiest-quiet)) + 1
	others := uint64(0) // the last 64 steps, the latest in the highest bit
	for step := 0; step < steps; step += blockSteps {
		block := words(step)
		for i := range blockVectors {
			away := uint64(block.away[i])
			from := uint64(block.leaves[i]) | others>>63&away
			others = others>>32 | (away&^(away+from)|from)<<32
			if bits.OnesCount64(others) < least {
				continue
			}
			for set := others >> 32; set != 0; set &= set - 1 {
				window := others << (31 - bits.TrailingZeros64(set)) >> (64 - n)
				if bits.OnesCount64(window) >= least &&
					p.exceeds(limit, others, 32+bits.TrailingZeros64(set), block, i) {
					return true
				}
			}
		}
	}
	return false
}

// exceeds reports whether the window up to a step may exceed a limit, given the last 64 steps as
// bits of others: the step's number among them, and the block and the vector of the last 32. The
// states are known after a step that surely leads to state quiet.
func (p *Plant) exceeds(limit int64, others uint64, step int, block *loadBlock, vector int) bool {
	first := step - p.cpuSteps + 1
	quiet := bits.Len64(^others<<(63-first)) + first - 64 // the last such step up to the first
	if len(p.Legs) > 1 || quiet < 0 || vector == 0 && quiet < 31 {
		return true
	}
	sum, state := int64(0), 0
	for k := quiet; k <= step; k++ {
		if k > quiet {
			state = p.chains.step(state, block.word(32*(vector-1)+k))
		}
		if k >= first {
			sum += p.chains.cpu[state]
		}
	}
	return sum > limit
}

// tooBusy returns the step in which a skipped path first exceeds the CPU limit, or steps
// if it never does. Only the load is needed. words returns the load words of the path from a
// step on.
func (p *Plant) tooBusy(limit int64, steps int, w *busyWindow,
	words func(step int) *loadBlock) int {
	var block *loadBlock
	at := -1 // the step of its first word
	blockOf := func(step int) *loadBlock {
		if from := step / blockSteps * blockSteps; from != at {
			block, at = words(from), from
		}
		return block
	}
	for n := range p.Legs {
		leg := &p.Legs[n]
		load := p.loadOf[n]
		if leg.Starts {
			*w = busyWindow{steps: w.steps[:0], began: leg.From, base: p.loads[load].cpu[0]}
		}
		if to := min(leg.To, steps); leg.InSession() && leg.From < to {
			if k := p.tooBusyIn(leg.From, to, load, limit, w, blockOf); k < to {
				return k
			}
		}
	}
	return steps
}

// tooBusyIn returns the step of a leg with a load in which the window first exceeds the limit,
// or the leg's end. Quiet is the least busy state, so the sum over a full window rises only in
// other states; once the window is full, only these are visited.
func (p *Plant) tooBusyIn(from, to, load int, limit int64, w *busyWindow,
	blockOf func(step int) *loadBlock) int {
	l, quiet := &p.loads[load], 4*load
	jumps := l.cueEvery == 0 && l.cpu[0] == w.base
	state := quiet
	for k := from; k < to; k++ {
		block, i := blockOf(k), k%blockSteps
		if jumps && state == quiet && k >= w.began+p.cpuSteps {
			if n := block.stays(i); n > 0 {
				k += n - 1
				continue
			}
		} else if w.add(k, p.chains.cpu[state], p.cpuSteps) > limit {
			return k
		}
		state = p.chains.step(state, block.word(i))
		state = l.cue(k+1-from, state&3, 0) | quiet
	}
	return to
}
