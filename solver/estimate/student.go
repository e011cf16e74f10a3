package estimate

import (
	"math"
	"sync/atomic"

	"gonum.org/v1/gonum/mathext"
)

// studentOverNormal returns t/z, the factor by which the quantile of Student's t
// with nu >= 1 degrees of freedom exceeds the normal quantile z at the upper
// tail probability alpha, 0 < alpha <= 1/2.
func studentOverNormal(nu, alpha float64) float64 {
	// The bounds of a curve need the same factor again and again.
	if k := knownFactor.Load(); k != nil && k.nu == nu && k.alpha == alpha {
		return k.factor
	}
	k := &studentFactor{nu, alpha, workOutStudentOverNormal(nu, alpha)}
	knownFactor.Store(k)
	return k.factor
}

// studentFactor is a computed factor with its arguments.
type studentFactor struct{ nu, alpha, factor float64 }

// knownFactor is the last factor computed.
var knownFactor atomic.Pointer[studentFactor]

func workOutStudentOverNormal(nu, alpha float64) float64 {
	// The ratio is flat in z near the median, where it is 0/0.
	alpha = min(alpha, 0.49)
	z := normalUpper(alpha)
	s := z * z
	if nu > 20 && nu > 3*(s+1) {
		// Abramowitz and Stegun 26.7.5 divided by z, s = z²:
		//
		//	t/z = 1 + g₁/ν + g₂/ν² + g₃/ν³ + g₄/ν⁴ + …
		//
		// Terms fall off by about g₁/ν < 1/12 each; the error is below 2e-6,
		// far below the noise of a variance with so few degrees of freedom. The
		// exact quantile takes ten times as long.
		g1 := (s + 1) / 4
		g2 := (s*(5*s+16) + 3) / 96
		g3 := (s*(s*(3*s+19)+17) - 15) / 384
		g4 := (s*(s*(s*(79*s+776)+1482)-1920) - 945) / 92160
		return 1 + (g1+(g2+(g3+g4/nu)/nu)/nu)/nu
	}
	// Density: Γ((ν+1)/2)/(√(νπ)·Γ(ν/2))·(1+t²/ν)^(−(ν+1)/2).
	g, _ := math.Lgamma((nu + 1) / 2)
	h, _ := math.Lgamma(nu / 2)
	scale := g - h - math.Log(nu*math.Pi)/2
	return solveLogTail(z, math.Inf(1), alpha, func(t float64) (p, slope, curl float64) {
		// P(T > t) = I_{ν/(ν+t²)}(ν/2, 1/2)/2
		p = mathext.RegIncBeta(nu/2, 0.5, nu/(nu+t*t)) / 2
		density := math.Exp(scale - (nu+1)/2*math.Log1p(t*t/nu))
		return p, -t * density / p, 1 - (nu+1)*t*t/(nu+t*t)
	}) / z
}
