package model

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// approx fails the test if got differs from want by more than tolerance.
func approx(t interface {
	Helper()
	Errorf(string, ...any)
}, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.12g, want %.12g ± %.2g (off by %.2g)", what, got, want, tolerance, got-want)
	}
}

// cell is a battery in a device, stepped as section 3 of the session model says.
type cell struct {
	*Battery
	charge     float64 // charge when full [C]
	r0, r1, r2 float64 // at 25 degC [ohm]
	z, v1, v2  float64 // state of charge, voltages of the pairs [V]
}

// newCell returns a full, rested cell of a nominal capacity [C], a health and a
// resistance factor.
func newCell(b *Battery, nominal, health, factor float64) *cell {
	return &cell{
		Battery: b,
		charge:  nominal * health,
		r0:      float64(b.R0Q) / nominal * factor,
		r1:      float64(b.R1Q) / nominal * factor,
		r2:      float64(b.R2Q) / nominal * factor,
		z:       1,
	}
}

// voltage returns the terminal voltage [V] at current i [A] and temperature t.
func (c *cell) voltage(i, t float64) float64 {
	r0, _, _ := c.Resistances(c.r0, c.r1, c.r2, c.z, t)
	return c.OpenCircuitVoltage(c.z) - c.v1 - c.v2 - i*r0
}

// settle puts the pairs in equilibrium with current i.
func (c *cell) settle(i, t float64) {
	_, r1, r2 := c.Resistances(c.r0, c.r1, c.r2, c.z, t)
	c.v1, c.v2 = i*r1, i*r2
}

// draw takes current i for d seconds.
func (c *cell) draw(i, t, d float64) {
	_, r1, r2 := c.Resistances(c.r0, c.r1, c.r2, c.z, t)
	a1, a2 := math.Exp(-d/float64(c.Tau1)), math.Exp(-d/float64(c.Tau2))
	c.z -= i * d / c.charge
	c.v1 = a1*c.v1 + (1-a1)*i*r1
	c.v2 = a2*c.v2 + (1-a2)*i*r2
}

// runtime draws power p [W] in steps of d seconds at temperature t until the
// cell cannot deliver it at VCut, and returns the time [s].
func (c *cell) runtime(p, t, d float64) float64 {
	for k := 0; ; k++ {
		e := c.OpenCircuitVoltage(c.z) - c.v1 - c.v2
		r0, _, _ := c.Resistances(c.r0, c.r1, c.r2, c.z, t)
		i, ok := ConstantPowerCurrent(e, r0, p)
		if !ok || e-i*r0 < float64(c.VCut) {
			return float64(k) * d
		}
		c.draw(i, t, d)
	}
}

const (
	ampereHour = 3600.0             // [C]
	nominal    = 0.308 * ampereHour // of the 45 mm watch
)

// linearCell returns the cell of oracle O5 (battery-thermal.md, 6), for which
// everything has a closed form: U = 3.55 + 0.80 z, at 25 degC, flat in z.
func linearCell() *cell {
	b := Default().Battery
	b.OCVLevels, b.OCV = []Number{0, 1}, []Voltage{3.55, 4.35}
	b.SoCGain, b.Entropy = 0, 0
	c := newCell(&b, nominal, 1, 1)
	c.r0, c.r1, c.r2 = 0.584, 0.341, 0.162 // the oracle's are rounded
	return c
}

// At constant current the filters are exact for any step and the charge is
// linear in time: only rounding and the oracle's last digit remain.
func TestConstantCurrent(t *testing.T) {
	t.Parallel()
	const i, warm, digit = 0.1, 25, 0.6e-9

	c := linearCell()
	approx(t, "V(0+)", c.voltage(i, warm), 4.2916, digit)
	c.draw(i, warm, 60)
	approx(t, "V(60)", c.voltage(i, warm), 4.264925601, digit)
	for range 59 {
		c.draw(i, warm, 60)
	}
	approx(t, "V(3600)", c.voltage(i, warm), 3.982366291, digit)

	low, high := 8000.0, 10000.0
	for range 60 {
		middle := (low + high) / 2
		c = linearCell()
		c.draw(i, warm, middle)
		if c.voltage(i, warm) > 3.6 {
			low = middle
		} else {
			high = middle
		}
	}
	approx(t, "time of V = 3.6", low, 8888.554271, 0.6e-6)
	approx(t, "z at V = 3.6", c.z, 0.198362710, digit)
}

// The heat of an hour at 0.1 A by the trapezoidal rule. Its error is
// d²/12 (q'(end) − q'(0)) ≤ d²/12 I² (R1/τ1 + R2/τ2) = 4.9e-8 J at d = 0.1 s.
func TestHeatOfAnHour(t *testing.T) {
	t.Parallel()
	const i, warm, d, steps = 0.1, 25, 0.1, 36000
	c := linearCell()
	var bernardi, resistors float64
	for k := range steps + 1 {
		weight := d
		if k == 0 || k == steps {
			weight = d / 2
		}
		u := c.OpenCircuitVoltage(c.z)
		bernardi += weight * c.CellHeat(i, u, c.voltage(i, warm), warm)
		resistors += weight * (i*i*c.r0 + c.v1*c.v1/c.r1 + c.v2*c.v2/c.r2)
		if k < steps {
			c.draw(i, warm, d)
		}
	}
	approx(t, "Bernardi heat", bernardi, 37.08018606, 1e-7)
	approx(t, "heat in the resistors", resistors, 36.10026277, 1e-7)
	stored := float64(c.Tau1)*c.v1*c.v1/(2*c.r1) + float64(c.Tau2)*c.v2*c.v2/(2*c.r2)
	approx(t, "energy stored in the pairs", bernardi-resistors, stored, 2e-7)
}

// The entropic part: 0.1 A · 298.15 K · 0.29 mV/K, warming on discharge.
func TestEntropicHeat(t *testing.T) {
	t.Parallel()
	b := Default().Battery
	approx(t, "entropic heat", b.CellHeat(0.1, 3.9, 3.9, 25), 8.64635e-3, 1e-12)
	approx(t, "heat on charge", b.CellHeat(-0.1, 3.9, 3.9, 25), -8.64635e-3, 1e-12)
	approx(t, "with 0.1 V lost", b.CellHeat(0.1, 3.9, 3.8, 25), 18.64635e-3, 1e-12)
}

// Without resistance a z + b z²/2 falls in proportion to the energy taken. The
// current held over a step is that of its beginning, so z lags by
// d/2 (I(t) − I(0))/Q: 1.0e-6 at 6 h with d = 1 s, and less than 0.1 s of time at
// z = 0.1; crossing times are interpolated.
func TestConstantPowerWithoutResistance(t *testing.T) {
	t.Parallel()
	const p, warm, d = 0.1, 25, 1
	c := linearCell()
	c.r0, c.r1, c.r2 = 0, 0, 0
	crossing := math.NaN()
	for k := 0; c.z > 0.1; k++ {
		if k == 6*3600 {
			approx(t, "z(6 h)", c.z, 0.5320348253, 1.1e-6)
		}
		i, _ := ConstantPowerCurrent(c.OpenCircuitVoltage(c.z), 0, p)
		before := c.z
		c.draw(i, warm, d)
		crossing = d * (float64(k) + (before-0.1)/(before-c.z))
	}
	approx(t, "time of z = 0.1 [s]", crossing, 11.060280*3600, 0.1)
}

func TestConstantPowerCurrent(t *testing.T) {
	t.Parallel()
	const e, r, digit = 3.8, 0.584, 0.6e-10
	for _, c := range []struct{ p, i, v float64 }{
		{0, 0, 3.8},
		{0.5, 0.1343530619, 3.7215378118}, // the oracle prints ...620; in 30 digits it is ...61900
		{1.0, 0.2747599844, 3.6395401691},
		{e * e / (4 * r), e / (2 * r), e / 2}, // the most it can deliver: 6.18 W
	} {
		i, ok := ConstantPowerCurrent(e, r, c.p)
		if !ok {
			t.Fatalf("no current at %g W", c.p)
		}
		// At the end of the range the square root is that of a rounding error.
		tolerance := digit
		if i == 0 || c.p > 6 {
			tolerance = 1e-7
		}
		approx(t, "I", i, c.i, tolerance)
		approx(t, "V", e-i*r, c.v, tolerance)
	}
	for _, c := range []struct{ e, r, p float64 }{{e, r, 6.19}, {0, r, 0.1}, {-1, 0, 0.1}, {0, 0, 0}} {
		if i, ok := ConstantPowerCurrent(c.e, c.r, c.p); ok || i != 0 {
			t.Errorf("E %g V, R %g ohm, P %g W: current %g %v, want none", c.e, c.r, c.p, i, ok)
		}
	}
}

func TestConstantPowerCurrentProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.Float64Range(2.5, 4.5).Draw(t, "E")
		r := rapid.Float64Range(0, 20).Draw(t, "R")
		most := min(10, e*e/(4*r))
		p := rapid.Float64Range(0, 0.99).Draw(t, "share of the collapse power") * most

		i, ok := ConstantPowerCurrent(e, r, p)
		if !ok {
			t.Fatalf("no current below the collapse power %g W", most)
		}
		// Rounding of d is at most ε E², and d ≥ 0.01 E².
		approx(t, "power at the terminals", (e-i*r)*i, p, 1e-13*max(1, p))
		if i*r > e/2*(1+1e-13) {
			t.Errorf("I R = %g V is the larger root, E = %g V", i*r, e)
		}

		more, ok := ConstantPowerCurrent(e, r, p+0.005*most)
		if !ok || more <= i || e-more*r > e-i*r {
			t.Errorf("more power: current %g A after %g A, ok %v", more, i, ok)
		}
		worse, ok := ConstantPowerCurrent(e, r*1.005, p)
		if !ok || worse < i || e-worse*r*1.005 > e-i*r {
			t.Errorf("more resistance: current %g A after %g A, ok %v", worse, i, ok)
		}
		if r > 0 {
			if _, ok := ConstantPowerCurrent(e, r, e*e/(4*r)*(1+1e-12)); ok {
				t.Errorf("a current above the collapse power")
			}
		}
	})
}

// The regression table of O5: hours to cut-off and the state of charge there,
// of the default cell at constant temperature and d = 1 s, to the digits printed.
func TestHoursToCutOff(t *testing.T) {
	t.Parallel()
	const half = 0.5e-3 + 1e-9 // of the last digit
	b := Default().Battery
	for _, c := range []struct{ health, factor, p, t, hours, z float64 }{
		{1, 1, 0.066, 25, 18.250, 0.001}, {1, 1, 0.066, 10, 18.139, 0.003},
		{1, 1, 0.066, 0, 17.881, 0.009}, {1, 1, 0.066, -10, 16.772, 0.049},
		{1, 1, 0.10, 25, 12.009, 0.002}, {1, 1, 0.10, 10, 11.899, 0.005},
		{1, 1, 0.10, 0, 11.631, 0.014}, {1, 1, 0.10, -10, 10.419, 0.087},
		{1, 1, 0.30, 25, 3.933, 0.006}, {1, 1, 0.30, 10, 3.817, 0.016},
		{1, 1, 0.30, 0, 3.406, 0.088}, {1, 1, 0.30, -10, 1.068, 0.699},
		{1, 1, 0.50, 25, 2.317, 0.009}, {1, 1, 0.50, 10, 2.177, 0.038},
		{1, 1, 0.50, 0, 1.339, 0.384}, {1, 1, 0.50, -10, 0.030, 0.986},
		{0.8, 1.8, 0.50, 25, 1.778, math.NaN()}, {0.8, 1.8, 0.50, 10, 1.269, math.NaN()},
		{0.8, 1.8, 0.50, 0, 0.246, math.NaN()},
	} {
		cell := newCell(&b, nominal, c.health, c.factor)
		hours := cell.runtime(c.p, c.t, 1) / 3600
		if math.Abs(hours-c.hours) > half {
			t.Errorf("health %g, %g W at %g degC: %.6f h to cut-off, want %.3f",
				c.health, c.p, c.t, hours, c.hours)
		}
		if math.Abs(cell.z-c.z) > half {
			t.Errorf("health %g, %g W at %g degC: cut off at z = %.6f, want %.3f",
				c.health, c.p, c.t, cell.z, c.z)
		}
	}
}

func TestHalfTheStep(t *testing.T) {
	t.Parallel()
	b := Default().Battery
	whole := newCell(&b, nominal, 1, 1).runtime(0.5, 25, 1)
	half := newCell(&b, nominal, 1, 1).runtime(0.5, 25, 0.5)
	if whole != 8343 || math.Abs(whole-half) >= 1 {
		t.Errorf("cut-off after %g s with d = 1 s, %g s with d = 0.5 s; want 8343 and within 1 s",
			whole, half)
	}
}

// Colder, older or less charged cells, or those with more load, never last longer. This is exact
// because all use the same steps.
func TestRuntimeIsMonotone(t *testing.T) {
	t.Parallel()
	b := Default().Battery
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.Float64Range(0.2, 1.2).Draw(t, "P")
		warm := rapid.Float64Range(-10, 40).Draw(t, "T")
		health := rapid.Float64Range(0.7, 1).Draw(t, "health")
		factor := rapid.Float64Range(0.5, 2).Draw(t, "factor")
		z := rapid.Float64Range(0.3, 1).Draw(t, "z")
		run := func(p, warm, health, factor, z float64) float64 {
			c := newCell(&b, nominal, health, factor)
			c.z = z
			return c.runtime(p, warm, 5)
		}
		base := run(p, warm, health, factor, z)
		for what, other := range map[string]float64{
			"colder":             run(p, warm-5, health, factor, z),
			"less healthy":       run(p, warm, health-0.1, factor, z),
			"more resistance":    run(p, warm, health, factor*1.2, z),
			"more power":         run(p*1.1, warm, health, factor, z),
			"less charged":       run(p, warm, health, factor, z-0.1),
			"larger in all ways": run(p*1.1, warm-5, health-0.1, factor*1.2, z-0.1),
		} {
			if other > base {
				t.Errorf("%s: lasts %g s, after %g s", what, other, base)
			}
		}
	})
}

// The table of g(T), battery-thermal.md 2.3, to its digits, and the two values
// of O5.
func TestTemperatureFactor(t *testing.T) {
	t.Parallel()
	b := Default().Battery
	for _, c := range []struct{ t, g, tolerance float64 }{
		{-20, 23.33, 6e-3}, {-15, 13.96, 6e-3}, {-10, 8.6152567030, 1e-9}, {-5, 5.509, 6e-4},
		{0, 3.6673340485, 1e-9}, {5, 2.555, 6e-4}, {10, 1.872, 6e-4}, {15, 1.445, 6e-4},
		{20, 1.174, 6e-4}, {25, 1, 1e-14}, {30, 0.886, 6e-4}, {35, 0.811, 6e-4},
		{40, 0.760, 6e-4}, {45, 0.726, 6e-4},
	} {
		approx(t, "g", b.TemperatureFactor(c.t), c.g, c.tolerance)
	}
}

func TestTemperatureFactorProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := Battery{
			Rho: Number(rapid.Float64Range(0, 0.99).Draw(t, "rho")),
			Ea:  MolarEnergy(rapid.Float64Range(1e3, 2e5).Draw(t, "Ea")),
		}
		low := rapid.Float64Range(-40, 80).Draw(t, "T")
		high := low + rapid.Float64Range(0.01, 20).Draw(t, "warmer")
		approx(t, "g(25)", b.TemperatureFactor(25), 1, 1e-13) // Ea/Rg ulps of 1/298
		if b.TemperatureFactor(high) >= b.TemperatureFactor(low) {
			t.Errorf("g(%g) = %g, g(%g) = %g", low, b.TemperatureFactor(low), high,
				b.TemperatureFactor(high))
		}
		if b.TemperatureFactor(high) < float64(b.Rho) {
			t.Errorf("g(%g) = %g below its limit %g", high, b.TemperatureFactor(high), float64(b.Rho))
		}
	})
}

// s by its formula: 1 + 0.35/e at z = soc_scale and 25 degC, where g = 1; the
// second pair has no s.
func TestResistances(t *testing.T) {
	t.Parallel()
	b := Default().Battery
	r0, r1, r2 := b.Resistances(3, 2, 1, 0.05, 25)
	s := 1 + 0.35/math.E
	approx(t, "R0", r0, 3*s, 1e-14)
	approx(t, "R1", r1, 2*s, 1e-14)
	approx(t, "R2", r2, 1, 1e-14)

	rapid.Check(t, func(t *rapid.T) {
		z := rapid.Float64Range(-0.01, 1).Draw(t, "z")
		warm := rapid.Float64Range(-30, 60).Draw(t, "T")
		r0, r1, r2 := b.Resistances(3, 2, 1, z, warm)
		g := b.TemperatureFactor(warm)
		s := 1 + 0.35*math.Exp(-z/0.05)*math.Pow(math.Exp(b.Arrhenius(warm)), 0.8)
		// exp and pow round each to an ulp of exponents below 20.
		approx(t, "R0/(3 g s)", r0/(3*g*s), 1, 1e-13)
		approx(t, "R1/(2 g s)", r1/(2*g*s), 1, 1e-13)
		approx(t, "R2/g", r2/g, 1, 1e-13)
		fuller, _, _ := b.Resistances(3, 2, 1, z+0.01, warm)
		warmer, _, _ := b.Resistances(3, 2, 1, z, warm+1)
		if fuller > r0 || warmer > r0 {
			t.Errorf("R0 = %g ohm, %g with more charge, %g when warmer", r0, fuller, warmer)
		}
	})
}

func TestOpenCircuitVoltage(t *testing.T) {
	t.Parallel()
	b := Default().Battery
	for i, z := range b.OCVLevels {
		approx(t, "U at a knot", b.OpenCircuitVoltage(float64(z)), float64(b.OCV[i]), 1e-15)
	}
	approx(t, "U(0.125)", b.OpenCircuitVoltage(0.125), 3.691, 1e-14)

	// The mean of U, exact for a piecewise linear function: 3.933 V (2.2).
	var mean float64
	for i := 1; i < len(b.OCV); i++ {
		mean += float64(b.OCVLevels[i]-b.OCVLevels[i-1]) * float64(b.OCV[i]+b.OCV[i-1]) / 2
	}
	approx(t, "mean of U", mean, 3.933, 0.6e-3)
}

func TestOpenCircuitVoltageProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 30).Draw(t, "knots")
		levels := rapid.SliceOfNDistinct(rapid.IntRange(0, 1000), n, n, rapid.ID[int]).Draw(t, "levels")
		rise := rapid.SliceOfN(rapid.Float64Range(0, 0.1), n, n).Draw(t, "rise")
		slices.Sort(levels)
		var b Battery
		u := 3.0
		for i := range levels {
			u += rise[i]
			b.OCVLevels = append(b.OCVLevels, Number(levels[i])/1000)
			b.OCV = append(b.OCV, Voltage(u))
		}
		first, last := float64(b.OCV[0]), float64(b.OCV[n-1])
		if b.OpenCircuitVoltage(-1) != first || b.OpenCircuitVoltage(float64(b.OCVLevels[0])) != first ||
			b.OpenCircuitVoltage(2) != last || b.OpenCircuitVoltage(float64(b.OCVLevels[n-1])) != last {
			t.Errorf("U is not constant beyond the ends")
		}
		z := rapid.Float64Range(-0.1, 1.1).Draw(t, "z")
		higher := z + rapid.Float64Range(0, 0.5).Draw(t, "more")
		// An ulp of 6 V where both lie on one piece and round apart.
		if b.OpenCircuitVoltage(higher) < b.OpenCircuitVoltage(z)-1e-15 {
			t.Errorf("U(%g) = %g, U(%g) = %g", z, b.OpenCircuitVoltage(z), higher,
				b.OpenCircuitVoltage(higher))
		}
	})
}

func TestAgeing(t *testing.T) {
	t.Parallel()
	p := Default().Population
	approx(t, "health of a new cell", p.Health(0, 1.5), 1, 0)
	// The median phone at 717 cycles: 1 − 0.2 · 0.717 · exp(−0.25²/2).
	approx(t, "health at 717 cycles", p.Health(717, 0), 0.861012, 1e-6)
	// The mean fade is that of the draw sigma/2.
	approx(t, "health at 1000 cycles", p.Health(1000, 0.25/2), 0.8, 1e-12)
	// The mean fade is that of the draw sigma/2.
	approx(t, "health at 100000 cycles", p.Health(1e5, 0), 0.6, 0)
	approx(t, "resistance of a new cell", p.ResistanceFactor(1, 2, 0), 1, 0)
	approx(t, "resistance at 80 %", p.ResistanceFactor(0.8, 0, 0), 1.8, 1e-12)
	approx(t, "growth a sigma up", p.ResistanceFactor(0.8, 1, 0), 1+0.8*math.Exp(0.4), 1e-12)
	approx(t, "cell a sigma up", p.ResistanceFactor(0.8, 0, 1), 1.8*math.Exp(0.25), 1e-12)

	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-6, 6).Draw(t, "x")
		cycles := rapid.Float64Range(0, 5000).Draw(t, "cycles")
		more := cycles + rapid.Float64Range(0, 1000).Draw(t, "more")
		young, old := p.Health(cycles, x), p.Health(more, x)
		if young > 1 || old < float64(p.HealthMin) || old > young {
			t.Errorf("health %g at %g cycles, %g at %g", young, cycles, old, more)
		}
		if p.ResistanceFactor(old, x, 0) < p.ResistanceFactor(young, x, 0) {
			t.Errorf("resistance falls as health goes from %g to %g", young, old)
		}
	})
}
