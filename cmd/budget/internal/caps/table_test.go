package caps

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"budget/cmd/budget/internal/cli"
	"budget/model"
	"budget/solver/estimate"
	"budget/sweep"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares text with a file in testdata.
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

// sampleCaps returns a row for every status.
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

// sampleResult is sampleCaps with the other results of a run: caps at a gate, ranges, and a
// menu. The menu has a length that holds, one too close to decide, one that fails, one beyond
// the grant, and one that was not simulated.
func sampleResult() *sweep.Result {
	r := &sweep.Result{Caps: sampleCaps()}
	for i := range r.Caps {
		c := &r.Caps[i]
		if c.Reading != "cautious" {
			continue
		}
		c.Gated = &sweep.GatedCap{Level: 0.2, LeftOut: 0.0468, Cap: c.Cap + 300,
			CapUpper: c.CapUpper + 300, Status: c.Status}
		if c.Tolerance == 0.01 && c.Status != sweep.CapUnknown {
			c.Spread = &sweep.CapSpread{Low: 835, Median: 2170, High: 3600, Robust: 0, RobustShare: 0.95,
				Longest: 3600}
		}
	}
	for i, c := range []sweep.Cap{r.Caps[0], r.Caps[6]} {
		for j, minutes := range []float64{45, 48, 50, 60, 300} {
			o := sweep.Offer{Case: c.Case, Reading: "cautious", Duration: 60 * minutes,
				Failure: estimate.Estimate{Value: []float64{0.0061, 0.0097, 0.02, 0.908, 0.908}[j]},
				Beyond:  c.Limit > 0 && 60*minutes >= c.Limit}
			if i == 1 && minutes == 300 {
				o.Failure = estimate.Missing
			}
			r.Offers = append(r.Offers, o)
		}
	}
	return r
}

func TestCapsTable(t *testing.T) {
	t.Parallel()
	p := sweep.Provenance{Step: 5, Caps: 12, Tolerances: []float64{0.005, 0.01, 0.05}}
	several := newCapsTable(sampleResult(), p, false)
	one := sampleResult()
	one.Caps, one.Offers = one.Caps[:6], one.Offers[:5]
	single := newCapsTable(one, p, false)
	bare := newCapsTable(&sweep.Result{Caps: one.Caps[3:6], Offers: one.Offers}, p, false)
	bare.unexamined = "not examined"
	for _, test := range []struct {
		name  string
		table *capsTable
		width int
	}{
		{"caps140.txt", several, 140}, {"caps100.txt", several, 100}, {"caps80.txt", several, 80},
		{"caps40.txt", several, 40}, {"mindfulness140.txt", single, 140},
		{"mindfulness100.txt", single, 100}, {"mindfulness80.txt", single, 80},
		{"documented.txt", bare, 100},
	} {
		var b bytes.Buffer
		sys := &cli.System{Stdout: &b, Getenv: func(name string) string {
			return map[string]string{"COLUMNS": strconv.Itoa(test.width)}[name]
		}}
		if err := sys.Print(test.table.answer("It rests on this."), cli.FormatTable, false); err != nil {
			t.Fatal(err)
		}
		golden(t, test.name, b.String())
	}
	var b bytes.Buffer
	if err := several.text().Write(&b, 120, true); err != nil {
		t.Fatal(err)
	}
	golden(t, "caps-colour.txt", b.String())
	b.Reset()
	if err := several.markdown().Markdown(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "caps.md", b.String())
}
