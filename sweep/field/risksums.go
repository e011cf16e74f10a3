package field

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"budget/model"
	"budget/model/document"
)

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
			if h.While == model.Always && reasonOf(h.Cause) == reasonSuppressed {
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

func (r *riskSums) add(x *Session) {
	if x.Cause == model.Refused {
		return
	}
	of := r.of(x.Type)
	e := x.exposure(r.policy)
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
				x.Time < 0 || x.Time > (x.Sessions+1)*60_000*longest {
				return fmt.Errorf("%s, %s: impossible events, time or sessions", id, r.kinds[i])
			}
		}
	}
	return nil
}
