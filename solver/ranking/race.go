package ranking

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"budget/solver/estimate"
)

// How the error probability α is shared. Let b be the best feasible design. It is one fixed
// design, so all that concerns b alone need not pay for the number of designs K:
//
//   - ofExclusion: b is excluded although it meets its requirements (one design, R of them);
//   - ofRegion: an interval of caps or scores misses that of b (one design);
//   - ofPairs: a design is called better than b, or within δ of it, and is not (K−1 pairs), by a
//     bound on the difference of the two or by one on the other design alone (half each);
//   - ofAcceptance: a design beyond the zone of a requirement is accepted (K designs, R each).
//
// Every look spends its part of each (estimate.LookAlpha). Only designs that surely meet their
// requirements without the zone may eliminate others, by being better. So b
// leaves the race only by an error that is paid for. The design that is chosen was compared with
// all that are left. If b is one of them, it is within δ of b.
const (
	ofExclusion  = 0.1
	ofRegion     = 0.1
	ofPairs      = 0.6
	ofAcceptance = 0.2
)

// eliminators is the number of leading designs that others are compared with at a look.
const eliminators = 3

// design is a design in the race.
type design struct {
	Standing
	number   int
	sample   *Sample
	from, to int   // indices between which its cap surely lies
	safe     []int // by circumstance: index up to which its failure surely is within the tolerance
	upper    []int // by circumstance: index that its cap surely does not exceed
	// Of scores: the bounds of its value, by circumstance those of its scores, and what they surely
	// reach.
	least, most            float64
	lowers, uppers, surest []float64
	strictly               bool // meets its requirements without their zones
}

// race is the state of Select.
type race struct {
	*Problem
	designs []*design
	open    []*design
	answer  *Answer
	// Error probabilities of a single bound at this look.
	pair, region, exclusion, acceptance float64
}

// spend shares the error probability of a look among its bounds, given a sample.
func (r *race) spend(look int, s *Sample) {
	alpha := estimate.LookAlpha(1-r.Confidence, look)
	designs, limits := float64(r.Designs), float64(max(len(r.Limits), 1))
	of := float64(s.circumstances())
	r.pair = ofPairs * alpha / 2 / max(designs-1, 1)
	if r.Quantile > 0 {
		r.pair /= of
	}
	r.region = ofRegion * alpha / 2 / of
	r.exclusion = ofExclusion * alpha / limits
	r.acceptance = ofAcceptance * alpha / limits / designs
}

// simulate simulates the first paths of some designs: of each as many as target returns.
// After an error designs keep what was known before.
func (r *race) simulate(ctx context.Context, extend Extend, running []*design,
	target func(*design) int64) error {
	of := map[int64][]*design{} // by number of paths
	var all []int64
	for _, d := range running {
		paths := target(d)
		if of[paths] == nil {
			all = append(all, paths)
		}
		of[paths] = append(of[paths], d)
	}
	// Most paths first: other designs on the same plant have as many then.
	slices.Sort(all)
	slices.Reverse(all)
	samples := map[*design]*Sample{}
	var taking sync.Mutex
	for _, paths := range all {
		var numbers []int
		for _, d := range of[paths] {
			numbers = append(numbers, d.number)
		}
		if err := extend(ctx, numbers, paths, func(k int, s *Sample) {
			taking.Lock()
			defer taking.Unlock()
			samples[of[paths][k]] = s
		}); err != nil {
			return err
		}
	}
	r.answer.Looks++
	for _, d := range running {
		d.sample, d.Look = samples[d], r.answer.Looks
		r.answer.Paths += max(d.sample.Paths-d.Paths, 0)
		d.Paths = d.sample.Paths
	}
	return nil
}

// leaders returns the open designs that hold, the longest first.
func (r *race) leaders(open []*design, holds func(*design) bool) []*design {
	var all []*design
	for _, d := range open {
		if d.State == Open && holds(d) {
			all = append(all, d)
		}
	}
	slices.SortStableFunc(all, func(a, b *design) int { return cmp.Compare(b.Value, a.Value) })
	return all
}
