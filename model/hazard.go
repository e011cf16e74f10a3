package model

import "slices"

// Hazard is a rate at which sessions end by a cause while a circumstance lasts. Policies
// and session types have tables of hazards. Rates of the same cause add up.
type Hazard struct {
	Key   string // of the rate in a scenario, such as "policy.suppress_low"
	Cause Cause
	While Circumstance
	Rate  Rate
	Frail bool // times the session's frailty, a gamma variate of mean 1
}

// Circumstance is the part of a Condition that a hazard depends on.
type Circumstance int

// The circumstances of hazards.
const (
	Always    Circumstance = iota
	AtSerious              // thermal level
	AtCritical
	AtLow // of the displayed level, and not very low
	AtVeryLow
	InLowPower
)

// Holds reports whether a condition has a circumstance.
func (x Circumstance) Holds(c Condition) bool {
	switch x {
	case AtSerious:
		return c.Thermal == Serious
	case AtCritical:
		return c.Thermal == Critical
	case AtLow:
		return c.Low && !c.VeryLow
	case AtVeryLow:
		return c.VeryLow
	case InLowPower:
		return c.LowPower
	}
	return true
}

// Hazards returns the hazards that end sessions of every type.
func (p *Policy) Hazards() []Hazard {
	return []Hazard{
		{"policy.error_base", Errored, Always, p.ErrorBase, false},
		{"policy.suppress_base", SuppressedOther, Always, p.SuppressBase, false},
		{"policy.suppress_low", SuppressedBattery, AtLow, p.SuppressLow, false},
		{"policy.suppress_very_low", SuppressedBattery, AtVeryLow, p.SuppressVeryLow, false},
		{"policy.suppress_lpm", SuppressedBattery, InLowPower, p.SuppressLPM, false},
		{"policy.suppress_serious", SuppressedThermal, AtSerious, p.SuppressSerious, false},
		{"policy.suppress_critical", SuppressedThermal, AtCritical, p.SuppressCritical, false},
	}
}

// Hazards returns the session type's own hazards: those by users, and those by the system that
// replace the policy's.
func (s *Session) Hazards() []Hazard {
	key := "session." + s.ID + "."
	rows := []Hazard{
		{key + "resign", Resigned, Always, s.Resign, true},
		{key + "stop", Stopped, Always, s.Stop, false},
	}
	if own := s.SuppressLPM; own != nil {
		row := Hazard{key + "suppress_lpm", SuppressedBattery, InLowPower, *own, false}
		rows = append(rows, row)
	}
	return rows
}

// Under returns all hazards of sessions of this type under a policy.
func (s *Session) Under(p *Policy) []Hazard {
	rows := slices.DeleteFunc(p.Hazards(), func(h Hazard) bool { return s.replaces(h) })
	return append(rows, s.Hazards()...)
}

// replaces reports whether the type's own hazard replaces one of the policy.
func (s *Session) replaces(h Hazard) bool { return h.While == InLowPower && s.SuppressLPM != nil }

// Rates returns the rates [1/s] of all hazards by cause in a condition. Frail hazards are
// multiplied by the frailty.
func Rates(hazards []Hazard, c Condition, frailty float64) (rates [Completed]float64) {
	for _, h := range hazards {
		if !h.While.Holds(c) {
			continue
		}
		rate := float64(h.Rate)
		if h.Frail {
			rate *= frailty
		}
		rates[h.Cause] += rate
	}
	return rates
}
