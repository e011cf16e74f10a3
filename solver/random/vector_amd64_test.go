//go:build goexperiment.simd && amd64

package random

import (
	"math"
	"testing"
)

func needVectors(t testing.TB) {
	if !Vectors() {
		t.Skip("this processor has no 512-bit vectors")
	}
}

// TestExpVectors compares bits over the whole domain and at its edges.
func TestExpVectors(t *testing.T) {
	needVectors(t)
	var xs []float64
	for _, x := range []float64{0, 708, 709.782712893384, -745.1332191019412, 1e300, math.MaxFloat64, math.Inf(1), 0x1p-1022, 5e-324} {
		for _, y := range []float64{x, -x} {
			xs = append(xs, y, math.Nextafter(y, math.Inf(1)), math.Nextafter(y, math.Inf(-1)))
		}
	}
	xs = append(xs, math.NaN())
	for i := range 1 << 20 {
		u := Uniform32(uint32(i)<<12 | uint32(i)*2654435761>>20)
		xs = append(xs, (u-0.5)*1600, (u-0.5)*8)
	}
	for len(xs)%24 != 0 {
		xs = append(xs, 1)
	}
	var v [3]Float64s
	for i := 0; i < len(xs); i += 24 {
		for j := range 24 {
			v[j/8][j%8] = xs[i+j]
		}
		ExpVectors(v[:])
		for j := range 24 {
			if got, want := v[j/8][j%8], Exp(xs[i+j]); math.Float64bits(got) != math.Float64bits(want) {
				t.Fatalf("ExpVectors of %v = %v, want %v", xs[i+j], got, want)
			}
		}
	}
}

// TestNormal32Vectors compares bits over words from the whole range, at the ends
// and on both sides of every break between segments, with arbitrary upper halves.
func TestNormal32Vectors(t *testing.T) {
	needVectors(t)
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
	var v [2]Uint32s
	for i := 0; i < len(words); i += 16 {
		for j := range 16 {
			v[j/8][j%8] = uint64(words[i+j]) | uint64(words[i+j]*2654435761)<<32
		}
		Normal32Vectors(v[:], new(NormalWorkspace))
		for j := range 16 {
			if got, want := v[j/8][j%8], math.Float64bits(Normal32(words[i+j])); got != want {
				t.Fatalf("Normal32Vectors of %#x has bits %#x, want %#x", words[i+j], got, want)
			}
		}
	}
}

// TestPhiloxVector compares words at many counters and keys, with arbitrary
// upper halves.
func TestPhiloxVector(t *testing.T) {
	needVectors(t)
	seed := uint32(1)
	word := func() uint32 {
		seed, _, _, _ = Philox(Key{1, 2}, seed, 3, 4, 5)
		return seed
	}
	for range 40000 {
		key := Key{word(), word()}
		const n = 4
		var c, x [4 * n]Uint32s
		for i := range c {
			for j := range c[i] {
				c[i][j] = uint64(word())<<32 | uint64(word())
			}
		}
		PhiloxVectors(key.RoundKeys(), c[:], x[:])
		for i := range n {
			for j := range 8 {
				var want [4]uint32
				want[0], want[1], want[2], want[3] = Philox(key, uint32(c[i][j]), uint32(c[n+i][j]), uint32(c[2*n+i][j]), uint32(c[3*n+i][j]))
				for k := range want {
					if got := uint32(x[k*n+i][j]); got != want[k] {
						t.Fatalf("key %v, vector %d, lane %d: word %d is %#x, want %#x", key, i, j, k, got, want[k])
					}
				}
			}
		}
	}
}

var (
	vectorSink [16]Float64s
	wordSink   [16]Uint32s
)

func BenchmarkExpVectors(b *testing.B) {
	needVectors(b)
	for b.Loop() {
		vectorSink = [16]Float64s{{0.5}}
		ExpVectors(vectorSink[:])
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/128, "ns/number")
}

func BenchmarkNormal32Vectors(b *testing.B) {
	needVectors(b)
	var w NormalWorkspace
	for i := range wordSink {
		wordSink[i] = Uint32s{uint64(i) * 0x12345679}
	}
	for b.Loop() {
		Normal32Vectors(wordSink[:], &w)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/128, "ns/number")
}

func BenchmarkPhiloxVectors(b *testing.B) {
	needVectors(b)
	keys := Key{}.RoundKeys()
	for b.Loop() {
		PhiloxVectors(keys, counterSink[:], counterSink[:])
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/128, "ns/counter")
}

var counterSink [4 * 16]Uint32s
