package caps

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"

	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares text with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (run with -update to accept)\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// sampleCaps has a row of every status, as a run may give them.
func sampleCaps() []sweep.Cap {
	none := estimate.Estimate{Value: math.NaN()}
	p := func(v float64) estimate.Estimate { return estimate.Estimate{Value: v} }
	mindfulness := sweep.Case{Session: "mindfulness", SessionName: "Mindfulness", Device: "fleet",
		Environment: "mix", Limit: 3600}
	workout := sweep.Case{Session: "workout", SessionName: "Workout (HKWorkoutSession)",
		Device: "fleet", Environment: "mix"}
	row := func(c sweep.Case, reading string, tolerance, cap, upper, fails float64,
		binding model.Cause, resigned float64, status sweep.CapStatus) sweep.Cap {
		out := sweep.Cap{Case: c, Reading: reading, Tolerance: tolerance, Confidence: 0.95,
			Cap: cap, CapUpper: upper, FailureAtCap: p(fails), BindingCause: binding,
			FailureAtLimit: none, ResignedAtCap: p(resigned),
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
	battery := model.SuppressedBattery
	return []sweep.Cap{
		row(mindfulness, "cautious", 0.005, 1765, 1810, 0.0047, battery, 0.0466, sweep.CapMet),
		row(mindfulness, "cautious", 0.01, 2870, 2870, 0.0086, model.Expired, 0.0745, sweep.CapMet),
		row(mindfulness, "cautious", 0.05, 3590, 5400, 0.0418, model.Expired, 0.0913, sweep.CapImprecise),
		row(mindfulness, "documented", 0.005, 1765, 1810, 0.0047, battery, 0.0466, sweep.CapMet),
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
	table := newCapsTable(sampleCaps(), sweep.Provenance{Step: 5}, false)
	for _, test := range []struct {
		name   string
		width  int
		colour bool
	}{
		{"caps110.txt", 110, false}, {"caps80.txt", 80, false}, {"caps40.txt", 40, false},
		{"caps-colour.txt", 110, true},
	} {
		var b bytes.Buffer
		if err := table.text().Write(&b, test.width, test.colour); err != nil {
			t.Fatal(err)
		}
		golden(t, test.name, b.String())
	}
	var b bytes.Buffer
	if err := table.markdown().Markdown(&b); err != nil {
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
	table := newCapsTable(documented, sweep.Provenance{Step: 5}, false)
	if err := table.text().Write(&b, 110, false); err != nil {
		t.Fatal(err)
	}
	golden(t, "caps-documented.txt", b.String())
}
