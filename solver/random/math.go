package random

import "math"

// Exp and Log are written here, and not taken from the standard library, because math.Exp
// and math.Log are assembly on some architectures and Go on others, with results that differ
// in the last bit. These give the same bits everywhere: every product that is added to
// something, in its statement or a later one, is first rounded by float64(x*y), which
// forbids the compiler to fuse. math.FMA is slower on the default GOAMD64=v1, where every
// call tests the processor first: a tenth for Exp and for Normal. A vector kernel must
// multiply and add separately too, to give the same bits.

// exp2Sixteenths holds 2^(i/16), rounded to nearest. It fits two 512-bit registers, so a
// permutation, not a gather, looks it up.
var exp2Sixteenths = [16]float64{
	0x1.0000000000000p+0, 0x1.0b5586cf9890fp+0, 0x1.172b83c7d517bp+0, 0x1.2387a6e756238p+0,
	0x1.306fe0a31b715p+0, 0x1.3dea64c123422p+0, 0x1.4bfdad5362a27p+0, 0x1.5ab07dd485429p+0,
	0x1.6a09e667f3bcdp+0, 0x1.7a11473eb0187p+0, 0x1.8ace5422aa0dbp+0, 0x1.9c49182a3f090p+0,
	0x1.ae89f995ad3adp+0, 0x1.c199bdd85529cp+0, 0x1.d5818dcfba487p+0, 0x1.ea4afa2a490dap+0,
}

// Exp returns e^x to within 1.5 units in the last place, a relative error below 3e-16 where
// the result is normal. It increases with x except for steps of a last place. The special
// cases are
//
//	Exp(+Inf) = +Inf, Exp(-Inf) = 0, Exp(NaN) = NaN,
//	Exp(x) = +Inf for x > 709.782…, Exp(x) = 0 for x < -745.133….
//
// With k = 16·n + i = round(16·x/ln 2), 0 ≤ i < 16, and r = x - k·(ln 2)/16, |r| ≤ (ln 2)/32,
//
//	e^x = 2^n · 2^(i/16) · (1 + r + r²·P(r))
//
// where P of degree 4 interpolates (e^r - 1 - r)/r² at Chebyshev nodes; its share of the
// error is 3e-17.
func Exp(x float64) float64 {
	t := float64(x*expInverse) + expRound
	k := t - expRound
	r := x - float64(k*expHi) - float64(k*expLo)
	r2 := r * r
	p := (expP0 + float64(expP1*r)) + float64(r2*((expP2+float64(expP3*r))+float64(r2*expP4)))
	b := math.Float64bits(t)
	m := exp2Sixteenths[b&15]
	y := m + float64(m*(r+float64(r2*p)))
	if math.Abs(x) < expNormal {
		return math.Float64frombits(math.Float64bits(y) + b>>4<<52)
	}
	return expEdge(x, y, k)
}

const (
	// (ln 2)/16 in two parts. The upper one has 37 bits, so its product with k, of 15 bits at
	// most, is exact.
	expHi      = 0x1.62e42fefap-5
	expLo      = 1.0291218489310676e-13
	expInverse = 23.083120654223414 // 16/ln 2

	// Adding 1.5·2^52 rounds to an integer and leaves that integer in the low bits of the sum.
	expRound = 0x1.8p52

	expP0 = 0.5
	expP1 = 0.16666666665301144
	expP2 = 0.041666666664959766
	expP3 = 0.008333449724528355
	expP4 = 0.0013889034377693012

	// Within ±708 the result is normal and n fits the exponent field.
	expNormal = 708
)

// expEdge finishes Exp where the result may overflow, be subnormal or be NaN. y is
// 2^(i/16)·e^r.
func expEdge(x, y, k float64) float64 {
	switch {
	case x != x:
		return x
	case x > 709.782712893384: // ln(2^1024)
		return math.Inf(1)
	case x < -745.1332191019412: // ln(2^-1075): half of the least subnormal number
		return 0
	}
	// In two factors, because 2^n alone may not be a float64. Only the last product rounds.
	n := int64(k) >> 4
	half := n >> 1
	return y * exp2(half) * exp2(n-half)
}

// exp2 returns 2^n for -1022 ≤ n ≤ 1023.
func exp2(n int64) float64 { return math.Float64frombits(uint64(n+1023) << 52) }

// ExpSmallReach is the greatest |x| that ExpSmall takes.
const ExpSmallReach = 1.0 / 64

// ExpSmall returns e^x for |x| ≤ ExpSmallReach, by its Taylor polynomial of degree 5,
//
//	e^x ≈ (1 + x) + x²·[(1/2 + x/6) + x²·(1/24 + x/120)],
//
// with a relative error below |x|⁶/700 and one unit in the last place, 2.1e-14 at the most.
func ExpSmall(x float64) float64 {
	x2 := x * x
	p := (0.5 + float64(ExpSmall3*x)) + float64(x2*(ExpSmall4+float64(ExpSmall5*x)))
	return (1 + x) + float64(x2*p)
}

// Coefficients of ExpSmall from x³ on.
const (
	ExpSmall3 = 1.0 / 6
	ExpSmall4 = 1.0 / 24
	ExpSmall5 = 1.0 / 120
)

// Log returns the natural logarithm of x with an error below one unit in the last place. The
// special cases are
//
//	Log(+Inf) = +Inf, Log(0) = -Inf, Log(x < 0) = NaN, Log(NaN) = NaN.
//
// With x = 2^k·(1 + f), √½ ≤ 1 + f < √2, and s = f/(2 + f),
//
//	ln x = k·ln 2 + f - f²/2 + s·(f²/2 + R(s²)),
//
// where s·R(s²) approximates ln(1+s) - ln(1-s) - 2s; the error of R, of degree 7 in s², is
// below 2^-58.
//
// Reference: FreeBSD's /usr/src/lib/msun/src/e_log.c, from FDLIBM (Sun Microsystems, 1993).
func Log(x float64) float64 {
	const (
		// ln 2 in two parts. The upper one has 33 bits, so its product with an exponent is exact.
		ln2Hi = 6.93147180369123816490e-01
		ln2Lo = 1.90821492927058770002e-10

		l1 = 6.666666666666735130e-01
		l2 = 3.999999999940941908e-01
		l3 = 2.857142874366239149e-01
		l4 = 2.222219843214978396e-01
		l5 = 1.818357216161805012e-01
		l6 = 1.531383769920937332e-01
		l7 = 1.479819860511658591e-01

		// Subtracting the bits of √½ puts the break between two values of k at √½ instead of
		// 1.
		sqrtHalf = 0x3FE6A09E667F3BCD
		fraction = 1<<52 - 1
	)
	shift := 0.0
	if !(x >= 0x1p-1022 && x <= math.MaxFloat64) {
		if !(x > 0 && x < 1) {
			return logEdge(x)
		}
		x, shift = x*0x1p54, 54 // subnormal
	}
	b := math.Float64bits(x) - sqrtHalf
	k := float64(int64(b)>>52) - shift
	f := math.Float64frombits(b&fraction+sqrtHalf) - 1

	s := f / (2 + f)
	s2 := s * s
	s4 := s2 * s2
	t1 := float64(s2 * (l1 + float64(s4*(l3+float64(s4*(l5+float64(s4*l7)))))))
	t2 := float64(s4 * (l2 + float64(s4*(l4+float64(s4*l6)))))
	r := t1 + t2
	h := float64(0.5 * f * f)
	return float64(k*ln2Hi) - ((h - (float64(s*(h+r)) + float64(k*ln2Lo))) - f)
}

// logEdge is Log where x is not a positive finite number.
func logEdge(x float64) float64 {
	switch {
	case x == 0:
		return math.Inf(-1)
	case x < 0:
		return math.NaN()
	}
	return x
}
