package model

import (
	"slices"
	"strings"
	"testing"
)

// Each session type reports its ends through its own interface. Only WKExtendedRuntimeSession
// has its reasons.
func TestInterfaces(t *testing.T) {
	t.Parallel()
	s := Default()
	used := Interfaces(s.Sessions)
	want := []Interface{ExtendedRuntime, WorkoutSession, AudioSession, LocationUpdates}
	if !slices.Equal(used, want) {
		t.Errorf("interfaces %q, want %q", used, want)
	}
	for _, i := range used {
		for c := range InProgress + 1 {
			reason := c.Reason(i)
			if reason == "" || c.Seen(i) == "" {
				t.Errorf("%s, %s: reason %q, seen %q", i, c, reason, c.Seen(i))
			}
			for _, word := range []string{"suppressedBySystem", "resignedFrontmost", "expired"} {
				if i != ExtendedRuntime && strings.Contains(reason, word) {
					t.Errorf("%s: %s is %q, a reason of another interface", i, c, reason)
				}
			}
		}
	}
	for _, session := range s.Sessions {
		if session.Limit > 0 && session.Interface() != ExtendedRuntime {
			t.Errorf("%s: a limit by an interface that has none", session.ID)
		}
	}
}

// Limits set by a scenario are not documented.
func TestLimitDocumented(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		session string
		limit   Duration
		want    bool
	}{
		{"self-care", 600, true},
		{"workout", 0, true},
		{"audio", 2700, false},
		{"mindfulness", 0, false},
		{"mindfulness", 1800, false},
		{"of-ones-own", 1800, false},
	} {
		if got := LimitDocumented(c.session, c.limit); got != c.want {
			t.Errorf("%s, %v: %v, want %v", c.session, c.limit, got, c.want)
		}
	}
}
