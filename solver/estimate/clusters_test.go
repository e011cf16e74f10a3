package estimate

import (
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
			t.Errorf("RobustRank(%d, %v, %v) = %d, %v, want %d, %v", c.n, c.share, c.alpha, rank, reached, c.rank, c.reached)
		}
	}
	panics(t, "estimate: no draws", func() { RobustRank(0, 0.95, 0.05) })
}

// TestRobustRankOfExponentials: ends come at a rate that is not known, with a gamma law of
// shape 3 and mean 1e-4 per second. The cap at tolerance ε given the rate λ is −ln(1−ε)/λ,
// so a robust cap c holds for the share P(λ ≤ −ln(1−ε)/c) exactly. That share is to be as
// large as asked in as many runs as asked, and hardly in more: a rank that is one higher
// fails.
func TestRobustRankOfExponentials(t *testing.T) {
	const share, alpha, tolerance, runs = 0.95, 0.05, 0.01, 4000
	law := distuv.Gamma{Alpha: 3, Beta: 3 / 1e-4}
	for _, n := range []int64{59, 93, 181} {
		rank, _ := RobustRank(n, share, alpha)
		var wrong [2]float64 // with the rank, and with the next
		for run := range runs {
			r := rand.New(rand.NewPCG(11, uint64(run)))
			var caps []float64
			for range n {
				caps = append(caps, -math.Log1p(-tolerance)/law.Quantile(r.Float64()))
			}
			slices.Sort(caps)
			for more := range wrong {
				if c := caps[rank-1+int64(more)]; law.CDF(-math.Log1p(-tolerance)/c) < share {
					wrong[more] += 1. / runs
				}
			}
		}
		// Three standard errors of a share of 5 % among the runs are 0.010.
		if wrong[0] > alpha+0.010 || wrong[0] < 0.03 || wrong[1] < alpha+0.010 {
			t.Errorf("%d draws: wrong in %.3f of the runs with rank %d, and in %.3f with the next, want about %v and more", n, wrong[0], rank, wrong[1], alpha)
		}
	}
}

// TestClusterVariance: draws of clusters that are all alike within tell as much as one of
// each; independent ones as much as all.
func TestClusterVariance(t *testing.T) {
	if got := ClusterVariance([]float64{2, 4, 6}, []int{2, 2, 2}); math.Abs(got-1./3) > 1e-15 {
		t.Errorf("of three pairs 1, 2, 3: %v, want 1/3, the variance of the mean of three", got)
	}
	if got := ClusterVariance([]float64{1, 2, 3, 4}, []int{1, 1, 1, 1}); math.Abs(got-5./12) > 1e-15 {
		t.Errorf("of 1, 2, 3, 4: %v, want 5/12", got)
	}
	// Sums in proportion to the numbers are of means that are alike.
	if got := ClusterVariance([]float64{3, 6}, []int{1, 2}); got != 0 {
		t.Errorf("of equal means: %v, want 0", got)
	}
	if got := ClusterVariance([]float64{3}, []int{5}); !math.IsInf(got, 1) {
		t.Errorf("of one cluster: %v, want +Inf", got)
	}
}

// TestQuantileRanks counts how often the ranks hold a known quantile, of independent draws
// and of clusters of four that are all alike, which tell as much as a quarter.
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
			// Exact bounds hold in 95 % and somewhat more, for draws are whole numbers.
			if share := float64(held) / runs; share < 0.94 || share > 0.995 {
				t.Errorf("clusters of %d, the %v quantile: ranks hold it in %.3f of the runs, want a little more than 0.95", each, p, share)
			}
		}
	}
}
