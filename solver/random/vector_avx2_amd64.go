//go:build goexperiment.simd && amd64

package random

import (
	"simd/archsimd"
	"unsafe"
)

// AVX2 returns the functions with 256-bit vectors, two for eight numbers, and whether this
// processor has them.
func AVX2() (Vectors, bool) {
	return Vectors{normal256, philox256}, archsimd.X86.AVX2()
}

// half returns the lower or the upper four of eight words.
func half(x *Uint32s, h int) *[4]uint64 {
	return (*[4]uint64)(unsafe.Add(unsafe.Pointer(x), 32*h))
}

func halfFloats(x *Float64s, h int) *[4]float64 {
	return (*[4]float64)(unsafe.Add(unsafe.Pointer(x), 32*h))
}

// normal256 is Vectors.Normal32.
func normal256(x []Uint32s, w *NormalWorkspace) {
	for len(x) > 0 {
		n := min(len(x), len(w.rows))
		rows256(x[:n], w)
		cubics256(x[:n], w)
		x = x[n:]
	}
	archsimd.ClearAVXUpperBits()
}

// rows256 finds the segments and the places d in them, and leaves the signs in x.
func rows256(x []Uint32s, w *NormalWorkspace) {
	c := &normalVectors
	sign, one, low32 := archsimd.LoadUint64x4(half(&c.sign, 0)),
		archsimd.LoadUint64x4(half(&c.one, 0)), archsimd.LoadUint64x4(half(&c.low32, 0))
	index, fraction, exponent := archsimd.LoadUint64x4(half(&c.index, 0)),
		archsimd.LoadUint64x4(half(&c.fraction, 0)), archsimd.LoadUint64x4(half(&c.exponent, 0))
	two52, centre := archsimd.LoadFloat64x4(halfFloats(&c.two52, 0)),
		archsimd.LoadFloat64x4(halfFloats(&c.centre, 0))
	for i := range x {
		for h := range 2 {
			v := archsimd.LoadUint64x4(half(&x[i], h))
			// all ones in the upper half
			upper := v.AsInt32x8().PermuteScalarsGrouped(0, 0, 2, 2).ShiftAllRight(31).AsUint64x4()
			v = v.Xor(upper).And(low32)
			// Or-ing a number below 2^52 into 2^52 adds it.
			t := v.Add(v).Or(one).Or(two52.AsUint64x4()).AsFloat64x4().Sub(two52).AsUint64x4()
			octave := t.AsInt32x8().PermuteScalarsGrouped(1, 1, 3, 3)
			octave.ShiftAllRight(normalFraction - 5 - 32).AsUint64x4().And(index).
				Store(half(&w.rows[i%8], h))
			t.And(fraction).Or(exponent).AsFloat64x4().Sub(centre).Store(halfFloats(&w.ds[i%8], h))
			sign.AndNot(upper).Store(half(&x[i], h))
		}
	}
}

// cubics256 evaluates the polynomials.
func cubics256(x []Uint32s, w *NormalWorkspace) {
	for i := range x {
		for h := range 2 {
			row := half(&w.rows[i%8], h)
			r0, r1, r2, r3 := row256(row[0]), row256(row[1]), row256(row[2]), row256(row[3])
			// Columns 0 and 2 of two lanes, and columns 1 and 3; then of all
			// lanes.
			e01, o01 := r0.InterleaveLoGrouped(r1), r0.InterleaveHiGrouped(r1)
			e23, o23 := r2.InterleaveLoGrouped(r3), r2.InterleaveHiGrouped(r3)
			c0 := e01.Select128FromPair(0, 2, e23).AsFloat64x4()
			c1 := o01.Select128FromPair(0, 2, o23).AsFloat64x4()
			c2 := e01.Select128FromPair(1, 3, e23).AsFloat64x4()
			c3 := o01.Select128FromPair(1, 3, o23).AsFloat64x4()

			d := archsimd.LoadFloat64x4(halfFloats(&w.ds[i%8], h))
			z := c3.Mul(d).Add(c2)
			z = z.Mul(d).Add(c1)
			z = z.Mul(d).Add(c0)
			z.AsUint64x4().Or(archsimd.LoadUint64x4(half(&x[i], h))).Store(half(&x[i], h))
		}
	}
}

// row256 returns the coefficients of a segment, given the row's distance from the
// first row in bytes; the rows proper start one later (normalSegments).
func row256(offset uint64) archsimd.Uint64x4 {
	return archsimd.LoadUint64x4((*[4]uint64)(unsafe.Add(unsafe.Pointer(&normalRows), offset+8*4)))
}

// philox256 is Vectors.Philox.
func philox256(keys *RoundKeys, purpose uint32, c, x []Uint32s) {
	n := len(c) / 3
	c, x = c[:3*n], x[:4*n]
	first := Repeat(uint64(purpose))
	m0, m1 := Repeat[uint64](philoxM0), Repeat[uint64](philoxM1)
	mul0 := archsimd.LoadUint64x4(half(&m0, 0)).AsUint32x8()
	mul1 := archsimd.LoadUint64x4(half(&m1, 0)).AsUint32x8()
	for i := range n {
		// Two halves at once hide latency.
		a0, a1 := archsimd.LoadUint64x4(half(&c[i], 0)), archsimd.LoadUint64x4(half(&first, 0))
		a2, a3 := archsimd.LoadUint64x4(half(&c[n+i], 0)), archsimd.LoadUint64x4(half(&c[2*n+i], 0))
		b0, b1 := archsimd.LoadUint64x4(half(&c[i], 1)), archsimd.LoadUint64x4(half(&first, 1))
		b2, b3 := archsimd.LoadUint64x4(half(&c[n+i], 1)), archsimd.LoadUint64x4(half(&c[2*n+i], 1))
		for r := range keys {
			k0, k1 := archsimd.LoadUint64x4(half(&keys[r][0], 0)),
				archsimd.LoadUint64x4(half(&keys[r][1], 0))
			p, q := mul0.MulEvenWiden(a0.AsUint32x8()), mul1.MulEvenWiden(a2.AsUint32x8())
			a0 = q.AsUint32x8().PermuteScalarsGrouped(1, 1, 3, 3).AsUint64x4().Xor(a1).Xor(k0)
			a2 = p.AsUint32x8().PermuteScalarsGrouped(1, 1, 3, 3).AsUint64x4().Xor(a3).Xor(k1)
			a1, a3 = q, p
			p, q = mul0.MulEvenWiden(b0.AsUint32x8()), mul1.MulEvenWiden(b2.AsUint32x8())
			b0 = q.AsUint32x8().PermuteScalarsGrouped(1, 1, 3, 3).AsUint64x4().Xor(b1).Xor(k0)
			b2 = p.AsUint32x8().PermuteScalarsGrouped(1, 1, 3, 3).AsUint64x4().Xor(b3).Xor(k1)
			b1, b3 = q, p
		}
		a0.Store(half(&x[i], 0))
		a1.Store(half(&x[n+i], 0))
		a2.Store(half(&x[2*n+i], 0))
		a3.Store(half(&x[3*n+i], 0))
		b0.Store(half(&x[i], 1))
		b1.Store(half(&x[n+i], 1))
		b2.Store(half(&x[2*n+i], 1))
		b3.Store(half(&x[3*n+i], 1))
	}
	archsimd.ClearAVXUpperBits()
}
