package model

import (
	"slices"
	"testing"
)

// TestCauses: the table is complete, and every cause has a different name.
func TestCauses(t *testing.T) {
	if len(causes) != int(InProgress)+1 {
		t.Fatalf("%d rows, want %d", len(causes), InProgress+1)
	}
	var names []string
	for c := range InProgress + 1 {
		if c.String() == "" || slices.Contains(names, c.String()) || CauseNamed(c.String()) != c {
			t.Errorf("cause %d is named %q", c, c)
		}
		names = append(names, c.String())
		if c.Meaning() == "" {
			t.Errorf("%s: no meaning", c)
		}
		row := causes[c]
		if (row.hazard != "" || row.threshold || row.refusal || row.between) == (c == Completed) {
			t.Errorf("%s has no way to come about, or is the end of a plan and has one", c)
		}
		if c.Chosen() && slices.Contains(Failures, c) {
			t.Errorf("%s is chosen by the user, and a failure", c)
		}
	}
}
