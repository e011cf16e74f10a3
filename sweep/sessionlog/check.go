package sessionlog

import (
	"fmt"
	"math"

	"budget/model"
)

// wobble returns the largest rise of a displayed level without a charger: one per
// cent from rounding plus six standard deviations of the gauge's noise.
func wobble(g *model.Gauge) float64 { return 0.01 + 6*math.Sqrt2*float64(g.NoiseSD) }

// contradiction returns what is impossible in a session and in which column, "" if
// nothing is.
func (x *Session) contradiction(s *model.Scenario) (why string, at column) {
	session := s.Session(x.Type)
	minutes := func(seconds float64) string { return fmt.Sprintf("%.4g min", seconds/60) }
	switch {
	case x.Actual > longestOverrun*x.Planned+grace:
		return fmt.Sprintf("ran %s of %s planned: is the unit right?", minutes(x.Actual),
			minutes(x.Planned)), columnActual
	case session.Limit > 0 && x.Planned > 0 && x.Actual > longestOverrun*float64(session.Limit)+grace:
		return fmt.Sprintf("ran %s, but a grant is %s: is the unit right?", minutes(x.Actual),
			minutes(float64(session.Limit))), columnActual
	case x.Cause == model.Refused && x.Actual > grace:
		return "refused at the start, but ran " + minutes(x.Actual), columnEnd
	case x.End > x.Start+wobble(&s.Gauge):
		return fmt.Sprintf(
			"the level rose from %.4g to %.4g: sessions on a charger are not modelled",
			x.Start, x.End), columnFinish
	case x.Cause == model.Expired && session.Limit == 0:
		return fmt.Sprintf("expired, but %s sessions have no limit", x.Type), columnEnd
	case x.Cause == model.Expired && x.Actual < float64(session.Limit)/FastestGrant(s)-grace:
		return fmt.Sprintf("expired after %s, before the limit of %s could be used up",
			minutes(x.Actual), minutes(float64(session.Limit))), columnEnd
	}
	return "", noColumn
}

// implausible returns what is impossible in the optional times and states of a session and in
// which column, "" if nothing is.
func (x *Session) implausible() (why string, at column) {
	hot := x.Serious > 0 || x.Critical > 0
	switch {
	case x.Cause == model.SuppressedThermal && x.HasThermal && x.Thermal < model.Serious:
		return "suppressed for heat at thermal state " + thermalWords[x.Thermal], columnThermal
	case x.HasThermal && x.Thermal < model.Serious && hot, x.HasThermal &&
		x.Thermal < model.Critical && x.Critical > 0:
		return fmt.Sprintf("the worst thermal state is %s, but time was spent above it",
			thermalWords[x.Thermal]), columnThermal
	case ZeroIfUnknown(x.Serious)+ZeroIfUnknown(x.Critical) > x.Actual+grace:
		return "more time at serious and critical than the session ran", columnSerious
	case x.Low > x.Actual+grace:
		return "more time at low levels than the session ran", columnLow
	case x.VeryLow > x.Actual+grace, x.VeryLow > x.Low+grace:
		return "more time at very low levels than at low ones, or than the session ran", columnVeryLow
	}
	return "", noColumn
}

// FastestGrant returns the highest plausible rate at which pressure uses up a grant.
func FastestGrant(s *model.Scenario) float64 {
	most := func(name string) float64 {
		p := s.Parameter("policy.pressure_" + name)
		if p.HasRange {
			return max(p.Range[1], p.Values[0])
		}
		return p.Values[0]
	}
	return 1 + max(most("serious"), most("critical")) + most("low")
}
