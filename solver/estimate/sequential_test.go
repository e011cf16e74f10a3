package estimate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func TestLookAlpha(t *testing.T) {
	t.Parallel()
	sum := 0.0
	for k := 1; k <= 999; k++ {
		sum += LookAlpha(0.05, k)
	}
	near(t, "spent in 999 looks", sum, 0.05*(1-1.0/1000), 1e-12)
	panics(t, "estimate: looks count from 1", func() { LookAlpha(0.05, 0) })
}

// TestPeeking computes exactly how often a Clopper–Pearson interval made every
// 1000 paths misses a probability of 1 % at least once; problem O16b of the
// numerical notes. LookAlpha prevents that.
func TestPeeking(t *testing.T) {
	t.Parallel()
	const step, p = 1000, 0.01
	missed := func(looks int, alpha func(k int) float64) float64 {
		const most = 60 // P(Bin(1000, 0.01) > 60) < 1e-20
		right := []float64{1}
		for k := 1; k <= looks; k++ {
			next := make([]float64, len(right)+most)
			for i, r := range right {
				for j := range most + 1 {
					next[i+j] += r * binomial(step, j, p)
				}
			}
			for i := range next {
				if next[i] > 0 && !ClopperPearson(int64(i), int64(k*step), alpha(k), alpha(k)).Contains(p) {
					next[i] = 0
				}
			}
			right = next
		}
		sum := 0.0
		for _, r := range right {
			sum += r
		}
		return 1 - sum
	}
	for _, c := range []struct {
		looks int
		want  float64 // [%], one decimal
	}{{1, 2.4}, {5, 11.1}, {10, 15.6}} {
		if got := 100 * missed(c.looks, func(int) float64 { return 0.025 }); math.Abs(got-c.want) > 0.05 {
			t.Errorf("%d looks at 95 %%: missed %.3f %%, want %.1f %%", c.looks, got, c.want)
		}
		if got := missed(c.looks, func(k int) float64 { return LookAlpha(0.025, k) }); got > 0.05 {
			t.Errorf("%d looks with LookAlpha: missed %.4f, want at most 0.05", c.looks, got)
		}
	}
}

// TestSequentialCoverage stops at the first of doubling sizes at which the
// interval is narrow enough.
func TestSequentialCoverage(t *testing.T) {
	t.Parallel()
	const p, first, blocks, mostLooks = 0.02, 512, 64, 7
	some := func(r *rand.Rand) bool { return r.Float64() < 0.03 }
	weights := law{mean: 0.03 * 0.1 * -math.Expm1(-10), draw: func(r *rand.Rand) float64 {
		if !some(r) {
			return 0
		}
		return min(0.1*r.ExpFloat64(), 1)
	}}
	var counted, weighed, looksCounted, looksWeighed int
	for seed := range uint64(coverageSeeds) {
		r := rand.New(rand.NewPCG(seed, 77))
		events, trials := int64(0), int64(0)
		for k := 1; k <= mostLooks; k++ {
			for n := int64(first) << (k - 1); trials < n; trials++ {
				if r.Float64() < p {
					events++
				}
			}
			ci := ClopperPearson(events, trials, LookAlpha(0.025, k), LookAlpha(0.025, k))
			if ci.Width() < 0.012 || k == mostLooks {
				looksCounted += k
				if ci.Contains(p) {
					counted++
				}
				break
			}
		}
		var totals [blocks]float64 // the blocks grow from look to look
		paths := 0
		for k := 1; k <= mostLooks; k++ {
			more := first<<(k-1) - paths
			paths += more
			var s BlockMeans
			for b := range totals {
				for range more / blocks {
					totals[b] += weights.draw(r)
				}
				s.Add(totals[b] / float64(paths/blocks))
			}
			ci := s.Moments(blocks, int64(paths), 1).Interval(LookAlpha(0.025, k), LookAlpha(0.025, k))
			if ci.Width() < 0.0025 || k == mostLooks {
				looksWeighed += k
				if ci.Contains(weights.mean) {
					weighed++
				}
				break
			}
		}
	}
	t.Logf("stopped when narrow: counts cover %.4f after %.1f looks, weights %.4f after %.1f",
		float64(counted)/coverageSeeds, float64(looksCounted)/coverageSeeds,
		float64(weighed)/coverageSeeds, float64(looksWeighed)/coverageSeeds)
	if least := float64(min(counted, weighed)) / coverageSeeds; least < coverageLeast {
		t.Errorf("coverage %.4f, want at least %v", least, coverageLeast)
	}
}

func ExampleLookAlpha() {
	for k := 1; k <= 3; k++ {
		fmt.Printf("%.4f ", LookAlpha(0.05, k))
	}
	// Output: 0.0250 0.0083 0.0042
}
