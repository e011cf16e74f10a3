package uncertainty

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// twoHazards is oneHazard with a second hazard, whose rate adds to the first, and a third that
// never acts.
const twoHazards = `{ value = "0.15 /h", range = ["0 /h", "0.3 /h"] }`

func twoHazardScenario(t *testing.T) *model.Scenario {
	text := fmt.Sprintf(oneHazard, twoHazards)
	return scenarioOf(t, strings.Replace(text, `error_base = "0 /h"`,
		`error_base = { value = "0.05 /h", range = ["0 /h", "0.1 /h"] }`, 1))
}

func sensitivityRequest() SensitivityRequest {
	q := exactRequest()
	q.Tolerances, q.Paths, q.Duration = []float64{0.01}, 4096, 900
	return SensitivityRequest{Request: q.Request,
		Varying: Varying{Vary: []string{"policy.suppress_base", "policy.error_base",
			"policy.suppress_critical"}},
		Plan: 60, Base: 64, Sets: 4, IndexPaths: 256, Design: LatinRules}
}

func sensitive1(t *testing.T, s *model.Scenario, q SensitivityRequest, workers int) *Sensitivity {
	t.Helper()
	found, err := FindSensitivity(context.Background(), s, q, sweep.Control{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestSensitivityOfTwoHazards compares bars and indices with closed forms. The failure of a
// short session of length d is (λ₁ + λ₂)·d to 1 %. With uniform laws the shares of its variance
// are therefore those of the squared ranges, 9 to 1, without interactions. The cap is
// −ln(1−ε)/(λ₁ + λ₂).
func TestSensitivityOfTwoHazards(t *testing.T) {
	t.Parallel()
	c := sensitive1(t, twoHazardScenario(t), sensitivityRequest(), 2).Cases[0]
	capAt := func(rate float64) float64 { return min(-math.Log1p(-0.01)/(rate/3600), 900) }
	exact := map[string]struct{ low, high, share float64 }{
		"policy.suppress_base":     {capAt(0.05), capAt(0.35), 0.9},
		"policy.error_base":        {capAt(0.15), capAt(0.25), 0.1},
		"policy.suppress_critical": {capAt(0.2), capAt(0.2), 0},
	}
	if c.Cap > capAt(0.2) || c.Cap < capAt(0.2)-5 || c.Plan != 60 {
		t.Errorf("cap %v and plan %v, want %.1f and 60", c.Cap, c.Plan, capAt(0.2))
	}
	for i, q := range c.Quantities {
		want := exact[q.Key]
		for _, side := range []struct {
			bar  Bar
			want float64
		}{{q.Low, want.low}, {q.High, want.high}} {
			if side.bar.Cap > side.want+1e-6 || side.bar.Cap < side.want-5-1e-6 {
				t.Errorf("%s at %s: cap %v, want %.1f rounded down",
					q.Key, side.bar.Value, side.bar.Cap, side.want)
			}
			// The difference of two caps, each known to a step of 5 s.
			if d := side.bar.CapChange; d.Lower > side.want-capAt(0.2)+5 ||
				d.Upper < side.want-capAt(0.2)-5 {
				t.Errorf("%s at %s: the cap changes by %+v, want %.1f", q.Key, side.bar.Value, d,
					side.want-capAt(0.2))
			}
		}
		// The effect of rates on failure is exact to 1e-4, because weights are integrated hazards.
		d := 60. / 3600
		for _, side := range []struct {
			bar  Bar
			rate float64
		}{{q.Low, 0.2 - map[string]float64{"policy.suppress_base": 0.15,
			"policy.error_base": 0.05}[q.Key]},
			{q.High, 0.2 + map[string]float64{"policy.suppress_base": 0.15,
				"policy.error_base": 0.05}[q.Key]}} {
			want := -math.Expm1(-side.rate*d) + math.Expm1(-0.2*d)
			if got := side.bar.FailureChange; math.Abs(got.Value-want) > 1e-4 || got.Lower > want ||
				got.Upper < want {
				t.Errorf("%s at %s: failure changes by %+v, want %.6f", q.Key, side.bar.Value, got, want)
			}
		}
		for name, index := range map[string]estimate.Estimate{"first": q.OfFailure.First,
			"total": q.OfFailure.Total} {
			if index.Lower-0.01 > want.share || index.Upper+0.01 < want.share ||
				index.Upper-index.Lower > 0.6 {
				t.Errorf("%s: %s index of failure %+v, want %v", q.Key, name, index, want.share)
			}
		}
		if i == 0 && q.Key != "policy.suppress_base" {
			t.Errorf("%s is ranked first", q.Key)
		}
		if q.Key == "policy.suppress_critical" && (q.OfCap.Total.Value != 0 || q.Narrowing.Value != 0) {
			t.Errorf("what never acts has %+v", q)
		}
	}
	// Knowing a quantity that explains all variance removes the range; one that explains none
	// leaves it as it is.
	of := func(value, lower, upper float64) estimate.Estimate {
		return estimate.Estimate{Value: value, Interval: estimate.Interval{Lower: lower, Upper: upper}}
	}
	if all, none := narrowing(600, of(1, 0.75, 1.2)), narrowing(600, of(0, -0.1, 0)); all != of(600,
		300, 600) || none != of(0, 0, 0) {
		t.Errorf("narrowing by %+v and %+v", all, none)
	}
}

// TestSensitivityIsReproducible: the bytes are the same for any number of workers, also with
// quantities that affect the watch; quantities without any effect of their own share one index;
// and the result can be read again.
func TestSensitivityIsReproducible(t *testing.T) {
	t.Parallel()
	q := sensitivityRequest()
	q.Sessions, q.Environments, q.StartLevel, q.Duration = []string{"mindfulness"},
		[]string{solver.Mix}, nil, 300
	q.Vary, q.Plan, q.Paths, q.IndexPaths, q.Base, q.Sets = []string{"population.start_level_*",
		"battery.tau?", "policy.suppress_l*"}, 0, 512, 256, 8, 2
	write := func(workers int) ([]byte, *Sensitivity) {
		found := sensitive1(t, model.Default(), q, workers)
		found.Provenance.DescribeRequest(model.Default(), q.Request)
		found.Provenance.Caps = 1
		data, err := json.Marshal(found)
		if err != nil {
			t.Fatal(err)
		}
		return data, found
	}
	one, found := write(1)
	if three, _ := write(3); string(one) != string(three) {
		t.Error("the answer depends on the number of workers")
	}
	for _, quantity := range found.Cases[0].Quantities {
		if together := strings.HasPrefix(quantity.Key, "battery.tau"); together !=
			(quantity.Together == 2) {
			t.Errorf("%s is one of %d together", quantity.Key, quantity.Together)
		}
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, SensitivityFile), one, 0o644); err != nil {
		t.Fatal(err)
	}
	read, err := ReadSensitivity(dir)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(read); string(again) != string(one) {
		t.Error("what is read is not what was written")
	}
	q.Plan = 301
	if _, err := FindSensitivity(context.Background(), model.Default(), q,
		sweep.Control{Workers: 1}); err == nil ||
		!strings.Contains(err.Error(), "is longer than the longest simulated, 5 min") {
		t.Errorf("a length beyond the horizon: %v", err)
	}
}

// TestBreakpointsOfTwoHazards: a length d holds if λ₁ + λ₂ is below −ln(1−ε)/d.
func TestBreakpointsOfTwoHazards(t *testing.T) {
	t.Parallel()
	s := twoHazardScenario(t)
	q := BreakpointRequest{Request: exactRequest().Request, Key: "policy.suppress_base"}
	q.Tolerances, q.Duration, q.Paths = []float64{0.02}, 300, 1<<15
	find := func() *Breakpoint {
		t.Helper()
		b, err := FindBreakpoint(context.Background(), s, q, sweep.Control{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	exact := -math.Log1p(-0.02)/(300./3600) - 0.05
	b := find()
	// The upper bound allows 3.7/2^15 for events that no path had, 1/180 of the tolerance of 2 %.
	if len(b.Crossings) != 1 || !b.Holds || math.Abs(b.Crossings[0].At-exact) > 1e-4 ||
		b.Crossings[0].Lower > exact ||
		b.Crossings[0].Upper < exact || b.Crossings[0].Upper-b.Crossings[0].Lower > 0.01 {
		t.Errorf("breakpoint %+v, want at %.5f /h", b, exact)
	}
	if want := -math.Expm1(-0.2 / 12); math.Abs(b.Failure-want) > 1e-6 {
		t.Errorf("failure %v as the scenario has it, want %v", b.Failure, want)
	}
	low, high := "0.25 /h", "0.3 /h"
	q.From, q.To = &low, &high
	if b := find(); len(b.Crossings) != 0 || b.Holds || b.From != 0.25 {
		t.Errorf("beyond the breakpoint: %+v", b)
	}
	q.From, q.To, q.Key = nil, nil, "policy.error_base"
	if b := find(); len(b.Crossings) != 1 || math.Abs(b.Crossings[0].At-(exact+0.05-0.15)) > 1e-4 {
		t.Errorf("breakpoint %+v, want at %.5f /h", b, exact+0.05-0.15)
	}
	for _, c := range []struct {
		key      string
		from, to *string
		want     string
	}{
		{"policy.eror_base", nil, nil,
			"no quantity is called policy.eror_base: did you mean policy.error_base?"},
		{"policy.hysteresis", nil, nil, "policy.hysteresis has no range to look in: give both ends"},
		{"policy.error_base", &high, &low, "from 0.3 /h is not below to 0.25 /h"},
		{"battery.v_cut", &low, nil, `from: "0.25 /h" has the wrong dimension: expected a voltage`},
		{"start-level", nil, nil, "no quantity is called start-level: did you mean start_level?"},
		{"session.workout.resign", nil, nil,
			"session.workout.resign does not matter for session type smart-alarm"},
	} {
		q.Key, q.From, q.To = c.key, c.from, c.to
		if _, err := FindBreakpoint(context.Background(), s, q, sweep.Control{Workers: 1}); err == nil ||
			!strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
}

// TestCrossings finds crossings of invented curves: a length holds below a value, above one, or
// between two. Intervals are open where a bound never crosses.
func TestCrossings(t *testing.T) {
	t.Parallel()
	curve := func(f func(x float64) float64) *scan {
		w := &scan{}
		for i := range 101 {
			x := float64(i) / 10
			w.points = append(w.points, scanned{x, [3]float64{f(x) - 1, f(x), f(x) + 1}})
		}
		return w
	}
	near := func(a, b float64) bool { return math.Abs(a-b) < 1e-9 }
	if c := curve(func(x float64) float64 {
		return x - 4
	}).crossings(); len(c) != 1 || !near(c[0].At, 4) || !near(c[0].Lower, 3) || !near(c[0].Upper, 5) {
		t.Errorf("rising: %+v", c)
	}
	if c := curve(func(x float64) float64 {
		return 4 - x
	}).crossings(); len(c) != 1 || !near(c[0].At, 4) || !near(c[0].Lower, 3) || !near(c[0].Upper, 5) {
		t.Errorf("falling: %+v", c)
	}
	if c := curve(func(x float64) float64 {
		return math.Abs(2*x-10) - 4
	}).crossings(); len(c) != 2 || !near(c[0].At, 3) || !near(c[1].At, 7) ||
		!near(c[0].Lower, 2.5) || !near(c[0].Upper, 3.5) || !near(c[1].Lower, 6.5) ||
		!near(c[1].Upper, 7.5) {
		t.Errorf("between: %+v", c)
	}
	if c := curve(func(x float64) float64 {
		return x - 0.5
	}).crossings(); len(c) != 1 || !c[0].LowerOpen || c[0].Lower != 0 || c[0].UpperOpen {
		t.Errorf("open below: %+v", c)
	}
}
