package estimate

import (
	"math"
	"math/bits"
)

// BlockSum gathers the blocks of one nonnegative quantity so that merging is
// exact: adding a block and merging two sums are sums of integers, and the
// result has the same bytes whatever the order and the grouping.
//
// A block's total weight is rounded once, to a multiple of 2^-32, so that a mean
// of blocks of n paths is off by less than 1.2e-10/n, far below any interval
// that those paths can support. The zero value holds no block. All is valid up
// to 2^31 paths in total.
type BlockSum struct {
	Sum        uint64 // Σ q over blocks, where q is the block's total weight in units of 2^-32
	SquareHigh uint64 // Σ ⌊q²/n⌋ over blocks of n paths, in units of 2^-64: the upper 64 bits,
	SquareLow  uint64 // and the lower
}

// unit is the number of units of a weight in one.
const unit = 1 << 32

// Add adds a block of n paths with total weight x.
//
// It panics unless 1 <= n < 2^31 and 0 <= x <= n. A floating-point sum of n
// weights in [0, 1], in any order, never exceeds n.
func (s *BlockSum) Add(x float64, n int64) {
	if n < 1 || n >= 1<<31 {
		panic("estimate: block size outside [1, 2^31)")
	}
	if !(x >= 0 && x <= float64(n)) {
		panic("estimate: block weight outside [0, paths]")
	}
	q := uint64(math.RoundToEven(x * unit)) // x·2^32 is exact
	high, low := bits.Mul64(q, q)
	high, low = divide(high, low, uint64(n))
	s.add(q, high, low)
}

// Merge adds all blocks of o.
func (s *BlockSum) Merge(o BlockSum) { s.add(o.Sum, o.SquareHigh, o.SquareLow) }

func (s *BlockSum) add(q, high, low uint64) {
	var carry uint64
	s.Sum += q
	s.SquareLow, carry = bits.Add64(s.SquareLow, low, 0)
	s.SquareHigh, _ = bits.Add64(s.SquareHigh, high, carry)
}

// Moments returns the moments of the weights of one path from the sum of so many
// blocks with so many paths in all; largest becomes Moments.Largest. The caller
// counts blocks and paths, since many sums share them.
//
// With x the weight and n the size of a block and N the number of paths,
//
//	Variance = [Σ x²/n − (Σ x)²/N] / (blocks − 1),
//
// whose difference is taken of 128-bit integers: it loses no digits, however
// small the variance is beside the square of the mean. With one block Variance
// is 0, and Moments knows that it means nothing.
//
// Moments panics if blocks or paths is negative, or paths less than blocks or
// than the sum of the weights.
func (s BlockSum) Moments(blocks, paths int64, largest float64) Moments {
	if blocks < 0 || paths < blocks || s.Sum > uint64(paths)*unit {
		panic("estimate: numbers of blocks and paths do not fit the sum")
	}
	m := Moments{Paths: paths, Blocks: blocks, Sum: float64(s.Sum) / unit, Largest: largest}
	if blocks < 2 {
		return m
	}
	high, low := bits.Mul64(s.Sum, s.Sum)
	high, low = divide(high, low, uint64(paths))
	low, borrow := bits.Sub64(s.SquareLow, low, 0)
	high, borrow = bits.Sub64(s.SquareHigh, high, borrow)
	if borrow != 0 {
		// Rounding each square down may put equal blocks below zero, by less
		// than one unit of 2^-64 a block.
		return m
	}
	m.Variance = (float64(high) + float64(low)/(unit*unit)) / float64(blocks-1)
	return m
}

// divide returns the quotient of a 128-bit number by d, rounded down.
func divide(high, low, d uint64) (qHigh, qLow uint64) {
	qHigh, r := high/d, high%d
	qLow, _ = bits.Div64(r, low, d)
	return qHigh, qLow
}
