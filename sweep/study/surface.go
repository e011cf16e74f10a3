package study

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// surface is the upper bound of the failure of a session length as a function of the rates that
// a log shows, for one draw of everything else. With x = 1 − e^(−λτ) for every rate λ, it is a
// polynomial of degree 2, fitted by least squares of the relative errors, with more weight on
// bounds near the tolerance: without other hazards
// the probability of surviving a hazard λ for a time τ is e^(−λτ). Near the tolerance it is
// within some parts in 1000 of the bounds that it replaces, at a millionth of their cost
// (TestSurface).
type surface struct{ coefficients []float64 }

// feature returns the argument of the surface for a value of a rate.
func (r *rate) feature(value float64) float64 { return -math.Expm1(-value * r.time) }

// terms returns the number of terms for a number of rates.
func terms(rates int) int { return (rates + 1) * (rates + 2) / 2 }

// fitSurface fits the bounds at points, which are features by rate.
func fitSurface(points [][]float64, bounds []float64, tolerance float64) (surface, error) {
	n := terms(len(points[0]))
	a, y := mat.NewDense(len(points), n, nil), mat.NewVecDense(len(points), nil)
	for i, x := range points {
		far := math.Log(bounds[i] / tolerance)
		weight := 1 / max(bounds[i], tolerance/2) / (1 + 4*far*far)
		row := a.RawRowView(i)
		fill(row, x)
		for j := range row {
			row[j] *= weight
		}
		y.SetVec(i, bounds[i]*weight)
	}
	// Rates that hardly matter make nearly equal columns; the smallest coefficients are best.
	var svd mat.SVD
	var c mat.Dense
	if !svd.Factorize(a, mat.SVDThin) {
		return surface{}, errNoSurface
	}
	svd.SolveTo(&c, y, svd.Rank(1e-10))
	s := surface{make([]float64, n)}
	for i := range s.coefficients {
		s.coefficients[i] = c.At(i, 0)
	}
	return s, nil
}

// fill puts the terms of the polynomial at x into to.
func fill(to, x []float64) {
	to[0] = 1
	k := 1
	for i := range x {
		to[k] = x[i]
		k++
		for j := 0; j <= i; j++ {
			to[k] = x[i] * x[j]
			k++
		}
	}
}

// at returns the bound at a point.
func (s surface) at(x []float64) float64 {
	sum, k := s.coefficients[0], 1
	for i, xi := range x {
		inner := s.coefficients[k]
		k++
		for j := 0; j <= i; j++ {
			inner += s.coefficients[k] * x[j]
			k++
		}
		sum += inner * xi
	}
	return sum
}
