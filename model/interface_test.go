package model

import (
	"slices"
	"strings"
	"testing"
)

// Each type tells of its ends through the interface it uses; the reasons of
// WKExtendedRuntimeSession are those of no other.
func TestInterfaces(t *testing.T) {
	t.Parallel()
	s := Default()
	used := Interfaces(s.Sessions)
	want := []Interface{ExtendedRuntime, WorkoutSession, AudioSession, LocationUpdates}
	if !slices.Equal(used, want) {
		t.Errorf("interfaces %q, want %q", used, want)
	}
	for _, i := range used {
		for c := range Completed + 1 {
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

// A limit that a user sets is never called documented.
func TestLimitText(t *testing.T) {
	t.Parallel()
	const own = "[[session]]\nid = 'audio'\nlimit = '45 min'\n" +
		"[[session]]\nid = 'mindfulness'\n" +
		"limit = { value = '0 s', evidence = 'documented', source = 'W:S1' }"
	s := mustParse(t, own)
	for id, want := range map[string]string{
		"self-care":   "documented limit 10 min",
		"workout":     "no documented limit",
		"audio":       "limit 45 min, as the scenario has it",
		"mindfulness": "no limit, as the scenario has it",
	} {
		if got := s.LimitText(s.Session(id)); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}
