package incidence

import (
	"math"

	"budget/model"
	"budget/solver/plant"
	"budget/solver/random"
)

// TracePoint is the state of a traced path at one time and the hazards of the
// step that starts there.
type TracePoint struct {
	plant.Point
	GrantUsed float64    // under the cautious reading, before the step [s]; NaN without a session
	Hazards   causeRates // NaN if a threshold ended the path before the step
	Refusal   float64    // probability that a start at this time is refused
	OnAtStart bool       // Low Power Mode was on before the first poll, at time 0
	Prompt    float64    // probability that the Low Power prompt ends the session, if it comes now
}

// Trace runs one path of a plant with the functions of package model and returns its state
// at every step, absences included. The path ends at the first threshold or at the longest session
// length. Starts are not refused (TracePoint.Refusal).
// The frailty, which the estimates integrate out, is drawn here. Paths are independent, so
// any number of them are a random sample of sessions.
func (t Terms) Trace(on *plant.Plant, seed, path uint64) []TracePoint {
	sampler := plant.NewSampler(seed, plant.Independent)
	frailty := random.Gamma(sampler.FrailtyDraw(path), t.Frailty)
	hazards, policy := t.Hazards(), t.Policy.Of(t.Session)
	used := 0.0 // of the grant, before a step
	step := func(c model.Condition, starts bool) (expired bool) {
		if starts {
			used = 0
		}
		used += on.Step * t.Policy.GrantRate(c)
		if t.Session.Limit == 0 || used < float64(t.Session.Limit)-1e-9 {
			return false
		}
		if t.Restart {
			used = 0
		}
		return !t.Restart
	}
	traced := on.Trace(sampler, path, func(c model.Condition, starts bool) model.Cause {
		if step(c, starts) {
			return model.Expired
		}
		return model.Completed
	})
	points := make([]TracePoint, len(traced.Points))
	asked, lowPower := traced.LowPower, traced.LowPower
	used = 0
	for k, at := range traced.Points {
		point := TracePoint{Point: at, OnAtStart: k == 0 && lowPower}
		switch {
		case !at.InSession:
			point.GrantUsed = math.NaN()
		default:
			if at.Starts {
				used = 0
				point.Refusal = t.Session.Refusal(&policy, lowPower, at.Thermal, at.End == model.Refused)
			}
			point.GrantUsed, point.Hazards = used, model.Rates(hazards, at.Condition, frailty)
			step(at.Condition, at.Starts)
		}
		if on.Case.Pause { // leaving does not end it
			point.Hazards[model.Resigned] = 0
		}
		if math.IsNaN(at.Power) {
			for cause := range point.Hazards {
				point.Hazards[cause] = math.NaN()
			}
		}
		if at.Condition.Low && !asked {
			asked = true
			if at.InSession && !on.Case.Pause {
				point.Prompt = t.Session.PromptResigns(&policy)
			}
		}
		points[k], lowPower = point, at.LowPower
	}
	return points
}
