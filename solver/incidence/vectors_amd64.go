//go:build goexperiment.simd && amd64

package incidence

import (
	"math"
	"simd/archsimd"
	"unsafe"

	"budget/solver/estimate"
	"budget/solver/random"
)

type float64s = random.Float64s

// The functions that differ between the two vector widths, by the names that folds and
// batches use. Eight numbers take one vector of 512 bits, or two of 256 that begin with
// lane 0 and lane 4.
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

func load512(x *float64s) archsimd.Float64x8     { return archsimd.LoadFloat64x8(x) }
func store512(v archsimd.Float64x8, x *float64s) { v.Store(x) }

func load256(x *float64s) archsimd.Float64x4 {
	return archsimd.LoadFloat64x4((*[4]float64)(x[:]))
}
func words256(x *random.Uint32s) archsimd.Uint64x4 {
	return archsimd.LoadUint64x4((*[4]uint64)(x[:]))
}
func store256(v archsimd.Float64x4, x *float64s) { v.Store((*[4]float64)(x[:])) }

// every512 returns a number in every lane.
func every512(x float64) archsimd.Float64x8 { return archsimd.BroadcastFloat64x8(x) }
func every256(x float64) archsimd.Float64x4 { return archsimd.BroadcastFloat64x4(x) }

// floats512 returns amounts as numbers, rounded to nearest.
func floats512(x *amounts) archsimd.Float64x8 {
	return archsimd.LoadInt64x8(x).ConvertToFloat64()
}

// AVX2 has no such conversion. Or-ing the lower half of a number into 2^52 adds it to
// 2^52. The upper half, plus 2^31 to be positive, is or-ed into 2^84, where it counts
// 2^32 times as much. The first difference is exact.
func floats256(x *amounts) archsimd.Float64x4 {
	v := archsimd.LoadUint64x4((*[4]uint64)(unsafe.Pointer(x)))
	lower := v.And(words256(&halves.low32)).Or(words256(&halves.two52)).AsFloat64x4()
	upper := v.AsUint32x8().PermuteScalarsGrouped(1, 1, 3,
		3).AsUint64x4().And(words256(&halves.low32)).
		Xor(words256(&halves.two84)).AsFloat64x4()
	return upper.Sub(words256(&halves.bias).AsFloat64x4()).Add(lower)
}

var halves = struct{ low32, two52, two84, bias random.Uint32s }{
	random.Repeat[uint64](1<<32 - 1),
	random.Repeat(math.Float64bits(1 << 52)),
	random.Repeat(math.Float64bits(1<<84) ^ 1<<31),
	random.Repeat(math.Float64bits(1<<84 + 1<<63 + 1<<52)),
}

// fourth512 returns four numbers with the same sum, of numbers that add up exactly.
func fourth512(v archsimd.Float64x8) archsimd.Float64x4 { return v.GetLo().Add(v.GetHi()) }
func fourth256(v archsimd.Float64x4) archsimd.Float64x4 { return v }

// together merges the means of all lanes.
func together(sum, high, low archsimd.Float64x4) estimate.BlockMeans {
	pairs, lows := sum.AddPairsGrouped(high), low.AddPairsGrouped(low)
	two, one := pairs.GetLo().Add(pairs.GetHi()), lows.GetLo().Add(lows.GetHi())
	return estimate.BlockMeans{Sum: two.GetElem(0), High: two.GetElem(1), Low: one.GetElem(0)}
}
