package estimate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
)

const (
	coverageSeeds  = 2000
	coveragePaths  = 4096
	coverageBlocks = 64

	// Of 2000 intervals that are right 95 % of the time, the fraction found right
	// has a standard deviation of 0.5 %: 94 % is two of them below.
	coverageLeast = 0.94
)

// law is a distribution of weights with a known mean.
type law struct {
	name    string
	mean    float64
	largest float64
	draw    func(*rand.Rand) float64
}

// coin returns a 0/1 draw with the expected number of ones in coveragePaths.
func coin(expected float64) func(*rand.Rand) bool {
	p := expected / coveragePaths
	return func(r *rand.Rand) bool { return r.Float64() < p }
}

func normalCDF(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

func coverageLaws() []law {
	const n = coveragePaths
	var laws []law
	add := func(name string, mean, largest float64, draw func(*rand.Rand) float64) {
		laws = append(laws, law{name, mean, largest, draw})
	}
	// mixture is high with the expected number of paths, else low.
	mixture := func(name string, low, high, expected, largest float64) {
		hit := coin(expected)
		p := expected / n
		add(name, low*(1-p)+high*p, largest, func(r *rand.Rand) float64 {
			if hit(r) {
				return high
			}
			return low
		})
	}
	mixture("0/1, np = 2", 0, 1, 2, 1)
	mixture("0/1, np = 10", 0, 1, 10, 1)
	mixture("0/1, np = 50", 0, 1, 50, 1)
	mixture("0/1, p = 0.3", 0, 1, 0.3*n, 1)
	mixture("0/1, n(1-p) = 10", 0, 1, n-10, 1)
	mixture("0/0.3, np = 10, L = 0.3", 0, 0.3, 10, 0.3)
	mixture("0/0.3, np = 10, L = 1", 0, 0.3, 10, 1)
	mixture("sure 0.001, rare 1 at 1e-4", 0.001, 1, 1e-4*n, 1)
	// So few rare events that 5 % of the samples have none: the worst case for
	// a bound.
	mixture("sure 0.02, rare 1, np = 2.8", 0.02, 1, 2.8, 1)
	mixture("sure 0.2, rare 1, np = 2.8", 0.2, 1, 2.8, 1)
	mixture("sure 0.2, rare 0, np = 2.8", 0.2, 0, 2.8, 1)
	mixture("sure 0.2, rare 0, np = 3.6", 0.2, 0, 3.6, 1)
	some := coin(0.03 * n)
	add("exponential on 3 %", 0.03*0.1*-math.Expm1(-10), 1, func(r *rand.Rand) float64 {
		if !some(r) {
			return 0
		}
		return min(0.1*r.ExpFloat64(), 1)
	})
	add("0.01 ± 2 %", 0.01, 1, func(r *rand.Rand) float64 { return 0.01 * (0.98 + 0.04*r.Float64()) })
	// E[min(1, e^(μ+σZ))] with μ = −6, σ = 2.
	logMean := math.Exp(-6+2)*normalCDF((6.0-4)/2) + normalCDF(-6.0/2)
	add("lognormal σ = 2", logMean, 1, func(r *rand.Rand) float64 {
		return math.Exp(min(0, -6+2*r.NormFloat64()))
	})
	logMean3 := math.Exp(-9+4.5)*normalCDF((9.0-9)/3) + normalCDF(-9.0/3)
	add("lognormal σ = 3", logMean3, 1, func(r *rand.Rand) float64 {
		return math.Exp(min(0, -9+3*r.NormFloat64()))
	})
	add("uniform", 0.5, 1, (*rand.Rand).Float64)
	return laws
}

// sample draws paths in equal blocks.
func (l law) sample(r *rand.Rand, s *BlockMeans, blocks, paths int) {
	for range blocks {
		x := 0.0
		for range paths / blocks {
			x += l.draw(r)
		}
		s.Add(x / float64(paths/blocks))
	}
}

// TestCoverage checks that the intervals cover the true mean for every kind of
// weights that a tally has, also where Student's t does not.
func TestCoverage(t *testing.T) {
	t.Parallel()
	laws := coverageLaws()
	rows := make([]string, len(laws))
	var group sync.WaitGroup
	for i, l := range laws {
		group.Go(func() {
			var two, low, high, student, width, tWidth float64
			for seed := range uint64(coverageSeeds) {
				var s BlockMeans
				l.sample(rand.New(rand.NewPCG(seed, uint64(i))), &s, coverageBlocks, coveragePaths)
				m := s.Moments(coverageBlocks, coveragePaths, l.largest)
				ci := m.Interval(0.025, 0.025)
				if ci.Contains(l.mean) {
					two++
				}
				if m.Interval(0, 0.05).Contains(l.mean) {
					high++
				}
				if m.Interval(0.05, 0).Contains(l.mean) {
					low++
				}
				half := m.StandardError() * studentOverNormal(coverageBlocks-1, 0.025) * normalUpper(0.025)
				if math.Abs(m.Mean()-l.mean) <= half {
					student++
				}
				width += ci.Width()
				tWidth += 2 * half
			}
			rows[i] = fmt.Sprintf("%-30s %9.4f %9.4f %9.4f %9.4f %9.2f", l.name,
				two/coverageSeeds, low/coverageSeeds, high/coverageSeeds, student/coverageSeeds, width/tWidth)
			if least := min(two, low, high) / coverageSeeds; least < coverageLeast {
				t.Errorf("%s: coverage %.4f, want at least %v", l.name, least, coverageLeast)
			}
		})
	}
	group.Wait()
	t.Logf("coverage over %d seeds, %d paths in %d blocks\n%-30s %9s %9s %9s %9s %9s\n%s",
		coverageSeeds, coveragePaths, coverageBlocks,
		"law", "two-sided", "lower", "upper", "t", "width/t", strings.Join(rows, "\n"))
}
