package solver

import (
	"context"
	"reflect"
	"testing"

	"budget/model"
)

// TestKeptPathsAnswerOtherRules: rules that are read from kept histories give the same bytes as a
// run of their own, also where they let sessions last longer than the rules that were first.
func TestKeptPathsAnswerOtherRules(t *testing.T) {
	t.Parallel()
	const paths = 2048
	for name, c := range map[string]Case{
		"single session": {Session: "self-care"},
		"gate":           {Session: "mindfulness", Gate: 20, Duration: 900},
		"timer": {Session: "self-care", Pause: true, Phases: []model.Phase{{Length: 120},
			{Length: 60, Rest: true}, {Length: 120}}},
	} {
		first := compile(t, model.Default(), c)
		s := Settings{Seed: 3, Workers: 2}
		kept, err := first.Keep(context.Background(), s, paths)
		if err != nil {
			t.Fatal(err)
		}
		if kept.Paths() != paths || kept.Program() != first {
			t.Errorf("%s: %d paths of another program", name, kept.Paths())
		}
		for _, rules := range []string{"", "policy.suppress_low = '3 /h'",
			"[[session]]\nid = 'self-care'\nlimit = '15 min'", "policy.pressure_low = 1"} {
			p, ok := first.Under(scenario(t, rules))
			if !ok {
				t.Fatalf("%s: %q moves the watch", name, rules)
			}
			got, err := kept.Estimates(p, s, AsUsed, Meaning)
			if err != nil {
				t.Fatal(err)
			}
			want, err := p.Estimates(context.Background(), s, paths)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("%s, %q: other bytes than a run", name, rules)
			}
			at, full := []float64{5, 60}, s
			full.Readings, full.Failures = bothReadings, model.Failures
			var sum *Estimates
			if err := kept.Summaries(context.Background(), []*Program{p}, full, at,
				func(_ int, e *Estimates) { sum = e }); err != nil ||
				!sameSummary(sum, summaries(t, []*Program{p}, full, paths, at)[0]) {
				t.Errorf("%s, %q: another summary than of a run (%v)", name, rules, err)
			}
			one, err := kept.Estimates(p, s, Meaning)
			if err != nil || one.Readings[0].Ended[AsUsed] != nil || one.Failure(Cautious, 60) !=
				want.Failure(Cautious, 60) || one.Ended(Cautious, Meaning, model.Errored, 60) !=
				want.Ended(Cautious, Meaning, model.Errored, 60) {
				t.Errorf("%s, %q: one view alone has other estimates (%v)", name, rules, err)
			}
			if c.Phases == nil {
				continue
			}
			timer, err := kept.Timer(p, s, AsUsed, Meaning)
			if err != nil {
				t.Fatal(err)
			}
			if run, err := p.Timer(context.Background(), s, paths); err != nil ||
				!reflect.DeepEqual(timer, run) {
				t.Errorf("%s, %q: the timer has other bytes than a run (%v)", name, rules, err)
			}
		}
	}
}

// TestKeptPathsRefuse other plants and what they cannot keep.
func TestKeptPathsRefuse(t *testing.T) {
	t.Parallel()
	p := compile(t, model.Default(), Case{Session: "self-care", Duration: 60})
	kept, err := p.Keep(context.Background(), Settings{}, 64)
	if err != nil {
		t.Fatal(err)
	}
	other := compile(t, model.Default(), Case{Session: "self-care", Duration: 120})
	if _, err := kept.Estimates(other, Settings{}); err == nil {
		t.Error("another plant's program is read from these paths")
	}
	if err := kept.Summaries(context.Background(), []*Program{other}, Settings{}, nil,
		func(int, *Estimates) {}); err == nil {
		t.Error("another plant's program is summed up from these paths")
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := p.Keep(ended, Settings{}, 64); err != context.Canceled {
		t.Errorf("a cancelled run gives %v", err)
	}
	if _, err := p.Keep(context.Background(), Settings{Estimator: Counts}, 64); err == nil {
		t.Error("counts are kept")
	}
}
