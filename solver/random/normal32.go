package random

import "math"

// Normal32 returns the standard normal quantile of Uniform32(x), within 4e-10 of Normal,
// absolutely and relative to its value (absolutely only where |z| < 0.001). It is the draw of
// a time step. The error is a smooth function of x, so it shifts moments by at most its own
// size. Normal32 strictly increases with x, Normal32(^x) = -Normal32(x) exactly, and |z| is at
// most 6.34, at x = 0 and ^0.
//
// There is no branch to mispredict, so it costs a fraction of Normal. In the lower half, with
//
//	t = 2x + 1 = 2^33·u, an odd integer below 2^32,
//
// the exponent of float64(t) and the first six bits of its fraction number 2048 segments: 64
// in each octave of u, shorter where z is steeper. In each
//
//	-z = c0 + c1·d + c2·d² + c3·d³, d = t/2^⌊log2 t⌋ minus the centre of the segment, |d| ≤ 1/128.
//
// The upper half is the mirror image. The table takes 64 KB, but the three upper octaves,
// where seven words in eight fall, take 6 KB of it. Rows are short because a vector kernel
// loads the rows of its lanes one by one and transposes them.
func Normal32(x uint32) float64 {
	upper := uint32(int32(x) >> 31) // all ones in the upper half
	t := math.Float64bits(float64(int64(x^upper)<<1 | 1))
	c := &normalSegments[t>>normalFraction%(32*normalPieces)+1]
	d := math.Float64frombits(t&(1<<normalFraction-1)|0x3FF<<52) - (1 + normalWidth/2)

	z := float64(c[3]*d) + c[2]
	z = float64(z*d) + c[1]
	z = float64(z*d) + c[0]
	return math.Float64frombits(math.Float64bits(z) | uint64(^upper)<<63)
}

const (
	normalPieces   = 1 << 6             // segments of an octave
	normalWidth    = 1.0 / normalPieces // of a segment, in units of the lower end of its octave
	normalFraction = 52 - 6             // bits of a fraction below the number of its segment

	// The exponents of t, 0 to 31, are stored as 1023 to 1054. Five bits of that, with six of
	// the fraction, are the index: the octave of exponent e starts at 64·((e + 1023) mod 32).
	normalOctaves = 32
)

// normalSegments are the coefficients c0…c3 of Normal32 for each segment, from row 1 on;
// an empty row before and after lets a vector kernel load a row with either neighbour.
var normalSegments = fitNormal()

// fitNormal interpolates Normal at the four Chebyshev-Lobatto nodes of each segment. The
// ends are nodes, so neighbouring polynomials meet to within rounding and Normal32 is
// monotone across them.
//
// The remainder is below 2·(w/4)^4·|z⁽⁴⁾|/4! for a segment of width w = 1/64. Near the end
// of the tail z behaves like √(-2 ln t), so |z⁽⁴⁾| ≈ 3!/|z|, and the remainder is about
// 1.2e-10/|z|.
func fitNormal() (segments [normalOctaves*normalPieces + 2][4]float64) {
	lobatto := [4]float64{-1, -0.5, 0.5, 1}

	end := -Normal(exp2(-33)) // of the segment before, where this one begins
	for e := range normalOctaves {
		for i := range normalPieces {
			d, z := [4]float64{lobatto[0] * (normalWidth / 2)}, [4]float64{end}
			for j := 1; j < len(lobatto); j++ {
				d[j] = lobatto[j] * (normalWidth / 2)
				t := 1 + (float64(i)+0.5)*normalWidth + d[j]
				z[j] = -Normal(t * exp2(int64(e-33)))
			}
			end = z[3]
			segments[(e+1023)%32*normalPieces+i+1] = monomial(d, z)
		}
	}
	return segments
}

// monomial returns the coefficients c of Σ c_k·d^k through the points (d_j, z_j), by
// Newton's divided differences.
func monomial(d, z [4]float64) (c [4]float64) {
	const last = len(c) - 1
	for k := 1; k <= last; k++ {
		for j := last; j >= k; j-- {
			z[j] = (z[j] - z[j-1]) / (d[j] - d[j-k])
		}
	}
	// c ← z_k + (d - d_k)·c, from the innermost bracket out.
	for k := last; k >= 0; k-- {
		for j := last; j >= 1; j-- {
			c[j] = c[j-1] - float64(c[j]*d[k])
		}
		c[0] = z[k] - float64(c[0]*d[k])
	}
	return c
}
