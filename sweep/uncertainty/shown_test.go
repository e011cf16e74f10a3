package uncertainty

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync/atomic"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"budget/internal/parallel"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// drained is a scenario in which sessions fail by an empty battery alone: at a power that
// differs between sessions by a lognormal factor, and at a constant voltage. Failure at a
// level at the start is then a normal probability.
const drained = `
[grid]
step = "60 s"
margin = "0 s"
[population]
lpm_on_start = 0
lpm_accept = 0
fade_per_1000 = 0
fade_sigma = 0
power_sigma = 0.3
[gauge]
bias_sd = 0
noise_sd = 0
[policy]
suppress_base = "0 /h"
error_base = "0 /h"
suppress_low = "0 /h"
suppress_very_low = "0 /h"
low_battery = 0
very_low_battery = 0
levels = ["-90 degC", "800 degC", "900 degC"]
cpu_limit = 100
pressure_low = 0
pressure_serious = 0
[battery]
r0q = "0 ohm Ah"
r1q = "0 ohm Ah"
r2q = "0 ohm Ah"
ocv_soc = [0, 1]
ocv_v = ["4 V", "4 V"]
v_cut = "0 V"
[thermal]
t_off = "150 degC"
[workload.asleep]
power = ["400 mW", "400 mW", "400 mW", "400 mW"]
[[session]]
id = "smart-alarm"
limit = "0 s"
`

// What follows from it for drainedFor on a watch of 308 mAh.
const (
	drainedFor  = 1800.
	medianDrain = 0.4 * drainedFor / (4 * 0.308 * 3600)
)

// drainedBy is the scenario in which the factor's logarithm has a standard deviation.
func drainedBy(t *testing.T, sigma float64) *model.Scenario {
	return scenarioOf(t, strings.Replace(drained, "power_sigma = 0.3",
		fmt.Sprintf("power_sigma = %g", sigma), 1))
}

// drainedRequest asks at a tolerance of 5 %.
func drainedRequest(key string, paths int64, seed int) BreakpointRequest {
	q := BreakpointRequest{Key: key}
	q.Sessions, q.Environments, q.Devices = []string{"smart-alarm"}, []string{"indoor"},
		[]string{"s9-45"}
	q.Readings, q.Confidence, q.Duration = []solver.Reading{solver.Cautious}, 0.95, drainedFor
	q.Tolerances, q.Sampling, q.Paths, q.Seed = []float64{0.05}, solver.Tilted, paths, uint64(seed)
	return q
}

// exactShown returns the least level shown from which on the drained battery holds: the gauge
// is exact, so failure at a level shown is its mean over the true levels that are rounded to
// it, by the law of levels.
func exactShown(s *model.Scenario, sigma, tolerance float64) int {
	alpha, beta := s.StartLevelShape(s.Session("smart-alarm"))
	least := float64(s.Population.StartLevelMin)
	level := 101
	for l := 100; l > 3; l-- {
		mass, fails := 0.0, 0.0
		for i := range 200 {
			z := (float64(l) - 0.5 + (float64(i)+0.5)/200) / 100
			u := (z - least) / (1 - least)
			if u <= 0 || u >= 1 {
				continue
			}
			weight := math.Pow(u, alpha-1) * math.Pow(1-u, beta-1)
			mass += weight
			fails += weight * distuv.UnitNormal.CDF(math.Log(medianDrain/z)/sigma)
		}
		if fails > tolerance*mass {
			break
		}
		level = l
	}
	return level
}

// TestShownLevelsCover: intervals of the level shown hold the exact one, where failure falls
// steeply with the level and where it hardly does, and have an upper end to warn at.
func TestShownLevelsCover(t *testing.T) {
	t.Parallel()
	runs := max(*seeds, 4)
	for _, sigma := range []float64{0.3, 0.6} {
		s := drainedBy(t, sigma)
		exact := exactShown(s, sigma, 0.05)
		var missed, open atomic.Int64
		parallel.For(2, runs, func(_, i int) {
			b, err := FindBreakpoint(context.Background(), s, drainedRequest(KeyStartLevel, 256, i),
				sweep.Control{Workers: 1})
			if err != nil || b.Shown == nil {
				t.Errorf("seed %d: %+v, %v", i, b, err)
				return
			}
			if b.Shown.Lower > exact || b.Shown.Upper < exact {
				missed.Add(1)
			}
			if b.Shown.UpperOpen {
				open.Add(1)
			}
		})
		t.Logf("sigma %v: %d of %d intervals miss %d %%, %d are open", sigma, missed.Load(), runs, exact,
			open.Load())
		// Two standard errors of a share of 5 % are left, and 6 % of many.
		most := max(0.06, 0.05+2*math.Sqrt(0.05*0.95/float64(runs)))
		if *seeds >= 1000 {
			most = 0.06
		}
		if float64(missed.Load()) > most*float64(runs) || 10*open.Load() > int64(runs) {
			t.Errorf("sigma %v: expected at most %v to miss, and a tenth to be open", sigma, most)
		}
	}
}

// TestDrainedBattery: the least true level at the start and the highest load are those of the
// normal law. The relative standard error of a failure of 5 % over 2^13 paths, 5 %, moves a
// crossing by it over the slope, some 2/σ: by 0.7 %; three of them are allowed.
func TestDrainedBattery(t *testing.T) {
	t.Parallel()
	const sigma = 0.3
	s := drainedBy(t, sigma)
	level := medianDrain * math.Exp(-sigma*distuv.UnitNormal.Quantile(0.05))
	start := 0.9
	for key, want := range map[string]float64{KeyStartLevel: 100 * level, KeyLoad: start / level,
		"workload.asleep.power": start / level} {
		q := drainedRequest(key, 1<<12, 1)
		if key != KeyStartLevel {
			q.StartLevel = &start
		}
		b, err := FindBreakpoint(context.Background(), s, q, sweep.Control{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Crossings) != 1 || math.Abs(b.Crossings[0].At/want-1) > 0.02 ||
			!b.Crossings[0].Contains(want) || b.Holds == (key == KeyStartLevel) {
			t.Errorf("%s: %+v, want %v", key, b.Crossings, want)
		}
	}
}
