package model

import "math"

// DisplayedLevel returns the level the watch shows at true level z with gauge
// error e (bias plus noise): rounded to whole per cent, the error shrinking
// with the level below converge.
//
//	ẑ = clip(⌊100 (z + e min(1, max(0, z/converge))) + 0.5⌋ / 100, 0, 1)
func (g *Gauge) DisplayedLevel(z, e float64) float64 {
	shown := z + e*min(1, max(0, z/float64(g.Converge)))
	return min(max(math.Floor(100*shown+0.5)/100, 0), 1)
}

// ThermalLevel is the system's thermal state.
type ThermalLevel int

// The thermal levels.
const (
	Nominal ThermalLevel = iota
	Fair
	Serious
	Critical
)

// Next returns the thermal level after a poll of the temperature t [degC] at
// node K, for a device whose thresholds are offset by theta [K]: rise while
// T ≥ levels[ℓ] + θ, then fall while T < levels[ℓ−1] + θ − hysteresis.
func (l ThermalLevel) Next(p *Policy, t, theta float64) ThermalLevel {
	for l < Critical && t >= float64(p.Levels[l])+theta {
		l++
	}
	for l > Nominal && t < float64(p.Levels[l-1])+theta-float64(p.Hysteresis) {
		l--
	}
	return l
}

// Condition is the state that hazards and the grant depend on in a step: the
// thermal level, the battery warnings and Low Power Mode.
type Condition struct {
	Thermal      ThermalLevel
	Low, VeryLow bool // of the displayed level
	LowPower     bool // Low Power Mode is on
}

// GrantRate returns the rate at which the granted time is used up: 1, more
// under pressure.
func (p *Policy) GrantRate(c Condition) float64 {
	rate := 1.0
	switch c.Thermal {
	case Serious:
		rate += float64(p.PressureSerious)
	case Critical:
		rate += float64(p.PressureCritical)
	}
	if c.Low {
		rate += float64(p.PressureLow)
	}
	return rate
}

// Refusal returns the probability that a start is refused, because Low Power
// Mode was on, the thermal level at the first poll is critical, or the battery
// is too hot for the watch to stay on.
func (p *Policy) Refusal(lowPowerAtStart bool, first ThermalLevel, tooHot bool) float64 {
	if tooHot {
		return 1
	}
	start := 1.0
	if lowPowerAtStart {
		start *= 1 - float64(p.RefuseLPM)
	}
	if first == Critical {
		start *= 1 - float64(p.RefuseCritical)
	}
	return 1 - start
}

// ClosingFits returns the probability that work of c seconds fits between willExpire and the
// end of a session that expires. The lead W is uniform between warning_min and warning_max:
//
//	P(W ≥ c) = clip((warning_max − c) / (warning_max − warning_min), 0, 1)
func (p *Policy) ClosingFits(c float64) float64 {
	shortest, longest := float64(p.WarningMin), float64(p.WarningMax)
	switch {
	case c <= shortest:
		return 1
	case c > longest:
		return 0
	}
	return (longest - c) / (longest - shortest)
}

// Unsaved returns the time since the last save [s] if a session that saves periodically ends at
// t without a warning. The slack allows for the rounding of multiples.
func Unsaved(t, every float64) float64 {
	lost := math.Mod(t, every)
	if slack := 1e-9 * t; lost <= slack || every-lost <= slack {
		return 0
	}
	return lost
}
