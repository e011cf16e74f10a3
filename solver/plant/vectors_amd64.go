//go:build goexperiment.simd && amd64

package plant

import (
	"math"
	"math/bits"

	"budget/model"
	"budget/solver/random"
)

// The vector kernels step eight paths side by side, with the phases of the portable
// kernel (plant.go), in its order and with its operations, so that every bit is the
// same. Here is what they share: paths come and go, and what happens now and then to
// a lane is found by comparing vectors, and done by the portable kernel's functions.
// What happens at every step is in phases, one set for each width of vectors:
// vectors_avx512_amd64.go, and vectors_avx2_amd64.go, which is made from it.
//
// Code with vectors and code for single numbers must not mix: see package random.

func init() {
	vectors := func(name string, r random.Vectors, f *phases) implementation {
		return implementation{name, func(p *Plant, s Sampler) Kernel { return newVectors(p, s, r, f) }}
	}
	var found []implementation
	if r, ok := random.AVX512(); ok {
		found = append(found, vectors("avx512", r, &phases512))
	}
	if r, ok := random.AVX2(); ok {
		found = append(found, vectors("avx2", r, &phases256))
	}
	implementations = append(found, implementations...)
}

// phases are what all lanes go through at every step.
type phases struct {
	turn  func(*vectors) // finds lanes that are settled, and those that come within reach of the gauge's noise
	poll  func(*vectors) // finds lanes with another displayed or thermal level, and follows the resistances
	move  func(*vectors) // takes cell and network through the step, and finds the lanes that it ends
	drive func(*vectors) // takes the drivers to the next step

	leaves func(*vectors, *loadBlock) // finds the words that lead out of state quiet
}

// groups is the number of groups of eight lanes that go through a phase one after the
// other: the next groups hide the latency of one.
const groups = 4

type (
	float64s = random.Float64s
	uint32s  = random.Uint32s
)

// vectors is a vector kernel. A lane whose path has ended takes the next path when a
// turn begins, so that lanes are at steps of their own but at the same place of a
// turn.
type vectors struct {
	*phases
	random random.Vectors
	plant  *Plant
	draws  sessionDraws
	blocks loadWords
	keys   *random.RoundKeys
	clock  int // steps gone through by the lanes together
	steps  int64
	groups [groups]group

	blockPath uint64 // whose number is in the counters of a block of load words
	*vectorMemory
}

// vectorMemory is what vectors are loaded from and stored to. It is apart, and
// without pointers, because the allocator then puts it at the start of a cache line.
type vectorMemory struct {
	constants vectorConstants
	columns   [groups]columns

	// Counters of the random words: the number of the turn of all groups, then the
	// lower and the upper words of the paths' numbers.
	counters [3 * groups]uint32s
	// The words of a turn, those of its first step of all groups, then of its second
	// and so on; of the air and the gauge's noise as normal numbers.
	airs, loads, noises, suns [turn * groups]uint32s
	workspace                 random.NormalWorkspace
	block                     [6]uint32s // counters of a block of load words
}

// group is eight lanes: their paths and what changes rarely.
type group struct {
	*columns
	halves [2]*columns // of the lanes 0 to 3 and 4 to 7
	lanes  [lanes]lane
	first  [lanes]int // the clock at the path's step 0
	due    int        // the clock at which the first of the lanes ends its last step
	shares []uint32s  // CPU shares of the last steps

	// Lanes as bits.
	active              uint8 // on their way
	fresh               uint8 // at step 0
	low, veryLow        uint8 // displayed level, at the last poll
	noisy               uint8 // the gauge's noise is followed
	sunny, shining      uint8 // in an environment with sun, and in it
	watched             uint8 // the CPU limit can be exceeded
	settled, audible    uint8 // found where a turn begins: settled; within reach of the gauge's noise
	reacts, below, far  uint8 // found by the poll: another level; another segment; resistances too far from the last
	off, out, busy, sun uint8 // found by the step: ended at its start, at its end, by the CPU limit; sun or shade another
}

// columns are the constants and the state of a group's lanes in a step; names and
// units are those of lane.
type columns struct {
	// Constants of the sessions.
	bias, rise, leave, noiseBelow, settledAt0, settleFall float64s
	r0, r1, r2, drain, knot, slope, intercept, factor     float64s
	ouDecay, ouInnovate, cellHeat                         float64s
	cpuLimit                                              uint32s

	// State.
	z, v1, v2, x, alpha, boost, fall, cellT, skinT, ou, noise float64s
	modes                                                     [model.Nodes]modeColumns // constants and state
	state, cpuSum                                             uint32s
	step                                                      float64s // where a turn begins
	sunHeat                                                   float64s // 0 in the shade
	sunBelow                                                  uint32s  // below this word the lane is in the sun next
}

// modeColumns are a thermal mode's.
type modeColumns struct {
	held, air, decay, logic, heat, front, skin, amplitude float64s
}

// vectorConstants are the program's constants, in every lane.
type vectorConstants struct {
	zero, one, half, hundred, zeroCelsius, inverseReference            float64s
	inverseConverge, lowBelow, veryLowBelow, noiseDecay, noiseInnovate float64s
	eaOverRg, rho, restRho, inverseScale, texp                         float64s
	small, small3, small4, small5                                      float64s
	decay1, decay2, entropy, vCut, tOff, turn                          float64s
	power, front                                                       float64s // by state
	cpu                                                                uint32s
	next                                                               [3]uint32s
	low32, three, stay                                                 uint32s // stay: below this word quiet stays quiet
}

func newVectors(p *Plant, s Sampler, r random.Vectors, f *phases) *vectors {
	v := &vectors{phases: f, random: r, plant: p, draws: sessionDraws{Sampler: s}, keys: s.key.RoundKeys(), vectorMemory: new(vectorMemory)}
	every := random.Repeat[float64]
	c, k := &p.cell, &v.constants
	*k = vectorConstants{
		zero: every(0), one: every(1), half: every(0.5), hundred: every(100),
		zeroCelsius: every(model.ZeroCelsius), inverseReference: every(inverseReference),
		inverseConverge: every(p.gauge.inverseConverge), lowBelow: every(p.gauge.lowBelow), veryLowBelow: every(p.gauge.veryLowBelow),
		noiseDecay: every(p.gauge.decay), noiseInnovate: every(p.gauge.innovate),
		eaOverRg: every(c.eaOverRg), rho: every(c.rho), restRho: every(1 - c.rho),
		inverseScale: every(c.inverseScale), texp: every(c.texp),
		small: every(random.ExpSmallReach * random.ExpSmallReach), small3: every(random.ExpSmall3), small4: every(random.ExpSmall4), small5: every(random.ExpSmall5),
		decay1: every(c.decay1), decay2: every(c.decay2),
		entropy: every(c.entropy), vCut: every(c.vCut), tOff: every(c.tOff), turn: every(turn),
		low32: random.Repeat[uint64](math.MaxUint32), three: random.Repeat[uint64](3), stay: random.Repeat(p.load.next[0][0]),
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
	v.blocks = v.loadBlock
	for i := range v.groups {
		g := &v.groups[i]
		g.columns = &v.columns[i]
		g.halves = [2]*columns{g.columns, from256(g.columns, width256)}
		v.groups[i].shares = make([]uint32s, max(p.cpuSteps, 1))
	}
	return v
}

func (v *vectors) Stepped() int64 { return v.steps }

func (v *vectors) Run(steps int, next func() (uint64, bool), book func(uint64, *History)) {
	live, more := 0, true
	v.clock = 0
	for i := range v.groups {
		v.groups[i].active = 0
	}
	for {
		if v.clock%turn == 0 {
			v.turn(v)
			for i := range v.groups {
				live -= v.review(&v.groups[i], steps, book)
			}
			for i := range v.groups {
				for idle := ^v.groups[i].active; idle != 0 && more; idle &= idle - 1 {
					if more = v.begin(i, bits.TrailingZeros8(idle), steps, next, book); more {
						live++
					}
				}
			}
			if live == 0 {
				return
			}
			v.renew()
		}
		v.poll(v)
		for i := range v.groups {
			live -= v.react(&v.groups[i], book)
		}
		v.move(v)
		v.drive(v)
		for i := range v.groups {
			live -= v.end(&v.groups[i], steps, book)
		}
		v.clock++
	}
}

// begin puts the next path that needs to be stepped at the start of lane i of the
// n-th group, and books those before it that do not. It tells whether there was one.
func (v *vectors) begin(n, i, steps int, next func() (uint64, bool), book func(uint64, *History)) bool {
	g := &v.groups[n]
	l, bit := &g.lanes[i], uint8(1)<<i
	for {
		path, ok := next()
		if !ok {
			return false
		}
		if v.plant.begin(l, &v.draws, v.blocks, path, steps) {
			break
		}
		book(path, &l.history)
	}
	if g.active == 0 {
		g.due = math.MaxInt
	}
	g.first[i], g.due = v.clock, min(g.due, v.clock+steps)
	g.active |= bit
	g.fresh |= bit
	g.low, g.veryLow, g.noisy = g.low&^bit, g.veryLow&^bit, g.noisy&^bit
	in := &l.in
	g.sunny = put(g.sunny, bit, in.env.sunShare > 0)
	g.shining = put(g.shining, bit, l.sun)
	g.watched = put(g.watched, bit, l.watchCPU)

	g.bias[i], g.r0[i], g.r1[i], g.r2[i], g.drain[i] = in.bias, l.r0, l.r1, l.r2, l.drain
	g.noiseBelow[i], g.settledAt0[i], g.settleFall[i] = l.noiseBelow, l.settledAt0, l.settleFall
	g.ouDecay[i], g.ouInnovate[i], g.cellHeat[i] = in.env.ouDecay, in.env.ouInnovate, in.net.cellHeat
	for j := range g.modes {
		net, m := in.net, &g.modes[j]
		m.held[i], m.air[i], m.decay[i], m.amplitude[i] = l.held[j], net.air[j], net.decay[j], l.modes[j]
		m.logic[i], m.heat[i], m.front[i], m.skin[i] = net.logic[j], net.heat[j], net.front[j], net.skin[j]
	}
	for k, word := range [3]uint32{0, uint32(l.path), uint32(l.path >> 32)} {
		v.counters[k*groups+n][i] = uint64(word)
	}

	g.z[i], g.v1[i], g.v2[i], g.cellT[i], g.skinT[i] = l.z, l.v1, l.v2, l.cellT, l.skinT
	g.ou[i], g.noise[i], g.state[i], g.fall[i], g.step[i] = l.ou, 0, uint64(l.state), 0, 0
	g.shine(i)
	g.resist(i)
	g.load(i)

	g.cpuLimit[i], g.cpuSum[i] = uint64(l.cpuLimit), 0
	for k := range g.shares {
		g.shares[k][i] = 0
	}
	if l.z < l.noiseBelow {
		g.listen(i)
	}
	return true
}

// loadBlock is loadWords.
func (v *vectors) loadBlock(path uint64, k int, b *loadBlock) {
	first := uint64(k / turn)
	for j := range uint64(lanes) {
		v.block[0][j], v.block[1][j] = first+j, first+j+lanes
	}
	if v.blockPath != path || k == 0 {
		v.blockPath = path
		low, high := random.Repeat(path), random.Repeat(path>>32)
		v.block[2], v.block[3], v.block[4], v.block[5] = low, low, high, high
	}
	v.random.Philox(v.keys, purposeLoad, v.block[:], b.words[:])
	v.leaves(v, b)
}

// load puts what changes now and then from a lane into the vectors.
func (g *group) load(i int) {
	l := &g.lanes[i]
	g.rise[i], g.leave[i], g.factor[i] = l.rise, l.leave, l.factor
	g.knot[i], g.slope[i], g.intercept[i] = l.knot, l.slope, l.intercept
}

// resist does the same for what resistances are made of, shine for sun and shade.
func (g *group) resist(i int) {
	l := &g.lanes[i]
	g.x[i], g.alpha[i], g.boost[i] = l.x, l.alpha, l.boost
}

func (g *group) shine(i int) {
	l := &g.lanes[i]
	g.sunHeat[i], g.sunBelow[i] = 0, l.in.env.sunFromShade
	if l.sun {
		g.sunHeat[i], g.sunBelow[i] = l.sunHeat, l.in.env.sunFromSun
	}
}

// listen starts the gauge's noise.
func (g *group) listen(i int) {
	g.noise[i] = g.lanes[i].in.noise
	g.noisy |= 1 << i
}

func put(set, bit uint8, on bool) uint8 {
	if on {
		return set | bit
	}
	return set &^ bit
}

// review does what was found where a turn begins. It returns the number of paths
// that end.
func (v *vectors) review(g *group, steps int, book func(uint64, *History)) (ended int) {
	for set := g.settled & g.active; set != 0; set &= set - 1 {
		i := bits.TrailingZeros8(set)
		v.plant.endSettled(&g.lanes[i], v.blocks, steps)
		v.leave(g, i, v.clock-g.first[i], book)
		ended++
	}
	for set := g.audible & g.active &^ g.noisy; set != 0; set &= set - 1 {
		g.listen(bits.TrailingZeros8(set))
	}
	return ended
}

// renew draws the random numbers of the turn.
func (v *vectors) renew() {
	r, noisy, sunny := &v.random, uint8(0), uint8(0)
	for i := range v.groups {
		g := &v.groups[i]
		noisy |= g.noisy & g.active
		sunny |= g.sunny & g.active
	}
	r.Philox(v.keys, purposeAir, v.counters[:], v.airs[:])
	r.Normal32(v.airs[:], &v.workspace)
	r.Philox(v.keys, purposeLoad, v.counters[:], v.loads[:])
	if noisy != 0 {
		r.Philox(v.keys, purposeNoise, v.counters[:], v.noises[:])
		r.Normal32(v.noises[:], &v.workspace)
	}
	if sunny != 0 {
		r.Philox(v.keys, purposeSun, v.counters[:], v.suns[:])
	}
	for i := range groups {
		for j := range v.counters[i] {
			v.counters[i][j]++
		}
	}
}

// react does what the poll found. It returns the number of paths that end.
func (v *vectors) react(g *group, book func(uint64, *History)) (ended int) {
	for set := g.reacts; set != 0; set &= set - 1 {
		i := bits.TrailingZeros8(set)
		l := &g.lanes[i]
		l.lowLevel, l.veryLow = g.low>>i&1 == 1, g.veryLow>>i&1 == 1
		if !v.plant.react(l, v.clock-g.first[i], g.cellT[i], g.skinT[i]) {
			v.leave(g, i, 0, book)
			ended++
			continue
		}
		g.load(i)
	}
	g.fresh = 0
	for set := g.far & g.active; set != 0; set &= set - 1 {
		i := bits.TrailingZeros8(set)
		l := &g.lanes[i]
		l.z = g.z[i]
		l.resist(v.plant.cell.exponent(g.cellT[i]), &v.plant.cell)
		g.resist(i)
	}
	for set := g.below & g.active; set != 0; set &= set - 1 {
		i := bits.TrailingZeros8(set)
		l := &g.lanes[i]
		l.z = g.z[i]
		v.plant.findSegment(l)
		g.load(i)
	}
	return ended
}

// leave books the history of a path that was stepped so often and whose lane becomes
// free.
func (v *vectors) leave(g *group, i, stepped int, book func(uint64, *History)) {
	l := &g.lanes[i]
	book(l.path, &l.history)
	v.steps += int64(stepped)
	g.active &^= 1 << i

	// An idle lane goes on at rest, without numbers that need special care.
	g.factor[i], g.z[i], g.v1[i], g.v2[i], g.cellT[i], g.fall[i], g.sunHeat[i], g.sunBelow[i] = 0, 1, 0, 0, 0, 0, 0, 0
	g.x[i], g.alpha[i], g.boost[i], g.slope[i], g.intercept[i] = 0, 1, 0, 0, 4
	for j := range g.modes {
		g.modes[j].amplitude[i], g.modes[j].held[i] = 0, 0
	}
}

// end ends the paths that the step has ended.
func (v *vectors) end(g *group, steps int, book func(uint64, *History)) (ended int) {
	leaves := (g.off | g.out | g.busy) & g.active
	if v.clock >= g.due {
		g.due = math.MaxInt
		for set := g.active; set != 0; set &= set - 1 {
			i := bits.TrailingZeros8(set)
			if due := g.first[i] + steps; due <= v.clock {
				leaves |= 1 << i
			} else {
				g.due = min(g.due, due)
			}
		}
	}
	for set := leaves; set != 0; set &= set - 1 {
		i, bit := bits.TrailingZeros8(set), set&-set
		l, k := &g.lanes[i], v.clock-g.first[i]
		h := &l.history
		stepped := k + 1
		switch {
		case g.off&bit != 0:
			h.End, h.Cause, h.AfterGrant = k, model.PowerOff, true
			stepped = k
		case k >= steps:
			stepped = k
		case g.out&bit != 0:
			h.End, h.Cause = k+1, model.PowerOff
		case g.busy&bit != 0:
			h.End, h.Cause = k+1, model.Errored
		}
		v.leave(g, i, stepped, book)
		ended++
	}
	for set := g.sun & g.sunny & g.active; set != 0; set &= set - 1 {
		i := bits.TrailingZeros8(set)
		g.lanes[i].sun = !g.lanes[i].sun
		g.shining ^= set & -set
		g.shine(i)
	}
	return ended
}

// everyFourth spreads the bits of a byte to every fourth bit.
var everyFourth = func() (spread [256]uint64) {
	for b := range spread {
		for i := range 8 {
			spread[b] |= uint64(b>>i&1) << (4 * i)
		}
	}
	return spread
}()
