package solver_test

import (
	"math"
	"reflect"
	"testing"

	"budget/model"
	"budget/solver"
)

// pauses are the rules of absences that pause a timer (section 9).
var pauses = []agreement{
	{name: "pauses by default", session: "mindfulness", halved: true, toml: `
		[timer]
		resign = "pause"`, timer: []oraclePhase{sit(10), rest(2), sit(10)}},
	{name: "a fresh grant after every absence", session: "self-care", halved: true, startLevel: 0.1, toml: `
		[timer]
		resign = "pause"
		away = "2 min"
		[policy]
		pressure_low = 0.3
		[[session]]
		id = "self-care"
		resign = "6 /h"`, timer: []oraclePhase{sit(9), rest(1), sit(11), rest(1), sit(8)}},
	{name: "absences without end", session: "mindfulness", halved: true, toml: `
		[timer]
		resign = "pause"
		away = "10 min"
		[population]
		frailty_shape = 0.3
		[[session]]
		id = "mindfulness"
		resign = "30 /h"`, timer: []oraclePhase{sit(2), rest(1), sit(2), sit(1)}},
	{name: "orphans at every start", session: "mindfulness", halved: true, toml: `
		[timer]
		resign = "pause"
		orphan = 0.1
		return = 0.8
		[[session]]
		id = "mindfulness"
		resign = "12 /h"`, timer: []oraclePhase{sit(5), rest(1), sit(5), rest(1), sit(5)}},
	{name: "Low Power Mode comes on in an absence", session: "mindfulness", halved: true,
		startLevel: 0.115, toml: `
		[timer]
		resign = "pause"
		away = "10 min"
		[population]
		lpm_accept = 0.8
		[policy]
		refuse_lpm = 0.4
		[[session]]
		id = "mindfulness"
		resign = "8 /h"`, timer: []oraclePhase{sit(5), rest(2), sit(5), rest(2), sit(5)}},
	{name: "the prompt takes the front and pauses", session: "mindfulness", halved: true,
		startLevel: 0.12, toml: `
		[timer]
		resign = "pause"
		away = "30 s"
		orphan = 0.2
		[population]
		lpm_accept = 0.5
		[policy]
		refuse_lpm = 0.5
		prompt_resign = 0.7`, timer: []oraclePhase{sit(6), rest(6), sit(6), rest(6), sit(6)}},
	{name: "the prompt at the first poll", session: "mindfulness", halved: true, startLevel: 0.09, toml: `
		[timer]
		resign = "pause"
		away = "5 s"
		orphan = 0.2
		[population]
		lpm_accept = 0.5
		[policy]
		refuse_lpm = 0.5
		prompt_resign = 0.7`, timer: []oraclePhase{sit(1), rest(1), sit(1)}},
	{name: "the watch turns off in an absence", session: "workout", halved: true, startLevel: 0.05,
		environment: "shade", toml: `
		[timer]
		resign = "pause"
		away = "10 min"
		[[environment]]
		id = "shade"
		ambient_mean = "-10 degC"
		[workload.worn]
		power = ["400 mW", "300 mW", "300 mW", "300 mW"]
		[[session]]
		id = "workout"
		resign = "10 /h"`, timer: []oraclePhase{sit(3), rest(1), sit(3), rest(1), sit(3)}},
	{name: "hot watches are refused when they come back", session: "mindfulness", halved: true,
		environment: "sun", toml: `
		[timer]
		resign = "pause"
		[policy]
		levels = ["30 degC", "32 degC", "34 degC"]
		refuse_critical = 0.5
		[[session]]
		id = "mindfulness"
		resign = "10 /h"`, timer: []oraclePhase{sit(5), rest(5), sit(5), rest(5), sit(5)}},
	{name: "cues and their window across absences", session: "physical-therapy", halved: true, toml: `
		[timer]
		resign = "pause"
		away = "20 s"
		[policy]
		cpu_limit = 0.1
		[workload.therapy]
		cpu = [0.015, 0.07, 0.15, 0.3]
		cue_every = "50 s"
		cue_for = "20 s"
		[[session]]
		id = "physical-therapy"
		resign = "60 /h"`, timer: []oraclePhase{sit(1.5), rest(1), sit(3), rest(0.5), sit(2)}},
	{name: "absences at the edges of phases", session: "mindfulness", halved: true, startLevel: 0.12,
		environment: "indoor", toml: `
		[timer]
		resign = "pause"
		away = "20 s"
		[grid]
		margin = "0 s"
		[policy]
		levels = ["30 degC", "33 degC", "36 degC"]
		[[session]]
		id = "mindfulness"
		resign = "400 /h"`,
		timer: []oraclePhase{sit(0.25), {Length: 10, Workload: "workout"},
			{Length: 15, Rest: true, Keep: true, Environment: "sun"}, sit(0.25), {Length: 5, Rest: true},
			{Length: 5, Environment: "shade"}, {Length: 5, Rest: true}, sit(0.25)}},
	{name: "a pause in the margin", session: "self-care", halved: true, toml: `
		[timer]
		resign = "pause"
		orphan = 0.3
		[grid]
		margin = "1 min"
		[[session]]
		id = "self-care"
		resign = "20 /h"`, timer: []oraclePhase{sit(1), rest(1), sit(9.5)}},
	{name: "a workout that pauses", session: "workout", halved: true, toml: `
		[timer]
		resign = "pause"
		[[session]]
		id = "workout"
		resign = "3 /h"`, timer: []oraclePhase{sit(20), rest(10), sit(15)}},
}

// pausing is a case of sessions that pause, some often.
func pausing(t *testing.T, duration float64) *solver.Program {
	t.Helper()
	s, err := model.Parse("pausing", []byte(`
		[timer]
		orphan = 0.05
		[policy]
		prompt_resign = 0.5
		[[session]]
		id = "self-care"
		resign = "6 /h"`))
	if err != nil {
		t.Fatal(err)
	}
	p, err := solver.Compile(s, solver.Case{Session: "self-care", Duration: duration, Pause: true})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestPausesDoNotDependOnWorkers, nor does a shorter session on how far it is followed: what
// happens after the user has left is booked a step later, so that a session that ends where a
// longer one pauses has not paused.
func TestPausesDoNotDependOnWorkers(t *testing.T) {
	for _, estimator := range []solver.Estimator{solver.Weights, solver.Counts} {
		run := func(workers int, duration float64) *solver.Estimates {
			e, err := pausing(t, duration).Estimates(t.Context(),
				solver.Settings{Seed: 4, Estimator: estimator, Workers: workers}, 1000)
			if err != nil {
				t.Fatal(err)
			}
			return e
		}
		want := run(1, 900)
		for _, workers := range []int{2, 7} {
			if got := run(workers, 900); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %d workers give something else", estimator, workers)
			}
		}
		short := run(2, 500)
		for d := 5.0; d <= 500; d += 5 {
			got, longer := short.Failure(solver.Cautious, d), want.Failure(solver.Cautious, d)
			if got != longer {
				t.Fatalf("%s, %v s: %v if followed to 500 s, %v if to 900 s", estimator, d, got, longer)
			}
		}
	}
}

// TestSumsOfPausingSessions: the causes and what survives sum to 1 at every length.
func TestSumsOfPausingSessions(t *testing.T) {
	e, err := pausing(t, 900).Estimates(t.Context(), solver.Settings{Workers: 2}, 2000)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []float64{5, 300, 595, 600, 900} {
		sum := e.Survival(solver.Cautious, d).Value
		for _, c := range model.TimerEnds {
			sum += e.Ended(solver.Cautious, solver.AsUsed, c, d).Value
		}
		if math.Abs(sum-1) > 1e-8 { // amounts are rounded to 2^-36
			t.Errorf("%v s: %v", d, sum)
		}
	}
	if e.Ended(solver.Cautious, solver.AsUsed, model.InProgress, 900).Value == 0 {
		t.Error("no start after an absence fails")
	}
}

// TestTimeAway: the mean time in absences is that of their number times D⌈A/D⌉, whose mean is
// D / (1 − exp(−D/away)). Both are estimated from the same sessions; the tolerance is 4.5
// standard errors of the time.
func TestTimeAway(t *testing.T) {
	p := pausing(t, 300)
	costs, err := p.Cost(t.Context(), solver.Settings{Workers: 2}, []float64{300}, 8192)
	if err != nil {
		t.Fatal(err)
	}
	away := float64(model.Default().Timer.Away)
	c := &costs[0]
	want := c.Absences.Mean.Value * 5 / -math.Expm1(-5/away)
	if z := (c.Away.Mean.Value - want) / c.Away.Mean.StandardError; math.Abs(z) > 4.5 || want < 30 {
		t.Errorf("%v s away in %v absences, want %v s, z = %.1f", c.Away.Mean.Value,
			c.Absences.Mean.Value, want, z)
	}
}

// restarts are timers whose app starts a new session when the granted time is used up.
var restarts = []agreement{
	{name: "half an hour in pieces of ten minutes", session: "self-care", halved: true,
		restart: true, startLevel: 0.115, toml: `
		[timer]
		orphan = 0.1
		[population]
		lpm_accept = 0.7
		[policy]
		pressure_low = 0.7
		refuse_lpm = 0.3`, timer: []oraclePhase{sit(30)}},
	{name: "pieces, rests and pauses", session: "self-care", halved: true, restart: true,
		startLevel: 0.12, toml: `
		[timer]
		resign = "pause"
		orphan = 0.05
		away = "1 min"
		[policy]
		pressure_low = 0.3
		refuse_lpm = 0.2
		[grid]
		margin = "0 s"
		[[session]]
		id = "self-care"
		resign = "4 /h"`, timer: []oraclePhase{sit(10), rest(1), sit(5), sit(20), rest(1), sit(12)}},
	{name: "hot pieces", session: "self-care", halved: true, restart: true, environment: "sun", toml: `
		[policy]
		levels = ["30 degC", "32 degC", "34 degC"]
		pressure_serious = 0.5
		refuse_critical = 0.7`, timer: []oraclePhase{sit(25)}},
}
