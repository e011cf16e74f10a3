package sessionlog

import (
	"math"
	"strconv"
	"testing"
)

// FuzzNumber compares number with strconv.ParseFloat, to the last bit.
func FuzzNumber(f *testing.F) {
	for _, text := range []string{"0", "0.1", "12.345", ".5", "5.", ".", "", "-1", "1e3", "1.2.3",
		"123456789012345", "1234567890123456", "0.00000000000001", "12.083", "inf", "0x1p4", "1_0"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := number(text)
		want, wrong := strconv.ParseFloat(text, 64)
		if math.Float64bits(got) != math.Float64bits(want) || (err == nil) != (wrong == nil) {
			t.Errorf("%q: %v, %v; want %v, %v", text, got, err, want, wrong)
		}
	})
}

// FuzzMillionths compares millionths with what it replaces, to the last bit.
func FuzzMillionths(f *testing.F) {
	for _, x := range []float64{0, math.Copysign(0, -1), 0.5e-6, 0.4999999999999999e-6, 1.0000005,
		2.4999995, 12.083 * 60, 172800, 1 << 46, -3.0000015} {
		f.Add(x)
	}
	f.Fuzz(func(t *testing.T, x float64) {
		got, want := millionths(x), math.Round(x*1e6)/1e6
		if math.Float64bits(got) != math.Float64bits(want) && got == got {
			t.Errorf("%v: %v, want %v", x, got, want)
		}
	})
}
