package model

import "testing"

// TestHazards: hazards have the rates of their keys, and the causes with hazards are those in
// the table of causes. Only one cause is frail, because package solver requires it.
func TestHazards(t *testing.T) {
	s := Default()
	for _, session := range s.Sessions {
		checkHazards(t, s, session.Under(&s.Policy))
	}
}

func checkHazards(t *testing.T, s *Scenario, hazards []Hazard) {
	frail, with := 0, map[Cause]bool{}
	for _, h := range hazards {
		if p := s.Parameter(h.Key); p == nil || p.Values[0] != float64(h.Rate) {
			t.Errorf("%s: a rate of %v, which is not its key's", h.Key, h.Rate)
		}
		if h.Cause.Hazard() == "" {
			t.Errorf("%s: %s has no hazards", h.Key, h.Cause)
		}
		with[h.Cause] = true
		if h.Frail {
			frail++
		}
	}
	if frail != 1 {
		t.Errorf("%d frail rows, want one", frail)
	}
	for _, c := range Ends {
		if c.Hazard() != "" && !with[c] {
			t.Errorf("%s has no row", c)
		}
	}
}
