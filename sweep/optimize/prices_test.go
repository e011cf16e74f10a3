package optimize

import (
	"context"
	"flag"
	"os"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/compare"
	"budget/sweep/plan"
	"budget/sweep/store"
)

var long = flag.Bool("long", false, "compare every price with a million paths")

// meditation returns the ready design of a sitting meditation.
func meditation(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/designs/meditation.toml")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// workouts is a design on which all knobs matter, and which has no gate: comparisons have none.
const workouts = `
sessions = ["workout"]
tolerances = ["2 %"]
paths = 65536
goal = { longest = "60 min" }
[[scenario.session]]
id = "workout"
horizon = "60 min"
[[axis]]
name = "radio"
choose = true
key = "session.workout.workload"
values = ["workout", "workout-lte", "workout-stream"]
[[axis]]
name = "cues"
choose = true
key = "workload.workout.cue_every"
values = ["10 s", "1 min"]
[[axis]]
name = "display"
choose = true
[[axis.case]]
name = "on raised wrist"
set = { "workload.workout.enter" = ["0 /h", "15 /h", "20 /h", "0 /h"] }
[[axis.case]]
name = "often"
set = { "workload.workout.enter" = ["0 /h", "90 /h", "20 /h", "0 /h"] }
`

// TestPricesAgree: every price whose interval excludes 0 has the sign of the comparison of the two
// designs at a million paths.
func TestPricesAgree(t *testing.T) {
	if !*long {
		t.Skip("takes minutes: give -long")
	}
	r := find(t, workouts)
	if r.Best == nil || len(r.Prices) != 4 {
		t.Fatalf("%+v", r)
	}
	d, compared := r.Design, 0
	side := func(i int) *plan.Plan {
		s, err := d.Chosen(d.Candidates[i].Cells[0], d.Knobs)
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.Of(s, sweep.Request{Sessions: d.Sessions, Devices: []string{solver.Fleet},
			Environments: []string{solver.Mix}, Readings: d.Readings, Tolerances: d.Tolerances,
			Confidence: d.Confidence, Sampling: d.Sampling, Seed: d.Seed + 1, Paths: 1_000_000})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, x := range r.Prices {
		if !x.Change.Significant() {
			continue
		}
		compared++
		c, err := compare.Plans(context.Background(), side(r.Chosen), side(x.Candidate), d.Confidence,
			store.Control{})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Cells[0].Caps[0]; got.Value*x.Change.Value <= 0 {
			t.Errorf("%v changes the cap by %v s (%v to %v), compare says %v (%v to %v)",
				d.Levels(&d.Candidates[x.Candidate])[x.Knob].Label, x.Change.Value, x.Change.Lower,
				x.Change.Upper, got.Value, got.Lower, got.Upper)
		} else {
			t.Logf("%v: %.0f s, compare %.0f s", d.Levels(&d.Candidates[x.Candidate])[x.Knob].Label,
				x.Change.Value, got.Value)
		}
	}
	if compared < 3 {
		t.Errorf("only %d prices are sure", compared)
	}
}

// TestBestBeatsTheDefault: the meditation that is chosen has a longer cap than the default scenario
// at the same tolerance.
func TestBestBeatsTheDefault(t *testing.T) {
	if !*long {
		t.Skip("takes half a minute: give -long")
	}
	r := find(t, meditation(t))
	p, err := solver.Compile(model.Default(), solver.Case{Session: "mindfulness"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := p.Answer(context.Background(), solver.Settings{Seed: r.Design.Seed,
		Readings: r.Design.Readings}, solver.Question{Tolerances: r.Design.Tolerances})
	if err != nil || !(r.Best.Cap > a.Caps[0].Upper+60) {
		t.Errorf("the best cap is %v s, by default at most %v s, %v", r.Best.Cap, a.Caps[0].Upper, err)
	}
}
