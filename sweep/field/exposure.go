package field

import (
	"math"

	"budget/model"
)

// lowEdge returns the level between displayed levels at or below a threshold and
// those above. The watch and most logs have whole per cent.
func lowEdge(threshold model.Number) float64 { return float64(threshold) + 0.005 }

// low returns the times [s] that a session spent at a low but not very low level, and
// at a very low level: from the log, or for a level that falls in a straight line.
func (x *Session) low(p *model.Policy) (low, veryLow float64) {
	low, veryLow = x.Low, x.VeryLow
	if math.IsNaN(low) {
		low = x.below(p.LowBattery)
	}
	if math.IsNaN(veryLow) {
		veryLow = x.below(p.VeryLowBattery)
	}
	return max(low-veryLow, 0), veryLow
}

// below returns the time [s] that a level falling in a straight line is at or below a
// threshold.
func (x *Session) below(threshold model.Number) float64 {
	edge := lowEdge(threshold)
	switch {
	case x.Start <= edge && x.End <= edge:
		return x.Actual
	case x.Start > edge && x.End > edge:
		return 0
	}
	return x.Actual * (edge - min(x.Start, x.End)) / math.Abs(x.Start-x.End)
}

// Heat returns the times [s] that a session spent at serious and critical. They are
// known if the log has them, or if the worst thermal state rules them out.
func (x *Session) Heat() (serious, critical float64, known bool) {
	serious, critical = x.Serious, x.Critical
	if x.hasThermal && x.Thermal < model.Critical && math.IsNaN(critical) {
		critical = 0
	}
	if x.hasThermal && x.Thermal < model.Serious && math.IsNaN(serious) {
		serious = 0
	}
	return serious, critical, !math.IsNaN(serious) && !math.IsNaN(critical)
}

// hazardKind is what the time at risk of a hazard depends on.
type hazardKind struct {
	cause model.Cause
	while model.Circumstance
	// elsewhere leaves out the time in heat and at low levels. It is used for a cause that an app
	// cannot tell from theirs, if a log has bare reasons.
	elsewhere bool
}

// circumstances are the names of circumstances in a reduced log.
var circumstances = map[model.Circumstance]string{model.Always: "always",
	model.AtSerious: "serious", model.AtCritical: "critical", model.AtLow: "low",
	model.AtVeryLow: "very-low", model.InLowPower: "low-power"}

func (k hazardKind) String() string {
	if k.elsewhere {
		return k.cause.String() + " elsewhere"
	}
	return k.cause.String() + " " + circumstances[k.while]
}

// exposure is the time [s] that a session spent in each circumstance, NaN if unknown.
type exposure struct {
	of                              *Session
	low, veryLow, serious, critical float64
	heatKnown                       bool
	lowEdge, veryLowEdge            float64 // levels
}

func (x *Session) exposure(p *model.Policy) exposure {
	e := exposure{of: x, lowEdge: lowEdge(p.LowBattery), veryLowEdge: lowEdge(p.VeryLowBattery)}
	e.low, e.veryLow = x.low(p)
	e.serious, e.critical, e.heatKnown = x.Heat()
	return e
}

// atRisk returns the time at risk of a kind of hazard [s] and whether the hazard ended the session,
// as far as the log has them.
func (e *exposure) atRisk(k hazardKind) (time float64, ended, known bool) {
	x := e.of
	ended = x.Cause == k.cause
	levelKnown := !ended || !math.IsNaN(x.End)
	switch k.while {
	case model.Always:
		if time = x.Actual; k.elsewhere {
			heat := zeroIfUnknown(e.serious) + zeroIfUnknown(e.critical)
			time = max(x.Actual-max(zeroIfUnknown(e.low+e.veryLow), heat), 0)
		}
		return time, ended, true
	case model.AtLow: // above it only Low Power Mode causes suppression for the battery
		return e.low, ended && x.End > e.veryLowEdge && x.End <= e.lowEdge, e.low >= 0 && levelKnown
	case model.AtVeryLow:
		return e.veryLow, ended && x.End <= e.veryLowEdge, e.veryLow >= 0 && levelKnown
	case model.AtSerious:
		return e.serious, ended && !(e.critical > 0), e.heatKnown
	case model.AtCritical:
		return e.critical, ended && e.critical > 0, e.heatKnown
	case model.InLowPower: // at a low level, the end counts as caused by the level
		if x.LPM {
			time = x.Actual
		}
		return time, ended && x.LPM && x.End > e.lowEdge, x.hasLPM && levelKnown
	}
	return 0, false, false
}

func zeroIfUnknown(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}
