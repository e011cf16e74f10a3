package random

import "testing"

// The values are those of the Joe–Kuo set new-joe-kuo-6 as other programs print
// them.
func TestSobolKnownPoints(t *testing.T) {
	for i, want := range map[uint32][5]float64{
		4:   {.375, .375, .625, .875, .375},
		7:   {.125, .625, .375, .125, .125},
		100: {.4140625, .2578125, .7734375, .7265625, .8828125},
	} {
		for d, x := range want {
			// Those programs go through the points of a net in Gray code.
			if got := float64(Sobol(i^i>>1, d)) / (1 << 32); got != x {
				t.Errorf("point %d, coordinate %d: got %v, want %v", i, d, got, x)
			}
		}
	}
	for d, want := range [5]uint32{0xb1400000, 0xefc00000, 0x29c00000, 0x46400000, 0xa2c00000} {
		if got := Sobol(777^777>>1, d); got != want {
			t.Errorf("point 777, coordinate %d: got %08x, want %08x", d, got, want)
		}
	}
}
