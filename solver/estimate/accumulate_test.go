package estimate

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// block is what one call of Add gets.
type block struct {
	x float64
	n int64
}

func drawBlocks(t *rapid.T) []block {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) block {
		n := rapid.Int64Range(1, 1<<24).Draw(t, "n")
		share := rapid.OneOf(rapid.Float64Range(0, 1), rapid.Just(0.0), rapid.Just(1.0), rapid.Float64Range(0, 1e-12)).Draw(t, "share")
		return block{share * float64(n), n}
	}), 2, 60).Draw(t, "blocks")
}

func sumOf(blocks []block) (s BlockSum) {
	for _, b := range blocks {
		s.Add(b.x, b.n)
	}
	return s
}

// TestBlockSumOrder: every order and every grouping gives the same bytes.
func TestBlockSumOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		blocks := drawBlocks(t)
		want := sumOf(blocks)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
		// Deal the blocks to workers, then merge the workers.
		workers := make([]BlockSum, 1+r.IntN(len(blocks)))
		for _, b := range blocks {
			workers[r.IntN(len(workers))].Add(b.x, b.n)
		}
		var got BlockSum
		for _, w := range workers {
			got.Merge(w)
		}
		if got != want {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// TestBlockSumVariance compares with rational arithmetic on the rounded weights.
func TestBlockSumVariance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		blocks := drawBlocks(t)
		sum, squares, paths := new(big.Rat), new(big.Rat), int64(0)
		for _, b := range blocks {
			x := new(big.Rat).SetFloat64(math.RoundToEven(b.x*unit) / unit)
			sum.Add(sum, x)
			x.Mul(x, x)
			squares.Add(squares, x.Quo(x, new(big.Rat).SetInt64(b.n)))
			paths += b.n
		}
		mean := new(big.Rat).Mul(sum, sum)
		squares.Sub(squares, mean.Quo(mean, new(big.Rat).SetInt64(paths)))
		squares.Quo(squares, new(big.Rat).SetInt64(int64(len(blocks)-1)))
		want, _ := squares.Float64()
		m := sumOf(blocks).Moments(int64(len(blocks)), paths, 1)
		// Each square was rounded down by less than 2^-64, and the square of
		// the sum once: two units of 2^-64 a degree of freedom in all.
		if math.Abs(m.Variance-want) > 1e-14*want+2*math.Ldexp(1, -64) {
			t.Fatalf("got %g, want %g", m.Variance, want)
		}
		if f, _ := sum.Float64(); math.Abs(m.Sum-f) > 1e-15*f {
			t.Fatalf("sum: got %g, want %g", m.Sum, f)
		}
	})
}

// TestBlockSumCancellation: means near 1 that differ by 1e-6, where squares in
// floating point would keep four digits.
func TestBlockSumCancellation(t *testing.T) {
	t.Parallel()
	var s BlockSum
	const n, blocks = 1 << 20, 64
	for i := range blocks {
		s.Add(n*(1-float64(i%2)*math.Ldexp(1, -20)), n)
	}
	// Σ (x̄_b − x̄)²·n/(B−1) with deviations ±2^-21.
	near(t, "variance", s.Moments(blocks, n*blocks, 1).Variance, math.Ldexp(1, -42)*n*blocks/(blocks-1), 1e-14)
}

func TestBlockSumLimits(t *testing.T) {
	t.Parallel()
	// 2^31 paths in two blocks, one full and one empty: no overflow. The full
	// block is one path short of the largest.
	var s BlockSum
	const half = 1 << 30
	s.Add(half, half)
	s.Add(0, half)
	near(t, "variance", s.Moments(2, 2*half, 1).Variance, half/2, 1e-15)

	var equal BlockSum
	for range 100 {
		equal.Add(1.0/3, 7)
	}
	if m := equal.Moments(100, 700, 1); m.Variance > 1e-18 {
		t.Errorf("equal blocks: variance %g", m.Variance)
	}
	if m := equal.Moments(1, 700, 1); m.Variance != 0 {
		t.Errorf("one block: variance %g", m.Variance)
	}
	if m := (BlockSum{}).Moments(0, 0, 1); m != (Moments{Largest: 1}) {
		t.Errorf("no block: %v", m)
	}
	panics(t, "estimate: block weight outside [0, paths]", func() { s.Add(1.5, 1) })
	panics(t, "estimate: block weight outside [0, paths]", func() { s.Add(math.NaN(), 1) })
	panics(t, "estimate: block size outside [1, 2^31)", func() { s.Add(0, 0) })
	panics(t, "estimate: numbers of blocks and paths do not fit the sum", func() { s.Moments(2, 5, 1) })
}

func ExampleBlockSum() {
	var first, second BlockSum
	first.Add(2.5, 100) // a block of 100 paths with total weight 2.5
	first.Add(3.5, 100)
	second.Add(3, 100)
	first.Merge(second)
	m := first.Moments(3, 300, 1)
	fmt.Printf("%.3f ± %.4f\n", m.Mean(), m.StandardError())
	// Output: 0.030 ± 0.0029
}

func BenchmarkBlockSumAdd(b *testing.B) {
	var s BlockSum
	for b.Loop() {
		s.Add(12.345, 64)
	}
}
