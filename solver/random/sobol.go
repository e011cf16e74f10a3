package random

import "math/bits"

// SobolDimensions is the number of dimensions of the Sobol' points.
const SobolDimensions = 13

// joeKuo holds, for the dimensions from the second on, the primitive polynomial
// (its degree and inner coefficients) and the initial direction numbers of
// S. Joe and F. Y. Kuo, "Constructing Sobol sequences with better two-dimensional
// projections", SIAM J. Sci. Comput. 30 (2008), the set new-joe-kuo-6.
var joeKuo = [SobolDimensions - 1]struct {
	degree  int
	inner   uint32
	initial []uint32
}{
	{1, 0, []uint32{1}},
	{2, 1, []uint32{1, 3}},
	{3, 1, []uint32{1, 3, 1}},
	{3, 2, []uint32{1, 1, 1}},
	{4, 1, []uint32{1, 1, 3, 3}},
	{4, 4, []uint32{1, 3, 5, 13}},
	{5, 2, []uint32{1, 1, 5, 5, 17}},
	{5, 4, []uint32{1, 1, 5, 5, 5}},
	{5, 7, []uint32{1, 1, 7, 11, 19}},
	{5, 11, []uint32{1, 1, 5, 1, 1}},
	{5, 13, []uint32{1, 1, 1, 3, 11}},
	{5, 14, []uint32{1, 3, 5, 5, 31}},
}

// sobolDirections holds the direction numbers of every dimension, as 32-bit
// binary fractions.
var sobolDirections = newSobolDirections()

func newSobolDirections() (v [SobolDimensions][32]uint32) {
	for i := range 32 {
		v[0][i] = 1 << (31 - i)
	}
	for d, p := range joeKuo {
		column := &v[d+1]
		for i := range 32 {
			if i < p.degree {
				column[i] = p.initial[i] << (31 - i)
				continue
			}
			// v_i = v_{i−s} ⊕ (v_{i−s} >> s) ⊕ a_1 v_{i−1} ⊕ … ⊕ a_{s−1} v_{i−s+1}
			column[i] = column[i-p.degree] ^ column[i-p.degree]>>p.degree
			for j := 1; j < p.degree; j++ {
				if p.inner>>(p.degree-1-j)&1 == 1 {
					column[i] ^= column[i-j]
				}
			}
		}
	}
	return v
}

// Sobol returns coordinate d of the i-th point of the Sobol' sequence, from
// point 0, as a 32-bit binary fraction. The first 2^m points are a net: every
// dyadic interval of length 2^−m holds one of them in every coordinate.
func Sobol(i uint32, d int) uint32 {
	x := uint32(0)
	for v := &sobolDirections[d]; i != 0; i &= i - 1 {
		x ^= v[bits.TrailingZeros32(i)]
	}
	return x
}

// Net walks through the points of the Sobol' sequence. The zero value stands at
// point 0.
type Net struct {
	i uint32
	x [SobolDimensions]uint32 // bits in reverse order, as Scramble needs them
}

// Move goes to the i-th point. Moving to the next point, i + 1, is fast, since
// only the bits up to the lowest 0 of i change.
func (n *Net) Move(i uint32) {
	switch changed := n.i ^ i; {
	case i == n.i+1:
		carry := bits.TrailingZeros32(^n.i)
		for d := range n.x {
			n.x[d] ^= sobolCarries[d][carry]
		}
	default:
		for d := range n.x {
			n.x[d] ^= bits.Reverse32(Sobol(changed, d))
		}
	}
	n.i = i
}

// Coordinate returns coordinate d of the point, as Sobol does.
func (n *Net) Coordinate(d int) uint32 { return bits.Reverse32(n.x[d]) }

// Scrambled returns Scramble(n.Coordinate(d), seed).
func (n *Net) Scrambled(d int, seed uint32) uint32 { return scrambleReversed(n.x[d], seed) }

// sobolCarries holds the bits of a coordinate that flip when the lowest 0 of the
// point's number, at bit c, becomes 1 and the bits below it become 0, in reverse order.
var sobolCarries = func() (carries [SobolDimensions][33]uint32) {
	for d := range carries {
		for c := range carries[d] {
			carries[d][c] = bits.Reverse32(Sobol(uint32(1<<(c+1)-1), d))
		}
	}
	return carries
}()

// Shuffle returns point i of a one-dimensional sequence, in an order chosen by
// the seeds. For every m, each of 2^m equal cells holds one of the first 2^m
// points. Coordinates with independent seeds make a Latin hypercube.
func Shuffle(i, order, seed uint32) uint32 {
	return Scramble(bits.Reverse32(Scramble(i, order)), seed)
}

// Scramble applies a nested uniform scramble, chosen by seed, to a coordinate: a
// net stays a net, every single point is uniform, and nets with independent seeds
// are independent. It is Owen's scramble with the hash of Laine and Karras for
// the random permutations: each bit is flipped by a hash of the bits above it.
//
// References: A. B. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences",
// 1995; B. Burley, "Practical hash-based Owen scrambling", JCGT 9(4), 2020.
func Scramble(x, seed uint32) uint32 { return scrambleReversed(bits.Reverse32(x), seed) }

// scrambleReversed scrambles a coordinate given with its bits in reverse order.
func scrambleReversed(x, seed uint32) uint32 {
	x ^= x * 0x3d20adea
	x += seed
	x *= seed>>16 | 1
	x ^= x * 0x05526c56
	x ^= x * 0x53a22864
	return bits.Reverse32(x)
}
