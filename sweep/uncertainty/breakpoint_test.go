package uncertainty

import (
	"context"
	"flag"
	"math"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

var seeds = flag.Int("seeds", 0, "hold inverse answers to so many seeds instead of some")

// TestMain collects garbage late: of many small plants that takes a sixth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// rareLow is a small problem with a known answer. No load draws power, so the level stays at the
// start level z. The gauge's noise at the start decides whether the watch shows 48 % or less,
// which has the probability Φ((0.485 − z)/0.0075). Sessions that show it end at the rate λ, so
// that sessions of length d fail with probability Φ (1 − e^(−λ (d + 5 s))).
const rareLow = `
[population]
lpm_on_start = 0
lpm_accept = 0
pre_power = "0 W"
[gauge]
bias_sd = 0
noise_sd = 0.0075
noise_tau = "100 day"
[policy]
suppress_base = "0 /h"
error_base = "0 /h"
low_battery = 0.48
very_low_battery = 0
suppress_low = "36 /h"
cpu_limit = 100
[workload.asleep]
power = ["0 W", "0 W", "0 W", "0 W"]
[[session]]
id = "smart-alarm"
stop = "0 /h"
`

// TestBreakpointsCover checks that 95 % intervals of inverse answers contain the known answer at
// least 94 % of the time over 1000 seeds: for the rate at which a length fails too often, whose
// values share a run of the plant, and for the least true start level, whose values need one run
// each. With fewer seeds it allows two standard errors below 95 %.
func TestBreakpointsCover(t *testing.T) {
	t.Parallel()
	s := scenarioOf(t, rareLow)
	const length, level = 40., 0.5
	low := func(z float64) float64 { return distuv.UnitNormal.CDF((0.485 - z) / 0.0075) }
	of := func(from, to string, q BreakpointRequest) BreakpointRequest {
		q.From, q.To = &from, &to
		q.Sessions, q.Devices, q.Environments = []string{"smart-alarm"}, []string{solver.Fleet},
			[]string{"indoor"}
		q.Readings, q.Confidence, q.Duration = []solver.Reading{solver.Cautious}, 0.95, length
		q.Sampling, q.Paths = solver.Tilted, 1024
		return q
	}
	start := level
	rate := of("2 /h", "200 /h", BreakpointRequest{Key: "policy.suppress_low"})
	rate.StartLevel, rate.Tolerances = &start, []float64{0.004}
	least := of("48 %", "52 %", BreakpointRequest{Key: KeyStartLevel})
	least.Tolerances = []float64{0.1}
	ended := -math.Expm1(-0.01 * (length + 5))
	for _, c := range []struct {
		name  string
		q     BreakpointRequest
		want  float64 // in the column's unit
		seeds int
	}{
		{"rate", rate, -math.Log1p(-0.004/low(level)) / (length + 5) * 3600, 40},
		{"start level", least, 100 * (0.485 - 0.0075*distuv.UnitNormal.Quantile(0.1/ended)), 5},
	} {
		if *seeds > 0 {
			c.seeds = *seeds
		}
		var held, next atomic.Int64
		var group sync.WaitGroup
		for range 2 {
			group.Go(func() {
				q := c.q
				for seed := next.Add(1); seed <= int64(c.seeds); seed = next.Add(1) {
					q.Seed = uint64(seed)
					w, err := newScan(s, &q, sweep.Control{Workers: 1})
					if err != nil {
						t.Error(err)
						return
					}
					b, err := w.find(context.Background())
					if err != nil {
						t.Error(err)
						return
					}
					if len(b.Crossings) == 1 && b.Crossings[0].Lower <= c.want && c.want <= b.Crossings[0].Upper {
						held.Add(1)
					}
				}
			})
		}
		group.Wait()
		share := float64(held.Load()) / float64(c.seeds)
		least := 0.95 - 2*math.Sqrt(0.95*0.05/float64(c.seeds))
		if c.seeds >= 1000 {
			least = 0.94
		}
		t.Logf("%s: %.4f of %d intervals hold %.4g", c.name, share, c.seeds, c.want)
		if share < least {
			t.Errorf("%s: the interval holds %.4g in %.4f of %d runs, want at least %.3f", c.name, c.want,
				share, c.seeds, least)
		}
	}
}

// TestShownLevels finds the displayed level from which a length holds. Without noise and bias
// the true level is displayed, so that 48 % is low and 49 % is not.
func TestShownLevels(t *testing.T) {
	t.Parallel()
	q := BreakpointRequest{Key: KeyStartLevel}
	q.Sessions, q.Environments, q.Devices = []string{"smart-alarm"}, []string{"indoor"},
		[]string{solver.Fleet}
	q.Readings, q.Confidence, q.Duration = []solver.Reading{solver.Cautious}, 0.95, 40
	q.Tolerances, q.Sampling, q.Paths = []float64{0.1}, solver.Tilted, 512
	find := func(toml string) *Breakpoint {
		t.Helper()
		b, err := FindBreakpoint(context.Background(), scenarioOf(t, toml), q, sweep.Control{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	quiet := strings.Replace(rareLow, "noise_sd = 0.0075", "noise_sd = 0", 1)
	b := find(quiet)
	if s := b.Shown; s == nil || s.Lower != 49 || s.Level != 49 || s.Upper != 49 || s.LowerOpen ||
		s.UpperOpen {
		t.Errorf("without noise: %+v", b.Shown)
	}
	if c := b.Crossings; len(c) != 1 || math.Abs(c[0].At-48.5) > 0.05 {
		t.Errorf("without noise: %+v, want at 48.5 %%", c)
	}
	// The displayed level decides, whatever the noise is.
	if s := find(rareLow).Shown; s == nil || s.Level != 49 {
		t.Errorf("with noise: %+v", s)
	}
	q.Duration = 1800 // beyond the grant
	if b := find(quiet); b.Shown != nil || b.Holds || len(b.Crossings) != 0 {
		t.Errorf("beyond the grant: %+v", b)
	}
}

// TestLevers: shares sum to one and the other shares keep their proportions, lists move
// together, and the load is a factor.
func TestLevers(t *testing.T) {
	t.Parallel()
	s := model.Default()
	c := sweep.Case{Session: "mindfulness", Device: solver.Fleet, Environment: solver.Mix}
	under := func(key string, x float64) *model.Scenario {
		t.Helper()
		l, err := newLever(s, c, key)
		if err != nil {
			t.Fatal(err)
		}
		set, _ := l.under(x)
		moved, err := s.With(key, set)
		if err != nil {
			t.Fatal(err)
		}
		return moved
	}
	moved := under("environment.sun.share", 0.4)
	sum := 0.0
	for i, e := range moved.Environments {
		sum += float64(e.Share)
		want := 0.4
		if e.ID != "sun" {
			want = 0.6 * float64(s.Environments[i].Share) / 0.95
		}
		if math.Abs(float64(e.Share)-want) > 1e-9 {
			t.Errorf("%s has the share %v, want %v", e.ID, e.Share, want)
		}
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("shares sum to %v", sum)
	}
	moved = under("workload.seated.power", 1.5)
	for i, w := range moved.Workload.ByID["seated"].Power {
		if own := s.Workload.ByID["seated"].Power[i]; math.Abs(float64(w)-1.5*float64(own)) > 1e-12 {
			t.Errorf("power %d is %v, want 1.5 times %v", i, w, own)
		}
	}
	if p := under(KeyLoad, 2).Population.PowerScale; float64(p) != 2 {
		t.Errorf("twice the load is the factor %v", p)
	}
	for _, e := range under(KeyAir, -5).Environments {
		if float64(e.AmbientMean) != -5 {
			t.Errorf("%s has air of %v", e.ID, e.AmbientMean)
		}
	}
	c.Environment = "shade"
	if e := under(KeyAir, -5).Environments; float64(e[0].AmbientMean) == -5 ||
		float64(e[1].AmbientMean) != -5 {
		t.Errorf("air of %v and %v, want that of shade alone moved", e[0].AmbientMean, e[1].AmbientMean)
	}
}
