package solver_test

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"budget/model"
	"budget/solver"
)

// TestCapsOfTimersEndStints: where the scenario says that sessions are a timer, caps are the ends
// of its stints, in single answers as in summaries, and the failure anywhere is that by the end
// of the stint.
func TestCapsOfTimersEndStints(t *testing.T) {
	t.Parallel()
	s, err := model.Parse("x.toml", []byte("[timer]\nphases = \"3 x (5 min, rest 2 min)\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	level := 0.15
	p, err := solver.Compile(s, solver.Case{Session: "mindfulness", StartLevel: &level})
	if err != nil {
		t.Fatal(err)
	}
	ends, ctx := s.CycleEnds(), context.Background()
	settings := solver.Settings{Seed: 1, Workers: 1}
	a, err := p.Answer(ctx, settings, solver.Question{Paths: 2048,
		Tolerances: []float64{0.001, 0.003, 0.005, 0.1}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range a.Caps {
		if c.Duration != 0 && !slices.Contains(ends, c.Duration) || !slices.Contains(ends, c.Upper) &&
			c.Upper != 0 {
			t.Errorf("a cap from %v to %v s, of sessions that end at %v", c.Duration, c.Upper, ends)
		}
	}
	first, second := a.Failure(solver.Cautious, ends[0]), a.Failure(solver.Cautious, ends[1])
	if in := a.Failure(solver.Cautious, ends[0]+5); in != second || in == first {
		t.Errorf("%v in the rest before a session that fails by %v", in, second)
	}
	err = solver.Summaries(ctx, []*solver.Program{p}, settings, 2048, ends,
		func(_ int, e *solver.Estimates) {
			if err := e.Check(); err != nil {
				t.Error(err)
			}
			for _, end := range ends {
				for _, c := range []model.Cause{model.Refused, model.NotReturned, model.InProgress} {
					one := e.Ended(solver.Cautious, solver.AsUsed, c, end)
					if all := a.Ended(solver.Cautious, solver.AsUsed, c, end); one.Value != all.Value {
						t.Errorf("%v by %v s: %v of a summary, %v of an answer", c, end, one, all)
					}
				}
				if e.Failure(solver.Cautious, end) != a.Failure(solver.Cautious, end) {
					t.Errorf("the failure by %v s differs", end)
				}
			}
		})
	if err != nil {
		t.Fatal(err)
	}
	_, err = solver.Compile(s, solver.Case{Session: "mindfulness", Duration: 600})
	if err == nil {
		t.Error("a duration beside a timer is accepted")
	}
}

// TestCapsOfTimersNameLaterStarts: what most timers fail by is a later start, where many old
// sessions still run, or where Low Power Mode refuses them; the first start is not among them.
func TestCapsOfTimersNameLaterStarts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want model.Cause
	}{{"[timer]\nphases = \"2 x (5 min, rest 2 min)\"\norphan = 0.5\n", model.InProgress},
		{"[timer]\nphases = \"2 x (5 min, rest 30 min)\"\n[policy]\nrefuse_lpm = 1\n" +
			"suppress_low = \"0 /h\"\n", model.Refused}} {
		s, err := model.Parse("x.toml", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		level := 0.12
		p, err := solver.Compile(s, solver.Case{Session: "mindfulness", StartLevel: &level})
		if err != nil {
			t.Fatal(err)
		}
		ends := s.CycleEnds()
		e, err := p.Estimates(context.Background(), solver.Settings{Seed: 1, Workers: 1}, 2048)
		if err != nil {
			t.Fatal(err)
		}
		check := func(e *solver.Estimates) {
			if got := e.EndsBy(solver.Cautious, ends[1]); got != c.want {
				t.Errorf("%q: the second cycle ends by %v, want %v", c.text, got, c.want)
			}
			if got := e.EndsBy(solver.Cautious, ends[0]); got == c.want {
				t.Errorf("%q: the first cycle ends by %v", c.text, got)
			}
		}
		check(e)
		if err := solver.Summaries(context.Background(), []*solver.Program{p},
			solver.Settings{Seed: 1, Workers: 1}, 2048, ends,
			func(_ int, e *solver.Estimates) { check(e) }); err != nil {
			t.Fatal(err)
		}
	}
}

// TestATimerOfOnePhaseIsASession: to the last bit, for both estimators, by cause and length.
func TestATimerOfOnePhaseIsASession(t *testing.T) {
	t.Parallel()
	s, level := model.Default(), 0.15
	for _, session := range []string{"mindfulness", "workout"} {
		estimates := func(c solver.Case, e solver.Estimator) *solver.Estimates {
			c.Session, c.StartLevel = session, &level
			p, err := solver.Compile(s, c)
			if err != nil {
				t.Fatal(err)
			}
			of, err := p.Estimates(context.Background(), solver.Settings{Seed: 1, Estimator: e}, 512)
			if err != nil {
				t.Fatal(err)
			}
			return of
		}
		for _, e := range []solver.Estimator{solver.Weights, solver.Counts} {
			timer := estimates(solver.Case{Phases: []model.Phase{{Length: 1500}}}, e)
			if !reflect.DeepEqual(timer, estimates(solver.Case{Duration: 1500}, e)) {
				t.Errorf("%s, %s: a timer of 25 min differs from a session of 25 min", session, e)
			}
		}
	}
}

// TestFailureSoFar: the share of a timer that has failed grows within its phases, and at the end of
// a stint is that which caps are made of.
func TestFailureSoFar(t *testing.T) {
	t.Parallel()
	s := model.Default()
	for text, positions := range map[string][]float64{
		"2 x (5 min, rest 2 min)": {60, 180, 300, 480, 600}, "10 min": {60, 300, 600}} {
		testFailureSoFar(t, s, text, positions)
	}
}

func testFailureSoFar(t *testing.T, s *model.Scenario, text string, positions []float64) {
	t.Helper()
	phases, err := s.ParsePhases(text)
	if err != nil {
		t.Fatal(err)
	}
	level := 0.15
	p, err := solver.Compile(s, solver.Case{Session: "mindfulness", Phases: phases,
		StartLevel: &level})
	if err != nil {
		t.Fatal(err)
	}
	e, err := p.Timer(context.Background(), solver.Settings{Seed: 1}, 512)
	if err != nil {
		t.Fatal(err)
	}
	at := func(position float64) float64 {
		return e.FailureSoFar(solver.Cautious, position).Value
	}
	before := 0.0
	for _, position := range positions {
		if now := at(position); now <= before {
			t.Errorf("%v have failed by %v s, %v before", now, position, before)
		} else {
			before = now
		}
	}
	for _, stint := range e.Stints {
		if so, end := at(stint.End), e.Failure(solver.Cautious, stint.End).Value; so != end {
			t.Errorf("%v have failed by the end of a stint at %v s, and %v fail by it", so, stint.End, end)
		}
	}
}
