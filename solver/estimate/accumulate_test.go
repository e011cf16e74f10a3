package estimate

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func drawBlocks(t *rapid.T) []float64 {
	return rapid.SliceOfN(rapid.OneOf(rapid.Float64Range(0, 1), rapid.Just(0.0), rapid.Just(1.0),
		rapid.Float64Range(0, 1e-12), rapid.Float64Range(0.1, 0.1+1e-9)), 2, 256).Draw(t, "blocks")
}

func sumOf(blocks []float64) (s BlockMeans) {
	for _, x := range blocks {
		s.Add(x)
	}
	return s
}

// TestBlockMeansOrder: every order and every grouping gives the same bytes.
func TestBlockMeansOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		blocks := drawBlocks(t)
		want := sumOf(blocks)
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r.Shuffle(len(blocks), func(i, j int) { blocks[i], blocks[j] = blocks[j], blocks[i] })
		// Deal the blocks to workers, then merge the workers.
		workers := make([]BlockMeans, 1+r.IntN(len(blocks)))
		for _, x := range blocks {
			workers[r.IntN(len(workers))].Add(x)
		}
		var got BlockMeans
		for _, w := range workers {
			got.Merge(w)
		}
		if got != want {
			t.Fatalf("got %v, want %v", got, want)
		}
	})
}

// TestBlockMeansVariance compares with rational arithmetic on the unrounded means.
func TestBlockMeansVariance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		blocks := drawBlocks(t)
		n := new(big.Rat).SetInt64(int64(len(blocks)))
		sum, squares := new(big.Rat), new(big.Rat)
		for _, b := range blocks {
			x := new(big.Rat).SetFloat64(b)
			sum.Add(sum, x)
			squares.Add(squares, x.Mul(x, x))
		}
		mean := new(big.Rat).Quo(sum, n)
		squares.Sub(squares, sum.Mul(sum, mean))
		want, _ := squares.Float64()
		want /= float64(len(blocks) - 1) // of a block; seven paths in each have seven times that
		average, _ := mean.Float64()
		m := sumOf(blocks).Moments(int64(len(blocks)), int64(7*len(blocks)), 1)
		if tolerance := 4e-16*average*average + 1e-13*math.Sqrt(want) + 1e-14*want +
			1e-25; math.Abs(m.Variance/7-want) > tolerance {
			t.Fatalf("got %g, want %g within %g", m.Variance/7, want, tolerance)
		}
		if math.Abs(m.Mean()-average) > 3e-14 {
			t.Fatalf("mean: got %g, want %g", m.Mean(), average)
		}
	})
}

// TestBlockMeansCancellation: means near 1 that differ by 1e-6, where squares in
// floating point would keep four digits.
func TestBlockMeansCancellation(t *testing.T) {
	t.Parallel()
	var s BlockMeans
	const n, blocks = 1 << 20, 64
	for i := range blocks {
		s.Add(1 - float64(i%2)*math.Ldexp(1, -20))
	}
	// Σ (x̄_b − x̄)²·n/(B−1) with deviations ±2^-21.
	near(t, "variance", s.Moments(blocks, n*blocks, 1).Variance,
		math.Ldexp(1, -42)*n*blocks/(blocks-1), 1e-3)
}

func TestBlockMeansLimits(t *testing.T) {
	t.Parallel()
	// The most blocks, full and empty.
	var s BlockMeans
	for i := range 256 {
		s.Add(float64(i % 2))
	}
	near(t, "variance", s.Moments(256, 256*1000, 1).Variance, 1000*64.0/255, 1e-15)

	var equal BlockMeans
	for range 100 {
		equal.Add(1.0 / 3)
	}
	if m := equal.Moments(100, 700, 1); m.Variance > 1e-15 {
		t.Errorf("equal blocks: variance %g", m.Variance)
	}
	if m := (BlockMeans{0.5, 0.25, 0}).Moments(1, 700, 1); m.Variance != 0 {
		t.Errorf("one block: variance %g", m.Variance)
	}
	if m := (BlockMeans{}).Moments(0, 0, 1); m != (Moments{Largest: 1}) {
		t.Errorf("no block: %v", m)
	}
	panics(t, "estimate: mean weight outside [0, 1]", func() { s.Add(1.5) })
	panics(t, "estimate: mean weight outside [0, 1]", func() { s.Add(math.NaN()) })
	panics(t, "estimate: numbers of blocks and paths do not fit the sum",
		func() { s.Moments(100, 1000, 1) })
	panics(t, "estimate: numbers of blocks and paths do not fit the sum",
		func() { s.Moments(257, 1000, 1) })
}

func ExampleBlockMeans() {
	var first, second BlockMeans
	first.Add(0.025) // a block of paths with mean weight 0.025
	first.Add(0.035)
	second.Add(0.03)
	first.Merge(second)
	m := first.Moments(3, 300, 1)
	fmt.Printf("%.3f ± %.4f\n", m.Mean(), m.StandardError())
	// Output: 0.030 ± 0.0029
}

func BenchmarkBlockMeansAdd(b *testing.B) {
	var s BlockMeans
	for b.Loop() {
		s.Add(0.12345)
	}
}
