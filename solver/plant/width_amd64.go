//go:build goexperiment.simd && amd64

package plant

import (
	"simd/archsimd"
	"unsafe"

	"budget/solver/random"
)

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
