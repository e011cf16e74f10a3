package random

import (
	"math"
	"testing"
)

// normal32Tolerance is the remainder of the interpolation; see fitNormal.
const normal32Tolerance = 4e-10

func checkNormal32(t *testing.T, x uint32) {
	t.Helper()
	got, want := Normal32(x), Normal(Uniform32(x))
	d := math.Abs(got - want)
	if !(d <= normal32Tolerance) ||
		math.Abs(want) >= 0.001 && !(d <= normal32Tolerance*math.Abs(want)) {
		t.Fatalf("Normal32(%#x) = %v, want %v: difference %.3g", x, got, want, d)
	}
	if mirror := Normal32(^x); mirror != -got {
		t.Fatalf("Normal32(^%#x) = %v, want %v", x, mirror, -got)
	}
	if x > 0 {
		if before := Normal32(x - 1); !(before < got) {
			t.Fatalf("Normal32(%#x) = %v, not above %v before it", x, got, before)
		}
	}
}

func TestNormal32(t *testing.T) {
	t.Parallel()
	// 4294.967296 words apart, so about 10^6 words; the stride is prime to every power of 2.
	for x := uint64(0); x < 1<<32; x += 4297 {
		checkNormal32(t, uint32(x))
	}
	// The ends and the middle.
	for i := range uint32(10000) {
		checkNormal32(t, i)
		checkNormal32(t, 1<<31-i)
		checkNormal32(t, 1<<31+i)
	}
	// Both sides of every break between segments. They lie at even t = 2x + 1 ± 1.
	for e := 7; e < 32; e++ {
		for i := range uint32(64) {
			x := (64 + i) << (e - 6) / 2
			checkNormal32(t, x-1)
			checkNormal32(t, x)
			checkNormal32(t, x+1)
		}
	}
}

func TestNormal32Monotone(t *testing.T) {
	t.Parallel()
	// Every word of stretches across the first breaks between segments from the middle of the
	// distribution out.
	for _, end := range []uint32{1 << 31, 15 << 27, 1 << 30, 1 << 29, 1 << 20, 1 << 18} {
		start := end - 1<<18
		last := math.Inf(-1)
		for i := range uint32(1 << 19) {
			z := Normal32(start + i)
			if !(z > last) {
				t.Fatalf("Normal32(%#x) = %v, not above %v before it", start+i, z, last)
			}
			last = z
		}
	}
}

func TestNormal32Moments(t *testing.T) {
	t.Parallel()
	// The midpoint rule with n points gives the variance and the fourth moment of a normal law
	// but for the tails and the rounding of the extreme cells, whose share is below z⁴/n: 2e-3
	// at n = 2^20, much of it less.
	const n = 1 << 20
	var m2, m4 float64
	for i := range uint32(n) {
		z := Normal32(i<<12 | 1<<11)
		m2 += z * z / n
		m4 += z * z * z * z / n
	}
	if math.Abs(m2-1) > 2e-5 || math.Abs(m4-3) > 2e-3 {
		t.Errorf("second and fourth moments %v, %v; want 1 ± 2e-5, 3 ± 2e-3", m2, m4)
	}
}
