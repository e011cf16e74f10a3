package plant

import (
	"math"

	"budget/model"
	"budget/solver/random"
)

// cell holds the battery's constants for the step.
type cell struct {
	eaOverRg            float64
	rho, soCGain        float64
	inverseScale, texp  float64
	decay1, decay2      float64
	entropy, vCut, tOff float64
	knots               []float64 // lower ends of the segments of U
	slope, intercept    []float64 // U = intercept + slope·z on each
	area                []float64 // ∫ U dz from the first knot to that of each segment
}

func newCell(b *model.Battery, tOff, step float64) cell {
	c := cell{
		eaOverRg:     float64(b.Ea) / model.GasConstant,
		rho:          float64(b.Rho),
		soCGain:      float64(b.SoCGain),
		inverseScale: 1 / float64(b.SoCScale),
		texp:         float64(b.SoCTExp),
		decay1:       math.Exp(-step / float64(b.Tau1)),
		decay2:       math.Exp(-step / float64(b.Tau2)),
		entropy:      float64(b.Entropy),
		vCut:         float64(b.VCut),
		tOff:         tOff,
	}
	// Segment 0 is the constant below the first knot, the last segment the
	// constant above the last knot.
	add := func(knot, slope, intercept float64) {
		c.knots = append(c.knots, knot)
		c.slope = append(c.slope, slope)
		c.intercept = append(c.intercept, intercept)
	}
	last := len(b.OCV) - 1
	add(math.Inf(-1), 0, float64(b.OCV[0]))
	for i := range last {
		z0, z1 := float64(b.OCVLevels[i]), float64(b.OCVLevels[i+1])
		u0, u1 := float64(b.OCV[i]), float64(b.OCV[i+1])
		slope := (u1 - u0) / (z1 - z0)
		add(z0, slope, u0-slope*z0)
	}
	add(float64(b.OCVLevels[last]), 0, float64(b.OCV[last]))
	c.area = make([]float64, len(c.knots))
	for i := 2; i < len(c.knots); i++ {
		c.area[i] = c.area[i-1] + c.voltages(i-1, c.knots[i])
	}
	return c
}

// voltages returns ∫ U dz from the knot of a segment, or segment 0's end, to a level in it.
func (c *cell) voltages(segment int, z float64) float64 {
	from := c.knots[max(segment, 1)]
	return (c.intercept[segment] + c.slope[segment]*(z+from)/2) * (z - from)
}

// voltage returns U at a level.
func (c *cell) voltage(z float64) float64 {
	i := c.segment(z)
	return c.intercept[i] + c.slope[i]*z
}

// segment returns the segment of a level.
func (c *cell) segment(z float64) int {
	i := len(c.knots) - 1
	for z < c.knots[i] {
		i--
	}
	return i
}

// integral returns ∫ U dz from the first knot to a level.
func (c *cell) integral(z float64) float64 {
	i := c.segment(z)
	return c.area[i] + c.voltages(i, z)
}

// inverseReference is 1/T_abs at 25 degC, where resistances are given.
const inverseReference = 1 / (25 + model.ZeroCelsius)

// exponent returns the exponent of the Arrhenius factor at battery temperature t
// [degC].
func (c *cell) exponent(t float64) float64 {
	return c.eaOverRg * (1/(t+model.ZeroCelsius) - inverseReference)
}

// factors returns the factors of the resistances for the exponent x at level z:
//
//	α = eˣ,   s − 1 = soc_gain · exp(−z/soc_scale) · α^soc_texp
//
// Temperature and level change little in a step. So a step multiplies both factors by
// the exponential of the small difference of exponents, and calls factors only if it is
// not small. For differences up to 2^-6 the relative error of a step is below 2e-14,
// proportional to the sixth power of the difference; that of a path whose exponents
// change by V in total is below 1.3e-12·V. If the second factor is too small to be
// updated, x is returned as NaN, so that the next step calls factors again.
func (c *cell) factors(x, z float64) (from, alpha, boost float64) {
	alpha = random.Exp(x)
	boost = c.soCGain * random.Exp(float64(c.texp*x)-float64(z*c.inverseScale))
	if boost < 1e-280 && c.soCGain > 0 {
		x = math.NaN()
	}
	return x, alpha, boost
}

// gauge holds the constants of the displayed level and its noise.
type gauge struct {
	decay, innovate, sd, biasSD, inverseConverge float64
	lowBelow, veryLowBelow                       float64 // in displayed per cent, plus one
}

func newGauge(g *model.Gauge, policy *model.Policy, step float64) gauge {
	decay, innovate := model.OUStep(float64(g.NoiseSD), float64(g.NoiseTau), step)
	return gauge{
		decay: decay, innovate: innovate,
		sd:              float64(g.NoiseSD),
		biasSD:          float64(g.BiasSD),
		inverseConverge: 1 / float64(g.Converge),
		lowBelow:        displayedBelow(float64(policy.LowBattery)),
		veryLowBelow:    displayedBelow(float64(policy.VeryLowBattery)),
	}
}

// displayedBelow converts "the displayed level is at most this" into an upper
// bound for gauge.shown: with m the greatest whole per cent that is at most the
// level, ⌊y⌋ ≤ m is y < m + 1.
func displayedBelow(level float64) float64 {
	if level >= 1 {
		return math.Inf(1) // the displayed level is clipped to 1
	}
	m := 0
	for float64(m+1)/100 <= level {
		m++
	}
	return float64(m + 1)
}

// displayed returns the displayed level [per cent] at true level z with gauge error e.
func (g *gauge) displayed(z, e float64) float64 {
	return min(max(math.Floor(g.shown(z, e)), 0), 100)
}

// levelAt returns the true level at which the gauge with error e shows a level, both parts of 1.
// Above it shows more, and below less.
func (g *gauge) levelAt(shown, e float64) float64 {
	z := shown - e
	if z*g.inverseConverge < 1 {
		z = shown / (1 + e*g.inverseConverge)
	}
	return z
}

// shown returns the displayed level in per cent plus a half, before it is rounded down,
// at true level z with gauge error e.
func (g *gauge) shown(z, e float64) float64 {
	weight := z * g.inverseConverge
	if weight > 1 {
		weight = 1
	} else if weight < 0 {
		weight = 0
	}
	return float64(100*(z+float64(e*weight))) + 0.5
}
