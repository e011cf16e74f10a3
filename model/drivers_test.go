package model

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Oracle O2 (battery-thermal.md, 6): μ 25, sd 2, τ 1800 s, x0 22, after 900 s.
func TestOUStep(t *testing.T) {
	t.Parallel()
	const mean, sd, tau, start, span = 25, 2, 1800, 22, 900
	decay, innovation := OUStep(sd, tau, span)
	approx(t, "mean", mean+(start-mean)*decay, 23.180408021, 0.6e-9)
	approx(t, "variance", innovation*innovation, 2.528482235, 0.6e-9)

	// The moments of x and of its integral s, step by step: the integral by the
	// trapezoidal rule. Over a span short of τ x is nearly Brownian, for which
	// the rule's sd is off by (d/span)²/8 = 1.5e-9 relative at d = 0.1 s.
	const d = 0.1
	decay, innovation = OUStep(sd, tau, d)
	var x, s = float64(start - mean), 0.0 // means, x from μ
	var xx, xs, ss float64                // variances and covariance
	for range int(span / d) {
		// s += (d/2)(x + x'), x' = decay x + innovation N
		c := d / 2 * (1 + decay)
		s += c * x
		ss += 2*c*xs + c*c*xx + d*d/4*innovation*innovation
		xs = decay*(xs+c*xx) + d/2*innovation*innovation
		x *= decay
		xx = decay*decay*xx + innovation*innovation
	}
	approx(t, "mean in steps", mean+x, 23.180408021, 1e-9)
	approx(t, "variance in steps", xx, 2.528482235, 1e-9)
	approx(t, "mean of the integral", mean*span+s, 20375.265562, 2e-6)
	approx(t, "sd of the integral", math.Sqrt(ss), 868.810590, 2e-6)
}

// An OU air temperature through a node of time constant 441 s, held over the
// steps: the stationary sd of the node is off by ((d/τr + d/τ)² − (d/τr)²)/24
// = 1.2e-9 relative at d = 0.1 s.
func TestOUThroughAPole(t *testing.T) {
	t.Parallel()
	const sd, tau, d = 2, 1800, 0.1
	n := &Network{C: uniform(441)}
	for i := range Nodes {
		n.G[i][i] = 1
	}
	mm, ww := n.Propagator(d)
	m, w := mm[0][0], ww[0][0]
	decay, _ := OUStep(sd, tau, d)
	covariance := decay * w * sd * sd / (1 - decay*m)
	variance := (2*m*w*covariance + w*w*sd*sd) / (1 - m*m)
	approx(t, "sd behind the pole", math.Sqrt(variance), 1.792442860, 4e-9)
}

func TestOUStepProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sd := rapid.Float64Range(1e-3, 40).Draw(t, "sd")
		tau := rapid.Float64Range(1e-2, 1e7).Draw(t, "tau")
		d1, d2 := rapid.Float64Range(0.01, 100).Draw(t, "d1"), rapid.Float64Range(0.01, 100).Draw(t, "d2")
		e1, s1 := OUStep(sd, tau, d1)
		e2, s2 := OUStep(sd, tau, d2)
		e, s := OUStep(sd, tau, d1+d2)
		// Relative to what each part contributes: expm1 keeps the innovation of
		// the smallest steps to an ulp.
		approx(t, "decay of both", e1*e2, e, 1e-13)
		approx(t, "innovation of both", s2*s2+e2*e2*s1*s1, s*s, 1e-13*s*s)
		approx(t, "stationary variance", e*e*sd*sd+s*s, sd*sd, 1e-14*sd*sd)
	})
}

func TestSunStep(t *testing.T) {
	t.Parallel()
	// Half the time in the sun, in spells of 10 min: both rates are 1/600 s.
	fromSun, fromShade := SunStep(0.5, 600, 300)
	e := math.Exp(-1)
	approx(t, "sun to sun", fromSun, (1+e)/2, 1e-15)
	approx(t, "shade to sun", fromShade, (1-e)/2, 1e-15)

	for _, share := range []float64{0, 1} {
		fromSun, fromShade = SunStep(share, 600, 5)
		if fromSun != share || fromShade != share {
			t.Errorf("share %g: P(sun→sun) = %g, P(shade→sun) = %g", share, fromSun, fromShade)
		}
	}

	rapid.Check(t, func(t *rapid.T) {
		share := rapid.Float64Range(1e-6, 1-1e-6).Draw(t, "share")
		spell := rapid.Float64Range(1, 1e5).Draw(t, "spell")
		d1, d2 := rapid.Float64Range(0.1, 100).Draw(t, "d1"), rapid.Float64Range(0.1, 100).Draw(t, "d2")
		sun1, shade1 := SunStep(share, spell, d1)
		sun2, shade2 := SunStep(share, spell, d2)
		sun, shade := SunStep(share, spell, d1+d2)
		const ulps = 1e-14 // of probabilities
		approx(t, "stationary share", share*sun+(1-share)*shade, share, ulps)
		approx(t, "sun to sun of both", sun1*sun2+(1-sun1)*shade2, sun, ulps)
		approx(t, "shade to sun of both", shade1*sun2+(1-shade1)*shade2, shade, ulps)
		if sun > 1 || shade < 0 || sun < shade {
			t.Errorf("P(sun→sun) = %g, P(shade→sun) = %g", sun, shade)
		}
		// The sun is left at the rate 1/spell: for short steps, up to (d/spell)².
		small := spell * (1 - share) * 1e-4
		stays, _ := SunStep(share, spell, small)
		approx(t, "leaving", (1-stays)*spell/small, 1, 1e-4)
	})
}

// idleGlance is oracle O7: 40 mW idle, 220 mW in glances of 7.2 s, 10 per hour.
func idleGlance() *Workload {
	return &Workload{
		Power: [4]Power{0.040, 0.220},
		Enter: [4]Rate{0, 10.0 / 3600},
		Leave: [4]Rate{0, 1 / 7.2},
	}
}

func TestEnergyOfAWorkload(t *testing.T) {
	t.Parallel()
	w := idleGlance()
	p := w.Transition(1e6) // 510 /h: stationary
	approx(t, "share idle", p[1][0], 0.9803921569, 0.6e-10)
	approx(t, "share glancing", p[0][1], 0.0196078431, 0.6e-10)
	mean := p[0][0]*float64(w.Power[0]) + p[0][1]*float64(w.Power[1])
	approx(t, "mean power", mean, 43.52941176e-3, 0.6e-11)
	approx(t, "energy of 18 h", mean*18, 0.7835294118, 0.6e-10)

	// The variance of the energy of n steps, d² Σ (n − |k|) cov(k), is the
	// trapezoidal rule for the oracle's integral: off by (λd)²/12 = 7e-7 relative
	// with λ = 510 /h and d = 0.02 s. Covariances beyond 300 s are below e^−42.
	const d, n = 0.02, 18 * 3600 / 0.02
	step := w.Transition(d)
	load := []float64{float64(w.Power[0]), float64(w.Power[1]), 0, 0} // E[P after k steps | state]
	variance := 0.0
	for k := range int(300 / d) {
		covariance := 0.0
		for i := range load {
			covariance += p[0][i] * float64(w.Power[i]) * (load[i] - mean)
		}
		weight := 2 * (n - float64(k))
		if k == 0 {
			weight = n
		}
		variance += d * d * weight * covariance
		load = apply(step, load)
	}
	approx(t, "sd of the energy of 18 h", math.Sqrt(variance), 23.8689, 0.6e-4)
}

// Oracle O6, second part: hazards that follow a two-state chain. Transitions and
// hazards by turns, half a hazard first and last (Strang), are off in d²:
// by 2.0e-8 with d = 0.005 min and so by 0.8e-9 with d = 0.001 min. The mean
// hazard would give 0.6188.
func TestModulatedHazard(t *testing.T) {
	t.Parallel()
	const minute, d, steps = 60.0, 0.001, 10000 // d in minutes
	w := &Workload{Enter: [4]Rate{0, 0.1 / minute}, Leave: [4]Rate{0, 0.4 / minute}}
	step := w.Transition(d * minute)
	survival := []float64{1, 1, 1, 1} // from each state
	survive := func() {
		survival[0] *= math.Exp(-0.01 * d / 2)
		survival[1] *= math.Exp(-0.2 * d / 2)
	}
	for range steps {
		survive()
		survival = apply(step, survival)
		survive()
	}
	approx(t, "survival", 0.8*survival[0]+0.2*survival[1], 0.6689406815, 1e-9)
}

// apply returns p v.
func apply(p [4][4]float64, v []float64) []float64 {
	r := make([]float64, len(v))
	for i := range p {
		for j := range v {
			r[i] += p[i][j] * v[j]
		}
	}
	return r
}

func TestTransitionProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var w Workload
		weights, total := [4]float64{1}, 1.0
		for j := 1; j < 4; j++ {
			w.Enter[j] = Rate(rapid.Float64Range(0, 10).Draw(t, "enter"))
			w.Leave[j] = Rate(rapid.Float64Range(1e-4, 10).Draw(t, "leave"))
			weights[j] = float64(w.Enter[j] / w.Leave[j])
			total += weights[j]
		}
		d1, d2 := rapid.Float64Range(0.01, 60).Draw(t, "d1"), rapid.Float64Range(0.01, 60).Draw(t, "d2")
		p1, p2, p := w.Transition(d1), w.Transition(d2), w.Transition(d1+d2)
		// The exponential squares a scaled matrix about log2(λd) ≤ 12 times, and
		// each squaring doubles rounding errors.
		const rounding = 1e-11
		for i := range p {
			sum := 0.0
			for j := range p {
				sum += p[i][j]
				if p[i][j] < -rounding {
					t.Errorf("P(%d→%d) = %g", i, j, p[i][j])
				}
				both := 0.0
				for k := range p {
					both += p1[i][k] * p2[k][j]
				}
				approx(t, "two transitions", both, p[i][j], rounding)
			}
			approx(t, "row sum", sum, 1, rounding)
		}
		// Balance across every edge of the star: π_j/π_0 = enter_j/leave_j.
		for j := range p {
			flow := 0.0
			for i := range p {
				flow += weights[i] / total * p[i][j]
			}
			approx(t, "stationary share", flow, weights[j]/total, rounding)
		}
	})
}

// A state that is never entered is never reached, and one without a way out is
// never left.
func TestTransitionOfUnusedStates(t *testing.T) {
	t.Parallel()
	w := idleGlance()
	p := w.Transition(5)
	if p[0][2] != 0 || p[0][3] != 0 || p[1][2] != 0 || p[2][2] != 1 || p[3][3] != 1 {
		t.Errorf("transition %v", p)
	}
}

func TestWristTemperature(t *testing.T) {
	t.Parallel()
	p := Default().Population
	for _, c := range []struct{ ambient, want float64 }{{35, 33}, {20, 33}, {10, 31.5}, {-10, 28.5}} {
		approx(t, "wrist", p.WristTemperature(c.ambient), c.want, 1e-13)
	}
}
