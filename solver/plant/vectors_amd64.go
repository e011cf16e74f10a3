//go:build goexperiment.simd && amd64

package plant

import (
	"math"

	"budget/model"
	"budget/solver/random"
)

// vectors are phases with vectors, of either width (phases512_amd64.go). Code with
// vectors and code for single numbers must not mix: see package random.
type vectors struct {
	*kernel
	random    random.Vectors
	keys      *random.RoundKeys
	constants *vectorConstants
	workspace *random.NormalWorkspace

	blockCounters *[6]uint32s // of a block of load words
	blockPath     uint64      // path whose number is in blockCounters
}

// vectorMemory is memory and the constants, placed together for the first-level
// cache.
type vectorMemory struct {
	constants     vectorConstants
	workspace     random.NormalWorkspace
	blockCounters [6]uint32s
	memory
}

// vectorConstants are the program's constants, in every lane.
type vectorConstants struct {
	zero, one, half, hundred, zeroCelsius, inverseReference            float64s
	inverseConverge, lowBelow, veryLowBelow, noiseDecay, noiseInnovate float64s
	eaOverRg, rho, restRho, inverseScale, texp                         float64s
	small, small3, small4, small5                                      float64s
	decay1, decay2, entropy, vCut, tOff, turn                          float64s
	power, front, cpu                                                  byState
	next                                                               [3]byState
	low32, three, twelve                                               uint32s
	stay                                                               uint32s // quiet stays below
}

func newVectors(p *Plant, s Sampler, r random.Vectors) *vectors {
	every := random.Repeat[float64]
	c, m := &p.cell, new(vectorMemory)
	m.constants = vectorConstants{
		zero: every(0), one: every(1), half: every(0.5), hundred: every(100),
		zeroCelsius: every(model.ZeroCelsius), inverseReference: every(inverseReference),
		inverseConverge: every(p.gauge.inverseConverge),
		lowBelow:        every(p.gauge.lowBelow), veryLowBelow: every(p.gauge.veryLowBelow),
		noiseDecay: every(p.gauge.decay), noiseInnovate: every(p.gauge.innovate),
		eaOverRg: every(c.eaOverRg), rho: every(c.rho), restRho: every(1 - c.rho),
		inverseScale: every(c.inverseScale), texp: every(c.texp),
		small:  every(random.ExpSmallReach * random.ExpSmallReach),
		small3: every(random.ExpSmall3), small4: every(random.ExpSmall4), small5: every(random.ExpSmall5),
		decay1: every(c.decay1), decay2: every(c.decay2),
		entropy: every(c.entropy), vCut: every(c.vCut), tOff: every(c.tOff), turn: every(turn),
		low32: random.Repeat[uint64](math.MaxUint32), three: random.Repeat[uint64](3),
		twelve: random.Repeat[uint64](12), stay: random.Repeat(p.leastStay()),
	}
	k := &m.constants
	for s := range k.power {
		k.power[s] = math.Float64bits(p.chains.power[s])
		k.front[s] = math.Float64bits(p.chains.front[s])
		k.cpu[s] = uint64(p.chains.cpu[s])
		for i, bound := range p.chains.next[s] {
			k.next[i][s] = bound
		}
	}
	return &vectors{kernel: newKernel(p, s, &m.memory), random: r, keys: s.key.RoundKeys(),
		constants: k, workspace: &m.workspace, blockCounters: &m.blockCounters}
}

func (v *vectors) renew() {
	r, noisy, sunny := &v.random, uint8(0), uint8(0)
	for i := range v.groups {
		g := &v.groups[i]
		noisy |= g.noisy & g.active
		sunny |= g.sunny & g.active
	}
	r.Philox(v.keys, purposeAir, v.counters[:], v.airs[:])
	r.Normal32(v.airs[:], v.workspace)
	r.Philox(v.keys, purposeLoad, v.counters[:], v.loadWords[:])
	if noisy != 0 {
		r.Philox(v.keys, purposeNoise, v.counters[:], v.noises[:])
		r.Normal32(v.noises[:], v.workspace)
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

// loadBlock fills a block with the load words of a path from step k on.
func (v *vectors) loadBlock(path uint64, k int, b *loadBlock) {
	first := uint64(k / turn)
	for j := range uint64(lanes) {
		v.blockCounters[0][j], v.blockCounters[1][j] = first+j, first+j+lanes
	}
	if v.blockPath != path || k == 0 {
		v.blockPath = path
		low, high := random.Repeat(path), random.Repeat(path>>32)
		copy(v.blockCounters[2:], []uint32s{low, low, high, high})
	}
	v.random.Philox(v.keys, purposeLoad, v.blockCounters[:], b.words[:])
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
