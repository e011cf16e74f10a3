package random

import "math"

// Normal32 returns the standard normal quantile of Uniform32(x), within 4e-10 of Normal both absolutely and relative to
// its value (absolutely alone where |z| < 0.001): the draw for a time step. The error is a smooth function of x, so it
// shifts moments by no more than its own size. Normal32 strictly increases with x, Normal32(^x) = -Normal32(x) exactly,
// and |z| is at most 6.34, at x = 0 and ^0.
//
// There is no branch, so it costs a fifth of Normal, whose tail is mispredicted. Horner's rule and the
// two-level Estrin form take the same time; Horner's is the shorter. In the lower half, with
//
//	t = 2x + 1 = 2^33·u, an odd integer below 2^32,
//
// the exponent of float64(t) and the first three bits of its fraction number 256 segments, eighths of octaves of u,
// which become short as fast as z becomes steep. In each
//
//	-z = c0 + c1·d + … + c5·d⁵, d = t/2^⌊log2 t⌋ minus the centre of the segment, |d| ≤ 1/16.
//
// The upper half is the mirror image. A vector kernel needs six gathers from 12 KB, most of them from the 1 KB of the
// three upper octaves.
func Normal32(x uint32) float64 {
	upper := uint32(int32(x) >> 31) // all ones in the upper half
	t := math.Float64bits(float64(int64(x^upper)<<1 | 1))
	c := &normalSegments[uint8(t>>normalFraction)]
	d := math.Float64frombits(t&(1<<normalFraction-1)|0x3FF<<52) - (1 + normalWidth/2)

	z := float64(c[5]*d) + c[4]
	z = float64(z*d) + c[3]
	z = float64(z*d) + c[2]
	z = float64(z*d) + c[1]
	z = float64(z*d) + c[0]
	return math.Float64frombits(math.Float64bits(z) | uint64(^upper)<<63)
}

const (
	normalWidth    = 1.0 / 8 // of a segment, in units of the lower end of its octave
	normalFraction = 52 - 3  // bits of a fraction below the number of its segment

	// The exponents of t, 0 to 31, are stored as 1023 to 1054. Five bits of that, with three of the fraction, are the
	// index: the octave of exponent e starts at 8·((e + 1023) mod 32).
	normalOctaves = 32
)

// normalSegments are the coefficients c0…c5 of Normal32 for each segment.
var normalSegments = fitNormal()

// fitNormal interpolates Normal at the six Chebyshev-Lobatto nodes of each segment. The ends are nodes, so that
// neighbouring polynomials meet to within rounding and Normal32 is monotone across them.
//
// The remainder is below 2·(w/4)^6·|z⁽⁶⁾|/6! for a segment of width w = 1/8. Near the end of the tail z behaves like
// √(-2 ln t), so |z⁽⁶⁾| ≈ 5!/|z|, and the remainder is about 3e-10/|z|.
func fitNormal() (segments [256][6]float64) {
	// cos(π/5) and cos(2π/5) as constants, since math.Cos may differ in the last bit between architectures.
	const c1, c2 = 0.8090169943749475, 0.30901699437494745
	lobatto := [6]float64{-1, -c1, -c2, c2, c1, 1}

	for e := range normalOctaves {
		for i := range 8 {
			var d, z [6]float64
			for j, node := range lobatto {
				d[j] = float64(node * (normalWidth / 2))
				t := 1 + (float64(i)+0.5)/8 + d[j]
				z[j] = -Normal(t * exp2(int64(e-33)))
			}
			segments[(e+1023)%32*8+i] = monomial(d, z)
		}
	}
	return segments
}

// monomial returns the coefficients c of Σ c_k·d^k through the points (d_j, z_j), by Newton's divided differences.
func monomial(d, z [6]float64) (c [6]float64) {
	for k := 1; k < 6; k++ {
		for j := 5; j >= k; j-- {
			z[j] = (z[j] - z[j-1]) / (d[j] - d[j-k])
		}
	}
	// c ← z_k + (d - d_k)·c, from the innermost bracket out.
	for k := 5; k >= 0; k-- {
		for j := 5; j >= 1; j-- {
			c[j] = c[j-1] - float64(c[j]*d[k])
		}
		c[0] = z[k] - float64(c[0]*d[k])
	}
	return c
}
