//go:build goexperiment.simd && amd64

package solver

import (
	"math"
	"math/bits"
	"simd/archsimd"

	"budget/model"
	"budget/solver/random"
)

func init() {
	if random.Vectors() {
		fast.name, fast.make = "avx512", newVectorKernel
	}
}

// groups is the number of groups of eight paths that go through a phase of the
// step one after the other: the next groups hide the latency of one.
const groups = 4

type (
	float64s = random.Float64s
	uint32s  = random.Uint32s
)

// vectors is the vector kernel: eight paths to a vector, with the phases of the
// portable kernel's advance (plant.go), in its order and with its operations,
// so that every bit is the same. What happens now and then to a lane is found by
// comparing vectors, and done by the portable kernel's functions. A lane whose path
// has ended takes the next path, so that lanes are at steps of their own.
//
// Code with vectors and code for single numbers must not mix: see package
// random.
type vectors struct {
	program *Program
	sampler sampler
	keys    *random.RoundKeys
	clock   int // steps gone through by the lanes together
	groups  [groups]group
	*vectorMemory
	histories []History // of the paths of a run
}

// vectorMemory is what vectors are loaded from and stored to. It is apart, and
// without pointers, because the allocator then puts it at the start of a cache line.
type vectorMemory struct {
	constants vectorConstants
	columns   [groups]columns
	exponents [2 * groups]float64s // the first of all groups, then the second
	// Counters of the random words, and the words: the first of all groups, then the second and so on.
	counters, words [4 * groups]uint32s
	workspace       random.NormalWorkspace
}

// group is eight lanes: their paths and what changes rarely.
type group struct {
	*columns
	lanes  [8]lane
	number [8]uint64 // of the path, from the run's first
	start  [8]int    // the clock at the path's step 0
	due    int       // the clock at which the first of the lanes ends its last step
	shares []uint32s // CPU shares of the last steps

	// Lanes as bits.
	active        uint8 // on their way
	fresh         uint8 // at step 0
	low, veryLow  uint8 // displayed level, at the last poll
	sun           uint8
	reacts, below uint8 // found by the poll: another level; another segment
	off, out      uint8 // found by the step: physics ended the path at its start, at its end
	busy          uint8 // found by the step: the CPU limit is exceeded
}

// columns are the constants and the state of a group's lanes in a step; names and
// units are those of lane.
type columns struct {
	// Constants of the sessions.
	bias, rise, fall               float64s
	r0, r1, r2, drain              float64s
	knot, slope, intercept, factor float64s
	sunHeat, ouDecay, ouInnovate   float64s
	sunFromSun, sunFromShade       uint32s
	cpuLimit                       uint32s

	// State.
	z, v1, v2, cellT, skinT, ou, noise float64s
	modes                              [model.Nodes]modeColumns // constants and state
	state, cpuSum                      uint32s

	// What the phases of a step hand on. The resistances are the step's.
	power, divisor, u, e, ohmic, step1, step2, heat float64s
}

// modeColumns are a thermal mode's.
type modeColumns struct{ held, air, decay, logic, heat, front, cell, skin, amplitude float64s }

// vectorConstants are the program's constants, in every lane.
type vectorConstants struct {
	zero, one, half, hundred, zeroCelsius, inverseReference            float64s
	inverseConverge, lowBelow, veryLowBelow, noiseDecay, noiseInnovate float64s
	eaOverRg, rho, restRho, soCGain, inverseScale, texp                float64s
	decay1, decay2, entropy, vCut, tOff                                float64s
	power, front                                                       float64s // by state
	cpu                                                                uint32s
	next                                                               [3]uint32s
	low32, oneWord, noWords                                            uint32s
}

func newVectorKernel(p *Program, s sampler) kernel {
	v := &vectors{program: p, sampler: s, keys: s.key.RoundKeys(), vectorMemory: new(vectorMemory)}
	every := random.Repeat[float64]
	c, k := &p.cell, &v.constants
	*k = vectorConstants{
		zero: every(0), one: every(1), half: every(0.5), hundred: every(100),
		zeroCelsius: every(model.ZeroCelsius), inverseReference: every(inverseReference),
		inverseConverge: every(p.gauge.inverseConverge), lowBelow: every(p.gauge.lowBelow), veryLowBelow: every(p.gauge.veryLowBelow),
		noiseDecay: every(p.gauge.decay), noiseInnovate: every(p.gauge.innovate),
		eaOverRg: every(c.eaOverRg), rho: every(c.rho), restRho: every(1 - c.rho), soCGain: every(c.soCGain),
		inverseScale: every(c.inverseScale), texp: every(c.texp),
		decay1: every(c.decay1), decay2: every(c.decay2),
		entropy: every(c.entropy), vCut: every(c.vCut), tOff: every(c.tOff),
		low32: random.Repeat[uint64](math.MaxUint32), oneWord: random.Repeat[uint64](1),
	}
	copy(k.power[:], p.load.power[:])
	copy(k.front[:], p.load.front[:])
	for s, share := range p.load.cpu {
		k.cpu[s] = uint64(share)
	}
	for s, next := range p.load.next {
		for i, bound := range next {
			k.next[i][s] = bound
		}
	}
	for i := range v.groups {
		v.groups[i].columns = &v.columns[i]
		v.groups[i].shares = make([]uint32s, max(p.cpuSteps, 1))
	}
	return v
}

func (v *vectors) run(first, last uint64, steps int, book func(uint64, *History)) {
	n := last - first
	for uint64(len(v.histories)) < n {
		v.histories = append(v.histories, History{})
	}
	next, live := uint64(0), 0
	v.clock = 0
	for i := range v.groups {
		v.groups[i].active = 0
	}
	for {
		// Paths into the lanes that have none.
		for i := range v.groups {
			g := &v.groups[i]
			for idle := ^g.active; idle != 0 && next < n; idle &= idle - 1 {
				v.begin(i, bits.TrailingZeros8(idle), first, next, steps)
				next++
				live++
			}
		}
		if live == 0 {
			break
		}
		v.poll()
		for i := range v.groups {
			live -= v.react(&v.groups[i])
		}
		v.advance()
		for i := range v.groups {
			live -= v.end(&v.groups[i], steps)
		}
		v.clock++
	}
	for i := range n {
		book(first+i, &v.histories[i])
	}
}

// begin puts a path at the start of lane i of the n-th group.
func (v *vectors) begin(n, i int, first, number uint64, steps int) {
	g := &v.groups[n]
	l, bit := &g.lanes[i], uint8(1)<<i
	v.program.begin(l, v.sampler, first+number)
	if g.active == 0 {
		g.due = math.MaxInt
	}
	g.number[i], g.start[i], g.due = number, v.clock, min(g.due, v.clock+steps)
	g.active |= bit
	g.fresh |= bit
	g.low, g.veryLow = g.low&^bit, g.veryLow&^bit
	g.sun = put(g.sun, bit, l.sun)

	in := &l.in
	g.bias[i], g.r0[i], g.r1[i], g.r2[i], g.drain[i] = in.bias, l.r0, l.r1, l.r2, l.drain
	g.sunHeat[i], g.ouDecay[i], g.ouInnovate[i] = l.sunHeat, in.env.ouDecay, in.env.ouInnovate
	g.sunFromSun[i], g.sunFromShade[i] = 0, 0
	if in.env.sunShare > 0 {
		g.sunFromSun[i], g.sunFromShade[i] = in.env.sunFromSun, in.env.sunFromShade
	}
	for j := range g.modes {
		net, m := in.net, &g.modes[j]
		m.held[i], m.air[i], m.decay[i], m.amplitude[i] = l.held[j], net.air[j], net.decay[j], l.modes[j]
		m.logic[i], m.heat[i], m.front[i] = net.logic[j], net.heat[j], net.front[j]
		m.cell[i], m.skin[i] = net.cell[j], net.skin[j]
	}
	for k, word := range [4]uint32{0, purposeStep, l.low, l.high} {
		v.counters[k*groups+n][i] = uint64(word)
	}

	g.z[i], g.v1[i], g.v2[i], g.cellT[i], g.skinT[i] = l.z, l.v1, l.v2, l.cellT, l.skinT
	g.ou[i], g.noise[i], g.state[i] = l.ou, l.noise, uint64(l.state)
	g.load(i)

	g.cpuLimit[i], g.cpuSum[i] = math.MaxInt64, 0
	if l.watchCPU {
		g.cpuLimit[i] = uint64(l.cpuLimit)
	}
	for k := range g.shares {
		g.shares[k][i] = 0
	}
}

// load puts what changes now and then from a lane into the vectors.
func (g *group) load(i int) {
	l := &g.lanes[i]
	g.rise[i], g.fall[i], g.factor[i] = l.rise, l.fall, l.factor
	g.knot[i], g.slope[i], g.intercept[i] = l.knot, l.slope, l.intercept
}

func put(set, bit uint8, on bool) uint8 {
	if on {
		return set | bit
	}
	return set &^ bit
}

// poll finds the lanes with another displayed or thermal level, and those whose
// open-circuit voltage has come to another segment.
func (v *vectors) poll() {
	c := &v.constants
	for i := range v.groups {
		g := &v.groups[i]
		z := vec(&g.z)
		weight := z.Mul(vec(&c.inverseConverge)).Min(vec(&c.one)).Max(vec(&c.zero))
		off := vec(&g.bias).Add(vec(&g.noise)).Mul(weight)
		shown := z.Add(off).Mul(vec(&c.hundred)).Add(vec(&c.half))
		low := shown.Less(vec(&c.lowBelow)).ToBits()
		veryLow := shown.Less(vec(&c.veryLowBelow)).ToBits()
		skin := vec(&g.skinT)
		level := skin.GreaterEqual(vec(&g.rise)).ToBits() | skin.Less(vec(&g.fall)).ToBits()
		g.reacts = (low ^ g.low | veryLow ^ g.veryLow | level | g.fresh) & g.active
		g.low, g.veryLow = low, veryLow
		g.below = z.Less(vec(&g.knot)).ToBits() & g.active
	}
	archsimd.ClearAVXUpperBits()
}

// react does what the poll found. It returns the number of paths that end.
func (v *vectors) react(g *group) (ended int) {
	for set := g.reacts; set != 0; set &= set - 1 {
		i := bits.TrailingZeros8(set)
		l := &g.lanes[i]
		l.lowLevel, l.veryLow = g.low>>i&1 == 1, g.veryLow>>i&1 == 1
		if !v.program.react(l, v.clock-g.start[i], g.cellT[i], g.skinT[i]) {
			v.leave(g, i)
			ended++
			continue
		}
		g.load(i)
	}
	g.fresh = 0
	for set := g.below & g.active; set != 0; set &= set - 1 {
		i := bits.TrailingZeros8(set)
		l := &g.lanes[i]
		l.z = g.z[i]
		v.program.findSegment(l)
		g.load(i)
	}
	return ended
}

// leave takes the history of a path whose lane becomes free.
func (v *vectors) leave(g *group, i int) {
	h, l := &v.histories[g.number[i]], &g.lanes[i]
	*h, l.history = l.history, *h
	g.active &^= 1 << i

	// An idle lane goes on at rest, without numbers that need special care.
	g.factor[i], g.z[i], g.v1[i], g.v2[i], g.cellT[i], g.sunHeat[i] = 0, 1, 0, 0, 0, 0
	for j := range g.modes {
		g.modes[j].amplitude[i] = 0
	}
}

// advance takes all lanes through a step and finds those whose paths end.
func (v *vectors) advance() {
	v.arrhenius()
	random.ExpVectors(v.exponents[:])
	v.cell()
	v.network()
	random.PhiloxVectors(v.keys, v.counters[:], v.words[:])
	random.Normal32Vectors(v.words[:2*groups], &v.workspace)
	v.drive()
}

// arrhenius leaves the two exponents of the resistances.
func (v *vectors) arrhenius() {
	c := &v.constants
	for i := range v.columns {
		g := v.groups[i].columns
		abs := vec(&g.cellT).Add(vec(&c.zeroCelsius))
		x := vec(&c.one).Div(abs).Sub(vec(&c.inverseReference)).Mul(vec(&c.eaOverRg))
		x.Store(&v.exponents[i])
		x.Mul(vec(&c.texp)).Sub(vec(&g.z).Mul(vec(&c.inverseScale))).Store(&v.exponents[groups+i])
	}
	archsimd.ClearAVXUpperBits()
}

// cell is the cell at constant power and its integration over the step, given
// the two exponentials.
func (v *vectors) cell() {
	c := &v.constants
	for i := range v.columns {
		g := v.groups[i].columns
		power := vec(&c.power).Permute(word(&g.state)).Mul(vec(&g.factor))
		gain := vec(&v.exponents[i]).Mul(vec(&c.restRho)).Add(vec(&c.rho))
		s := vec(&v.exponents[groups+i]).Mul(vec(&c.soCGain)).Add(vec(&c.one))
		u := vec(&g.z).Mul(vec(&g.slope)).Add(vec(&g.intercept))
		e := u.Sub(vec(&g.v1)).Sub(vec(&g.v2))
		ohmic := vec(&g.r0).Mul(gain).Mul(s)
		half := e.Mul(vec(&c.half))
		half.Add(half.Mul(half).Sub(ohmic.Mul(power)).Sqrt()).Store(&g.divisor)
		power.Store(&g.power)
		u.Store(&g.u)
		e.Store(&g.e)
		ohmic.Store(&g.ohmic)
		vec(&g.r1).Mul(gain).Mul(s).Store(&g.step1)
		vec(&g.r2).Mul(gain).Store(&g.step2)
	}
	for i := range v.groups {
		group := &v.groups[i]
		g := group.columns
		current := vec(&g.power).Div(vec(&g.divisor))
		voltage := vec(&g.e).Sub(current.Mul(vec(&g.ohmic)))
		group.off = ^vec(&g.e).Greater(vec(&c.zero)).And(voltage.GreaterEqual(vec(&c.vCut))).ToBits() & group.active

		// Integrate over the step.
		z := vec(&g.z).Sub(current.Mul(vec(&g.drain)))
		z.Store(&g.z)
		group.out = z.LessEqual(vec(&c.zero)).ToBits() & group.active
		vec(&g.v1).Mul(vec(&c.decay1)).Add(current.Mul(vec(&g.step1))).Store(&g.v1)
		vec(&g.v2).Mul(vec(&c.decay2)).Add(current.Mul(vec(&g.step2))).Store(&g.v2)
		abs := vec(&g.cellT).Add(vec(&c.zeroCelsius))
		current.Mul(vec(&g.u).Sub(voltage)).Sub(abs.Mul(vec(&c.entropy)).Mul(current)).Store(&g.heat)
	}
	archsimd.ClearAVXUpperBits()
}

// network takes the thermal network through the step, mode by mode.
func (v *vectors) network() {
	c := &v.constants
	for i := range v.groups {
		group := &v.groups[i]
		g := group.columns
		heat, ou := vec(&g.heat), vec(&g.ou)
		front := vec(&c.front).Permute(word(&g.state)).Mul(vec(&g.power))
		logic := vec(&g.power).Sub(front)
		front = front.Add(vec(&g.sunHeat).Masked(archsimd.Mask64x8FromBits(group.sun)))
		cellT, skinT := vec(&c.zero), vec(&c.zero)
		for j := range g.modes {
			m := &g.modes[j]
			y := vec(&m.held).Add(vec(&m.air).Mul(ou)).Add(vec(&m.decay).Mul(vec(&m.amplitude)))
			y = y.Add(vec(&m.logic).Mul(logic).Add(vec(&m.heat).Mul(heat).Add(vec(&m.front).Mul(front))))
			y.Store(&m.amplitude)
			cellT = cellT.Add(vec(&m.cell).Mul(y))
			skinT = skinT.Add(vec(&m.skin).Mul(y))
		}
		cellT.Store(&g.cellT)
		skinT.Store(&g.skinT)
		group.out |= cellT.GreaterEqual(vec(&c.tOff)).ToBits() & group.active
	}
	archsimd.ClearAVXUpperBits()
}

func vec(x *float64s) archsimd.Float64x8 { return archsimd.LoadFloat64x8(x) }
func word(x *uint32s) archsimd.Uint64x8  { return archsimd.LoadUint64x8(x) }

// drive books the CPU share of the step and takes the drivers to its end, given
// the words, of which the first two have become normal numbers.
func (v *vectors) drive() {
	c := &v.constants
	slot := v.clock % len(v.groups[0].shares)
	for i := range v.groups {
		group := &v.groups[i]
		g, share := group.columns, &group.shares[slot]

		// CPU window, with the share of the state in the step.
		state := word(&g.state)
		now := word(&c.cpu).Permute(state).AsInt64x8()
		sum := word(&g.cpuSum).AsInt64x8().Add(now).Sub(word(share).AsInt64x8())
		sum.AsUint64x8().Store(&g.cpuSum)
		now.AsUint64x8().Store(share)
		group.busy = sum.Greater(word(&g.cpuLimit).AsInt64x8()).ToBits() & group.active

		// Drivers.
		vec(&g.ouDecay).Mul(vec(&g.ou)).Add(vec(&g.ouInnovate).Mul(word(&v.words[i]).AsFloat64x8())).Store(&g.ou)
		vec(&c.noiseDecay).Mul(vec(&g.noise)).Add(vec(&c.noiseInnovate).Mul(word(&v.words[groups+i]).AsFloat64x8())).Store(&g.noise)

		low32 := word(&c.low32)
		group.sun = word(&v.words[2*groups+i]).And(low32).Less(word(&g.sunFromSun).Merge(word(&g.sunFromShade), archsimd.Mask64x8FromBits(group.sun))).ToBits()

		word(&v.counters[i]).Add(word(&c.oneWord)).Store(&v.counters[i])

		// The next state is the number of cumulated probabilities that the word is not below.
		w := word(&v.words[3*groups+i]).And(low32)
		next := w.GreaterEqual(word(&c.next[0]).Permute(state)).ToInt64x8().
			Add(w.GreaterEqual(word(&c.next[1]).Permute(state)).ToInt64x8()).
			Add(w.GreaterEqual(word(&c.next[2]).Permute(state)).ToInt64x8())
		word(&c.noWords).Sub(next.AsUint64x8()).Store(&g.state)
	}
	archsimd.ClearAVXUpperBits()
}

// end takes the paths that end in this step out of their lanes and returns their
// number.
func (v *vectors) end(g *group, steps int) (ended int) {
	set := g.off | g.out | g.busy
	if v.clock == g.due {
		set = g.active
		g.due = math.MaxInt
		for i := range g.start {
			if last := g.start[i] + steps; g.active>>i&1 == 1 && last > v.clock {
				g.due = min(g.due, last)
			}
		}
	}
	for ; set != 0; set &= set - 1 {
		i := bits.TrailingZeros8(set)
		l, bit := &g.lanes[i], uint8(1)<<i
		h, k := &l.history, v.clock-g.start[i]
		switch {
		case g.off&bit != 0:
			h.End, h.Cause, h.AfterGrant = k, model.PowerOff, true
		case k == steps:
		case g.out&bit != 0:
			h.End, h.Cause = k+1, model.PowerOff
		case g.busy&bit != 0:
			h.End, h.Cause = k+1, model.Errored
		default:
			continue
		}
		v.leave(g, i)
		ended++
	}
	return ended
}
