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
	GrantUsed float64    // under the cautious reading, before the step [s]
	Hazards   causeRates // NaN if a threshold ended the path before the step
	Refusal   float64    // probability that the start is refused, at time 0
	OnAtStart bool       // Low Power Mode was on before the first poll, at time 0
	Prompt    float64    // probability that the Low Power prompt ends the session, if it comes now
}

// Trace runs one path of a plant with the functions of package model and returns its state
// at every step. The path ends at the first threshold or at the longest session length.
// The frailty, which the estimates integrate out, is drawn here. Paths are independent, so
// any number of them are a random sample of sessions.
func (t Terms) Trace(on *plant.Plant, seed, path uint64) []TracePoint {
	sampler := plant.NewSampler(seed, plant.Independent)
	frailty := random.Gamma(sampler.FrailtyDraw(path), t.Frailty)
	hazards, policy := t.Hazards(), t.Policy.Of(t.Session)
	used := []float64{0} // before every step
	traced := on.Trace(sampler, path, func(c model.Condition) model.Cause {
		now := used[len(used)-1] + on.Step*t.Policy.GrantRate(c)
		used = append(used, now)
		if t.Session.Limit > 0 && now >= float64(t.Session.Limit)-1e-9 {
			return model.Expired
		}
		return model.Completed
	})
	points := make([]TracePoint, len(traced.Points))
	asked := traced.LowPower
	for k, at := range traced.Points {
		point := TracePoint{Point: at, GrantUsed: used[k],
			Hazards: model.Rates(hazards, at.Condition, frailty)}
		if math.IsNaN(at.Power) {
			for cause := range point.Hazards {
				point.Hazards[cause] = math.NaN()
			}
		}
		if at.Condition.Low && !asked {
			asked, point.Prompt = true, t.Session.PromptResigns(&policy)
		}
		if k == 0 {
			point.OnAtStart = traced.LowPower
			point.Refusal = t.Session.Refusal(&policy, traced.LowPower, at.Thermal,
				at.End == model.Refused)
		}
		points[k] = point
	}
	return points
}
