package solver

import (
	"fmt"
	"math"
	"testing"

	"budget/model"
)

// constantHazards leaves only constant hazards: the watch is always low and
// always at level serious, no workload exceeds the CPU limit, and indoors
// nothing else happens.
const constantHazards = `
[grid]
margin = "0 s"
[population]
lpm_on_start = 0
lpm_accept = 0
[policy]
suppress_base = "0.36 /h"
error_base = "0.108 /h"
low_battery = 1
very_low_battery = 0
suppress_low = "0.72 /h"
levels = ["-90 degC", "-80 degC", "900 degC"]
suppress_serious = "0.018 /h"
cpu_limit = 100
pressure_low = 0
pressure_serious = 0
[[session]]
id = "smart-alarm"
limit = "1800 s"
stop = "0 /h"
`

// TestCompetingExponentials is problem O11: competing exponentials of rates
// 1e-4, 3e-5, 2e-4, 5e-6 per second with a limit of 1800 s.
func TestCompetingExponentials(t *testing.T) {
	s := scenario(t, constantHazards)
	p := compile(t, s, Case{Session: "smart-alarm", StartLevel: level(0.9), Environment: "indoor"})
	exact := map[model.Cause]float64{
		model.SuppressedOther:   .0543544980436241,
		model.Errored:           .0163063494130872,
		model.SuppressedBattery: .108708996087248,
		model.SuppressedThermal: .0027177249021812,
	}
	at := 600.0
	weights := answer(t, p, Weights, 1, 4096)
	counts := answer(t, p, Counts, 1, 20_000)
	for cause, want := range exact {
		// A block's sum is kept in units of 2^−32, on 64 paths.
		if got := weights.Ended(Cautious, AsUsed, cause, at).Value; math.Abs(got-want) > 1e-11 {
			t.Errorf("weights: %v by 600 s: got %v, want %v", cause, got, want)
		}
		got := counts.Ended(Cautious, AsUsed, cause, at)
		if z := (got.Value - want) / got.StandardError; math.Abs(z) > 4.5 {
			t.Errorf("counts: %v by 600 s: got %v, want %v (z = %.1f)", cause, got.Value, want, z)
		}
	}
	if got := weights.Survival(Cautious, at).Value; math.Abs(got-.817912431553859) > 1e-11 {
		t.Errorf("survival at 600 s: got %v, want .817912431553859", got)
	}
	beyond := 1805.0
	if got := weights.Ended(Cautious, AsUsed, model.Expired,
		beyond).Value; math.Abs(got-.547167668370306) > 1e-11 {
		t.Errorf("expired beyond the limit: got %v, want .547167668370306", got)
	}
}

// TestCapsOfCompetingExponentials finds the caps of O11, 2.98656815995,
// 30.0010025478 and 153.114311605 s at 0.1, 1 and 5 %, on a grid of 0.5 s.
func TestCapsOfCompetingExponentials(t *testing.T) {
	s := scenario(t, constantHazards)
	if err := s.SetStep(0.5, "--step"); err != nil {
		t.Fatal(err)
	}
	p := compile(t, s, Case{Session: "smart-alarm", StartLevel: level(0.9), Environment: "indoor",
		Duration: 160})
	a := answer(t, p, Weights, 1, 1<<15, 0.001, 0.01, 0.05)
	for i, want := range []float64{2.5, 30, 153} {
		c := a.Caps[i]
		// Room for one unseen end among 2^15 paths is 3.0/2^15 of probability,
		// or 0.3 s at 3.35e-4 per second.
		if c.Upper != want || c.Duration < want-0.5 || c.Duration > want {
			t.Errorf("cap at %v: [%v, %v] s, want the upper end to be %v", c.Tolerance, c.Duration, c.Upper,
				want)
		}
	}
}

// TestFrailtyIsIntegratedOut checks resigned against its law: the gamma frailty
// f of mean 1 and shape a makes survival (1 + ρt/a)^−a.
func TestFrailtyIsIntegratedOut(t *testing.T) {
	s := scenario(t, constantHazards+`
resign = "2 /h"
`)
	p := compile(t, s, Case{Session: "smart-alarm", StartLevel: level(0.9), Environment: "indoor",
		Duration: 1200})
	a := answer(t, p, Weights, 1, 1024)
	want := resigned(3.35e-4, 2.0/3600, 1.5, 1200)
	if got := a.Ended(Cautious, AsUsed, model.Resigned, 1200).Value; math.Abs(got-want) > 1e-10 {
		t.Errorf("resigned by 1200 s: got %v, want %v", got, want)
	}
}

// resigned is the probability to resign by time t under a hazard ρ with a gamma
// frailty of shape a, beside other hazards η:
//
//	∫₀ᵗ ρ (1+ρs/a)^(−a−1) e^(−ηs) ds = ∫₀ʸ a e^(−ax) e^(−η s(x)) dx,  s(x) = (a/ρ)(eˣ − 1)
//
// by Simpson's rule with 20000 intervals, whose error is below 1e-12 here.
func resigned(eta, rho, a, t float64) float64 {
	const n = 20000
	y := math.Log1p(rho * t / a)
	f := func(x float64) float64 { return a * math.Exp(-a*x-eta*a/rho*math.Expm1(x)) }
	sum := f(0) + f(y)
	for i := 1; i < n; i++ {
		sum += float64(2+2*(i%2)) * f(y*float64(i)/n)
	}
	return sum * y / n / 3
}

// TestExtremeHazards checks that the quadrature within a step is exact at the
// limits that a scenario allows.
func TestExtremeHazards(t *testing.T) {
	for _, x := range []struct{ perHour, resign, shape float64 }{
		{360, 3600, 0.01}, {3600, 3600, 0.01}, {3600, 3600, 1e6}, {3600, 36, 0.1}, {0.36, 0.1, 1.5},
	} {
		s := scenario(t, fmt.Sprintf(`
[population]
frailty_shape = %v
lpm_on_start = 0
[policy]
suppress_base = "%v /h"
error_base = "0 /h"
[[session]]
id = "smart-alarm"
resign = "%v /h"
stop = "0 /h"
`, x.shape, x.perHour, x.resign))
		p := compile(t, s, Case{Session: "smart-alarm", StartLevel: level(0.9), Environment: "indoor",
			Duration: 60})
		a := answer(t, p, Weights, 1, 128)
		for _, at := range []float64{10, 65} {
			want := resigned(x.perHour/3600, x.resign/3600, x.shape, at)
			if got := a.Ended(Cautious, AsUsed, model.Resigned, at-5).Value; math.Abs(got-want) > 1e-9 {
				t.Errorf("%+v: resigned by %v s: got %v, want %v", x, at, got, want)
			}
		}
	}
}

// TestGrantUnderPressure: at a low battery a 60 min grant is used up in 48 min
// under the cautious reading and in 60 under the documented one, so that plans
// of 47 min 50 s and 59 min 50 s are the longest that fit with the margin.
func TestGrantUnderPressure(t *testing.T) {
	s := scenario(t, `
[population]
lpm_on_start = 0
lpm_accept = 0
[policy]
low_battery = 1
very_low_battery = 0
prompt_resign = 0
`)
	p := compile(t, s, Case{Session: "mindfulness", StartLevel: level(0.9), Environment: "indoor"})
	a := answer(t, p, Weights, 1, 1024)
	for r, last := range []float64{47*60 + 50, 59*60 + 50} {
		reading := bothReadings[r]
		before, after := a.Ended(reading, Meaning, model.Expired, last), a.Ended(reading, Meaning,
			model.Expired, last+5)
		if before.Value != 0 || after.Value < 0.8 {
			t.Errorf("%s: expired %v at %v s, %v a step later; want 0 and nearly all", reading, before.Value,
				last, after.Value)
		}
	}
}
