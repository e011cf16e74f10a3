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

// TestNetVisitsSobolPoints in order, across carries of every length, and after
// jumps.
func TestNetVisitsSobolPoints(t *testing.T) {
	var n Net
	for _, start := range []uint32{0, 1, 77, 1<<16 - 9, 1<<31 - 9, 1<<32 - 18, 5} {
		for i := start; i < start+17; i++ {
			n.Move(i)
			for d := range SobolDimensions {
				if got, want := n.Coordinate(d), Sobol(i, d); got != want {
					t.Fatalf("point %d, coordinate %d: got %08x, want %08x", i, d, got, want)
				}
			}
		}
	}
}

// TestShuffleStratifies: every number of first points that is a power of two has
// one point in each cell, in orders that differ between coordinates.
func TestShuffleStratifies(t *testing.T) {
	for m := range 12 {
		n := uint32(1) << m
		var seen [3]map[uint32]bool
		for d := range seen {
			seen[d] = map[uint32]bool{}
		}
		quadrants := map[[2]uint32]int{}
		for i := range n {
			var cell [3]uint32
			for d := range cell {
				cell[d] = uint32(uint64(Shuffle(i, uint32(977*d+5), uint32(31*d+7))) >> (32 - m))
				seen[d][cell[d]] = true
			}
			if m >= 10 {
				quadrants[[2]uint32{cell[0] >> (m - 1), cell[1] >> (m - 1)}]++
			}
		}
		for d := range seen {
			if len(seen[d]) != int(n) {
				t.Errorf("%d points of coordinate %d fall into %d cells", n, d, len(seen[d]))
			}
		}
		// Under independent orders a quadrant holds a quarter of the points, with a
		// standard deviation of √n/4.
		for q, count := range quadrants {
			if d := float64(count) - float64(n)/4; d*d > 25*float64(n)/16 {
				t.Errorf("%d of %d points in quadrant %v", count, n, q)
			}
		}
	}
}
