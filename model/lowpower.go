package model

// Of returns the policy that sessions of a type live under: with the type's own refuse_lpm
// and suppress_lpm in place of the policy's.
func (p Policy) Of(s *Session) Policy {
	if s.RefuseLPM != nil {
		p.RefuseLPM = *s.RefuseLPM
	}
	if s.SuppressLPM != nil {
		p.SuppressLPM = *s.SuppressLPM
	}
	return p
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
	Asked bool // the user has decided; one that had it on at the start has
}

// LowPowerAtStart returns the mode at t = 0, before the first poll.
func LowPowerAtStart(on bool) LowPowerMode { return LowPowerMode{On: on, Asked: on} }

// Poll returns the mode after a poll whose displayed level is low or not, given the answer
// of this user, and whether the prompt came: at the first low poll with the mode off.
func (m LowPowerMode) Poll(low, accepts bool) (next LowPowerMode, prompted bool) {
	if !low || m.Asked {
		return m, false
	}
	return LowPowerMode{On: accepts, Asked: true}, true
}

// PromptResigns returns the probability that the prompt, when it comes, ends a session of
// the type as resigned: it covers the app, and takes the front with the probability
// prompt_resign from types that need it.
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
