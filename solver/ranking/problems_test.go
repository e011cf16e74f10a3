package ranking

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"

	"budget/internal/parallel"
	"budget/solver/estimate"
)

// A trial is a problem with a known answer. Session p of design i fails at the rate λ_i g, where
// the frailty g is drawn per session and has the gamma law of shape a and mean 1. It is in part
// common to all designs: g = (g₀ + g_i)/a, with g₀ of shape common and g_i of shape a − common,
// both whole. Then
//
//	F_i(d) = 1 − (1 + λ_i d/a)^{−a},  cap_i = a ((1 − ε)^{−1/a} − 1)/λ_i,
//
// and a design of requirement κ_i has, with the same frailties, the share 1 − (1 + κ_i/a)^{−a}.
// After a limit, a share used of all sessions has ended at once.
type trial struct {
	Problem
	rates  []float64   // λ_i, by design [1/step]
	needs  [][]float64 // κ of every requirement, by design
	under  [][]float64 // factors of the rates, by circumstance and design; nil without any
	scored bool        // designs have scores: the share completed, times scales
	scales []float64   // by design
	limits []int       // by design: index of the last time within the grant; nil without
	used   float64     // share of sessions that use up the grant
	times  int

	shape, common int
	seed          uint64
}

// newTrial returns a trial whose caps, in steps, are given. δ is two steps.
func newTrial(seed uint64, caps []float64) *trial {
	t := &trial{Problem: Problem{Designs: len(caps), Tolerance: 0.01, Confidence: 0.95,
		Within: func(float64) float64 { return 2 },
		First:  256, Most: 1 << 20}, shape: 4, common: 3, seed: seed}
	for _, c := range caps {
		t.rates = append(t.rates, t.rate(t.Tolerance, c))
		t.times = max(t.times, int(1.25*c))
	}
	return t
}

// rate returns the rate at which a share of sessions has failed by a time.
func (t *trial) rate(share, by float64) float64 {
	a := float64(t.shape)
	return a * (math.Pow(1-share, -1/a) - 1) / by
}

// circumstances returns their number.
func (t *trial) circumstances() int { return max(len(t.under), 1) }

// rateUnder returns the rate of a design under a circumstance.
func (t *trial) rateUnder(c, i int) float64 {
	if t.under == nil {
		return t.rates[i]
	}
	return t.rates[i] * t.under[c][i]
}

// failure returns F_i under a circumstance at a time.
func (t *trial) failure(c, i int, at float64) float64 {
	a := float64(t.shape)
	f := 1 - math.Pow(1+t.rateUnder(c, i)*at/a, -a)
	if t.limits != nil && at > float64(t.limits[i]+1) {
		return t.used + (1-t.used)*f
	}
	return f
}

// cap returns the index of the cap of a design under a circumstance, -1 without one.
func (t *trial) cap(c, i int) int {
	at := 0
	for at < t.times && t.failure(c, i, float64(at+1)) <= t.Tolerance {
		at++
	}
	return at - 1
}

// value returns what a design is worth.
func (t *trial) value(i int) float64 {
	var all []float64
	for c := range t.circumstances() {
		switch {
		case t.scored:
			all = append(all, t.scales[i]*(1-t.failure(c, i, 1)))
		case t.Worth != nil:
			all = append(all, t.Worth(i, t.cap(c, i)))
		default:
			all = append(all, float64(t.cap(c, i)+1))
		}
	}
	slices.Sort(all)
	return all[int(t.Quantile*float64(len(all))+1e-9)]
}

// share returns the share that a requirement is about.
func (t *trial) share(i, requirement int) float64 {
	a := float64(t.shape)
	return 1 - math.Pow(1+t.needs[requirement][i]/a, -a)
}

// feasible reports whether a design meets all requirements, each exceeded by at most a part of
// its zone.
func (t *trial) feasible(i int, zone float64) bool {
	for r, l := range t.Limits {
		if t.share(i, r) > l.Most+zone*l.Zone+1e-12 {
			return false
		}
	}
	return true
}

// best returns the largest value of the designs that meet all requirements, -1 without any.
func (t *trial) best() float64 {
	best := -1.0
	for i := range t.rates {
		if t.feasible(i, 0) {
			best = max(best, t.value(i))
		}
	}
	return best
}

const replicates = 64

// draw returns a frailty of a whole shape: a sum of exponential draws.
func draw(rng *rand.Rand, shape int) float64 {
	product := 1.0
	for range shape {
		product *= 1 - rng.Float64()
	}
	return -math.Log(product)
}

// extend simulates the first paths of designs.
func (t *trial) extend(ctx context.Context, designs []int, paths int64,
	take func(k int, s *Sample)) error {
	common := make([]float64, paths)
	rng := rand.New(rand.NewPCG(t.seed, 0))
	for p := range common {
		common[p] = draw(rng, t.common)
	}
	workers := 1
	if len(designs) > 500 {
		workers = runtime.GOMAXPROCS(0)
	}
	parallel.For(workers, len(designs), func(_, k int) { take(k, t.simulate(designs[k], common)) })
	return ctx.Err()
}

// simulate returns the sample of a design, given the common part of the frailties of its paths.
func (t *trial) simulate(i int, common []float64) *Sample {
	rng := rand.New(rand.NewPCG(t.seed, uint64(i)+1))
	failing := make([][][]float64, t.circumstances())
	for c := range failing {
		failing[c] = make([][]float64, replicates)
		for n := range failing[c] {
			failing[c][n] = make([]float64, t.times)
		}
	}
	shares := make([][]float64, len(t.Limits))
	for r := range shares {
		shares[r] = make([]float64, replicates)
	}
	each := replicates / float64(len(common))
	for p, g0 := range common {
		g := (g0 + draw(rng, t.shape-t.common)) / float64(t.shape)
		n := p % replicates
		for c := range failing {
			factor, alive := math.Exp(-t.rateUnder(c, i)*g), 1.0
			for at := range failing[c][n] {
				alive *= factor
				failing[c][n][at] += (1 - alive) * each
			}
		}
		for r := range shares {
			shares[r][n] -= math.Expm1(-t.needs[r][i]*g) * each
		}
	}
	s := &Sample{Paths: int64(len(common))}
	for c := range failing {
		var curve Curve
		for at := range t.times {
			x := make([]float64, replicates)
			for n := range x {
				x[n] = failing[c][n][at]
				if t.limits != nil && at > t.limits[i] {
					x[n] = t.used + (1-t.used)*x[n]
				}
				if t.scored {
					x[n] = 1 - x[n]
				}
			}
			curve.Replicates = append(curve.Replicates, x)
			curve.Failure = append(curve.Failure, momentsOf(x, int64(len(common))))
		}
		if t.scored {
			s.Scores = append(s.Scores, Score{Scale: t.scales[i], Part: curve.Failure[0],
				Replicates: curve.Replicates[0]})
		} else {
			s.Curves = append(s.Curves, curve)
		}
	}
	for _, x := range shares {
		s.Shares = append(s.Shares, momentsOf(x, int64(len(common))))
	}
	return s
}

// momentsOf returns the moments of the weights of a number of paths, given their means by
// replicate.
func momentsOf(means []float64, paths int64) estimate.Moments {
	mean := 0.0
	for _, x := range means {
		mean += x / float64(len(means))
	}
	sum := 0.0
	for _, x := range means {
		sum += (x - mean) * (x - mean)
	}
	n := float64(len(means))
	return estimate.Moments{Paths: paths, Blocks: int64(n), Sum: mean * float64(paths),
		Variance: sum / (n - 1) / n * float64(paths), Largest: 1}
}
