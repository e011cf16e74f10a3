package estimate

import (
	"math"
	"testing"
)

// TestLogGridOfAGammaLaw: the density of ln x for a gamma variable is x^a e^(−x)/Γ(a).
func TestLogGridOfAGammaLaw(t *testing.T) {
	t.Parallel()
	for _, a := range []float64{0.8, 2, 30} {
		sd := 1 / math.Sqrt(a)
		var logs []float64
		from, step := math.Log(a)-12*sd, sd/2
		for i := range 40 {
			x := from + step*float64(i)
			logs = append(logs, a*x-math.Exp(x))
		}
		g, exact := NewLogGrid(from, step, logs), GammaRate{a, 1}
		if math.Abs(g.Mean()/a-1) > 2e-3 {
			t.Errorf("shape %g: mean %g", a, g.Mean())
		}
		for _, p := range []float64{0.025, 0.5, 0.975} {
			if got, want := g.Quantile(p), exact.Quantile(p); math.Abs(math.Log(got/want)) > 3e-3*sd {
				t.Errorf("shape %g: the %g-quantile is %g, want %g", a, p, got, want)
			}
		}
	}
}

// TestMarginalsOfANormalLaw: logarithms with means 1 and −2, standard deviations 0.1 and 0.5 and
// the correlation 0.9 have lognormal marginals.
func TestMarginalsOfANormalLaw(t *testing.T) {
	t.Parallel()
	const sx, sy, r = 0.1, 0.5, 0.9
	x, y := Marginals(func(x, y float64) float64 {
		u, v := (x-1)/sx, (y+2)/sy
		return -(u*u - 2*r*u*v + v*v) / (2 * (1 - r*r))
	}, [2]float64{0, 0})
	for _, c := range []struct {
		law      *LogGrid
		mean, sd float64
	}{{x, 1, sx}, {y, -2, sy}} {
		for _, q := range [][2]float64{{0.025, -1.959964}, {0.5, 0}, {0.975, 1.959964}} {
			if got := math.Log(c.law.Quantile(q[0])); math.Abs(got-c.mean-q[1]*c.sd) > 2e-3*c.sd {
				t.Errorf("the %g-quantile is e^%g, want e^%g", q[0], got, c.mean+q[1]*c.sd)
			}
		}
		if got, want := c.law.Mean(), math.Exp(c.mean+c.sd*c.sd/2); math.Abs(got/want-1) > 1e-4 {
			t.Errorf("mean %g, want %g", got, want)
		}
		if got := c.law.Variance(); math.Abs(got/(c.sd*c.sd)-1) > 1e-3 {
			t.Errorf("variance %g, want %g", got, c.sd*c.sd)
		}
	}
}
