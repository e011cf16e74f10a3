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

// TestKeptPathsAreGoneOnWith: paths that follow on others, simulated or read from bytes, and all of
// them read from bytes give the same bytes as all in one run, also where they are followed only as
// far as their rules need.
func TestKeptPathsAreGoneOnWith(t *testing.T) {
	t.Parallel()
	const first, all = 1000, 2500 // no multiples of anything
	for name, c := range map[string]Case{
		"single session": {Session: "mindfulness"},
		"gate":           {Session: "self-care", Gate: 20},
		"timer": {Session: "self-care", Pause: true, Phases: []model.Phase{{Length: 120},
			{Length: 60, Rest: true}, {Length: 120}}},
	} {
		p := compile(t, model.Default(), c)
		s := Settings{Seed: 5, Workers: 2, Readings: bothReadings, Failures: model.Failures}
		steps, err := Needed([]*Program{p}, s)
		if err != nil {
			t.Fatal(err)
		}
		if fewer := steps < p.plant.Steps; fewer != (name != "timer") {
			t.Errorf("%s: %d of %d steps are needed", name, steps, p.plant.Steps)
		}
		none := func() *Kept {
			k, err := p.KeepNone(s, steps)
			if err != nil {
				t.Fatal(err)
			}
			return k
		}
		next := func(k *Kept, paths int64) *Kept {
			more, err := k.Next(context.Background(), paths)
			if err != nil {
				t.Fatal(err)
			}
			again, err := k.ReadNext(more.AppendTo(nil))
			if err != nil {
				t.Fatal(err)
			}
			return again
		}
		k := none()
		for _, paths := range []int64{first, all} {
			if err := k.Join(next(k, paths)); err != nil || k.Paths() != paths {
				t.Fatalf("%s: %d paths in place of %d (%v)", name, k.Paths(), paths, err)
			}
		}
		at := []float64{5, 60}
		want := summaries(t, []*Program{p}, s, all, at)[0]
		for _, kept := range []*Kept{k, next(none(), all)} {
			var sum *Estimates
			if err := kept.Summaries(context.Background(), []*Program{p}, s, at,
				func(_ int, e *Estimates) { sum = e }); err != nil || !sameSummary(sum, want) {
				t.Errorf("%s: another summary than of a run (%v)", name, err)
			}
		}
		more := next(k, all+1)
		text := more.AppendTo(nil)
		for n := range text {
			if _, err := k.ReadNext(text[:n]); err == nil {
				t.Errorf("%s: %d of %d bytes are read as paths", name, n, len(text))
			}
		}
		if err := none().Join(more); err == nil {
			t.Errorf("%s: paths are joined to those that they do not follow on", name)
		}
	}
}

// TestDigestsTellPlantsApart: programs have the same digest of the plant if they share one, else
// another.
func TestDigestsTellPlantsApart(t *testing.T) {
	t.Parallel()
	level, other := 0.5, 0.25
	base := model.Default()
	phases := []model.Phase{{Length: 120}, {Length: 60, Rest: true}, {Length: 120}}
	resigns := scenario(t, "[[session]]\nid = 'self-care'\nresign = '7 /h'")
	worn := scenario(t, "workload.worn.power = ['1 mW', '2 mW', '3 mW', '4 mW']")
	programs := []*Program{
		compile(t, base, Case{Session: "self-care"}),
		compile(t, scenario(t, "policy.suppress_low = '3 /h'"), Case{Session: "self-care"}),
		compile(t, base, Case{Session: "mindfulness"}),
		compile(t, base, Case{Session: "self-care", Device: base.Devices[0].ID}),
		compile(t, base, Case{Session: "self-care", Environment: base.Environments[0].ID}),
		compile(t, base, Case{Session: "self-care", StartLevel: &level}),
		compile(t, base, Case{Session: "self-care", StartLevel: &other}),
		compile(t, base, Case{Session: "self-care", Duration: 300}),
		compile(t, base, Case{Session: "self-care", Gate: 20}),
		compile(t, base, Case{Session: "self-care", Gates: []int{20}}),
		compile(t, base, Case{Session: "self-care", Phases: phases}),
		compile(t, base, Case{Session: "self-care", Phases: phases[:1]}),
		compile(t, base, Case{Session: "self-care", Phases: phases, Pause: true}),
		compile(t, resigns, Case{Session: "self-care", Phases: phases, Pause: true}),
		compile(t, worn, Case{Session: "self-care", Phases: phases}),
	}
	for i, p := range programs {
		for j, q := range programs {
			want := i == j || i+j == 1 // the first two differ in a rule
			if same := p.PlantDigest() == q.PlantDigest(); same != want {
				t.Errorf("programs %d and %d have the same digest: %v", i, j, same)
			}
		}
		// The load of rests and absences matters to timers and pauses alone.
		want := p.plant.Case.Phases == nil || p.plant.Scenario == worn
		if _, shared := p.Under(worn); shared != want {
			t.Errorf("program %d shares its plant where watches that are worn draw less: %v", i, shared)
		}
	}
}
