//go:build goexperiment.simd && amd64

package random

import (
	"math"
	"testing"
)

// widths are the vector functions of this processor, by the instruction set they
// need.
func widths(t testing.TB) map[string]Vectors {
	found := map[string]Vectors{}
	if v, ok := AVX512(); ok {
		found["avx512"] = v
	}
	if v, ok := AVX2(); ok {
		found["avx2"] = v
	}
	if len(found) == 0 {
		t.Skip("this processor has no vectors of 256 bits")
	}
	return found
}

// TestNormal32Vectors compares bits over words from the whole range, at the ends
// and on both sides of every break between segments, with arbitrary upper halves.
func TestNormal32Vectors(t *testing.T) {
	var words []uint32
	for x := uint64(0); x < 1<<32; x += 4297 {
		words = append(words, uint32(x))
	}
	for i := range uint32(10000) {
		words = append(words, i, ^i, 1<<31-i, 1<<31+i)
	}
	for e := 7; e < 32; e++ {
		for i := range uint32(64) {
			x := (64 + i) << (e - 6) / 2
			words = append(words, x-1, x, x+1, ^x, ^(x - 1))
		}
	}
	for len(words)%16 != 0 {
		words = append(words, 0)
	}
	for name, vectors := range widths(t) {
		var v [2]Uint32s
		for i := 0; i < len(words); i += 16 {
			for j := range 16 {
				v[j/8][j%8] = uint64(words[i+j]) | uint64(words[i+j]*2654435761)<<32
			}
			vectors.Normal32(v[:], new(NormalWorkspace))
			for j := range 16 {
				if got, want := v[j/8][j%8], math.Float64bits(Normal32(words[i+j])); got != want {
					t.Fatalf("%s: Normal32 of %#x has bits %#x, want %#x", name, words[i+j], got, want)
				}
			}
		}
	}
}

// TestNormal32VectorsOfAnyNumber: more vectors than the workspace holds, and none.
func TestNormal32VectorsOfAnyNumber(t *testing.T) {
	for name, vectors := range widths(t) {
		for n := range 20 {
			x := make([]Uint32s, n)
			for i := range x {
				for j := range x[i] {
					x[i][j] = uint64(uint32(i*8+j) * 2654435761)
				}
			}
			vectors.Normal32(x, new(NormalWorkspace))
			for i := range x {
				for j, got := range x[i] {
					if want := math.Float64bits(Normal32(uint32(i*8+j) * 2654435761)); got != want {
						t.Fatalf("%s: number %d of %d vectors is %#x, want %#x", name, i*8+j, n, got, want)
					}
				}
			}
		}
	}
}

// TestPhiloxVectors compares words, for keys and counters of many bits, arbitrary
// upper halves, and every even number of vectors.
func TestPhiloxVectors(t *testing.T) {
	for name, vectors := range widths(t) {
		for _, seed := range []uint64{0, 1, 0x9E3779B97F4A7C15, math.MaxUint64} {
			key := NewKey(seed)
			for n := 0; n <= 10; n += 2 {
				c, x := make([]Uint32s, 3*n), make([]Uint32s, 4*n)
				for i := range c {
					for j := range c[i] {
						c[i][j] = uint64(i*8+j+1) * 0xD1B54A32D192ED03
					}
				}
				purpose := uint32(seed>>7) + uint32(n)
				vectors.Philox(key.RoundKeys(), purpose, c, x)
				for i := range n {
					for j := range 8 {
						x0, x1, x2, x3 := Philox(key, uint32(c[i][j]), purpose, uint32(c[n+i][j]),
							uint32(c[2*n+i][j]))
						for k, want := range [4]uint32{x0, x1, x2, x3} {
							if got := uint32(x[k*n+i][j]); got != want {
								t.Fatalf("%s: word %d of vector %d, lane %d: got %#x, want %#x", name, k, i, j, got, want)
							}
						}
					}
				}
			}
		}
	}
}

func BenchmarkVectors(b *testing.B) {
	for name, vectors := range widths(b) {
		b.Run("normal/"+name, func(b *testing.B) {
			var x [16]Uint32s
			for i := range x {
				for j := range x[i] {
					x[i][j] = uint64(uint32(i*8+j) * 2654435761)
				}
			}
			words, w := x, new(NormalWorkspace)
			for b.Loop() {
				x = words
				vectors.Normal32(x[:], w)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(8*16), "ns/number")
		})
		b.Run("philox/"+name, func(b *testing.B) {
			var c [12]Uint32s
			var x [16]Uint32s
			keys := NewKey(1).RoundKeys()
			for b.Loop() {
				vectors.Philox(keys, 1, c[:], x[:])
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(8*4*4), "ns/word")
		})
	}
}
