package optimize

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"budget/solver/ranking"
	"budget/sweep"
)

// TestResumed: a run that is interrupted after any look and goes on from its journal ends as one
// that was not, to the number of sessions.
func TestResumed(t *testing.T) {
	text := `
sessions = ["self-care"]
paths = 4096
[goal]
longest = "12 min"
within = "5 s"
[[require]]
what = "failure"
length = "5 min"
most = "5 %"
[[axis]]
name = "load"
choose = true
[[axis.case]]
name = "high"
set = { "workload.seated.power" = ["900 mW", "900 mW", "900 mW", "900 mW"] }
[[axis.case]]
name = "low"
set = { "workload.seated.power" = ["62 mW", "220 mW", "280 mW", "170 mW"] }
[[axis]]
choose = true
key = "policy.suppress_base"
values = ["0.01 /h", "0.011 /h"]
[[axis]]
key = "start_level"
values = ["15 %", "90 %"]
`
	whole := find(t, text)
	if whole.Looks < 2 || len(whole.Prices) == 0 {
		t.Fatalf("%d looks: %+v", whole.Looks, whole)
	}
	for stop := 1; stop <= whole.Looks; stop++ {
		ctx, cancel := context.WithCancel(context.Background())
		saved, state := 0, []byte(nil)
		_, err := Continue(ctx, parse(t, text), sweep.Control{Workers: 2},
			&Journal{Save: func(s []byte) error {
				if saved++; saved == stop {
					cancel()
				}
				state = s
				return nil
			}})
		if !errors.Is(err, context.Canceled) || saved != stop {
			t.Fatalf("%d of %d saved, %v", saved, stop, err)
		}
		d := parse(t, text)
		if !d.Continues(state) {
			t.Fatal("the journal is of another design")
		}
		r, err := Continue(context.Background(), d, sweep.Control{Workers: 1},
			&Journal{State: state, Save: func([]byte) error { return nil }})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			what      string
			got, want any
		}{{"standings", r.Standings, whole.Standings}, {"best", r.Best, whole.Best},
			{"others", r.Close, whole.Close}, {"prices", r.Prices, whole.Prices},
			{"fronts", r.Fronts, whole.Fronts}, {"sessions", r.Sessions, whole.Sessions},
			{"paths", r.Paths, whole.Paths}, {"looks", r.Looks, whole.Looks},
			{"outcome", r.Outcome, whole.Outcome}} {
			if !reflect.DeepEqual(x.got, x.want) {
				t.Errorf("after look %d: %s %+v, want %+v", stop, x.what, x.got, x.want)
			}
		}
	}
}

// TestJournalOfAnotherDesign: a journal of another file, another seed, or of no design begins anew.
func TestJournalOfAnotherDesign(t *testing.T) {
	var state []byte
	d := parse(t, rules)
	if _, err := Continue(context.Background(), d, sweep.Control{Workers: 2},
		&Journal{Save: func(s []byte) error { state = s; return nil }}); err != nil {
		t.Fatal(err)
	}
	if other := parse(t, "seed = 7\n"+rules); other.Continues(state) || d.Continues(state[1:]) ||
		d.Continues(nil) || !d.Continues(state) {
		t.Error("a journal of another design continues")
	}
}

// TestJournalOfImpossibleRace: a journal whose checksum is right is checked for meaning, too.
func TestJournalOfImpossibleRace(t *testing.T) {
	t.Parallel()
	sound := func() state {
		return state{Kept: []int64{128}, Samples: map[int][]int64{0: {128}},
			Checkpoint: ranking.Checkpoint{Looks: 1, Paths: 128,
				Standings: []ranking.Standing{{Paths: 128, Breaks: -1, Binding: -1}}}}
	}
	if s := sound(); !s.sound(0) {
		t.Fatal("a sound state is refused")
	}
	for name, change := range map[string]func(*state){
		"negative paths kept":  func(s *state) { s.Kept[0] = -1 },
		"too many paths":       func(s *state) { s.Samples[0][0] = MostPaths + 1 },
		"an unknown standing":  func(s *state) { s.Checkpoint.Standings[0].State = 9 },
		"no such requirement":  func(s *state) { s.Checkpoint.Standings[0].Binding = 1 },
		"negative requirement": func(s *state) { s.Checkpoint.Standings[0].Breaks = -2 },
		"negative runs":        func(s *state) { s.Runs = -1 },
	} {
		s := sound()
		if change(&s); s.sound(0) {
			t.Errorf("%s: taken for sound", name)
		}
	}
}
