package model

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

// PowerScale returns the factor on the load of every session on a device: the population's
// times the device's own.
func (s *Scenario) PowerScale(d *Device) float64 {
	scale := float64(s.Population.PowerScale)
	if d.PowerScale != nil {
		scale *= float64(*d.PowerScale)
	}
	return scale
}
