package random

import "testing"

func TestUniformEnds(t *testing.T) {
	t.Parallel()
	const ones = 1<<32 - 1
	tests := []struct {
		name      string
		got, want float64
	}{
		{"Uniform32(0)", Uniform32(0), 0x1p-33},
		{"Uniform32(2^32-1)", Uniform32(ones), 1 - 0x1p-33},
		{"Uniform53(0, 0)", Uniform53(0, 0), 0x1p-53},
		{"Uniform53(0, 2^12)", Uniform53(0, 1<<12), 3 * 0x1p-53},
		{"Uniform53(2^31, 0)", Uniform53(1<<31, 0), 0.5 + 0x1p-53},
		{"Uniform53(2^32-1, 2^32-1)", Uniform53(ones, ones), 1 - 0x1p-53},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%s = %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

func TestUniformMirror(t *testing.T) {
	t.Parallel()
	s := Stream{Key: NewKey(1)}
	for i := range uint32(10000) {
		x0, x1, _, _ := s.Block(i)
		if got, want := Uniform32(^x0), 1-Uniform32(x0); got != want {
			t.Fatalf("Uniform32(^%#x) = %v, want %v", x0, got, want)
		}
		if got, want := Uniform53(^x0, ^x1), 1-Uniform53(x0, x1); got != want {
			t.Fatalf("Uniform53(^%#x, ^%#x) = %v, want %v", x0, x1, got, want)
		}
	}
}
