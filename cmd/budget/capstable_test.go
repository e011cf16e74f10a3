package main

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"budget/model"
	"budget/sweep"
)

// sampleCaps has a row of every status, as a run may give them.
func sampleCaps() []sweep.Cap {
	none := sweep.Probability{Value: math.NaN()}
	p := func(v float64) sweep.Probability { return sweep.Probability{Value: v} }
	mindfulness := sweep.Case{Session: "mindfulness", SessionName: "Mindfulness", Device: "fleet", Environment: "mix", Limit: 3600}
	workout := sweep.Case{Session: "workout", SessionName: "Workout (HKWorkoutSession)", Device: "fleet", Environment: "mix"}
	row := func(c sweep.Case, reading string, tolerance, cap, upper, fails float64, binding model.Cause, resigned float64, status sweep.CapStatus) sweep.Cap {
		out := sweep.Cap{Case: c, Reading: reading, Tolerance: tolerance, Confidence: 0.95, Cap: cap, CapUpper: upper,
			FailureAtCap: p(fails), BindingCause: binding, FailureAtLimit: none, ResignedAtCap: p(resigned),
			Status: status, Paths: 65536, ShortestFails: p(0.0062)}
		if c.Limit > 0 {
			out.FailureAtLimit = p(0.908)
			if reading == "documented" {
				out.FailureAtLimit = p(0.6321)
			}
		}
		if cap == 0 {
			out.FailureAtCap, out.ResignedAtCap = none, none
		}
		if status == sweep.CapUnknown {
			out.Paths = 0
		}
		return out
	}
	return []sweep.Cap{
		row(mindfulness, "cautious", 0.005, 1765, 1810, 0.0047, model.SuppressedBattery, 0.0466, sweep.CapMet),
		row(mindfulness, "cautious", 0.01, 2870, 2870, 0.0086, model.Expired, 0.0745, sweep.CapMet),
		row(mindfulness, "cautious", 0.05, 3590, 5400, 0.0418, model.Expired, 0.0913, sweep.CapImprecise),
		row(mindfulness, "documented", 0.005, 1765, 1810, 0.0047, model.SuppressedBattery, 0.0466, sweep.CapMet),
		row(mindfulness, "documented", 0.01, 3180, 3285, 0.0098, model.Expired, 0.0812, sweep.CapMet),
		row(mindfulness, "documented", 0.05, 5400, 5400, 0.0418, model.Expired, 0.0913, sweep.CapHorizon),
		row(workout, "cautious", 0.005, 0, 0, 0, model.Refused, 0, sweep.CapNever),
		row(workout, "cautious", 0.01, 0, 14400, 0, model.PowerOff, 0, sweep.CapUnknown),
		row(workout, "cautious", 0.05, 14395, 14400, 0.0499, model.PowerOff, 0.00034, sweep.CapMet),
		row(workout, "documented", 0.005, 0, 0, 0, model.Refused, 0, sweep.CapNever),
		row(workout, "documented", 0.01, 0, 14400, 0, model.PowerOff, 0, sweep.CapUnknown),
		row(workout, "documented", 0.05, 14395, 14400, 0.0499, model.PowerOff, 0.00034, sweep.CapMet),
	}
}

func TestCapsTable(t *testing.T) {
	t.Parallel()
	table := newCapsTable(sampleCaps(), 5)
	for _, test := range []struct {
		name   string
		width  int
		colour bool
	}{
		{"caps110.txt", 110, false}, {"caps80.txt", 80, false}, {"caps40.txt", 40, false}, {"caps-colour.txt", 110, true},
	} {
		var b bytes.Buffer
		dropped, err := table.text().Write(&b, test.width, test.colour)
		if err != nil {
			t.Fatal(err)
		}
		if len(dropped) > 0 {
			b.WriteString("no room for: " + strings.Join(dropped, ", ") + "\n")
		}
		golden(t, test.name, b.String())
	}
	var b bytes.Buffer
	if err := table.markdown(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "caps.md", b.String())
}

// TestCapsTableOneReading checks that a table of one reading names it and has
// no columns for the other.
func TestCapsTableOneReading(t *testing.T) {
	t.Parallel()
	var documented []sweep.Cap
	for _, c := range sampleCaps() {
		if c.Reading == "documented" {
			documented = append(documented, c)
		}
	}
	var b bytes.Buffer
	if _, err := newCapsTable(documented, 5).text().Write(&b, 110, false); err != nil {
		t.Fatal(err)
	}
	golden(t, "caps-documented.txt", b.String())
}

func TestLength(t *testing.T) {
	t.Parallel()
	for seconds, want := range map[float64]string{
		0: "0 s", 5: "5 s", 60: "1 min", 1765: "29 min 25 s", 3600: "60 min", 5395: "89 min 55 s", 7200: "2 h",
		9000: "2 h 30 min", 14395: "3 h 59 min 55 s", 2.5: "2.5 s", 1e99: "1e+99 s", -1e99: "-1e+99 s", 1767.5: "29 min 27.5 s", 3 * 0.1: "0.3 s",
	} {
		if got := length(seconds); got != want {
			t.Errorf("length(%v) = %q, want %q", seconds, got, want)
		}
	}
}

// TestLengthIsExact reads back what length writes of durations on the grid.
func TestLengthIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		// Steps are written with few decimals; a step of 0.1 s is the finest.
		step := float64(rapid.IntRange(100, 60_000).Draw(t, "step")) / 1000
		seconds := float64(rapid.IntRange(1, 20_000).Draw(t, "steps")) * step
		back, err := model.ParseDuration(length(seconds))
		if err != nil || math.Abs(float64(back)-seconds) > 1e-9*seconds {
			t.Fatalf("%v s is written %q, which is %v s (%v)", seconds, length(seconds), float64(back), err)
		}
	})
}

func TestChance(t *testing.T) {
	t.Parallel()
	for p, want := range map[float64]string{
		0: "0 %", 1: "100 %", 0.0047: "0.47 %", 0.12345: "12.3 %", 0.01: "1.00 %", 0.000123: "0.012 %",
		0.0000123: "0.0012 %", 1e-6: "< 0.001 %", 0.9995: "99.95 %", 0.99999: "> 99.99 %", 0.908: "90.8 %",
	} {
		if got := chance(p); got != want {
			t.Errorf("chance(%v) = %q, want %q", p, got, want)
		}
	}
	if got := chance(math.NaN()); got != "" {
		t.Errorf("chance(NaN) = %q, want nothing", got)
	}
}

func TestParsePaths(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"1": 1, "20000": 20000, "20 000": 20000, "20_000": 20000, "20k": 20000, "1e6": 1_000_000, "4M": 4_000_000, "1.5k": 1500,
	} {
		if got, err := parsePaths(text); err != nil || got != want {
			t.Errorf("parsePaths(%q) = %d, %v, want %d", text, got, err, want)
		}
	}
}
