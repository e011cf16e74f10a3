package random

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// The shapes a BetaTable accepts. Below MinBetaShape the table is too coarse for the
// promised error; above MaxBetaShape mathext.RegIncBeta is not accurate enough.
const (
	MinBetaShape = 0.25
	MaxBetaShape = 100
)

const (
	// The logits of Uniform53 lie within ±36.74.
	betaReach = 37
	// Width of a cell in logits.
	betaStep = 1.0 / 8
)

// BetaTable is the quantile function of one beta distribution, compiled for speed. Make it
// with NewBetaTable. It is immutable, so goroutines may share it.
type BetaTable struct {
	cells [2 * betaReach / betaStep][6]float64
	// Straight lines below and above the cells: value and slope at the end.
	below, above [2]float64
}

// NewBetaTable compiles the quantiles of the beta distribution with shapes a and b. It
// panics unless both are within [MinBetaShape, MaxBetaShape].
//
// The table holds w = logit x over s = logit u. This curve tends to straight lines of
// slope 1/a and 1/b and bends on a scale of 1 between them. With x^a·y^b the density of w
// up to its constant, y = 1 - x, v = 1 - u,
//
//	w′ = B(a, b)·u·v / (x^a·y^b)
//	w″ = w′·(v - u - w′·(a·y - b·x))
//
// and each cell is the polynomial of degree 5 with the exact w, w′ and w″ at both ends.
func NewBetaTable(a, b float64) *BetaTable {
	if !(a >= MinBetaShape && a <= MaxBetaShape && b >= MinBetaShape && b <= MaxBetaShape) {
		panic("random: beta shape outside the range of a table")
	}
	f := betaLogit(a, b)
	// node returns w, h·w′ and ½h²·w″ at s.
	node := func(s, guess float64) [3]float64 {
		w := invert(s, guess, f)
		_, slope := f(w)
		d1 := 1 / slope
		d2 := d1 * (logistic(-s) - logistic(s) - d1*(a*logistic(-w)-b*logistic(w)))
		return [3]float64{w, d1 * betaStep, d2 * betaStep * betaStep / 2}
	}

	t := new(BetaTable)
	left := node(-betaReach, math.Log(a/b)-betaReach/a)
	t.below = [2]float64{left[0], left[1] / betaStep}
	for i := range t.cells {
		right := node(float64(i+1)*betaStep-betaReach, left[0]+left[1])
		t.cells[i] = hermite5(left, right)
		left = right
	}
	t.above = [2]float64{left[0], left[1] / betaStep}
	return t
}

// betaLogit returns g(w) = logit I_x(a, b) and g′(w), for w = logit x. With y = 1 - x,
//
//	g′ = x^a·y^b / (B(a, b)·I_x(a, b)·I_y(b, a)),
//
// which tends to a as w → -∞ and to b as w → +∞.
func betaLogit(a, b float64) func(w float64) (g, slope float64) {
	lbeta := mathext.Lbeta(a, b)
	tail := func(w, a float64) (g, slope float64) {
		// I_x(a, b) → x^a / (a·B(a, b)) as x → 0
		log := a*w - math.Log(a) - lbeta
		upper := -math.Expm1(log)
		return log - math.Log(upper), a / upper
	}
	return func(w float64) (g, slope float64) {
		if w < logTiny {
			return tail(w, a)
		}
		if w > -logTiny {
			g, slope = tail(-w, b)
			return -g, slope
		}
		x, y := logistic(w), logistic(-w)
		// The smaller of x and y is exact, so its tail is computed and the other tail is 1
		// minus it, unless the subtraction would lose more digits than the rounding of the
		// larger argument.
		var lower, upper float64
		if x < y {
			lower = mathext.RegIncBeta(a, b, x)
			if upper = 1 - lower; upper < x {
				upper = mathext.RegIncBeta(b, a, y)
			}
		} else {
			upper = mathext.RegIncBeta(b, a, y)
			if lower = 1 - upper; lower < y {
				lower = mathext.RegIncBeta(a, b, x)
			}
		}
		density := math.Exp(a*math.Log(x) + b*math.Log(y) - lbeta) // of w
		return math.Log(lower) - math.Log(upper), density / (lower * upper)
	}
}

// hermite5 returns the coefficients of the polynomial on [0, 1] with the given value, first
// derivative and half second derivative at 0 and at 1.
func hermite5(l, r [3]float64) [6]float64 {
	v := r[0] - l[0] - l[1] - l[2]
	d := r[1] - l[1] - 2*l[2]
	h := r[2] - l[2]
	return [6]float64{l[0], l[1], l[2], 10*v - 4*d + h, -15*v + 7*d - 2*h, 6*v - 3*d + h}
}

// Quantile returns the x with I_x(a, b) = u. x is the exact quantile at a probability within
// 1e-10 of u, rounded to float64. Near x = 1 the rounding may be coarser: where b = 0.3, one
// last place of x is 1e-5 in probability at x = 1. Quantile increases with u except for
// steps of a few last places, and Quantile(0) = 0, Quantile(1) = 1. Outside [0, 1] it is
// NaN.
func (t *BetaTable) Quantile(u float64) float64 { return logistic(t.logit(logit(u))) }

// logit returns logit x for s = logit u.
func (t *BetaTable) logit(s float64) float64 {
	if !(s > -betaReach) {
		return t.below[0] + float64(t.below[1]*(s+betaReach))
	}
	if s >= betaReach {
		return t.above[0] + float64(t.above[1]*(s-betaReach))
	}
	p := (s + betaReach) / betaStep
	i := int(p)
	p -= float64(i)
	c := &t.cells[i]
	w := float64(c[5]*p) + c[4]
	w = float64(w*p) + c[3]
	w = float64(w*p) + c[2]
	w = float64(w*p) + c[1]
	return float64(w*p) + c[0]
}
