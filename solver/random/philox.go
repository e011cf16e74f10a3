package random

// The multipliers and Weyl increments of Philox4x32 (Salmon et al. 2011, table 2).
const (
	philoxM0 = 0xD2511F53
	philoxM1 = 0xCD9E8D57
	philoxW0 = 0x9E3779B9 // golden ratio
	philoxW1 = 0xBB67AE85 // √3 - 1

	weyl0, weyl1 = philoxW0 << 32, philoxW1 << 32
)

// Key selects one of 2^64 families of random words. The zero Key is the key of seed 0, a
// seed like any other.
type Key struct{ lo, hi uint32 }

// NewKey returns the key of a seed. Different seeds have different keys.
func NewKey(seed uint64) Key { return Key{lo: uint32(seed), hi: uint32(seed >> 32)} }

// Philox returns the four random words at the counter (c0, c1, c2, c3): the block cipher
// Philox4x32-10, a bijection of the counter for every key. One round is
//
//	(c0, c1, c2, c3) ← (hi(M1·c2) ⊕ c1 ⊕ k0, lo(M1·c2), hi(M0·c0) ⊕ c3 ⊕ k1, lo(M0·c0))
//
// and the round key (k0, k1) grows by (W0, W1) between rounds. Two words are one number here,
// q = 2^32·c0 + c1 and p = 2^32·c2 + c3, which saves a tenth:
//
//	(q, p) ← (M1·⌊p/2^32⌋ ⊕ 2^32·(c1 ⊕ k0), M0·⌊q/2^32⌋ ⊕ 2^32·(c3 ⊕ k1))
//
// The rounds are written out because a loop, or a function for a round, costs a tenth more or
// even a fifth. Round keys kept in memory gain nothing: the additions that make them run beside
// the multiplications.
//
// Reference: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers:
// as easy as 1, 2, 3", SC11, 2011.
func Philox(key Key, c0, c1, c2, c3 uint32) (x0, x1, x2, x3 uint32) {
	k0, k1 := uint64(key.lo)<<32, uint64(key.hi)<<32
	q, p := uint64(c0)<<32|uint64(c1), uint64(c2)<<32|uint64(c3)
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	return uint32(q >> 32), uint32(q), uint32(p >> 32), uint32(p)
}

// Philox2 returns the words at the counters (c0, c1, c2, c3) and (d0, d1, c2, c3). It takes
// three quarters of the time of two calls of Philox.
func Philox2(key Key, c0, c1, d0, d1, c2, c3 uint32) (x0, x1, x2, x3, y0, y1, y2, y3 uint32) {
	k0, k1 := uint64(key.lo)<<32, uint64(key.hi)<<32
	q, p := uint64(c0)<<32|uint64(c1), uint64(c2)<<32|uint64(c3)
	s, r := uint64(d0)<<32|uint64(d1), p
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	s, r = philoxM1*(r>>32)^s<<32^k0, philoxM0*(s>>32)^r<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	s, r = philoxM1*(r>>32)^s<<32^k0, philoxM0*(s>>32)^r<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	s, r = philoxM1*(r>>32)^s<<32^k0, philoxM0*(s>>32)^r<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	s, r = philoxM1*(r>>32)^s<<32^k0, philoxM0*(s>>32)^r<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	s, r = philoxM1*(r>>32)^s<<32^k0, philoxM0*(s>>32)^r<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	s, r = philoxM1*(r>>32)^s<<32^k0, philoxM0*(s>>32)^r<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	s, r = philoxM1*(r>>32)^s<<32^k0, philoxM0*(s>>32)^r<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	s, r = philoxM1*(r>>32)^s<<32^k0, philoxM0*(s>>32)^r<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	s, r = philoxM1*(r>>32)^s<<32^k0, philoxM0*(s>>32)^r<<32^k1
	k0, k1 = k0+weyl0, k1+weyl1
	q, p = philoxM1*(p>>32)^q<<32^k0, philoxM0*(q>>32)^p<<32^k1
	s, r = philoxM1*(r>>32)^s<<32^k0, philoxM0*(s>>32)^r<<32^k1
	return uint32(q >> 32), uint32(q), uint32(p >> 32), uint32(p),
		uint32(s >> 32), uint32(s), uint32(r >> 32), uint32(r)
}

// Stream is the random words of one path for one purpose. It has no state: any worker may ask
// for any block, in any order.
//
// The Philox counter is laid out as
//
//	c0 = block: the number of a time step, or of a block of draws
//	c1 = purpose
//	c2 = low word of the path
//	c3 = high word of the path
//
// so streams that differ in path or purpose never share a counter, and a stream holds 2^32 blocks.
type Stream struct {
	Key     Key
	Path    uint64 // number of the path, any value
	Purpose uint32 // what the words are for, any value; the caller numbers its purposes
}

// Block returns the four words of the i-th block. For draws made once a step that is the
// i-th step.
func (s Stream) Block(i uint32) (x0, x1, x2, x3 uint32) {
	return Philox(s.Key, i, s.Purpose, uint32(s.Path), uint32(s.Path>>32))
}

// Uniform returns the j-th uniform number of the stream, in (0, 1), as Uniform53 makes it. A
// block gives two: words 0 and 1 of block ⌊j/2⌋ for even j, words 2 and 3 for odd j. The
// full range of j uses the first 2^31 blocks.
func (s Stream) Uniform(j uint32) float64 {
	x0, x1, x2, x3 := s.Block(j >> 1)
	if j&1 == 0 {
		return Uniform53(x0, x1)
	}
	return Uniform53(x2, x3)
}
