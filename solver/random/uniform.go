package random

// Uniform32 returns the centre of the x-th of 2^32 equal cells of the unit interval,
//
//	u = (x + ½) / 2^32,
//
// so u lies in [2^-33, 1-2^-33], never 0 or 1, and Uniform32(^x) = 1 - Uniform32(x) exactly.
func Uniform32(x uint32) float64 {
	return float64(int64(x)<<1|1) * 0x1p-33
}

// Uniform53 returns a uniform number with 53 significant bits from two words. With n the
// upper 52 bits of hi:lo,
//
//	u = (n + ½) / 2^52 = (2n + 1) / 2^53,
//
// so u lies in [2^-53, 1-2^-53], never 0 or 1, and Uniform53(^hi, ^lo) = 1 - Uniform53(hi,
// lo) exactly. There are 2^52 cells and not 2^53: with 53 bits n + ½ would need 54, and the
// last cell would round to 1.
func Uniform53(hi, lo uint32) float64 {
	n := (uint64(hi)<<32 | uint64(lo)) >> 12
	return float64(int64(n<<1|1)) * 0x1p-53
}
