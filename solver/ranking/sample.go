package ranking

import (
	"context"

	"budget/solver/estimate"
)

// Sample is what a number of paths say of a design.
type Sample struct {
	Paths int64 // simulated: at least as many as asked for
	// Curves are the failure curves whose caps are wanted, one for each circumstance; or Scores are
	// the means wanted. All designs have as many.
	Curves []Curve
	Scores []Score
	Shares []Share // by requirement
	Of     any     // what the caller wants to find in Answer.Samples
}

// Curve is a failure curve on the grid of times.
type Curve struct {
	Failure    []estimate.Moments // by time
	Replicates [][]float64        // by time: mean failure by replicate
}

// Score is a mean of a quantity in [0, Scale] in a circumstance, such as completed minutes.
type Score struct {
	Scale      float64
	Part       estimate.Moments // of the quantity as a part of Scale
	Replicates []float64        // its mean by replicate, as a part of Scale
}

// circumstances returns how many there are.
func (s *Sample) circumstances() int { return max(len(s.Curves), len(s.Scores)) }

// Share is the estimate of a required share, with bounds that are wrong with the given
// probabilities. estimate.Moments is one.
type Share interface {
	Mean() float64
	Interval(alphaLower, alphaUpper float64) estimate.Interval
}

// Known is a share that is known exactly.
type Known float64

// Mean returns the share.
func (k Known) Mean() float64 { return float64(k) }

// Interval returns the share as both bounds.
func (k Known) Interval(_, _ float64) estimate.Interval {
	return estimate.Interval{Lower: float64(k), Upper: float64(k)}
}

// Extend simulates the first paths of some designs, unless it has simulated more of them, and
// passes the sample of each, by its index in the list, to take, in any order, from several
// goroutines. An error ends the race.
type Extend func(ctx context.Context, designs []int, paths int64,
	take func(k int, s *Sample)) error
