package field

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"budget/model"
	"budget/model/document"
	"budget/sweep/sessionlog"
)

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
	of                              *sessionlog.Session
	low, veryLow, serious, critical float64
	heatKnown                       bool
	lowEdge, veryLowEdge            float64 // levels
}

func exposureOf(x *sessionlog.Session, p *model.Policy) exposure {
	e := exposure{of: x, lowEdge: sessionlog.LowEdge(p.LowBattery),
		veryLowEdge: sessionlog.LowEdge(p.VeryLowBattery)}
	e.low, e.veryLow = x.LowTimes(p)
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
			heat := sessionlog.ZeroIfUnknown(e.serious) + sessionlog.ZeroIfUnknown(e.critical)
			time = max(x.Actual-max(sessionlog.ZeroIfUnknown(e.low+e.veryLow), heat), 0)
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
		return time, ended && x.LPM && x.End > e.lowEdge, x.HasLPM && levelKnown
	}
	return 0, false, false
}

// risk is the time at risk of a hazard and the ends that count for it.
type risk struct {
	Events   int64 `json:"events"`
	Time     int64 `json:"ms"`
	Sessions int64 `json:"sessions"` // with time at risk
}

func (r *risk) add(o risk) {
	r.Events, r.Time, r.Sessions = r.Events+o.Events, r.Time+o.Time, r.Sessions+o.Sessions
}

// riskSums sums the times at risk by session type and kind of hazard.
type riskSums struct {
	policy *model.Policy
	kinds  []hazardKind // of all hazards, in the order of their first type
	sums   map[string][]risk
}

func (r *riskSums) begin(s *model.Scenario) {
	*r = riskSums{policy: &s.Policy, sums: map[string][]risk{}}
	for _, session := range s.Sessions {
		for _, h := range session.Under(&s.Policy) {
			r.kind(hazardKind{h.Cause, h.While, false})
			if h.While == model.Always && sessionlog.Suppressed(h.Cause) {
				r.kind(hazardKind{h.Cause, h.While, true})
			}
		}
	}
}

// kind adds a kind of hazard, once.
func (r *riskSums) kind(k hazardKind) {
	if !slices.Contains(r.kinds, k) {
		r.kinds = append(r.kinds, k)
	}
}

func (r *riskSums) add(x *sessionlog.Session) {
	if x.Cause == model.Refused {
		return
	}
	of := r.of(x.Type)
	e := exposureOf(x, r.policy)
	for i, k := range r.kinds {
		if time, ended, known := e.atRisk(k); known {
			of[i].add(riskOf(time, ended))
		}
	}
}

// of returns the sums of a session type.
func (r *riskSums) of(id string) []risk {
	of := r.sums[id]
	if of == nil {
		of = make([]risk, len(r.kinds))
		r.sums[id] = of
	}
	return of
}

func riskOf(time float64, ended bool) risk {
	r := risk{Time: milliseconds(time)}
	if time > 0 {
		r.Sessions = 1
	}
	if ended {
		r.Events = 1
	}
	return r
}

func (r *riskSums) merge(other accumulator) {
	for id, from := range other.(*riskSums).sums {
		of := r.of(id)
		for i := range from {
			of[i].add(from[i])
		}
	}
}

// get returns the sum for a session type and a kind of hazard.
func (r *riskSums) get(id string, k hazardKind) risk {
	if of, i := r.sums[id], slices.Index(r.kinds, k); of != nil && i >= 0 {
		return of[i]
	}
	return risk{}
}

// MarshalJSON writes the sums by session type and kind of hazard.
func (r *riskSums) MarshalJSON() ([]byte, error) {
	out := map[string]map[string]risk{}
	for id, of := range r.sums {
		out[id] = map[string]risk{}
		for i, k := range r.kinds {
			out[id][k.String()] = of[i]
		}
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *riskSums) UnmarshalJSON(data []byte) error {
	var in map[string]map[string]risk
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	for id, from := range in {
		of := r.of(id)
		for name, sum := range from {
			i := slices.IndexFunc(r.kinds, func(k hazardKind) bool { return k.String() == name })
			if i < 0 {
				return fmt.Errorf("%s is not a kind of hazard", document.Quote(name))
			}
			of[i] = sum
		}
	}
	return nil
}

func (r *riskSums) check(s *model.Scenario) error {
	for _, id := range slices.Sorted(maps.Keys(r.sums)) {
		if s.Session(id) == nil {
			return fmt.Errorf("session type %q is not in the scenario", id)
		}
		for i, x := range r.sums[id] {
			if x.Events < 0 || x.Sessions < 0 || x.Sessions > mostSessions || x.Events > mostSessions ||
				x.Time < 0 || x.Time > (x.Sessions+1)*60_000*sessionlog.MostMinutes {
				return fmt.Errorf("%s, %s: impossible events, time or sessions", id, r.kinds[i])
			}
		}
	}
	return nil
}
