//go:build goexperiment.simd && amd64

package random

import (
	"simd/archsimd"
	"unsafe"
)

// AVX512 returns the functions with 512-bit vectors, and whether this processor has
// them.
func AVX512() (Vectors, bool) {
	return Vectors{normal512, philox512}, archsimd.X86.AVX512()
}

// normal512 is Vectors.Normal32.
func normal512(x []Uint32s, w *NormalWorkspace) {
	for len(x) > 0 {
		n := min(len(x), len(w.rows))
		rows512(x[:n], w)
		cubics512(x[:n], w)
		x = x[n:]
	}
	archsimd.ClearAVXUpperBits()
}

// rows512 finds the segments and the places d in them, and leaves the signs in x.
func rows512(x []Uint32s, w *NormalWorkspace) {
	c := &normalVectors
	sign, one := archsimd.LoadUint64x8(&c.sign), archsimd.LoadUint64x8(&c.one).AsInt64x8()
	index, fraction, exponent := archsimd.LoadUint64x8(&c.index), archsimd.LoadUint64x8(&c.fraction),
		archsimd.LoadUint64x8(&c.exponent)
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

// cubics512 evaluates the polynomials.
func cubics512(x []Uint32s, w *NormalWorkspace) {
	c := &normalVectors
	even, odd := archsimd.LoadUint64x8(&c.even), archsimd.LoadUint64x8(&c.odd)
	lower := archsimd.Mask64x8FromBits(0x0F)
	for i := range x {
		// Row of lane j in the lower half, row of lane j + 4 in the upper.
		row := &w.rows[i%8]
		r0 := rowFirst(row[0]).Merge(rowSecond(row[4]), lower)
		r1 := rowFirst(row[1]).Merge(rowSecond(row[5]), lower)
		r2 := rowFirst(row[2]).Merge(rowSecond(row[6]), lower)
		r3 := rowFirst(row[3]).Merge(rowSecond(row[7]), lower)
		// Columns 0 and 2 of two lanes, and columns 1 and 3; then of all lanes.
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
// bytes, which the mask index keeps inside the table.
func rowFirst(offset uint64) archsimd.Uint64x8  { return rowsFrom(offset + 8*4) }
func rowSecond(offset uint64) archsimd.Uint64x8 { return rowsFrom(offset) }

func rowsFrom(offset uint64) archsimd.Uint64x8 {
	return archsimd.LoadUint64x8((*[8]uint64)(unsafe.Add(unsafe.Pointer(&normalRows), offset)))
}

// philox512 is Vectors.Philox.
func philox512(keys *RoundKeys, purpose uint32, c, x []Uint32s) {
	if n := len(c) / 3; n > 0 {
		if n%2 != 0 {
			panic("random: odd number of vectors")
		}
		philoxAVX512(keys, uint64(purpose), &c[:3*n][0], &x[:4*n][0], n)
	}
}

// philoxAVX512 is in assembly, since package archsimd has no multiplication of 32 by
// 32 bits in 512-bit vectors. The multiplication reads the lower halves alone, so the
// upper ones need no cleaning.
//
//go:noescape
func philoxAVX512(keys *RoundKeys, purpose uint64, c, x *Uint32s, n int)
