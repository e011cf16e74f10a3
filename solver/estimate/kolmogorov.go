package estimate

import "math"

// KolmogorovStatistic returns D_n = sup |F_n − F|, the largest distance between
// the empirical distribution of a sample in ascending order and the continuous
// cumulative distribution cdf, 0 for an empty sample. With KolmogorovQuantile it
// judges the goodness of fit of random streams and of simulated times: a sample
// from cdf stays below KolmogorovQuantile(n, p) with probability p.
func KolmogorovStatistic(sorted []float64, cdf func(float64) float64) float64 {
	n := float64(len(sorted))
	d := 0.0
	for i, x := range sorted {
		p := cdf(x)
		d = max(d, p-float64(i)/n, float64(i+1)/n-p)
	}
	return d
}

// KolmogorovQuantile returns the d with P(D_n < d) = p for the two-sided
// Kolmogorov statistic of n observations of a continuous distribution: to about
// 1e-12 up to 1000 observations, where it takes up to half a second, and to
// 2e-9, falling as n^-5/2, above, where it takes microseconds, for p from 0.001
// to 0.9999. It panics unless n >= 1 and 0 < p < 1.
func KolmogorovQuantile(n int, p float64) float64 {
	if n < 1 || !(p > 0 && p < 1) {
		panic("estimate: Kolmogorov quantile of no observations or outside (0, 1)")
	}
	root := math.Sqrt(float64(n))
	limit := bracketedRoot(func(z float64) float64 { return kolmogorovLimit(z, math.Inf(1)) - p }, 0.04, kolmogorovTop)
	if n > kolmogorovExact {
		expansion := func(z float64) float64 { return kolmogorovLimit(z, root) - p }
		return bracketedRoot(expansion, limit*0.9, limit) / root
	}
	// The exact distribution costs the more the larger d is: search near the
	// limit, which lies above the quantile by about 1/(6√n) in z.
	exact := func(d float64) float64 { return kolmogorovMatrix(n, d) - p }
	least := 0.5 / float64(n) // D_n is never smaller
	low, high := max(least, (limit-0.4/root)/root), min(1, max(2*least, limit/root))
	for exact(low) > 0 {
		low = (low + least) / 2
	}
	for exact(high) < 0 {
		high = (high + 1) / 2
	}
	return bracketedRoot(exact, low, high)
}

const (
	// Above so many observations the expansion in 1/√n is good to 4e-8 in P, or
	// 2e-9 in d; below, the matrices are small enough.
	kolmogorovExact = 1000

	// P(D_n >= z/√n) < 2·exp(−2z²) is below 1e-16 there.
	kolmogorovTop = 4.4
)

// kolmogorovMatrix returns P(D_n < d), exact but for rounding.
//
// With k = ⌈nd⌉, m = 2k−1 and h = k−nd, it is n!/n^n times the middle element of
// the n-th power of an m×m matrix.
//
// Reference: Marsaglia, Tsang and Wang, Evaluating Kolmogorov's distribution,
// Journal of Statistical Software 8 (2003) 18.
func kolmogorovMatrix(n int, d float64) float64 {
	nd := float64(n) * d
	k := int(nd) + 1
	m := 2*k - 1
	h := float64(k) - nd
	a := make([]float64, m*m)
	for i := range m {
		for j := range min(i+2, m) {
			a[i*m+j] = 1
		}
	}
	power := 1.0
	for i := range m {
		power *= h // h^(i+1)
		a[i*m] -= power
		a[(m-1)*m+m-1-i] -= power
	}
	if h > 0.5 {
		a[(m-1)*m] += math.Pow(2*h-1, float64(m))
	}
	for i := range m {
		for j := range min(i+2, m) {
			for g := 2; g <= i-j+1; g++ {
				a[i*m+j] /= float64(g)
			}
		}
	}
	// Square and multiply, keeping decimal exponents apart against overflow.
	result, scale := make([]float64, m*m), 0
	for i := range m {
		result[i*m+i] = 1
	}
	factor, factorScale := a, 0
	spare := make([]float64, m*m)
	for e := n; ; {
		if e&1 == 1 {
			multiply(spare, result, factor, m)
			result, spare = spare, result
			scale += factorScale
			scale += rescale(result, m)
		}
		if e >>= 1; e == 0 {
			break
		}
		multiply(spare, factor, factor, m)
		factor, spare = spare, factor
		factorScale = 2*factorScale + rescale(factor, m)
	}
	p := result[(k-1)*m+k-1]
	for i := 1; i <= n; i++ {
		p *= float64(i) / float64(n)
		if p < 1e-140 {
			p *= 1e140
			scale--
		}
	}
	return p * math.Pow(1e140, float64(scale))
}

// rescale divides a matrix by 1e140 if its middle element is larger than that
// and returns how often it did.
func rescale(a []float64, m int) int {
	if a[m/2*m+m/2] < 1e140 {
		return 0
	}
	for i := range a {
		a[i] *= 1e-140
	}
	return 1
}

// multiply sets dst to the product of two m×m matrices.
func multiply(dst, a, b []float64, m int) {
	clear(dst)
	for i := range m {
		row := dst[i*m : i*m+m]
		for j := range m {
			f := a[i*m+j]
			if f == 0 {
				continue
			}
			for l, v := range b[j*m : j*m+m] {
				row[l] += f * v
			}
		}
	}
}

// kolmogorovLimit returns P(√n·D_n < z) up to terms of order n^-2, by the
// expansion in 1/root, root = √n, whose first term is Kolmogorov's limit; an
// infinite root leaves that alone.
//
// Reference: Pelz and Good, Journal of the Royal Statistical Society B 38 (1976)
// 152, as given by Simard and L'Ecuyer, Computing the two-sided
// Kolmogorov–Smirnov distribution, Journal of Statistical Software 39 (2011) 11.
func kolmogorovLimit(z, root float64) float64 {
	z2 := z * z
	z4 := z2 * z2
	z6, z8 := z4*z2, z4*z4
	var k0, k1, k2, k3, even2, even3 float64
	for k := range 40 {
		// Both series are symmetric in k: half-whole numbers first.
		u := math.Pi * (float64(k) + 0.5)
		u *= u
		w := 2 * math.Exp(-u/(2*z2))
		k0 += w
		k1 += w * (u - z2)
		k2 += w * (6*z6 + 2*z4 + u*(2*z4-5*z2+u*(1-2*z2)))
		k3 += w * (-30*z6 - 90*z8 + u*(135*z4-96*z6+u*(-60*z2+212*z4+u*(5-30*z2))))
		v := math.Pi * float64(k)
		v *= v
		w = 2 * math.Exp(-v/(2*z2))
		even2 += w * v
		even3 += w * v * (3*z2 - v)
		if u > 80*z2 {
			break
		}
	}
	k2 = k2/(72*z6*z) - even2/(36*z2*z)
	k3 = k3/(6480*z8*z2) + even3/(216*z6)
	return math.Sqrt(math.Pi/2) * (k0/z + (k1/(6*z4)+(k2+k3/root)/root)/root)
}

// bracketedRoot returns the root of an increasing function between low and high,
// where it changes sign, by the Illinois variant of false position.
func bracketedRoot(f func(float64) float64, low, high float64) float64 {
	fl, fh := f(low), f(high)
	// Each step halves the bracket or better in the long run; convergence is
	// superlinear long before a hundred.
	for range 100 {
		x := high - fh*(high-low)/(fh-fl)
		if !(x > low && x < high) {
			break
		}
		switch fx := f(x); {
		case fx < 0:
			low, fl, fh = x, fx, fh/2
		case fx > 0:
			high, fh, fl = x, fx, fl/2
		default:
			return x
		}
		if high-low < 1e-14*high {
			break
		}
	}
	return high - fh*(high-low)/(fh-fl)
}
