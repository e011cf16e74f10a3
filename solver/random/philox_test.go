package random

import "testing"

// The known answers are those of kat_vectors in the Random123 distribution, version 1.09.
func TestPhiloxKnownAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		seed    uint64
		counter [4]uint32
		want    [4]uint32
	}{
		{0, [4]uint32{}, [4]uint32{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
		{
			0xffffffff_ffffffff,
			[4]uint32{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
			[4]uint32{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd},
		},
		{
			0x299f31d0_a4093822,
			[4]uint32{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
			[4]uint32{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1},
		},
	}
	for _, tt := range tests {
		c := tt.counter
		x0, x1, x2, x3 := Philox(NewKey(tt.seed), c[0], c[1], c[2], c[3])
		if got := [4]uint32{x0, x1, x2, x3}; got != tt.want {
			t.Errorf("Philox(seed %#x, %#x) = %#x, want %#x", tt.seed, c, got, tt.want)
		}
		y0, y1, y2, y3, _, _, _, _ := Philox2(NewKey(tt.seed), c[0], c[1], 1, 2, c[2], c[3])
		_, _, _, _, z0, z1, z2, z3 := Philox2(NewKey(tt.seed), 1, 2, c[0], c[1], c[2], c[3])
		for _, got := range [][4]uint32{{y0, y1, y2, y3}, {z0, z1, z2, z3}} {
			if got != tt.want {
				t.Errorf("Philox2(seed %#x, %#x) = %#x, want %#x", tt.seed, c, got, tt.want)
			}
		}
	}
}

func TestStreamLayout(t *testing.T) {
	t.Parallel()
	s := Stream{Key: NewKey(7), Path: 0x11111111_22222222, Purpose: 3}
	x0, x1, x2, x3 := Philox(NewKey(7), 5, 3, 0x22222222, 0x11111111)
	if y0, y1, y2, y3 := s.Block(5); x0 != y0 || x1 != y1 || x2 != y2 || x3 != y3 {
		t.Errorf("Block(5) = %x %x %x %x, want the words at (5, 3, 22222222, 11111111): %x %x %x %x",
			y0, y1, y2, y3, x0, x1, x2, x3)
	}
	if got, want := s.Uniform(10), Uniform53(x0, x1); got != want {
		t.Errorf("Uniform(10) = %v, want %v from words 0 and 1 of block 5", got, want)
	}
	if got, want := s.Uniform(11), Uniform53(x2, x3); got != want {
		t.Errorf("Uniform(11) = %v, want %v from words 2 and 3 of block 5", got, want)
	}
}

func TestDrawsDoNotAllocate(t *testing.T) {
	s := Stream{Key: NewKey(1), Path: 2, Purpose: 3}
	table := NewBetaTable(2, 5)
	var sum float64
	n := testing.AllocsPerRun(100, func() {
		x, _, _, _ := s.Block(4)
		sum += Normal32(x) + Normal(s.Uniform(5)) + table.Quantile(s.Uniform(6))
	})
	if n != 0 {
		t.Errorf("%v allocations a draw, want none", n)
	}
}
