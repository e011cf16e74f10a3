//go:build goexperiment.simd && amd64

package random

import (
	"math/bits"
	"simd/archsimd"
	"unsafe"
)

// Eight numbers, or eight words, each in the lower half of its place: the upper
// half is arbitrary.
type (
	Float64s = [8]float64
	Uint32s  = [8]uint64
)

// Vectors tells whether this processor can run the functions here. Each gives
// the bits of its namesake for single numbers; they loop over vectors, so that the
// next vectors hide the latency of one.
func Vectors() bool { return archsimd.X86.AVX512() }

// Constants of the functions below, in every lane. They are loaded from memory:
// where a lone number has to be moved to a vector register, the compiler takes an
// instruction of the first vector extension, and those stall while the upper
// parts of registers are in use. For the same reason shifts to the right are
// arithmetic ones, which take the number of bits as a constant, and the functions
// clear the upper parts when they are done.
var (
	expVectors = struct{ inverse, round, hi, lo, p0, p1, p2, p3, p4, normal2 Float64s }{
		Repeat(expInverse), Repeat[float64](expRound), Repeat(expHi), Repeat(expLo),
		Repeat(expP0), Repeat(expP1), Repeat(expP2), Repeat(expP3), Repeat(expP4), Repeat[float64](expNormal * expNormal),
	}
	normalVectors = struct {
		sign, one, index, fraction, exponent, even, odd Uint32s
		centre                                          Float64s
	}{
		sign: Repeat[uint64](1 << 63), one: Repeat[uint64](1), index: Repeat[uint64]((normalOctaves*normalPieces - 1) << 5),
		fraction: Repeat[uint64](1<<normalFraction - 1), exponent: Repeat[uint64](0x3FF << 52),
		centre: Repeat(1 + normalWidth/2),
		// Of two vectors of pairs, the even ones and the odd ones.
		even: Uint32s{0, 1, 8, 9, 4, 5, 12, 13},
		odd:  Uint32s{2, 3, 10, 11, 6, 7, 14, 15},
	}
)

// Repeat returns a vector with x in every lane.
func Repeat[T float64 | uint64](x T) (v [8]T) {
	for i := range v {
		v[i] = x
	}
	return v
}

// ExpVectors replaces every x by Exp(x).
func ExpVectors(x []Float64s) {
	c := &expVectors
	table0 := archsimd.LoadFloat64x8((*[8]float64)(exp2Sixteenths[:8]))
	table1 := archsimd.LoadFloat64x8((*[8]float64)(exp2Sixteenths[8:]))
	round, normal2 := archsimd.LoadFloat64x8(&c.round), archsimd.LoadFloat64x8(&c.normal2)
	for i := range x {
		v := archsimd.LoadFloat64x8(&x[i])
		t := v.Mul(archsimd.LoadFloat64x8(&c.inverse)).Add(round)
		k := t.Sub(round)
		r := v.Sub(k.Mul(archsimd.LoadFloat64x8(&c.hi))).Sub(k.Mul(archsimd.LoadFloat64x8(&c.lo)))
		r2 := r.Mul(r)
		p := r.Mul(archsimd.LoadFloat64x8(&c.p1)).Add(archsimd.LoadFloat64x8(&c.p0))
		q := r.Mul(archsimd.LoadFloat64x8(&c.p3)).Add(archsimd.LoadFloat64x8(&c.p2))
		p = p.Add(r2.Mul(q.Add(r2.Mul(archsimd.LoadFloat64x8(&c.p4)))))
		b := t.AsInt64x8()
		m := table0.ConcatPermute(table1, b.AsUint64x8()) // by the last four bits
		y := m.Add(m.Mul(r.Add(r2.Mul(p))))
		y = y.AsInt64x8().Add(b.ShiftAllRight(4).ShiftAllLeft(52)).AsFloat64x8()
		if edge := ^v.Mul(v).Less(normal2).ToBits(); edge != 0 {
			var done Float64s
			y.Store(&done)
			archsimd.ClearAVXUpperBits()
			expEdges(&x[i], &done, edge)
			continue
		}
		y.Store(&x[i])
	}
	archsimd.ClearAVXUpperBits()
}

// expEdges finishes a vector with Exp for the lanes in a mask.
//
//go:noinline
func expEdges(x, done *Float64s, edge uint8) {
	for ; edge != 0; edge &= edge - 1 {
		i := bits.TrailingZeros8(edge)
		done[i] = Exp(x[i])
	}
	*x = *done
}

// NormalWorkspace is room for Normal32Vectors to work in.
type NormalWorkspace struct {
	rows [8]Uint32s
	ds   [8]Float64s
}

// Normal32Vectors replaces every word x by Normal32(x), as a float64. It finds
// the segments of a few vectors before it loads their rows: a number in a vector
// just stored is not to be had until the store is done.
func Normal32Vectors(x []Uint32s, w *NormalWorkspace) {
	for len(x) > 0 {
		n := min(len(x), len(w.rows))
		normalRowsOf(x[:n], w)
		normalOfRows(x[:n], w)
		x = x[n:]
	}
	archsimd.ClearAVXUpperBits()
}

// normalRowsOf finds the segments and the places d in them, and leaves the signs
// in x.
func normalRowsOf(x []Uint32s, w *NormalWorkspace) {
	c := &normalVectors
	sign, one := archsimd.LoadUint64x8(&c.sign), archsimd.LoadUint64x8(&c.one).AsInt64x8()
	index, fraction, exponent := archsimd.LoadUint64x8(&c.index), archsimd.LoadUint64x8(&c.fraction), archsimd.LoadUint64x8(&c.exponent)
	centre := archsimd.LoadFloat64x8(&c.centre)
	for i := range x {
		v := archsimd.LoadUint64x8(&x[i]).ShiftAllLeft(32).AsInt64x8()
		upper := v.ShiftAllRight(63) // all ones in the upper half
		t := v.Xor(upper).ShiftAllRight(31).Or(one).ConvertToFloat64().AsUint64x8()
		t.AsInt64x8().ShiftAllRight(normalFraction - 5).AsUint64x8().And(index).Store(&w.rows[i%8])
		t.And(fraction).Or(exponent).AsFloat64x8().Sub(centre).Store(&w.ds[i%8])
		sign.AndNot(upper.AsUint64x8()).Store(&x[i])
	}
}

// normalOfRows evaluates the polynomials.
func normalOfRows(x []Uint32s, w *NormalWorkspace) {
	c := &normalVectors
	even, odd := archsimd.LoadUint64x8(&c.even), archsimd.LoadUint64x8(&c.odd)
	lower := archsimd.Mask64x8FromBits(0x0F)
	for i := range x {
		// Row j with that of lane j + 4 in the upper half.
		row := &w.rows[i%8]
		r0 := rowFirst(row[0]).Merge(rowSecond(row[4]), lower)
		r1 := rowFirst(row[1]).Merge(rowSecond(row[5]), lower)
		r2 := rowFirst(row[2]).Merge(rowSecond(row[6]), lower)
		r3 := rowFirst(row[3]).Merge(rowSecond(row[7]), lower)
		// Columns 0 and 2 of two lanes, and columns 1 and 3; then of all.
		e01, o01 := r0.InterleaveLoGrouped(r1), r0.InterleaveHiGrouped(r1)
		e23, o23 := r2.InterleaveLoGrouped(r3), r2.InterleaveHiGrouped(r3)
		c0 := e01.ConcatPermute(e23, even).AsFloat64x8()
		c1 := o01.ConcatPermute(o23, even).AsFloat64x8()
		c2 := e01.ConcatPermute(e23, odd).AsFloat64x8()
		c3 := o01.ConcatPermute(o23, odd).AsFloat64x8()

		d := archsimd.LoadFloat64x8(&w.ds[i%8])
		z := c3.Mul(d).Add(c2)
		z = z.Mul(d).Add(c1)
		z = z.Mul(d).Add(c0)
		z.AsUint64x8().Or(archsimd.LoadUint64x8(&x[i])).Store(&x[i])
	}
}

// rowFirst returns the coefficients of a segment in the lower half of a vector,
// rowSecond in the upper half, given the row's distance from the first row in
// bytes, which the mask index keeps in the table.
func rowFirst(offset uint64) archsimd.Uint64x8  { return rowsFrom(offset + 8*4) }
func rowSecond(offset uint64) archsimd.Uint64x8 { return rowsFrom(offset) }

func rowsFrom(offset uint64) archsimd.Uint64x8 {
	return archsimd.LoadUint64x8((*[8]uint64)(unsafe.Add(unsafe.Pointer(&normalRows), offset)))
}

// normalRows is normalSegments, row after row.
var normalRows = func() (rows [4 * len(normalSegments)]float64) {
	for i, row := range normalSegments {
		copy(rows[4*i:], row[:])
	}
	return rows
}()

// RoundKeys are a key's for the ten rounds of Philox.
type RoundKeys [10][2]uint64

// RoundKeys returns the key's round keys.
func (key Key) RoundKeys() *RoundKeys {
	var r RoundKeys
	for i := range r {
		r[i] = [2]uint64{uint64(key.lo), uint64(key.hi)}
		key.lo, key.hi = key.lo+philoxW0, key.hi+philoxW1
	}
	return &r
}

// PhiloxVectors puts the words of Philox at the counters c into x. Both hold the
// first words of all vectors, then the second, the third and the fourth; the
// number of vectors of counters is even.
func PhiloxVectors(keys *RoundKeys, c, x []Uint32s) {
	if n := len(c) / 4; n > 0 {
		if n%2 != 0 {
			panic("random: odd number of vectors")
		}
		philoxVectors(keys, &c[:4*n][0], &x[:4*n][0], n)
	}
}

// philoxVectors is in assembly, since package archsimd has no multiplication of
// 32 by 32 bits in 512-bit vectors, and with two of 256 bits the words take twice
// the time. The multiplication reads the lower halves alone, so the upper ones
// need no cleaning.
//
//go:noescape
func philoxVectors(keys *RoundKeys, c, x *Uint32s, n int)
