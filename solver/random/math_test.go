package random

import (
	"hash/fnv"
	"math"
	"testing"
)

func TestExpSpecial(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	tests := []struct{ x, want float64 }{
		{0, 1},
		{math.Copysign(0, -1), 1},
		{inf, inf},
		{-inf, 0},
		{1e308, inf},
		{-1e308, 0},
		{709.782712893384, 0x1.fffffffffff2ap1023}, // largest argument without overflow
		{math.Nextafter(709.782712893384, inf), inf},
		{-745.1332191019411, 0x1p-1074}, // smallest argument with a result above 0
		{-745.1332191019412, 0},
		{0x1p-1074, 1},
		{1, math.E},
	}
	for _, tt := range tests {
		if got := Exp(tt.x); got != tt.want {
			t.Errorf("Exp(%v) = %x, want %x", tt.x, got, tt.want)
		}
	}
	if got := Exp(math.NaN()); !math.IsNaN(got) {
		t.Errorf("Exp(NaN) = %v", got)
	}
}

// Exp is within 3e-16 and math.Exp within one last place, 2.2e-16. Below the normal range a
// last place is 2^-1074.
const expTolerance = 5.2e-16

func TestExpAgainstStandardLibrary(t *testing.T) {
	t.Parallel()
	check := func(x float64) {
		got, want := Exp(x), math.Exp(x)
		if d := math.Abs(got - want); !(d <= expTolerance*want || d <= 0x1p-1073) {
			t.Fatalf("Exp(%v) = %v, want %v: relative difference %.3g", x, got, want, d/want)
		}
	}
	for x := -745.0; x < 709.7; x += 0.00137 {
		check(x)
	}
	for x := 1.0; x > 1e-320; x *= 0.93 {
		check(x)
		check(-x)
	}
	// Both sides of every break between two entries of the table of 2^(i/16).
	for k := -1000.5; k < 1000; k++ {
		x := k * math.Ln2 / 16
		check(math.Nextafter(x, -1e9))
		check(math.Nextafter(x, 1e9))
	}
}

func TestLogSpecial(t *testing.T) {
	t.Parallel()
	inf := math.Inf(1)
	tests := []struct{ x, want float64 }{
		{0, -inf},
		{math.Copysign(0, -1), -inf},
		{inf, inf},
		{1, 0},
		{2, math.Ln2},
		{0.5, -math.Ln2},
		{math.MaxFloat64, 709.782712893384},
		{0x1p-1022, -708.3964185322641},
		{0x1p-1074, -744.4400719213812},
	}
	for _, tt := range tests {
		if got := Log(tt.x); got != tt.want {
			t.Errorf("Log(%v) = %v, want %v", tt.x, got, tt.want)
		}
	}
	for _, x := range []float64{-1, -inf, -0x1p-1074, math.NaN()} {
		if got := Log(x); !math.IsNaN(got) {
			t.Errorf("Log(%v) = %v, want NaN", x, got)
		}
	}
}

func TestLogAgainstStandardLibrary(t *testing.T) {
	t.Parallel()
	// Log and math.Log are each within one last place, at most 2.2e-16.
	const tolerance = 4.4e-16
	check := func(x float64) {
		got, want := Log(x), math.Log(x)
		if d := math.Abs(got - want); !(d <= tolerance*math.Abs(want)) {
			t.Fatalf("Log(%v) = %v, want %v: relative difference %.3g", x, got, want, d/want)
		}
	}
	for x := 0x1p-1022; x < math.MaxFloat64/1.01; x *= 1.0021 {
		check(x)
	}
	// The assembly of math.Log is wrong for subnormal numbers, so compare with ln(x·2^54) -
	// 54·ln 2.
	for x := 0x1p-1074; x < 0x1p-1022; x = math.Nextafter(x*1.021, 1) {
		got, want := Log(x), math.Log(x*0x1p54)-54*math.Ln2
		if d := math.Abs(got - want); !(d <= tolerance*math.Abs(want)) {
			t.Fatalf("Log(%v) = %v, want %v", x, got, want)
		}
	}
	for d := 0.5; d > 0x1p-53; d *= 0.99 {
		check(1 - d)
		check(1 + d)
		check(math.Sqrt2 * (1 + d))
	}
}

// The bits of the functions that give the same bits on every architecture, with or without
// fused multiplication, for arguments that reach every branch. If any of them changes,
// every result of the program changes.
func TestSameBitsEverywhere(t *testing.T) {
	t.Parallel()
	h := fnv.New64a()
	add := func(v float64) {
		var b [8]byte
		for i, v := 0, math.Float64bits(v); i < 8; i, v = i+1, v>>8 {
			b[i] = byte(v)
		}
		h.Write(b[:])
	}
	s := Stream{Key: NewKey(2024)}
	for i := range uint32(20000) {
		x0, x1, x2, _ := s.Block(i)
		u := Uniform53(x0, x1)
		add(u)
		add(Normal(u))
		add(Normal(u * Uniform32(x2) * 0x1p-20))
		add(Normal32(x2))
		add(Normal32(x2 >> (i % 32)))
		add(Exp((u - 0.5) * 1500))
		add(Exp(u - 0.5))
		add(Log(u))
		add(Log(u * 0x1p-1030))
	}
	const want = 0x1453480301696257
	if got := h.Sum64(); got != want {
		t.Errorf("hash of the bits = %#x, want %#x", got, uint64(want))
	}
}

// TestExpSmall over its whole domain, against math.Exp: its error is that of the
// polynomial, x⁶/720, and of rounding, one unit in the last place of either.
func TestExpSmall(t *testing.T) {
	const n = 200_000
	for i := -n; i <= n; i++ {
		x := float64(i) / n * ExpSmallReach
		got, want := ExpSmall(x), math.Exp(x)
		if bound := math.Pow(x, 6)/700 + 0x1p-51; math.Abs(got-want) > bound*want {
			t.Fatalf("ExpSmall(%v) = %v, want %v within %.1e", x, got, want, bound)
		}
	}
	if ExpSmall(0) != 1 {
		t.Errorf("ExpSmall(0) = %v", ExpSmall(0))
	}
}
