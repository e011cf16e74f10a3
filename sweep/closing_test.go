package sweep

import (
	"context"
	"math"
	"testing"

	"budget/model"
	"budget/solver"
)

// TestLossOf: ends at known times lose the time since the last save.
func TestLossOf(t *testing.T) {
	t.Parallel()
	times := []float64{10, 20, 30, 40, 50}
	ended := []float64{0, 0.1, 0.4, 0.4, 0.5} // 0.1 at 20 s, 0.3 at 30 s, 0.1 at 50 s
	got := lossOf(times, ended, 30)
	// 20 s, 0 s, 20 s
	if !near(got.Unsaved, 0.5) || !near(got.Expected, 4) || !near(got.Mean, 8) || got.Largest != 20 {
		t.Errorf("saves every 30 s: %+v", got)
	}
	got = lossOf(times, ended, math.Inf(1))
	if !near(got.Expected, 0.1*20+0.3*30+0.1*50) || got.Largest != 50 {
		t.Errorf("no saves: %+v", got)
	}
	got.warned(0.75)
	if !near(got.Unsaved, 0.125) || !near(got.Expected, 4) || !near(got.Mean, 32) ||
		got.Largest != 50 {
		t.Errorf("three of four are warned in time: %+v", got)
	}
	if got.warned(1); got.Unsaved != 0 || got.Expected != 0 || got.Largest != 0 {
		t.Errorf("all are warned in time: %+v", got)
	}
	if got := lossOf(times, make([]float64, 5), 30); got.Expected != 0 || !math.IsNaN(got.Mean) {
		t.Errorf("no ends: %+v", got)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

// A session that only one constant hazard and its limit can end has a known loss.
func TestLossesOfAConstantHazard(t *testing.T) {
	t.Parallel()
	const text = `
[grid]
margin = "10 s"
[policy]
refuse_lpm = 0
refuse_critical = 0
suppress_low = "0 /h"
suppress_very_low = "0 /h"
suppress_lpm = "0 /h"
suppress_serious = "0 /h"
suppress_critical = "0 /h"
suppress_base = "60 /h"
error_base = "0 /h"
warning_min = "4 s"
warning_max = "20 s"
[[session]]
id = "mindfulness"
limit = "2 min"
resign = "0 /h"
stop = "0 /h"
`
	s, err := model.Parse("hazard.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	level := 0.9
	losses, outcome, err := Losses(context.Background(), s, Request{
		Sessions: []string{"mindfulness"}, StartLevel: &level, Paths: 256,
		Readings: []solver.Reading{solver.AsDocumented}, Seed: 1}, []float64{120},
		Saves{Every: 30, Closing: 8}, Control{Workers: 1})
	if err != nil || outcome != solver.Done || len(losses) != 1 {
		t.Fatal(losses, outcome, err)
	}
	got := losses[0]
	// In each step of 5 s a share h of the remaining sessions ends. After 24 steps, at 2
	// min, the rest expires. That is at a save (every 30 s), so nothing is unsaved then.
	h := -math.Expm1(-60.0 * 5 / 3600)
	left, unsaved, expected := 1.0, 0.0, 0.0
	for k := 1; k <= 24; k++ {
		unsaved += left * h
		expected += left * h * math.Mod(5*float64(k), 30)
		left *= 1 - h
	}
	other := got.Causes[2]
	if other.Cause != model.SuppressedOther || math.Abs(other.Unsaved-unsaved) > 1e-6 ||
		math.Abs(other.Expected-expected) > 1e-5 || other.Largest != 25 {
		t.Errorf("suppressed: %+v, want %.6f of sessions to lose %.6f s", other, unsaved, expected)
	}
	expired := got.Causes[4]
	if math.Abs(expired.Ends.Value-left) > 1e-6 || math.Abs(expired.Unsaved-left/4) > 1e-6 ||
		expired.Expected != 0 || got.Fits != 0.75 {
		t.Errorf("expired: %+v, want %.6f, of which 3 in 4 are warned in time", expired, left)
	}
	if math.Abs(got.Expected-expected) > 1e-5 || math.Abs(got.Unsaved-unsaved-left/4) > 1e-6 ||
		got.Largest != 25 || got.Horizon != 120 {
		t.Errorf("all: %+v", got)
	}
}

// TestLossesOfSeveralLengths: shorter lengths lose what they lose by themselves.
func TestLossesOfSeveralLengths(t *testing.T) {
	t.Parallel()
	q := Request{Sessions: []string{"self-care"}, Paths: 256, Seed: 1}
	losses := func(lengths ...float64) []Loss {
		found, _, err := Losses(context.Background(), model.Default(), q, lengths,
			Saves{Every: 30, Closing: 8}, Control{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	both, short := losses(300, 900), losses(300)
	for i, want := range short {
		if got := both[i]; got.Horizon != 300 || got.Reading != want.Reading ||
			math.Abs(got.Expected-want.Expected) > 1e-9 || math.Abs(got.Unsaved-want.Unsaved) > 1e-12 {
			t.Errorf("beside a longer one: %+v, by itself %+v", got, want)
		}
	}
	if len(both) != 2*len(short) || !(both[3].Expected > both[1].Expected) || both[3].Horizon != 900 {
		t.Errorf("%d losses, want twice %d; the longer one loses %v", len(both), len(short),
			both[3].Expected)
	}
}
