//go:build goexperiment.simd && amd64

package plant

import (
	"math"
	"simd/archsimd"
	"unsafe"

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

	blockCounters *[3 * blockVectors]uint32s // of a block of load words
	blockPath     uint64                     // path whose number is in blockCounters
}

// vectorMemory is memory and the constants, placed together for the first-level
// cache.
type vectorMemory struct {
	constants     vectorConstants
	workspace     random.NormalWorkspace
	blockCounters [3 * blockVectors]uint32s
	memory
}

// vectorConstants are the program's constants, in every lane.
type vectorConstants struct {
	zero, one, half, hundred, zeroCelsius, inverseReference            float64s
	inverseConverge, lowBelow, veryLowBelow, noiseDecay, noiseInnovate float64s
	eaOverRg, rho, restRho, inverseScale, texp                         float64s
	small, small3, small4, small5                                      float64s
	decay1, decay2, entropy, vCut, tOff                                float64s
	power, front, cpu                                                  byState
	next                                                               [3]byState
	low32, three, twelve                                               uint32s
	stay, back                                                         uint32s // see Plant.leastStay
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
		entropy: every(c.entropy), vCut: every(c.vCut), tOff: every(c.tOff),
		low32: random.Repeat[uint64](math.MaxUint32), three: random.Repeat[uint64](3),
		twelve: random.Repeat[uint64](12), stay: random.Repeat(p.leastStay),
		back: random.Repeat(p.leastReturn),
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

// blockOf fills a block with the words of a purpose for the steps of a path from k on.
func (v *vectors) blockOf(purpose uint32, path uint64, k int, b *block) {
	at := uint64(k / turn)
	for i := range blockVectors {
		c := &v.blockCounters[i]
		for j := range c {
			c[j] = at
			at++
		}
	}
	if v.blockPath != path || k == 0 {
		v.blockPath = path
		low, high := random.Repeat(path), random.Repeat(path>>32)
		for i := range blockVectors {
			v.blockCounters[blockVectors+i], v.blockCounters[2*blockVectors+i] = low, high
		}
	}
	v.random.Philox(v.keys, purpose, v.blockCounters[:], b[:])
}

func (v *vectors) normals(purpose uint32, path uint64, step int, b *block) {
	v.blockOf(purpose, path, step, b)
	v.random.Normal32(b[:], v.workspace)
}

// everyFourth spreads the bits of a byte to every fourth bit.
var everyFourth = func() (spread [256]uint32) {
	for b := range spread {
		for i := range 8 {
			spread[b] |= uint32(b>>i&1) << (4 * i)
		}
	}
	return spread
}()

// The functions that differ between the two vector widths, by the names that the
// phases use. A group's numbers take one vector of 512 bits, or two of 256 that
// begin with lane 0 and lane 4.
const (
	width512 = 8
	width256 = 4
)

// from512 returns a pointer to the numbers of the lanes from the given one on. One
// vector holds all lanes.
func from512[T any](x *T, _ int) *T { return x }

// from256 returns a pointer to the numbers of the lanes from the given one on,
// as if they were those of lane 0.
func from256[T any](x *T, lane int) *T {
	return (*T)(unsafe.Add(unsafe.Pointer(x), lane*8))
}

// columns512 returns the columns for the lanes from the given one on, columns256 as if
// they were those of lane 0. The addresses of both halves are kept, since the compiler
// would compute them again for every column.
func (g *group) columns512(_ int) *columns    { return g.columns }
func (g *group) columns256(lane int) *columns { return g.halves[lane/width256%2] }

func load512(x *float64s) archsimd.Float64x8        { return archsimd.LoadFloat64x8(x) }
func words512(x *uint32s) archsimd.Uint64x8         { return archsimd.LoadUint64x8(x) }
func store512(v archsimd.Float64x8, x *float64s)    { v.Store(x) }
func storeWords512(v archsimd.Uint64x8, x *uint32s) { v.Store(x) }

func load256(x *float64s) archsimd.Float64x4 {
	return archsimd.LoadFloat64x4((*[4]float64)(x[:]))
}
func words256(x *uint32s) archsimd.Uint64x4 {
	return archsimd.LoadUint64x4((*[4]uint64)(x[:]))
}
func store256(v archsimd.Float64x4, x *float64s)    { v.Store((*[4]float64)(x[:])) }
func storeWords256(v archsimd.Uint64x4, x *uint32s) { v.Store((*[4]uint64)(x[:])) }

// byState is a table of numbers by state, in bits: of all loads, four for each.
type byState [4 * mostLoads]uint64

// selector512 converts states into the selector of lookUp512, which looks up the numbers of
// states in a table of so many loads.
func selector512(state archsimd.Uint64x8) archsimd.Uint64x8 { return state }

func lookUp512(table *byState, state archsimd.Uint64x8, _ int) archsimd.Uint64x8 {
	first := archsimd.LoadUint64x8((*[8]uint64)(table[:8]))
	return first.ConcatPermute(archsimd.LoadUint64x8((*[8]uint64)(table[8:])), state)
}

// With 256 bits only halves of numbers can be permuted: the halves of number s are 2s and
// 2s + 1. A permutation reaches the numbers of one load, by the lower bits of a half.
func selector256(state archsimd.Uint64x4) archsimd.Uint32x8 {
	twice := state.Add(state)
	return twice.Or(twice.ShiftAllLeft(32)).AsUint32x8().Or(words256(&oddHalves).AsUint32x8())
}

var oddHalves = random.Repeat[uint64](1 << 32)

func lookUp256(table *byState, halves archsimd.Uint32x8, loads int) archsimd.Uint64x4 {
	found := numbers256(table, 0, halves)
	for n := 1; n < loads; n++ {
		of := halves.ShiftAllRight(3).Equal(archsimd.BroadcastUint32x8(uint32(n)))
		found = numbers256(table, n, halves).Merge(found, of)
	}
	return found.AsUint64x4()
}

// numbers256 returns the numbers of the n-th load.
func numbers256(table *byState, n int, halves archsimd.Uint32x8) archsimd.Uint32x8 {
	return archsimd.LoadUint64x4((*[4]uint64)(table[4*n:])).AsUint32x8().Permute(halves)
}
