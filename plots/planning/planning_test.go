package planning

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"budget/plots"
	"budget/plots/figure"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/compare"
	"budget/sweep/starts"
)

// TestTimersSurviveToTheEndOfACycle: the failures of a timer are those by the end of a cycle, so
// nobody who means to finish is missing before the first one ends.
func TestTimersSurviveToTheEndOfACycle(t *testing.T) {
	t.Parallel()
	in := sweep.Incidence{Case: sweep.Case{Cycles: sweep.NewCycles([]float64{1500, 3300})}}
	for _, k := range []struct{ at, fails float64 }{{600, 0.1}, {1490, 0.1}, {1510, 0.3},
		{3300, 0.3}} {
		in.Durations = append(in.Durations, k.at)
		in.Failure = append(in.Failure, estimate.Estimate{Value: k.fails})
	}
	for at, want := range map[float64]float64{0: 0, 600: 0, 1499: 0, 1500: 0.1, 3299: 0.1, 3300: 0.3} {
		if got, _, _ := failedBy(in, at); got != want {
			t.Errorf("%g have failed by %g s, want %g", got, at, want)
		}
	}
	in.Cycles = ""
	if got, _, _ := failedBy(in, 600); got != 0.1 {
		t.Errorf("%g of single sessions fail by 600 s", got)
	}
}

// heading is the small print of sample charts.
func heading() plots.Heading {
	return plots.Heading{Case: sweep.Case{Session: "walk", SessionName: "Walk", Limit: 3600},
		Foot: []string{"“Sample” · seed 1"}}
}

// capAt is a cap of a sample at a tolerance, none of 0 s.
func capAt(tolerance, seconds float64) sweep.Cap {
	c := sweep.Cap{Case: heading().Case, Reading: "cautious", Tolerance: tolerance, Confidence: 0.95,
		Cap: seconds, CapUpper: 1.2 * seconds, Status: sweep.CapMet}
	if seconds == 0 {
		c.Status = sweep.CapNever
	}
	return c
}

// panel is the caps of a session type by level, at 1 and 5 %.
func panel(name string, seconds ...float64) Panel {
	p := Panel{Name: name, Limit: 3600}
	for _, s := range seconds {
		p.Caps = append(p.Caps, []sweep.Cap{capAt(0.01, s), capAt(0.05, min(3590, 2*s))})
	}
	return p
}

// change is a difference of a cap [s] that is known to some seconds.
func change(name string, seconds, half float64) Change {
	return Change{name, compare.Difference{Estimate: estimate.Estimate{Value: seconds,
		Interval: estimate.Interval{Lower: seconds - half, Upper: seconds + half}}}}
}

// observation is a share of a log, known to a fifth, against a predicted one.
func observation(outcome string, share, predicted float64) Observation {
	o := Observation{Name: "Walk"}
	o.Duration, o.Outcome, o.Value, o.Predicted = 1200, outcome, share, predicted
	o.Lower, o.Upper = 0.8*share, 1.2*share
	o.Inside = o.Contains(predicted)
	return o
}

// incidence is a table of a session that fails ever more often, and expires at its limit.
func incidence() sweep.Incidence {
	in := sweep.Incidence{Case: heading().Case}
	for d := 300.0; d <= 3600; d += 300 {
		fails, runs := d/90_000, 1-d/7200
		if d == 3600 {
			fails, runs = 1, 0
		}
		of := func(p float64) estimate.Estimate {
			return estimate.Estimate{Value: p, Interval: estimate.Interval{Lower: 0.9 * p, Upper: p}}
		}
		in.Durations = append(in.Durations, d)
		in.Failure, in.Survival = append(in.Failure, of(fails)), append(in.Survival, of(runs))
	}
	return in
}

// byStart is a table of caps by the start, for two classes of watches.
func byStart() (*starts.Result, *starts.Table) {
	r := &starts.Result{Levels: []starts.LevelBin{{From: 0, To: 49}, {From: 50, To: 100}}}
	r.Provenance.Confidence = 0.95
	t := &starts.Table{Session: "walk", SessionName: "Walk", Limit: 3600, Tolerance: 0.01}
	for i, watch := range []string{"small", "large"} {
		for k, level := range r.Levels {
			t.Cells = append(t.Cells, starts.Cell{Watch: watch, Thermal: "nominal", Level: level,
				Cap: 600 * float64(i+k+1), Basis: starts.OwnCap},
				starts.Cell{Watch: watch, Thermal: "nominal", Level: level, LowPower: true, Cap: 60,
					Basis: starts.OwnCap})
		}
	}
	return r, t
}

// TestTitles: the title of each kind is its finding, by rules; its foot says where it comes from.
func TestTitles(t *testing.T) {
	t.Parallel()
	months := Axis{Title: "month", Levels: []string{"2013-01", "2013-02", "2013-07"}}
	levels := Axis{Title: "ambient", Levels: []string{"0 °C", "20 °C"}}
	r, table := byStart()
	var digests []string
	for want, draw := range map[string]func() (*figure.Chart, error){
		"Walk: at most 1 in 100 fail up to 9 min 30 s (January) to 26 min (July)": func() (*figure.Chart,
			error) {
			return AxisChart(heading(), months.named(), []Panel{panel("Walk", 570, 700, 1560)})
		},
		"Walk: at most 1 in 100 fail up to 10 min (ambient 20 °C); no length is safe for ambient 0 °C": func() (
			*figure.Chart, error) {
			return AxisChart(heading(), levels, []Panel{panel("Walk", 0, 600)})
		},
		"Walk: at most 1 in 100 fail up to 5 min (ambient 0 °C) to 10 min (ambient 20 °C); Sit: at most " +
			"1 in 100 fail up to 10 min in each case": func() (*figure.Chart, error) {
			h := heading()
			h.Case = sweep.Case{}
			return AxisChart(h, levels, []Panel{panel("Walk", 300, 600), panel("Sit", 600, 600)})
		},
		"Walk: of 1 000 sessions of users who mean to finish, 963 still run after 55 min; of all, as used, " +
			"542": func() (*figure.Chart, error) { return SurvivalChart(heading(), incidence()) },
		"Walk: the cap at 1 % goes from 10 min (small, nominal, battery 0–49 %) to 30 min (large, nominal, " +
			"battery 50–100 %)": func() (*figure.Chart, error) { return StartsChart(heading(), r, table) },
		"Walk: caps at 1 %: 1 of 3 surely shorter in B, 1 longer; most by −10.0 min (b)": func() (
			*figure.Chart, error) {
			return ChangesChart(heading(), []Change{change("a", 300, 60), change("b", -600, 60),
				change("c", 900, 1000)}, 0.01)
		},
		"Walk: 1 of 2 shares are not as predicted, most so Walk, 20 min: fails: 4.00 % in the log, 1.00 % " +
			"predicted": func() (*figure.Chart, error) {
			return AgreementChart(heading(), []Observation{observation("fails", 0.04, 0.01),
				observation("stopped", 0.2, 0.21)})
		},
		"Walk: the scenario predicts what the log shows, within its bands": func() (*figure.Chart, error) {
			return AgreementChart(heading(), []Observation{observation("stopped", 0.2, 0.21)})
		},
		"Walk: no session of the log has a planned length to compare": func() (*figure.Chart, error) {
			return AgreementChart(heading(), nil)
		},
		"Walk: no cap at 1 % surely changes": func() (*figure.Chart, error) {
			return ChangesChart(heading(), []Change{change("a", 30, 60)}, 0.01)
		},
	} {
		c, err := draw()
		if err != nil {
			t.Errorf("%s: %v", want, err)
			continue
		}
		if c.Title != want {
			t.Errorf("%q, want %q", c.Title, want)
		}
		for _, format := range formats {
			var b bytes.Buffer
			err := c.In(format).Encode(&b, "svg")
			digests = append(digests, fmt.Sprintf("%x %.4g %d %s", sha256.Sum256(b.Bytes()), format.Aspect,
				format.Theme, c.Title))
			if err != nil || strings.Contains(b.String(), "NaN") || c.Description == "" ||
				!strings.Contains(b.String(), "“Sample” · seed 1") {
				t.Errorf("%s: %v, %d bytes", want, err, b.Len())
			}
		}
	}
	if runtime.GOARCH != "amd64" {
		return // others may fuse multiplications and additions
	}
	slices.SortFunc(digests, func(a, b string) int { return strings.Compare(a[65:], b[65:]) })
	const golden = "testdata/formats.txt"
	got := strings.Join(digests, "\n") + "\n"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := os.ReadFile(golden); err != nil || string(kept) != got {
		t.Errorf("the charts are not those of %s; look at them and run the test with -update (%v)", golden,
			err)
	}
}

var update = flag.Bool("update", false, "rewrite the digests of golden charts in testdata")

// formats are those of golden charts: two aspects in both themes.
var formats = []figure.Format{{}, {Aspect: 16.0 / 9}, {Aspect: 1}, {Aspect: 16.0 / 9,
	Theme: figure.Dark}, {Aspect: 1, Theme: figure.Dark}}

// TestBadTables: tables that cannot be drawn are refused, and of many changes only some are drawn.
func TestBadTables(t *testing.T) {
	t.Parallel()
	axis := Axis{Title: "x", Levels: []string{"a", "b"}}
	for _, draw := range []func() (*figure.Chart, error){
		func() (*figure.Chart, error) { return AxisChart(heading(), axis, nil) },
		func() (*figure.Chart, error) { return AxisChart(heading(), axis, []Panel{panel("Walk", 60)}) },
		func() (*figure.Chart, error) { return SurvivalChart(heading(), sweep.Incidence{}) },
		func() (*figure.Chart, error) { return ChangesChart(heading(), nil, 0.01) },
	} {
		if c, err := draw(); err == nil || c != nil {
			t.Errorf("a bad table is drawn: %v", c.Title)
		}
	}
	var many []Change
	for range 40 {
		many = append(many, change("a long name of a cell, ambient 20 °C, device se2-40", 60, 9))
	}
	c, err := ChangesChart(heading(), many, 0.01)
	if err != nil {
		t.Fatal(err)
	}
	if _, h := c.Size(); h > 900 {
		t.Errorf("%d changes make a chart %v high", len(many), h)
	}
}
