package measure

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
)

var long = flag.Bool("long", false, "cover with 1000 logs instead of 100")

// TestMain collects garbage late: of many small logs that takes a sixth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// TestIntervalsCover simulates logs of a known load: a row a minute of what the gauge shows on a
// watch whose cell, load and gauge are drawn. The load is that of the trace itself. With n
// logs the share that the intervals hold is within 4 standard errors of 95 %, and 1 % for a
// gauge whose level is not equally likely everywhere.
func TestIntervalsCover(t *testing.T) {
	t.Parallel()
	logs := uint64(100)
	if *long {
		logs = 1000
	}
	for _, c := range []struct {
		name, session, device string
		every                 int     // steps between rows
		most                  float64 // [s] of the log
	}{
		{"workout a row a minute", "workout", "s10-46", 12, 4 * 3600},
		{"sit of 20 min a row every 5 min", "mindfulness", "s10-46", 60, 1200},
		{"workout of the fleet", "workout", solver.Fleet, 60, 2 * 3600},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := model.Default()
			program, err := solver.Compile(s, solver.Case{Session: c.session, Device: c.device,
				Environment: solver.Mix})
			if err != nil {
				t.Fatal(err)
			}
			q := Question{Device: c.device, Seed: 7}
			if q.Device == solver.Fleet {
				q.Device = ""
			}
			held, used := 0, 0
			for path := range logs {
				text, truth := simulatedLog(program.Trace(5, path), c.every, c.most)
				l, err := Read("log.csv", []byte(text))
				if err != nil {
					continue // a watch that powers off within the first rows
				}
				load, err := l.Estimate(s, l.Stretches(0).Kept, q)
				if err != nil {
					continue // the level did not fall
				}
				used++
				if load.Power.Low <= truth && truth <= load.Power.High {
					held++
				}
			}
			share := float64(held) / float64(used)
			t.Logf("%d of %d logs: %.1f %%", held, used, 100*share)
			if slack := 0.01 + 4*math.Sqrt(0.95*0.05/float64(used)); math.Abs(share-0.95) > slack {
				t.Errorf("95 %% intervals hold %.1f %% of %d mean powers, expected 95 ± %.1f %%", 100*share,
					used, 100*slack)
			}
			if uint64(used) < logs*9/10 {
				t.Errorf("only %d of %d logs could be measured", used, logs)
			}
		})
	}
}

// simulatedLog writes a trace as a level log, and returns the mean power [W] in its time.
func simulatedLog(points []solver.TracePoint, every int, most float64) (text string,
	power float64) {
	var b strings.Builder
	b.WriteString("time,level\n")
	sum, n := 0.0, 0
	last := 0
	for i := 0; i < len(points); i += every {
		if points[i].Time > most || math.IsNaN(points[i].Power) {
			break
		}
		fmt.Fprintf(&b, "%g,%.2f\n", points[i].Time, points[i].Displayed)
		last = i
	}
	for _, p := range points[:last] {
		sum += p.Power
		n++
	}
	return b.String(), sum / float64(n)
}

// known is a scenario with a gauge without bias and noise, and cells without resistance, whose
// voltage is 4 V.
func known(t *testing.T) *model.Scenario {
	t.Helper()
	s, err := model.Parse("known.toml", []byte(`
[battery]
ocv_soc = [0, 1]
ocv_v = ["4 V", "4.00001 V"]
r0q = "0.0000001 ohm Ah"
r1q = "0.0000001 ohm Ah"
r2q = "0.0000001 ohm Ah"
[gauge]
bias_sd = 0
noise_sd = 0
[[device]]
id = "known"
like = "s10-46"
capacity = "300 mAh"
`))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestOfIsExact: 12 % of 300 mAh at 4 V and a health of 80 % in 45 min are 153.6 mW, and the
// difference of two rounded levels is within 1 % of the battery: 0.776 % of it in 95 % of
// cases, by the triangular law.
func TestOfIsExact(t *testing.T) {
	t.Parallel()
	load, err := Of(known(t), 0.12, 2700, 0.8, Question{Device: "known", Health: 0.8, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	const full = 0.3 * 4 * 0.8 * 3600 // [J]
	middle, half := 0.12*full/2700, (1-math.Sqrt(0.05))*0.01*full/2700
	for _, x := range []struct{ got, want float64 }{{load.Power.Middle, middle},
		{load.Power.Low, middle - half}, {load.Power.High, middle + half}, {load.Rate, 0.12 / 2700}} {
		if math.Abs(x.got-x.want) > 0.004*x.want {
			t.Errorf("got %.5g, expected %.5g", x.got, x.want)
		}
	}
	if load.CellShare > 1e-9 {
		t.Errorf("a cell that is known causes %.3g of the variance, expected none", load.CellShare)
	}
}

// TestStepsAreSharper: a level that steps each 5 min is known by the moments of its steps, which
// makes the interval a tenth as wide as rounding would.
func TestStepsAreSharper(t *testing.T) {
	t.Parallel()
	s, q := known(t), Question{Device: "known", Health: 1, Seed: 1}
	var b strings.Builder
	b.WriteString("time,level\n0,80\n")
	for i := range 130 {
		fmt.Fprintf(&b, "%d,%d\n", 10+20*i, 80-(10+20*i)/300)
	}
	l, err := Read("steps.csv", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	load, err := l.Estimate(s, l.Stretches(0).Kept, q)
	if err != nil {
		t.Fatal(err)
	}
	want := 0.01 * 0.3 * 4 * 3600 / 300
	if load.Power.Low > want || want > load.Power.High {
		t.Errorf("got %v, expected to hold %.4g W", load.Power, want)
	}
	if width := (load.Power.High - load.Power.Low) / want; width > 0.02 {
		t.Errorf("the interval is %.3g of the power wide, expected at most 0.02", width)
	}
}

// TestPhones compares the logs of a phone whose health is known, 3727 of 4325 mAh, with what
// their own columns say: the current, and for the second, whose currents are snapshots up to
// hours apart, the counter of its load as well.
func TestPhones(t *testing.T) {
	t.Parallel()
	s, err := model.Parse("phone.toml", []byte("[[device]]\nid = \"phone\"\nlike = \"ultra2-49\"\n"+
		"capacity = \"4325 mAh\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file, current string
		counter       bool
		gap           float64
	}{
		{"iphone_battery_44h_20s_trim.csv", "AverageAmperage", false, 0},
		{"iphone_battery_38d_5min.csv", "", true, 0},
		{"iphone_battery_38d_5min.csv", "Amperage", false, 400},
	} {
		data, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", c.file))
		if err != nil {
			t.Skipf("needs the logs of a phone beside the repository: %v", err)
		}
		l, err := Read(c.file, data)
		if err != nil {
			t.Fatal(err)
		}
		stretches := l.Stretches(c.gap)
		load, err := l.Estimate(s, stretches.Kept, Question{Device: "phone", Health: 3727.0 / 4325,
			Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		unknown, err := l.Estimate(s, stretches.Kept, Question{Device: "phone", Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		value := func(i int, column string) float64 {
			var x float64
			if _, err := fmt.Sscan(l.Value(&l.Rows[i], column), &x); err != nil {
				t.Fatalf("%s:%d: %s: %v", c.file, l.Rows[i].Line, column, err)
			}
			return x
		}
		energy, time := 0.0, 0.0
		for _, k := range stretches.Kept {
			for i := k.From; i < k.To; i++ {
				dt := l.Rows[i+1].Time - l.Rows[i].Time
				if c.counter { // of mJ, which starts again from 0 now and then
					used := value(i+1, "AccumulatedSystemLoad") - value(i, "AccumulatedSystemLoad")
					if used < 0 {
						continue
					}
					energy += used / 1e3
				} else {
					power := func(i int) float64 { return -value(i, c.current) * value(i, "Voltage") / 1e6 }
					energy += (power(i) + power(i+1)) / 2 * dt
				}
				time += dt
			}
		}
		truth := energy / time
		t.Logf("%s: %.0f mW (%.0f to %.0f; health unknown: %.0f to %.0f), its own column: %.0f mW",
			c.file, 1e3*load.Power.Middle, 1e3*load.Power.Low, 1e3*load.Power.High, 1e3*unknown.Power.Low,
			1e3*unknown.Power.High, 1e3*truth)
		if math.Abs(load.Power.Middle/truth-1) > 0.1 {
			t.Errorf("%s: got %.4g W, its own column has %.4g W", c.file, load.Power.Middle, truth)
		}
		if truth < unknown.Power.Low || truth > unknown.Power.High {
			t.Errorf("%s: got %v for unknown health, expected to hold %.4g W", c.file, unknown.Power, truth)
		}
	}
}
