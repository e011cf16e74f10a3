package model

import "testing"

// TestRegularCues writes out the states of cues every 20 s: q and c where they are set, -
// where the chain goes on.
func TestRegularCues(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		every, length, step Duration
		want                string
	}{
		{0, 0, 5, "---------------"},
		{20, 0, 5, "----cq--cq--cq-"}, // a step at least
		{20, 5, 5, "----cq--cq--cq-"},
		{20, 6, 5, "----ccq-ccq-ccq"}, // longer than a step: two
		{20, 15, 5, "----cccqcccqccc"},
		{0.3, 0.1, 0.1, "---cq-cq-cq-cq-"},
		{0.3, 0.2, 0.1, "---ccqccqccqccq"},
	} {
		w := &Workload{CueEvery: c.every, CueFor: c.length}
		got := ""
		for k := range len(c.want) {
			state, set := w.RegularCue(k, c.step)
			switch {
			case !set:
				got += "-"
			case state == StateCue:
				got += "c"
			case state == StateQuiet:
				got += "q"
			}
		}
		if got != c.want {
			t.Errorf("cues of %v every %v, steps of %v: %s, want %s", c.length, c.every, c.step, got, c.want)
		}
	}
}
