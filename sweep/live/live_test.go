package live

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

const paths = 8192

// ask is a question about self care, which is quick, under the lines of a scenario file.
func ask(t *testing.T, toml string) Question {
	t.Helper()
	s, err := model.Parse("test.toml", []byte(toml))
	if err != nil {
		t.Fatal(err)
	}
	return Question{Scenario: s, Plan: 300, Request: sweep.Request{Sessions: []string{"self-care"},
		Devices: []string{solver.Fleet}, Environments: []string{solver.Mix},
		Readings: []solver.Reading{solver.Cautious}, Tolerances: []float64{0.01}, Confidence: 0.95,
		Seed: sweep.DefaultSeed}}
}

// answers returns all answers to a question.
func answers(t *testing.T, e *Engine, q Question) (all []*Answer) {
	t.Helper()
	err := e.Answer(context.Background(), q, true, func(a *Answer) error {
		all = append(all, a)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRulesByEffect: the rules that move the cap most come first. Self care has a grant of ten
// minutes, so that is how far a low battery cuts it short, and how often its alert makes users
// leave. With half a charge none of that matters, and what ends sessions at any level does.
func TestRulesByEffect(t *testing.T) {
	t.Parallel()
	e := NewEngine(paths, sweep.Control{Workers: 2})
	q := ask(t, "")
	got, err := e.RulesByEffect(t.Context(), q)
	if err != nil || len(got) < 4 || got[0] != "policy.pressure_low" ||
		got[1] != "policy.prompt_resign" {
		t.Errorf("as people start: %v, %v", got, err)
	}
	half := 0.5
	q.Request.StartLevel = &half
	if got, err = e.RulesByEffect(t.Context(), q); err != nil || got[0] != "policy.suppress_base" {
		t.Errorf("with half a charge: %v, %v", got, err)
	}
}

// TestSettledAnswersAreThoseOfARun: whether the watch was simulated for it or rules were moved on a
// plant that was kept, a settled answer is the row that budget caps prints.
func TestSettledAnswersAreThoseOfARun(t *testing.T) {
	t.Parallel()
	e := NewEngine(paths, sweep.Control{Workers: 2})
	for _, step := range []struct {
		toml string
		want int // answers: a coarse and a settled one, or one from the plant that was kept
	}{
		{"", 2},
		{"policy.suppress_low = '2 /h'", 1},
		{"population.power_scale = 1.3", 2},
		{"population.power_scale = 1.3\npolicy.refuse_lpm = 0.2", 1},
		{"policy.suppress_base = '0.02 /h'", 1},
		{"timer.phases = '2 x (2 min, rest 1 min)'", 2},
	} {
		q := ask(t, step.toml)
		all := answers(t, e, q)
		if len(all) != step.want {
			t.Errorf("%q: %d answers, want %d", step.toml, len(all), step.want)
		}
		for i, a := range all {
			if settled := i == len(all)-1; a.Settled != settled {
				t.Errorf("%q: answer %d is settled: %v", step.toml, i, a.Settled)
			}
		}
		r := q.Request
		r.Paths = paths
		run, err := sweep.Run(context.Background(), q.Scenario, r, sweep.Control{})
		if err != nil {
			t.Fatal(err)
		}
		got, want := fmt.Sprintf("%+v", all[len(all)-1].Cap), fmt.Sprintf("%+v", run.Caps[0])
		if got != want {
			t.Errorf("%q:\n got %s\nwant %s", step.toml, got, want)
		}
	}
}

// TestPlantsAreBounded: the plants that were not used for longest are given up.
func TestPlantsAreBounded(t *testing.T) {
	t.Parallel()
	e := NewEngine(64, sweep.Control{})
	for i := range mostKept + 3 {
		q := ask(t, "")
		level := float64(i+20) / 100
		q.Request.StartLevel = &level
		answers(t, e, q)
	}
	if len(e.kept) != mostKept {
		t.Errorf("%d plants are kept, want %d", len(e.kept), mostKept)
	}
}

// TestUnwantedQuestionsEnd: a question that was cancelled leaves nothing, also while it waits for
// the simulation of another.
func TestUnwantedQuestionsEnd(t *testing.T) {
	t.Parallel()
	e := NewEngine(paths, sweep.Control{})
	ctx, cancel := context.WithCancel(context.Background())
	err := e.Answer(ctx, ask(t, ""), true, func(a *Answer) error {
		cancel() // after the coarse answer
		return nil
	})
	if !errors.Is(err, context.Canceled) || len(e.kept) != 0 {
		t.Errorf("a cancelled question ends with %v and keeps %d plants", err, len(e.kept))
	}
	_ = e.run(context.Background(), e.running, func(sweep.Control) error {
		if err := e.Answer(ctx, ask(t, ""), true, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("a question that waits ends with %v", err)
		}
		return nil
	})
	_ = e.RunLong(context.Background(), func(sweep.Control) error {
		answers(t, e, ask(t, "")) // does not wait for what takes long
		return nil
	})
	q := ask(t, "")
	q.Request.Tolerances = []float64{0.01, 0.05}
	if err := e.Answer(context.Background(), q, true, nil); err == nil {
		t.Error("a question about two caps is answered")
	}
}

// TestRangesContainTheCap: over the rules of the system a cap varies about that of their assumed
// values, and where all of them are known there is no range.
func TestRangesContainTheCap(t *testing.T) {
	t.Parallel()
	e := NewEngine(paths, sweep.Control{Workers: 2})
	q := ask(t, "policy.pressure_low = 0")
	all := answers(t, e, q)
	c := all[len(all)-1].Cap
	r, err := e.RuleRange(context.Background(), q, c)
	if err != nil {
		t.Fatal(err)
	}
	if r.Low > r.Median || r.Median > r.High || r.Low > c.CapUpper || r.High < c.Cap {
		t.Errorf("a cap of %g to %g s varies over %+v", c.Cap, c.CapUpper, r)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.RuleRange(ended, q, c); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled range ends with %v", err)
	}
}

// TestLongestPhasesOfATimer are those of budget timer.
func TestLongestPhasesOfATimer(t *testing.T) {
	t.Parallel()
	q := ask(t, "timer.phases = '2 x (4 min, rest 1 min)'")
	of, caps, err := NewEngine(1024, sweep.Control{Workers: 2}).Longest(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if of.Times != 2 || caps.Most.Index < 2 || caps.Longest.Index < 48 {
		t.Errorf("of %+v the caps are %+v", of, caps)
	}
}
