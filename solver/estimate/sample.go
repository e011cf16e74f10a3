package estimate

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/mathext"
)

// Sample is a sample of weighted values in independent, identically distributed blocks,
// such as a quantity of each path of a replicate, weighted by the path's survival. The zero
// value is empty. It estimates properties of the weighted law,
//
//	E[w x] / E[w],
//
// by the same ratio of the sample. Its error comes from linearizing the ratio over blocks:
// with r_b the sum of w·(x − ratio) in block b of n,
//
//	SE² = n/(n−1) · Σ r_b² / (Σ w)².
//
// Reference: Cochran, Sampling Techniques, 3rd ed., 1977, 6.3 and 11.8; quantiles by
// Woodruff, J. Am. Stat. Assoc. 47 (1952) 635: bounds for the share of values up to the
// estimate, converted to values.
type Sample struct {
	items  []item
	blocks int
	sorted bool
}

type item struct {
	value, weight float64
	block         int
}

// Add adds a value with a weight >= 0 to a block, numbered from 0.
func (s *Sample) Add(value, weight float64, block int) {
	if weight > 0 {
		s.items = append(s.items, item{value, weight, block})
		s.blocks, s.sorted = max(s.blocks, block+1), false
	}
}

// Len returns the number of values with a positive weight.
func (s *Sample) Len() int { return len(s.items) }

// ratio returns the ratio of the sums of w·of(value) and of w, with its standard error.
func (s *Sample) ratio(of func(value float64) float64) (ratio, standardError float64) {
	sum, total := 0.0, 0.0
	for _, i := range s.items {
		sum += i.weight * of(i.value)
		total += i.weight
	}
	ratio = sum / total
	residuals := make([]float64, s.blocks)
	for _, i := range s.items {
		residuals[i.block] += i.weight * (of(i.value) - ratio)
	}
	squares := 0.0
	for _, r := range residuals {
		squares += r * r
	}
	n := float64(s.blocks)
	if s.blocks < 2 {
		return ratio, math.Inf(1)
	}
	return ratio, math.Sqrt(n/(n-1)*squares) / total
}

// reach returns the half-width, in standard errors, of an interval that is wrong with
// probability alpha on each side: Student's t with one degree of freedom fewer than
// blocks.
func (s *Sample) reach(alpha float64) float64 {
	if s.blocks < 2 {
		return math.Inf(1)
	}
	return studentOverNormal(float64(s.blocks-1), alpha) * -mathext.NormalQuantile(alpha)
}

// Mean estimates the mean, with bounds that are wrong with about probability alpha on each
// side. Mean, Quantile and Share of an empty sample are Missing.
func (s *Sample) Mean(alpha float64) Estimate {
	if s.Len() == 0 {
		return Missing
	}
	mean, se := s.ratio(func(x float64) float64 { return x })
	half := s.reach(alpha) * se
	return Estimate{mean, se, Interval{mean - half, mean + half}}
}

// Quantile estimates the p-quantile, 0 < p < 1: the least value with a share p of the
// weight at or below it.
func (s *Sample) Quantile(p, alpha float64) Estimate {
	if s.Len() == 0 {
		return Missing
	}
	if !s.sorted {
		slices.SortStableFunc(s.items, func(a, b item) int { return cmp.Compare(a.value, b.value) })
		s.sorted = true
	}
	q := s.at(p)
	_, se := s.ratio(func(x float64) float64 {
		if x <= q {
			return 1
		}
		return 0
	})
	half := s.reach(alpha) * se
	bounds := Interval{s.at(p - half), s.at(p + half)}
	return Estimate{q, bounds.Width() / (2 * s.reach(alpha)), bounds}
}

// at returns the least value of a sorted sample with a share p of the weight at or
// below it.
func (s *Sample) at(p float64) float64 {
	total := 0.0
	for _, i := range s.items {
		total += i.weight
	}
	sum := 0.0
	for _, i := range s.items {
		sum += i.weight
		if sum >= p*total*(1-1e-12) {
			return i.value
		}
	}
	return s.items[len(s.items)-1].value
}

// Share estimates the share of ones among values that are all 0 or 1. Like those of
// Moments, its bounds allow for events that the sample is too small to show.
func (s *Sample) Share(alpha float64) Estimate {
	if s.Len() == 0 {
		return Missing
	}
	share, se := s.ratio(func(x float64) float64 { return x })
	total, squares := 0.0, 0.0
	for _, i := range s.items {
		total += i.weight
		squares += i.weight * i.weight
	}
	// Effective sample size: that many paths of equal weight have at most this
	// information.
	paths := max(int64(total*total/squares), 1)
	m := Moments{Paths: paths, Blocks: int64(s.blocks), Sum: share * float64(paths),
		Variance: se * se * float64(paths), Largest: 1}
	if s.blocks < 2 {
		return Estimate{share, se, Interval{0, 1}}
	}
	return Estimate{share, se, m.Interval(alpha, alpha)}
}
