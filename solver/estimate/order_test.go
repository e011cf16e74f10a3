package estimate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestRobustRank(t *testing.T) {
	for _, c := range []struct {
		n            int64
		share, alpha float64
		rank         int64
		reached      float64
	}{
		{59, 0.95, 0.05, 1, 0.95}, // Wilks: 0.95^59 = 0.0485
		{58, 0.95, 0.05, 1, math.Pow(0.05, 1./58)},
		{93, 0.95, 0.05, 2, 0.95}, // Wilks's table: 59, 93, 124, 153
		{92, 0.95, 0.05, 1, 0.95},
		{124, 0.95, 0.05, 3, 0.95},
		{32, 0.95, 0.045, 1, math.Pow(0.045, 1./32)},
		{1, 0.95, 0.05, 1, 0.05},
	} {
		rank, reached := RobustRank(c.n, c.share, c.alpha)
		if rank != c.rank || math.Abs(reached-c.reached) > 1e-12 {
			t.Errorf("RobustRank(%d, %v, %v) = %d, %v, want %d, %v", c.n, c.share, c.alpha, rank, reached,
				c.rank, c.reached)
		}
	}
	panics(t, "estimate: no draws", func() { RobustRank(0, 0.95, 0.05) })
}

// TestRobustRankOfExponentials draws an uncertain rate of ends from a gamma law of shape 3
// and mean 1e-4 per second. The cap at tolerance ε given the rate λ is −ln(1−ε)/λ, so a
// robust cap c holds for exactly the share P(λ ≤ −ln(1−ε)/c). That share must be large
// enough in the required part of the runs, and the next higher rank must fail.
func TestRobustRankOfExponentials(t *testing.T) {
	const share, alpha, tolerance, runs = 0.95, 0.05, 0.01, 4000
	law := distuv.Gamma{Alpha: 3, Beta: 3 / 1e-4}
	for _, n := range []int64{59, 93, 181} {
		rank, _ := RobustRank(n, share, alpha)
		var wrong [2]float64 // with the rank, and with the next
		for run := range runs {
			r := rand.New(rand.NewPCG(11, uint64(run)))
			// The smallest cap is that of the highest rate.
			below := make([]float64, n)
			for i := range below {
				below[i] = r.Float64()
			}
			slices.Sort(below)
			for more := range wrong {
				c := -math.Log1p(-tolerance) / law.Quantile(below[n-rank-int64(more)])
				if law.CDF(-math.Log1p(-tolerance)/c) < share {
					wrong[more] += 1. / runs
				}
			}
		}
		// Three standard errors of a share of 5 % among the runs are 0.010.
		if wrong[0] > alpha+0.010 || wrong[0] < 0.03 || wrong[1] < alpha+0.010 {
			t.Errorf("%d draws: wrong in %.3f of the runs with rank %d, and in %.3f with the next, want "+
				"about %v and more", n, wrong[0], rank, wrong[1], alpha)
		}
	}
}

// TestClusterVariance: equal draws within a cluster count as one; independent draws count
// in full.
func TestClusterVariance(t *testing.T) {
	if got := ClusterVariance([]float64{2, 4, 6}, []int{2, 2, 2}); math.Abs(got-1./3) > 1e-15 {
		t.Errorf("of three pairs 1, 2, 3: %v, want 1/3, the variance of the mean of three", got)
	}
	if got := ClusterVariance([]float64{1, 2, 3, 4}, []int{1, 1, 1, 1}); math.Abs(got-5./12) > 1e-15 {
		t.Errorf("of 1, 2, 3, 4: %v, want 5/12", got)
	}
	// Sums in proportion to the numbers mean equal cluster means.
	if got := ClusterVariance([]float64{3, 6}, []int{1, 2}); got != 0 {
		t.Errorf("of equal means: %v, want 0", got)
	}
	if got := ClusterVariance([]float64{3}, []int{5}); !math.IsInf(got, 1) {
		t.Errorf("of one cluster: %v, want +Inf", got)
	}
}

// TestQuantileRanksAreExact: for independent draws the ranks are the innermost ones that
// are wrong with probability at most alpha, checked with the binomial law summed term by
// term.
func TestQuantileRanksAreExact(t *testing.T) {
	for _, n := range []int{1, 2, 10, 36, 37, 59, 60, 93, 256, 300} {
		for _, p := range []float64{0.01, 0.05, 0.1, 0.5, 0.75, 0.95} {
			for _, alpha := range []float64{0.005, 0.025, 0.05, 0.25} {
				var law distuv.Binomial
				law.N, law.P = float64(n), p
				below := make([]float64, n+1) // P(Bin < k), and above P(Bin >= k)
				above := make([]float64, n+2)
				for k := range n {
					below[k+1] = below[k] + law.Prob(float64(k))
				}
				for k := n; k > 0; k-- {
					above[k] = above[k+1] + law.Prob(float64(k))
				}
				// Draw r is above the quantile where fewer than r lie below it.
				lower, upper := 1, n
				for lower < n && below[lower+1] <= alpha {
					lower++
				}
				for upper > 1 && above[upper-1] <= alpha {
					upper--
				}
				if l, u := QuantileRanks(n, p, float64(n), alpha); l != lower || u != upper {
					t.Errorf("%d draws, the %v quantile at %v: ranks %d and %d, want %d and %d", n, p,
						alpha, l, u, lower, upper)
				}
			}
		}
	}
}

// TestQuantileRanks counts how often the ranks contain a known quantile, for independent
// draws and for clusters of four equal draws (effective size a quarter).
func TestQuantileRanks(t *testing.T) {
	const runs, n = 2000, 256
	for _, each := range []int{1, 4} {
		for _, p := range []float64{0.05, 0.5, 0.95} {
			held := 0
			for run := range runs {
				r := rand.New(rand.NewPCG(uint64(each), uint64(run)))
				var draws []float64
				for len(draws) < n {
					u := r.Float64()
					for range each {
						draws = append(draws, u)
					}
				}
				slices.Sort(draws)
				lower, upper := QuantileRanks(n, p, float64(n/each), 0.025)
				if draws[lower-1] <= p && p <= draws[upper-1] {
					held++
				}
			}
			// Exact bounds hold in slightly more than 95 %, because ranks are whole
			// numbers.
			if share := float64(held) / runs; share < 0.94 || share > 0.995 {
				t.Errorf("clusters of %d, the %v quantile: ranks hold it in %.3f of the runs, want a little "+
					"more than 0.95", each, p, share)
			}
		}
	}
}

// TestOrderIndices: problem O17 of the numerical notes, from exact binomial sums.
func TestOrderIndices(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n          int64
		eps, alpha float64
		want       int64
	}{
		{1e4, 0.001, 0.05, 5}, {1e4, 0.001, 0.01, 3},
		{1e4, 0.01, 0.05, 84}, {1e4, 0.01, 0.01, 78},
		{1e4, 0.05, 0.05, 464}, {1e4, 0.05, 0.01, 450},
		{1e6, 0.001, 0.05, 948}, {1e6, 0.001, 0.01, 927},
		{1e6, 0.01, 0.05, 9837}, {1e6, 0.01, 0.01, 9769},
		{1e6, 0.05, 0.05, 49642}, {1e6, 0.05, 0.01, 49494},
		{2994, 0.001, 0.05, 0}, {2995, 0.001, 0.05, 1}, {0, 0.5, 0.5, 0},
	} {
		if got := LowerOrderIndex(c.n, c.eps, c.alpha); got != c.want {
			t.Errorf("LowerOrderIndex(%d, %g, %g) = %d, want %d", c.n, c.eps, c.alpha, got, c.want)
		}
	}
	for _, c := range []struct {
		n            int64
		eps          float64
		lower, upper int64
		coverage     float64
	}{
		{1e4, 0.01, 81, 121, .9557546828}, {1e6, 0.001, 939, 1063, .9502066318},
	} {
		l, u := LowerOrderIndex(c.n, c.eps, 0.025), upperOrderIndex(c.n, c.eps, 0.025)
		if l != c.lower || u != c.upper {
			t.Errorf("95 %% of %d at %g: got [%d, %d], want [%d, %d]", c.n, c.eps, l, u, c.lower, c.upper)
		}
		near(t, "coverage", binomialAtMost(u-1, c.n, c.eps)-binomialAtMost(l-1, c.n, c.eps),
			c.coverage, 1e-10)
	}
	if u := upperOrderIndex(10, 0.5, 1e-4); u != 11 {
		t.Errorf("no upper index: got %d, want 11", u)
	}
	panics(t, "estimate: order statistic with an error probability outside (0, 1/2]",
		func() { LowerOrderIndex(1, 0.5, 0) })
	panics(t, "estimate: order statistic of a negative number of times or a quantile outside (0, 1)",
		func() { LowerOrderIndex(1, 1, 0.1) })
}

// upperOrderIndex returns the u for which the u-th smallest of n times is an upper bound
// for the eps-quantile: counted from the largest, a lower bound for the other share.
func upperOrderIndex(n int64, eps, alpha float64) int64 {
	return n + 1 - LowerOrderIndex(n, 1-eps, alpha)
}

func TestWilksSize(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		eps        float64
		at95, at99 int64
	}{{0.001, 2995, 4603}, {0.005, 598, 919}, {0.01, 299, 459}, {0.05, 59, 90}} {
		if a, b := WilksSize(c.eps, 0.05), WilksSize(c.eps, 0.01); a != c.at95 || b != c.at99 {
			t.Errorf("%g: got %d and %d, want %d and %d", c.eps, a, b, c.at95, c.at99)
		}
	}
}

func ExampleLowerOrderIndex() {
	fmt.Println(WilksSize(0.01, 0.05), LowerOrderIndex(10_000, 0.01, 0.05))
	// Output: 299 84
}

// TestQuantiles compares both kinds of quantiles with values computed by hand.
func TestQuantiles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values []float64
		p      float64
		want   float64
		rank   int
	}{
		{[]float64{7}, 0.9, 7, 1},
		{[]float64{1, 2, 4, 8}, 0, 1, 1},
		{[]float64{1, 2, 4, 8}, 0.5, 3, 2},
		{[]float64{1, 2, 4, 8}, 0.75, 5, 3},
		{[]float64{1, 2, 4, 8}, 0.9, 6.8, 4},
		{[]float64{1, 2, 4, 8}, 1, 8, 4},
		{make([]float64, 100), 0.07, 0, 7}, // 0.07·100 is above 7 in floating point
	} {
		near(t, "quantile", Quantile(c.values, c.p), c.want, 1e-15)
		if got := QuantileRank(len(c.values), c.p); got != c.rank {
			t.Errorf("%v of %d values: rank %d, want %d", c.p, len(c.values), got, c.rank)
		}
	}
	if got := Quantile(nil, 0.5); !math.IsNaN(got) {
		t.Errorf("the median without values is %v", got)
	}
}
