package estimate

import "math"

// BlockMeans sums the mean weights of blocks of paths exactly: each mean is rounded
// once, and all later sums are exact in float64. The result therefore has the same
// bytes for any order and grouping. The zero value holds no block. At most 256
// blocks are allowed.
//
// With q a mean rounded to a multiple of 2^-44, which moves it by less than 3e-14,
// q² = h + l, h rounded to a multiple of 2^-44 and l to one of 2^-84. Multiples of
// the same unit add up exactly as long as the sum has 53 bits, 2^9 units of 2^-44
// and more than enough of 2^-84.
type BlockMeans struct {
	Sum       float64 // Σ q
	High, Low float64 // Σ h and Σ l
}

// Adding and then subtracting RoundHigh rounds to a multiple of 2^-44, RoundLow to
// one of 2^-84.
const (
	RoundHigh = 0x1.8p8
	RoundLow  = 0x1.8p-32
)

// Add adds a block with mean weight x. It panics unless 0 <= x <= 1.
func (s *BlockMeans) Add(x float64) {
	if !(x >= 0 && x <= 1) {
		panic("estimate: mean weight outside [0, 1]")
	}
	q := (x + RoundHigh) - RoundHigh
	square := q * q
	high := (square + RoundHigh) - RoundHigh
	low := ((square - high) + RoundLow) - RoundLow
	s.Sum += q
	s.High += high
	s.Low += low
}

// Merge adds all blocks of o.
func (s *BlockMeans) Merge(o BlockMeans) {
	s.Sum += o.Sum
	s.High += o.High
	s.Low += o.Low
}

// Moments returns the moments of the weight of one path. The blocks must be of
// about equal size; paths is the number of paths in all of them; largest becomes
// Moments.Largest. The caller counts blocks and paths, since many sums share these
// numbers.
//
// With x̄ the mean of B block means x, S² their variance about it and N the number
// of paths, the variance of x̄ is S²/B, the same as for the mean of N independent
// paths with
//
//	Variance = N/B · [Σ x² − (Σ x)²/B] / (B − 1).
//
// The difference is computed with twice the precision of float64. Its error, 2e-16
// of x̄² or 3e-14 of x̄ times the spread, is only the rounding of single blocks.
// With one block Variance is 0; Moments.Interval then returns [0, 1].
//
// Moments panics if blocks or paths is negative, if paths < blocks, or if blocks
// is less than the sum of the means.
func (s BlockMeans) Moments(blocks, paths int64, largest float64) Moments {
	b := float64(blocks)
	if blocks < 0 || blocks > 256 || paths < blocks || s.Sum > b {
		panic("estimate: numbers of blocks and paths do not fit the sum")
	}
	m := Moments{Paths: paths, Blocks: blocks, Largest: largest}
	if blocks == 0 {
		return m
	}
	n := float64(paths)
	m.Sum = min(s.Sum/b*n, n)
	if blocks < 2 {
		return m
	}
	// (Σ x)²/B = high + low.
	square := s.Sum * s.Sum
	high := square / b
	low := (math.FMA(-high, b, square) + math.FMA(s.Sum, s.Sum, -square)) / b
	m.Variance = max((s.High-high)+(s.Low-low), 0) / (b - 1) * (n / b)
	return m
}
