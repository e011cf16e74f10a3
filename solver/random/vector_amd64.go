//go:build goexperiment.simd && amd64

package random

// Eight numbers, or eight words, each in the lower half of its place: the upper
// half is arbitrary.
type (
	Float64s = [8]float64
	Uint32s  = [8]uint64
)

// Vectors are the functions of this package for vectors of eight. Each gives the
// same bits as its namesake for single numbers. They loop over several vectors to
// hide latency.
type Vectors struct {
	// Normal32 replaces every word x by Normal32(x), as a float64.
	Normal32 func(x []Uint32s, w *NormalWorkspace)

	// Philox puts the words of Philox at the counters with c1 = purpose into x. The
	// counters hold c0 of all vectors, then c2, then c3; x the first words of all
	// vectors, then the second, the third and the fourth. The number of vectors is
	// even.
	Philox func(keys *RoundKeys, purpose uint32, c, x []Uint32s)
}

// NormalWorkspace is the scratch memory of Vectors.Normal32, which finds the segments
// of several vectors before it loads their rows. A number of a vector just stored
// cannot be loaded until the store is done.
type NormalWorkspace struct {
	rows [8]Uint32s
	ds   [8]Float64s
}

// Constants of the normals, in every lane. They are loaded from memory: to move a
// single number to a vector register the compiler uses an SSE instruction, and those
// stall while the upper parts of registers are in use. For the same reason the
// compiler's unsigned shift to the right is not used, and the functions clear the
// upper parts when they are done.
var normalVectors = struct {
	sign, one, low32, index, fraction, exponent, even, odd Uint32s
	two52, centre                                          Float64s
}{
	sign: Repeat[uint64](1 << 63), one: Repeat[uint64](1), low32: Repeat[uint64](1<<32 - 1),
	index:    Repeat[uint64]((normalOctaves*normalPieces - 1) << 5),
	fraction: Repeat[uint64](1<<normalFraction - 1), exponent: Repeat[uint64](0x3FF << 52),
	// The even and the odd ones of two vectors of pairs.
	even:  Uint32s{0, 1, 8, 9, 4, 5, 12, 13},
	odd:   Uint32s{2, 3, 10, 11, 6, 7, 14, 15},
	two52: Repeat[float64](1 << 52), centre: Repeat(1 + normalWidth/2),
}

// Repeat returns a vector with x in every lane.
func Repeat[T float64 | uint64](x T) (v [8]T) {
	for i := range v {
		v[i] = x
	}
	return v
}

// normalRows is normalSegments, row after row.
var normalRows = func() (rows [4 * len(normalSegments)]float64) {
	for i, row := range normalSegments {
		copy(rows[4*i:], row[:])
	}
	return rows
}()

// RoundKeys are the round keys of a key for the ten rounds of Philox, in every
// lane.
type RoundKeys [10][2]Uint32s

// RoundKeys returns the key's round keys.
func (key Key) RoundKeys() *RoundKeys {
	r := new(RoundKeys)
	lo, hi := key.lo, key.hi
	for i := range r {
		r[i] = [2]Uint32s{Repeat(uint64(lo)), Repeat(uint64(hi))}
		lo, hi = lo+philoxW0, hi+philoxW1
	}
	return r
}
