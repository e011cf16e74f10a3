package model

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestDisplayedLevel(t *testing.T) {
	t.Parallel()
	g := Default().Gauge // converges below 10 %
	for _, c := range []struct{ z, e, want float64 }{
		{0.5, 0, 0.5},
		{0.504, 0, 0.50},
		{0.506, 0, 0.51},
		{0.5, 0.02, 0.52},
		{0.5, -0.02, 0.48},
		{0.05, 0.02, 0.06}, // half the error at half of converge
		{0.05, -0.02, 0.04},
		{0, 0.5, 0}, // none of it at 0
		{-0.01, 0.5, 0},
		{0.99, 0.05, 1},
		{1, 0, 1},
	} {
		approx(t, "displayed level", g.DisplayedLevel(c.z, c.e), c.want, 1e-15)
	}
}

// Errors are drawn down to −converge, at the defaults −10 pp, some five standard
// deviations: below, the level shown rises as the true one falls to 0.
func TestDisplayedLevelProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := Gauge{Converge: Number(rapid.Float64Range(0.02, 1).Draw(t, "converge"))}
		e := rapid.Float64Range(-float64(g.Converge), 0.5).Draw(t, "error")
		z := rapid.Float64Range(-0.05, 1).Draw(t, "z")
		shown := g.DisplayedLevel(z, e)
		if shown < 0 || shown > 1 {
			t.Errorf("shows %g", shown)
		}
		approx(t, "whole per cent", math.Round(100*shown), 100*shown, 1e-12)
		approx(t, "true level without an error", g.DisplayedLevel(max(z, 0), 0), max(z, 0), 0.005+1e-12)
		if higher := g.DisplayedLevel(z+rapid.Float64Range(0, 0.2).Draw(t, "more"), e); higher < shown {
			t.Errorf("shows %g, and %g with more charge", shown, higher)
		}
		if higher := g.DisplayedLevel(z, e+0.01); higher < shown {
			t.Errorf("shows %g, and %g with a larger error", shown, higher)
		}
	})
}

// Levels are entered at 37, 41, 45 degC and left 1.5 K below.
func TestThermalLevel(t *testing.T) {
	t.Parallel()
	p := Default().Policy
	for _, c := range []struct {
		from  ThermalLevel
		t     float64
		theta float64
		want  ThermalLevel
	}{
		{Nominal, 36.99, 0, Nominal},
		{Nominal, 37, 0, Fair},
		{Nominal, 41, 0, Serious},
		{Nominal, 45, 0, Critical}, // three levels in one poll
		{Nominal, 90, 0, Critical},
		{Fair, 35.5, 0, Fair}, // held by the hysteresis
		{Fair, 35.49, 0, Nominal},
		{Serious, 39.5, 0, Serious},
		{Serious, 39.49, 0, Fair},
		{Serious, 35.49, 0, Nominal},
		{Critical, 43.5, 0, Critical},
		{Critical, 43.49, 0, Serious},
		{Critical, 39.49, 0, Fair},
		{Critical, 0, 0, Nominal}, // three levels down
		{Nominal, 38, 1.5, Nominal},
		{Nominal, 38.5, 1.5, Fair},
		{Fair, 36.99, 1.5, Nominal},
		{Fair, 45, -2, Critical},
	} {
		if got := c.from.Next(&p, c.t, c.theta); got != c.want {
			t.Errorf("from level %d at %g degC, thresholds %+g K: level %d, want %d",
				c.from, c.t, c.theta, got, c.want)
		}
	}
}

// In closed form the next level is the one nearest to the present level between the number of
// thresholds reached and the number of thresholds not yet left.
func TestThermalLevelProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base := rapid.Float64Range(30, 45).Draw(t, "fair")
		var p Policy
		for i := range p.Levels {
			p.Levels[i] = Temperature(base)
			base += rapid.Float64Range(0, 6).Draw(t, "to the next")
		}
		p.Hysteresis = TemperatureDifference(rapid.Float64Range(0, 10).Draw(t, "hysteresis"))
		theta := rapid.Float64Range(-4, 4).Draw(t, "theta")
		warm := rapid.Float64Range(20, 70).Draw(t, "T")

		var reached, kept ThermalLevel
		for _, level := range p.Levels {
			if warm >= float64(level)+theta {
				reached++
			}
			if warm >= float64(level)+theta-float64(p.Hysteresis) {
				kept++
			}
		}
		for from := Nominal; from <= Critical; from++ {
			next := from.Next(&p, warm, theta)
			if want := min(max(from, reached), kept); next != want {
				t.Errorf("from level %d: level %d, want %d", from, next, want)
			}
			if again := next.Next(&p, warm, theta); again != next {
				t.Errorf("from level %d: level %d, then %d at the same temperature", from, next, again)
			}
			if hotter := from.Next(&p, warm+1, theta); hotter < next {
				t.Errorf("from level %d: level %d, and %d when hotter", from, next, hotter)
			}
		}
	})
}

// Hazards [/h] and the rate at which the grant is used up, by condition.
func TestConditions(t *testing.T) {
	t.Parallel()
	p := Default().Policy
	documented := p.Documented()
	for _, c := range []struct {
		condition               Condition
		thermal, battery, grant float64
	}{
		{Condition{}, 0, 0, 1},
		{Condition{Thermal: Fair}, 0, 0, 1},
		{Condition{Thermal: Serious}, 0.5, 0, 1.25},
		{Condition{Thermal: Critical}, 10, 0, 2},
		{Condition{Low: true}, 0, 0.1, 1.25},
		{Condition{Low: true, VeryLow: true}, 0, 1, 1.25},
		{Condition{LowPower: true}, 0, 0.02, 1},
		{Condition{Low: true, LowPower: true}, 0, 0.12, 1.25},
		{Condition{Low: true, VeryLow: true, LowPower: true}, 0, 1.02, 1.25},
		{Condition{Thermal: Serious, Low: true}, 0.5, 0.1, 1.5},
		{Condition{Thermal: Critical, Low: true, VeryLow: true}, 10, 1, 2.25},
	} {
		const ulps = 1e-14
		rates := Rates(p.Hazards(), c.condition, 1)
		approx(t, "thermal hazard", 3600*rates[SuppressedThermal], c.thermal, ulps)
		approx(t, "battery hazard", 3600*rates[SuppressedBattery], c.battery, ulps)
		approx(t, "grant rate", p.GrantRate(c.condition), c.grant, 0)
		approx(t, "documented grant rate", documented.GrantRate(c.condition), 1, 0)
		if t.Failed() {
			t.Fatalf("under %+v", c.condition)
		}
	}
}

func TestRefusal(t *testing.T) {
	t.Parallel()
	p := Default().Policy // 2 % under Low Power Mode, 50 % at level critical
	for _, c := range []struct {
		lowPower bool
		first    ThermalLevel
		tooHot   bool
		want     float64
	}{
		{false, Nominal, false, 0},
		{false, Serious, false, 0},
		{true, Nominal, false, 0.02},
		{true, Serious, false, 0.02},
		{false, Critical, false, 0.5},
		{true, Critical, false, 0.51}, // 1 − 0.98 · 0.5
		{false, Nominal, true, 1},
		{true, Critical, true, 1},
	} {
		approx(t, "refusal", p.Refusal(c.lowPower, c.first, c.tooHot), c.want, 1e-15)
	}
}
