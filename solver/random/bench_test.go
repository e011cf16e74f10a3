package random

import "testing"

// Every benchmark takes its arguments from a congruential sequence, whose own cost is that
// of Sequence, so that branches are as hard to predict as in use.
func congruential(x uint32) uint32 { return x*1664525 + 1013904223 }

var sink float64

func benchmark(b *testing.B, f func(x uint32) float64) {
	x, sum := uint32(1), 0.0
	for b.Loop() {
		sum += f(x)
		x = congruential(x)
	}
	sink = sum
}

func BenchmarkSequence(b *testing.B) {
	benchmark(b, func(x uint32) float64 { return float64(x) })
}

func BenchmarkPhilox(b *testing.B) {
	key := NewKey(1)
	benchmark(b, func(x uint32) float64 {
		x0, x1, x2, x3 := Philox(key, x, 1, 2, 0)
		return float64(x0 ^ x1 ^ x2 ^ x3)
	})
}

func BenchmarkStreamUniform(b *testing.B) {
	s := Stream{Key: NewKey(1)}
	benchmark(b, func(x uint32) float64 { return s.Uniform(x) })
}

func BenchmarkNormal(b *testing.B) {
	benchmark(b, func(x uint32) float64 { return Normal(Uniform32(x)) })
}

func BenchmarkNormal32(b *testing.B) { benchmark(b, Normal32) }

func BenchmarkExp(b *testing.B) {
	benchmark(b, func(x uint32) float64 { return Exp(float64(int32(x)) * 0x1p-26) }) // ±32
}

func BenchmarkLog(b *testing.B) {
	benchmark(b, func(x uint32) float64 { return Log(Uniform32(x)) })
}

func BenchmarkGamma(b *testing.B) {
	benchmark(b, func(x uint32) float64 { return Gamma(Uniform32(x), 4) })
}

func BenchmarkBeta(b *testing.B) {
	benchmark(b, func(x uint32) float64 { return beta(Uniform32(x), 5, 2) })
}

func BenchmarkBetaTableQuantile(b *testing.B) {
	t := NewBetaTable(5, 2)
	benchmark(b, func(x uint32) float64 { return t.Quantile(Uniform32(x)) })
}

func BenchmarkNewBetaTable(b *testing.B) {
	for b.Loop() {
		sink = NewBetaTable(5, 2).Quantile(0.5)
	}
}
