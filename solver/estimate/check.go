package estimate

import (
	"fmt"
	"math"
)

// slack allows for the rounding of shares and of their sums.
const slack = 1e-6

// mostBlocks is the largest number of blocks of paths; see BlockMeans.
const mostBlocks = 256

// mostPaths is the largest number of paths that float64 counts exactly.
const mostPaths = 1 << 53

// Check returns an error unless Interval accepts the moments, as it does all that this package
// makes: counts are not negative and fit each other, Sum is in [0, Paths], and the variance is
// one that weights in [0, 1] can have. Use it on moments that were read from a file.
func (m Moments) Check() error {
	n := float64(m.Paths)
	switch {
	case m.Paths < 0 || m.Paths > mostPaths:
		return fmt.Errorf("moments of %d paths", m.Paths)
	case m.Blocks < 0 || m.Blocks > mostBlocks || m.Blocks > m.Paths:
		return fmt.Errorf("moments of %d paths in %d blocks", m.Paths, m.Blocks)
	case !(m.Sum >= 0 && m.Sum <= n):
		return fmt.Errorf("a sum of %v over %d weights", m.Sum, m.Paths)
	case !(m.Variance >= 0 && m.Variance <= n*(1+slack)):
		return fmt.Errorf("a variance of %v over %d weights", m.Variance, m.Paths)
	case m.Blocks >= 2 && !(m.Largest > 0 && m.Largest <= 1):
		return fmt.Errorf("a largest weight of %v", m.Largest)
	}
	return nil
}

// Check returns an error unless the curve is a cumulative incidence at n times: shares that do
// not fall with time, of paths whose number does not grow.
func (c Curve) Check(n int) error {
	if c.Len() != n || c.Values != nil && len(c.Values) != n ||
		c.Moments != nil && len(c.Moments) != n {
		return fmt.Errorf("a curve of %d times, not %d", c.Len(), n)
	}
	for i, m := range c.Moments {
		if i > 0 && m == c.Moments[i-1] {
			continue
		}
		if err := m.Check(); err != nil {
			return fmt.Errorf("time %d: %w", i, err)
		}
		if c.Counts && m.Sum != math.Trunc(m.Sum) {
			return fmt.Errorf("time %d: %v events", i, m.Sum)
		}
		if i == 0 {
			continue
		}
		switch before := c.Moments[i-1]; {
		case m.Paths > before.Paths:
			return fmt.Errorf("time %d: %d paths after %d", i, m.Paths, before.Paths)
		case m.Paths == before.Paths && m.Sum < before.Sum-slack*float64(m.Paths):
			return fmt.Errorf("time %d: a share that falls", i)
		}
	}
	return Shares(c.Values)
}

// Shares returns an error unless the values are shares of 1 that do not fall.
func Shares(values []float64) error {
	before := 0.0
	for i, x := range values {
		if !(x >= before-slack && x <= 1+slack) {
			return fmt.Errorf("time %d: a share of %v after %v", i, x, before)
		}
		before = x
	}
	return nil
}
