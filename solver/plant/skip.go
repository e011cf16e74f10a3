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
	skipAt0    float64 // lowest level at which a path can be skipped at t = 0
	skipFall   float64 // fall of that level per step
	noiseBelow float64 // level below which the gauge's noise matters
}

// skippable reports whether a path at level z can be skipped from step k on.
func (s *skipping) skippable(k int, z float64) bool {
	return z >= s.skipAt0-float64(s.skipFall*float64(k))
}

// skipping returns the levels above which the path of a session can be skipped, and
// the level below which the gauge's noise matters. steps is the number of steps it is
// followed through.
func (p *Plant) skipping(in *session, steps int) skipping {
	never := skipping{skipAt0: math.Inf(1), noiseBelow: math.Inf(1)}
	s, c := &p.bounds, &p.cell
	safe := max(s.level, s.shown+max(0, reach*p.gauge.sd-in.bias))
	leastFactor, factor := p.factors(in)
	power := factor * s.power
	// Above safe no threshold is displayed for any noise. In a turn the level
	// falls at most by the drain at the lowest voltage.
	if c.vCut > 0 && !p.noiseFromStart {
		never.noiseBelow = safe + turn*power/c.vCut*in.drain
	}
	if !s.possible || in.level < safe || in.watchCPU && !s.quiet {
		return never
	}

	// The lowest temperature of the cell: smallest load, no sun, coldest air.
	pre := float64(p.Scenario.Population.PrePower)
	preFront := pre * p.loads[0].front[0]
	coldest := in.ambient + min(in.ou, 0) - in.env.reach
	n := in.net
	least := n.equilibria(min(leastFactor*s.leastLogic, pre-preFront),
		min(leastFactor*s.leastFront, preFront), 0, coldest, in.wrist)
	lowest := least[model.NodeB]
	var there model.Vector
	if in.env.from >= 0 {
		there = p.left(in)
		lowest -= excess(&least, &there)
	}
	x := c.exponent(lowest)
	g := c.rho + (1-c.rho)*random.Exp(x)
	gs := g * (1 + s.emptying*random.Exp(c.texp*x))

	// The lowest voltage, V = U − I (R0' + R1' + R2') with I = P/V.
	power = max(power, pre)
	resistance := (in.r0+in.r1)*gs + in.r2*g
	root := s.voltage*s.voltage - 4*power*resistance
	if !(root > 0) {
		return never
	}
	voltage := (s.voltage + math.Sqrt(root)) / 2
	if voltage <= c.vCut*(1+1e-6) {
		return never
	}
	current := power / voltage

	// The highest temperatures: most heat from the load, always in the sun, warmest air.
	// Entropic heat is proportional to the absolute temperature, at most t_off.
	heat := current*current*resistance - current*(c.tOff+model.ZeroCelsius)*c.entropy
	warmest := in.ambient + max(in.ou, 0) + in.env.reach
	var cell, skin float64
	if in.env.from < 0 {
		idle := n.equilibria(0, in.sunHeat, heat, warmest, in.wrist)
		cell = idle[model.NodeB] + n.warms(model.NodeB, &n.cellLoad, factor, pre, preFront)
		skin = idle[model.NodeK] + n.warms(model.NodeK, &n.skinLoad, factor, pre, preFront)
	} else { // the busiest load, as all nodes matter
		logic, front := max(factor*s.logic, pre-preFront), max(factor*s.front, preFront)
		most := n.equilibria(logic, front+in.sunHeat, heat, warmest, in.wrist)
		warmer := excess(&there, &most)
		cell, skin = most[model.NodeB]+warmer, most[model.NodeK]+warmer
	}
	if !(cell < c.tOff-1e-3 && skin < p.limits[model.Serious-1]+in.threshold-1e-3) {
		return never
	}

	// The level falls at most by the bound on the energy, at the lowest
	// voltage.
	perJoule := factor / voltage * in.drain / p.Step
	fall := perJoule * s.energy.w1
	return skipping{safe + perJoule*s.energy.w0 + fall*float64(steps), fall, never.noiseBelow}
}

// factors returns the least and the greatest factor on the power of a load for a path whose
// Low Power Mode stays as it is at the start.
func (p *Plant) factors(in *session) (least, greatest float64) {
	least, greatest = in.startFactor, in.startFactor
	if in.lpmStart {
		for i := range p.loads {
			factor := in.power * p.loads[i].lowPower
			least, greatest = min(least, factor), max(greatest, factor)
		}
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

// loadSteps is the number of steps in a block of load words.
const loadSteps = 64

// loadBlock holds the load words of a path for loadSteps steps: the word of step i
// in the lower half of words[2·(i mod turn) + i/32][i/turn mod 8], and the steps
// that lead out of state quiet as bits.
type loadBlock struct {
	words  [8][8]uint64
	leaves uint64
}

func (b *loadBlock) word(i int) uint32 { return uint32(b.words[i%turn*2+i/32][i/turn%8]) }

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

// tooBusy returns the step in which a skipped path first exceeds the CPU limit, or steps
// if it never does. Only the load is needed. words returns the load words of the path from a
// step on.
func (p *Plant) tooBusy(limit int64, steps int, w *busyWindow,
	words func(step int) *loadBlock) int {
	var block *loadBlock
	at := -1 // the step of its first word
	blockOf := func(step int) *loadBlock {
		if from := step / loadSteps * loadSteps; from != at {
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
		block, i := blockOf(k), k%loadSteps
		if jumps && state == quiet && k >= w.began+p.cpuSteps {
			n := bits.TrailingZeros64(block.leaves >> i)
			if k, i = k+n, i+n; i >= loadSteps {
				k += loadSteps - i - 1 // on with the next block
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
