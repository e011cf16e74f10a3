package random

import (
	"math"
	"testing"
)

// normalTolerance is the relative error of Normal: that of the formulas, 1e-16, and of their
// evaluation.
const normalTolerance = 1e-15

// The values are for the float64 nearest to the decimal number, computed with 30 digits by
// Newton's method on Φ.
func TestNormalKnownValues(t *testing.T) {
	t.Parallel()
	tests := []struct{ u, want float64 }{
		{0.5, 0},
		{0.5 - 0x1p-10, -0.0024478816191106775},
		{0.3, -0.52440051270804082},
		{0.075, -1.4395314709384559}, // end of the centre
		{0.0749, -1.4402382675279637},
		{0.025, -1.9599639845400542},
		{0.01, -2.3263478740408411},
		{1e-4, -3.7190164854556806},
		{0x1p-33, -6.3379577545537893},
		{1.3887943864964021e-11, -6.6579046435011036}, // e^-25, where the second tail begins
		{1e-11, -6.7060231554951363},
		{0x1p-53, -8.2095361516013869},
		{1e-100, -21.273453560965324},
		{1e-300, -37.047096299361199},
	}
	for _, tt := range tests {
		if got := Normal(tt.u); !(math.Abs(got-tt.want) <= normalTolerance*math.Abs(tt.want)) {
			t.Errorf("Normal(%v) = %.17g, want %.17g ± %g relative", tt.u, got, tt.want, normalTolerance)
		}
	}
	if got := Normal(0); !math.IsInf(got, -1) {
		t.Errorf("Normal(0) = %v, want -Inf", got)
	}
	if got := Normal(1); !math.IsInf(got, 1) {
		t.Errorf("Normal(1) = %v, want +Inf", got)
	}
	for _, u := range []float64{-0x1p-1074, 1 + 0x1p-52, math.Inf(1), math.Inf(-1), math.NaN()} {
		if got := Normal(u); !math.IsNaN(got) {
			t.Errorf("Normal(%v) = %v, want NaN", u, got)
		}
	}
}

func TestNormalRoundTrip(t *testing.T) {
	t.Parallel()
	for u := 0.5; u > 1e-300; u *= 0.997 {
		z := Normal(u)
		got := math.Erfc(-z/math.Sqrt2) / 2
		// A relative error ε of z is one of z·φ(z)/Φ(z)·ε ≈ z²·ε of Φ, and Erfc rounds its argument too.
		tolerance := (2 + z*z) * (normalTolerance + 0x1p-52)
		if !(math.Abs(got-u) <= tolerance*u) {
			t.Fatalf("Φ(Normal(%v)) = %v at z = %v: relative error %.3g, tolerance %.3g",
				u, got, z, got/u-1, tolerance)
		}
	}
}

func TestNormalMonotone(t *testing.T) {
	t.Parallel()
	// Across the joins of the three formulas, in steps that z resolves: a step of 1e-13·u moves
	// z by 1e-13/z at least.
	for _, join := range []float64{0.075, 1.3887943864964021e-11, 0.01, 1e-20} {
		last := math.Inf(-1)
		for i := -1000; i <= 1000; i++ {
			u := join * (1 + 1e-13*float64(i))
			z := Normal(u)
			if !(z > last) {
				t.Fatalf("Normal(%v) = %v, not above %v at the step before", u, z, last)
			}
			last = z
		}
	}
}

func TestNormalMirror(t *testing.T) {
	t.Parallel()
	s := Stream{Key: NewKey(3)}
	for j := range uint32(20000) {
		u := s.Uniform(j)
		if got, want := Normal(1-u), -Normal(u); got != want {
			t.Fatalf("Normal(1-%v) = %v, want %v", u, got, want)
		}
	}
}
