package estimate

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// solveLogTail returns the x in (0, top) at which a tail probability P(x) equals
// alpha, from a first guess. The function tail returns P(x), slope = ±x·f/P, the
// derivative of ln P by ln x with the density f (minus for an upper tail), and
// curl = 1 + x·f'/f.
//
// Tails of the beta and gamma distributions are logarithmically concave in ln x,
// so that Newton's method on
//
//	g(u) = ln P(e^u) − ln alpha,  g' = slope,  g'' = slope·(curl − slope)
//
// cannot cycle: after one step it stays on one side of the root. Halley's step
// −g/(g' − g·g”/(2g')) makes it two or three steps instead of five.
func solveLogTail(x, top, alpha float64, tail func(x float64) (p, slope, curl float64)) float64 {
	logAlpha := math.Log(alpha)
	// A step leaves in ln P about the cube of what it found, so that 1e-4 leaves
	// nothing that double precision could see. The hundred is never reached; it
	// stands against a loop without an end.
	for range 100 {
		p, slope, curl := tail(x)
		g := math.Log(p) - logAlpha
		step := -g / slope
		if damped := 1 + step*(curl-slope)/2; damped > 0.5 {
			step /= damped
		}
		next := x * math.Exp(min(step, 700))
		if next >= top {
			next = x + (top-x)/2
		}
		x = next
		if math.Abs(g) < 1e-4 || x == 0 {
			break
		}
	}
	return x
}

// normalUpper returns the z that a standard normal variable exceeds with
// probability alpha, 0 < alpha <= 1/2.
func normalUpper(alpha float64) float64 { return -mathext.NormalQuantile(alpha) }
