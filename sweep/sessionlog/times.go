package sessionlog

import (
	"math"

	"budget/model"
)

// LowEdge returns the level between displayed levels at or below a threshold and
// those above. The watch and most logs have whole per cent.
func LowEdge(threshold model.Number) float64 { return float64(threshold) + 0.005 }

// LowTimes returns the times [s] that a session spent at a low but not very low level, and
// at a very low level: from the log, or for a level that falls in a straight line.
func (x *Session) LowTimes(p *model.Policy) (low, veryLow float64) {
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
	edge := LowEdge(threshold)
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
	if x.HasThermal && x.Thermal < model.Critical && math.IsNaN(critical) {
		critical = 0
	}
	if x.HasThermal && x.Thermal < model.Serious && math.IsNaN(serious) {
		serious = 0
	}
	return serious, critical, !math.IsNaN(serious) && !math.IsNaN(critical)
}

// ZeroIfUnknown returns a time, 0 for one that a log does not have.
func ZeroIfUnknown(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}
