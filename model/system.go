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

// Of returns the policy for sessions of a type, with the type's own refuse_lpm and
// suppress_lpm instead of the policy's.
func (p Policy) Of(s *Session) Policy {
	if s.RefuseLPM != nil {
		p.RefuseLPM = *s.RefuseLPM
	}
	if s.SuppressLPM != nil {
		p.SuppressLPM = *s.SuppressLPM
	}
	return p
}

// Refusal returns the probability that a start of the type is refused: under the policy, with the
// type's own refuse_lpm, or for another reason (refuse).
func (s *Session) Refusal(p *Policy, lowPowerAtStart bool, first ThermalLevel,
	tooHot bool) float64 {
	policy := p.Of(s)
	refusal := policy.Refusal(lowPowerAtStart, first, tooHot)
	if s.Refuse > 0 {
		refusal = 1 - (1-refusal)*(1-float64(s.Refuse))
	}
	return refusal
}

// LowPowerFactor returns the factor on the load under Low Power Mode: the workload's own, or
// the policy's.
func (w *Workload) LowPowerFactor(p *Policy) float64 {
	if w.LPMPower != nil {
		return float64(*w.LPMPower)
	}
	return float64(p.LPMPower)
}

// LowPowerMode is the state of Low Power Mode and of the prompt that offers it.
type LowPowerMode struct {
	On    bool
	Asked bool // the user has decided, or had it on at the start
}

// LowPowerAtStart returns the mode at t = 0, before the first poll.
func LowPowerAtStart(on bool) LowPowerMode { return LowPowerMode{On: on, Asked: on} }

// Poll returns the mode after a poll. low says whether the displayed level is low, accepts
// is the user's answer. prompted reports whether the prompt came: at the first low poll
// with the mode off.
func (m LowPowerMode) Poll(low, accepts bool) (next LowPowerMode, prompted bool) {
	if !low || m.Asked {
		return m, false
	}
	return LowPowerMode{On: accepts, Asked: true}, true
}

// PromptResigns returns the probability that the prompt ends a session of the type as
// resigned. It covers the app and, from types that need the front, takes it with
// probability prompt_resign.
func (s *Session) PromptResigns(p *Policy) float64 {
	if !s.Frontmost {
		return 0
	}
	return float64(p.PromptResign)
}

// PowerScaleOf returns the quantity with the factor on the load of a session type: its own, or the
// population's.
func (s *Scenario) PowerScaleOf(session *Session) *Parameter {
	if session.PowerScale != nil {
		return s.Parameter("session." + session.ID + ".power_scale")
	}
	return s.Parameter("population.power_scale")
}

// PowerScale returns the factor on the load of sessions of a type on a device: the type's own or
// the population's, times the device's own. Without a type it is that of types without their own.
func (s *Scenario) PowerScale(session *Session, d *Device) float64 {
	scale := float64(s.Population.PowerScale)
	if session != nil && session.PowerScale != nil {
		scale = float64(*session.PowerScale)
	}
	if d.PowerScale != nil {
		scale *= float64(*d.PowerScale)
	}
	return scale
}
