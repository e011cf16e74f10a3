package ranking

import (
	"context"
	"sync"
)

// How the error probability α is shared. Let b be the best feasible design. It is one fixed
// design, so all that concerns b alone need not pay for the number of designs K:
//
//   - ofExclusion: b is excluded although it meets its requirements (one design, R of them);
//   - ofRegion: an interval of caps misses that of b (one design);
//   - ofPairs: a design is called better than b, or within δ of it, and is not (K−1 pairs), by a
//     bound on the difference of the two curves or by one on the other design's curve (half each);
//   - ofAcceptance: a design beyond the zone of a requirement is accepted (K designs, R each).
//
// Every look spends its part of each (estimate.LookAlpha). Only designs that surely meet their
// requirements without the zone may eliminate others, by being longer by a step at least. So b
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
	from, to int  // indices between which its cap surely lies
	safe     int  // index up to which its failure is surely within the tolerance
	strictly bool // meets its requirements without their zones
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

// simulate simulates the first paths of some designs.
func (r *race) simulate(ctx context.Context, extend Extend, running []*design,
	paths int64) error {
	numbers := make([]int, len(running))
	for i, d := range running {
		numbers[i] = d.number
	}
	samples := make([]*Sample, len(running))
	var taking sync.Mutex
	err := extend(ctx, numbers, paths, func(k int, s *Sample) {
		taking.Lock()
		defer taking.Unlock()
		samples[k] = s
	})
	if err != nil {
		return err
	}
	r.answer.Looks++
	r.answer.Paths += paths * int64(len(running))
	for i, d := range running {
		d.sample, d.Look, d.Paths = samples[i], r.answer.Looks, paths
	}
	return nil
}
