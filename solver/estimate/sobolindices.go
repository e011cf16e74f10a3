package estimate

import "math"

// SobolIndex is how much of the variance of a function is due to one of its independent
// inputs, or to a group of them.
type SobolIndex struct {
	// First is the share of the variance that disappears on average if this input is
	// known. Total is the share that remains on average if all other inputs are known.
	First Estimate `json:"first"`
	Total Estimate `json:"total"`
}

// SobolIndices estimates the indices of a function's inputs. a and b are its values at the
// points of two independent samples; ab[j] are its values at the points of sample a with
// input j replaced by that of sample b. clusters[i] is the cluster of point i, from 0;
// clusters are independent and identically distributed. With the centre c = mean(a, b) and
// the variance V of all of a and b (Saltelli et al. 2010; Jansen 1999):
//
//	First = mean((b − c)·(ab − a)) / V,
//	Total = mean((a − ab)²) / (2·V).
//
// Intervals are Student's, by the jackknife over clusters, wrong with probability about
// alpha on either side. They may reach beyond [0, 1], and so may First by chance. If the
// function does not vary, the indices are 0.
//
// References: Saltelli et al., Computer Physics Communications 181 (2010) 259, table 2, (b)
// and (f); Jansen, Computer Physics Communications 117 (1999) 35.
//
// SobolIndices panics unless all slices have the same length, there are at least two
// clusters and alpha is in (0, 1/2].
func SobolIndices(a, b []float64, ab [][]float64, clusters []int, alpha float64) []SobolIndex {
	checkAlphas(alpha, alpha)
	n, k := len(a), 0
	for _, c := range clusters {
		k = max(k, c+1)
	}
	if len(b) != n || len(clusters) != n || k < 2 || alpha == 0 {
		panic("estimate: indices of fewer than two clusters, or samples of different sizes")
	}
	centre := 0.0
	for i := range a {
		centre += (a[i] + b[i]) / float64(2*n)
	}
	// By cluster: the number of points, and the sums of a and b about the centre and of
	// their squares.
	var whole indexSums
	base := make([]indexSums, k)
	for i, c := range clusters {
		x, y := a[i]-centre, b[i]-centre
		base[c].add(indexSums{n: 1, sum: x + y, squares: x*x + y*y})
	}
	for _, s := range base {
		whole.add(s)
	}
	out := make([]SobolIndex, len(ab))
	for j := range ab {
		if len(ab[j]) != n {
			panic("estimate: indices of fewer than two clusters, or samples of different sizes")
		}
		sums, all := append([]indexSums(nil), base...), whole
		for i, c := range clusters {
			d := ab[j][i] - a[i]
			s := indexSums{first: (b[i] - centre) * d, total: d * d}
			sums[c].add(s)
			all.add(s)
		}
		out[j] = SobolIndex{jackknife(all, sums, alpha, indexSums.firstOrder),
			jackknife(all, sums, alpha, indexSums.totalOrder)}
	}
	return out
}

// indexSums are the sums over points that the indices are computed from.
type indexSums struct{ n, sum, squares, first, total float64 }

func (s *indexSums) add(o indexSums) {
	s.n, s.sum, s.squares = s.n+o.n, s.sum+o.sum, s.squares+o.squares
	s.first, s.total = s.first+o.first, s.total+o.total
}

func (s indexSums) without(o indexSums) indexSums {
	return indexSums{s.n - o.n, s.sum - o.sum, s.squares - o.squares, s.first - o.first,
		s.total - o.total}
}

// variance returns the variance of the values at the points of both samples. A variance
// that is rounding error alone counts as 0.
func (s indexSums) variance() float64 {
	v := s.squares - s.sum*s.sum/(2*s.n)
	if v <= 1e-24*s.squares {
		return 0
	}
	return v / (2*s.n - 1)
}

func (s indexSums) firstOrder() float64 { return ratio(s.first/s.n, s.variance()) }
func (s indexSums) totalOrder() float64 { return ratio(s.total/(2*s.n), s.variance()) }

func ratio(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

// jackknife estimates a function of sums over clusters. The interval comes from the
// values without one cluster each.
func jackknife(all indexSums, clusters []indexSums, alpha float64,
	of func(indexSums) float64) Estimate {
	k := float64(len(clusters))
	values := make([]float64, len(clusters))
	mean := 0.0
	for i, c := range clusters {
		values[i] = of(all.without(c))
		mean += values[i] / k
	}
	squares := 0.0
	for _, v := range values {
		squares += (v - mean) * (v - mean)
	}
	value, deviation := of(all), math.Sqrt((k-1)/k*squares)
	half := normalUpper(alpha) * studentOverNormal(k-1, alpha) * deviation
	return Estimate{value, deviation, Interval{value - half, value + half}}
}
