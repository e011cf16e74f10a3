package uncertainty

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// oneHazard is a scenario in which a single hazard with an uncertain rate λ ends sessions:
// sessions of length d fail with probability 1 − e^(−λd).
const oneHazard = `
[grid]
margin = "0 s"
[population]
lpm_on_start = 0
lpm_accept = 0
[policy]
suppress_base = %s
error_base = "0 /h"
low_battery = 0
very_low_battery = 0
levels = ["-90 degC", "800 degC", "900 degC"]
cpu_limit = 100
pressure_low = 0
pressure_serious = 0
[battery]
v_cut = "0 V"
[thermal]
t_off = "150 degC"
[[session]]
id = "smart-alarm"
limit = "0 s"
`

// gammaLaw writes a gamma law of a rate with a shape and a mean [1/h] as equally likely cases,
// and returns their rates [1/s].
func gammaLaw(shape, mean float64, cases int) (text string, rates []float64) {
	law := distuv.Gamma{Alpha: shape, Beta: shape / mean}
	var parts []string
	for i := range cases {
		rate := law.Quantile((float64(i) + 0.5) / float64(cases))
		parts = append(parts, fmt.Sprintf(`"%.9g /h"`, rate))
		rates = append(rates, rate/3600)
	}
	return fmt.Sprintf(`{ value = "%g /h", distribution = "discrete", cases = [%s] }`,
		mean, strings.Join(parts, ", ")), rates
}

func scenarioOf(t *testing.T, text string) *model.Scenario {
	t.Helper()
	s, err := model.Parse("test.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// exactRequest is a request for the session of oneHazard.
func exactRequest() SpreadRequest {
	start := 0.9
	return SpreadRequest{Request: sweep.Request{Sessions: []string{"smart-alarm"},
		Devices: []string{solver.Fleet}, Environments: []string{"indoor"},
		StartLevel: &start, Duration: 2400, Readings: []solver.Reading{solver.Cautious},
		Tolerances: []float64{0.01, 0.05}, Confidence: 0.95,
		Estimator: solver.Weights, Sampling: solver.Tilted, Seed: 1, Paths: 2048},
		Varying: Varying{Vary: []string{"policy.suppress_base"}}, Sets: 64, Design: LatinRules,
		Share: 0.95}
}

func uncertain1(t *testing.T, s *model.Scenario, q SpreadRequest, workers int) *Spread {
	t.Helper()
	u, err := FindSpread(context.Background(), s, q, sweep.Control{Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// TestUncertaintyOfOneHazard compares every number with its closed form: the cap of a set is
// −ln(1−ε)/λ, the mean failure over a gamma law of the rate is 1 − (1 + d/b)^(−a), and the
// quantiles of the caps are those of the law.
func TestUncertaintyOfOneHazard(t *testing.T) {
	t.Parallel()
	const shape, mean = 3.0, 0.3 // [1/h]
	law, rates := gammaLaw(shape, mean, 400)
	s := scenarioOf(t, fmt.Sprintf(oneHazard, law))
	q := exactRequest()
	q.Sets, q.Paths = 500, 8192
	c := uncertain1(t, s, q, 2).Cases[0]
	if c.Plants != 500 || len(c.Quantities) != 1 || c.Quantities[0].Plant {
		t.Fatalf("%d plants, unknowns %+v: want every set to be a draw of its own",
			c.Plants, c.Quantities)
	}
	const step = 5.0
	for _, set := range c.Sets {
		for j, tolerance := range q.Tolerances {
			exact := min(-math.Log1p(-tolerance)/(set.Values[0]/3600), 2400)
			if got := set.Caps[j]; got.Value > exact+1e-6 || got.Value < exact-step-1e-6 ||
				got.Lower > got.Value || got.Upper < got.Value {
				t.Fatalf("rate %v /h, tolerance %v: cap %+v, want %.1f s", set.Values[0], tolerance, got, exact)
			}
		}
	}
	slices.Sort(rates)
	for j, tolerance := range q.Tolerances {
		row := c.Caps[j]
		if exact := -math.Log1p(-tolerance) / (mean / 3600); math.Abs(row.Default-exact+step/2) >
			step/2+1e-6 {
			t.Errorf("tolerance %v: cap as assumed %v, want %.1f rounded down",
				tolerance, row.Default, exact)
		}
		for i, p := range CapQuantiles {
			exact := min(-math.Log1p(-tolerance)/rates[int((1-p)*400)], 2400)
			if got := row.Quantiles[i]; got.Lower > exact || got.Upper < exact-step ||
				got.Value < got.Lower || got.Value > got.Upper {
				t.Errorf("tolerance %v: the %v quantile is %+v, want %.1f", tolerance, p, got, exact)
			}
		}
		// From the Laplace transform of the gamma law; the cases approximate the law to 1e-3.
		b := shape / (mean / 3600)
		exact := b * (math.Pow(1-tolerance, -1/shape) - 1)
		// The interval allows for 8192 paths (4 % at 1 %) and for 500 sets (5 %) on either side.
		if row.Predictive > exact*1.001 || row.PredictiveUpper < exact*0.999-step ||
			row.PredictiveUpper-row.Predictive > 0.2*exact+step {
			t.Errorf("tolerance %v: predictive cap %v to %v, want %.1f", tolerance, row.Predictive,
				row.PredictiveUpper, exact)
		}
		if row.RobustRank < 15 || row.RobustRank > 18 || row.RobustShare != 0.95 {
			t.Errorf("rank %d for the share %v, want about 17 of 500", row.RobustRank, row.RobustShare)
		}
	}
}

// TestRobustCapHolds measures over many seeds for which share of the rates' law the robust cap
// holds, which is P(λ ≤ −ln(1−ε)/cap). The share must be at least the requested one as often as
// the confidence says, for independent sets and for groups of sets.
func TestRobustCapHolds(t *testing.T) {
	t.Parallel()
	law, rates := gammaLaw(3, 3, 400)
	s := scenarioOf(t, fmt.Sprintf(oneHazard, law))
	for _, c := range []struct {
		name         string
		sets, plants int
		design       RuleDesign
	}{{"independent sets", 96, 96, LatinRules}, {"groups of two", 128, 64, SobolRules}} {
		const runs, tolerance = 16, 0.2
		wrong, mean := 0, 0.0
		q := exactRequest()
		q.Sets, q.Plants, q.Design, q.Paths, q.Tolerances, q.Duration = c.sets, c.plants, c.design, 1024,
			[]float64{tolerance}, 300
		for seed := range runs {
			q.Seed = uint64(seed)
			row := uncertain1(t, s, q, 2).Cases[0].Caps[0]
			held := 0.0
			for _, rate := range rates {
				if -math.Log1p(-tolerance)/rate >= row.Robust {
					held += 1. / float64(len(rates))
				}
			}
			mean += held / runs
			if held < row.RobustShare-1e-9 {
				wrong++
			}
			if row.RobustShare != 0.95 {
				t.Fatalf("%s: the robust cap is for a share of %v", c.name, row.RobustShare)
			}
		}
		// At most 5 % may be wrong; then 4 or more of 16 have a probability below 1 %. A cap that is
		// far too cautious would hold for nearly all of the law.
		if wrong > 3 || mean > 0.995 {
			t.Errorf("%s: the robust cap is too long in %d of %d runs, and holds for %.4f on average",
				c.name, wrong, runs, mean)
		}
	}
}

// TestUncertaintyIsReproducible: the bytes are the same for any number of workers and differ for
// another seed, and the result can be read again.
func TestUncertaintyIsReproducible(t *testing.T) {
	t.Parallel()
	q := exactRequest()
	q.Sessions, q.Environments, q.StartLevel, q.Varying = []string{"mindfulness"},
		[]string{solver.Mix}, nil, Varying{Fix: []string{"thermal.*"}}
	q.Sets, q.Plants, q.Paths, q.Tolerances, q.RobustPaths = 10, 4, 512, []float64{0.05}, 2048
	write := func(seed uint64, workers int) []byte {
		q.Seed = seed
		u := uncertain1(t, model.Default(), q, workers)
		u.Provenance.DescribeRequest(model.Default(), q.Request)
		u.Provenance.Caps = 1
		data, err := json.Marshal(u)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	one := write(1, 1)
	if string(one) != string(write(1, 3)) {
		t.Error("the answer depends on the number of workers")
	}
	if string(one) == string(write(2, 1)) {
		t.Error("another seed gives the same answer")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, SpreadFile), one, 0o644); err != nil {
		t.Fatal(err)
	}
	read, err := ReadSpread(dir)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := json.Marshal(read); string(again) != string(one) {
		t.Error("what is read is not what was written")
	}
	c := read.Cases[0]
	var sizes []int
	for _, set := range c.Sets {
		for len(sizes) < set.Plant {
			sizes = append(sizes, 0)
		}
		sizes[set.Plant-1]++
	}
	if !reflect.DeepEqual(sizes, []int{3, 3, 2, 2}) {
		t.Errorf("10 sets on 4 plants are %v", sizes)
	}
	for _, u := range c.Quantities {
		if strings.HasPrefix(u.Key, "thermal.") {
			t.Errorf("%s is varied though it is fixed", u.Key)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, SpreadFile), []byte(`{"schema": 9}`),
		0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadSpread(dir); err == nil ||
		!strings.Contains(err.Error(), "it has schema 9: expected 1") {
		t.Errorf("another schema: %v", err)
	}
}

// TestWhatMatters checks which quantities are varied in some cases: only those that affect the
// case.
func TestWhatMatters(t *testing.T) {
	t.Parallel()
	s := model.Default()
	start := 0.5
	keys := func(on solver.Case) []string {
		unknowns, err := Varying{}.quantities(s, on, []solver.Reading{solver.Cautious})
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, u := range unknowns {
			keys = append(keys, u.Key)
		}
		return keys
	}
	for _, c := range []struct {
		on       solver.Case
		has, not []string
	}{
		{solver.Case{Session: "mindfulness", Device: solver.Fleet, Environment: solver.Mix},
			[]string{"session.mindfulness.resign", "population.start_level_alpha", "policy.pressure_low",
				"environment.sun.irradiance_max", "policy.levels"},
			[]string{"session.workout.resign", "session.smart-alarm.start_level_alpha",
				"policy.low_battery"}},
		{solver.Case{Session: "workout", Device: solver.Fleet, Environment: "indoor", StartLevel: &start},
			[]string{"session.workout.resign", "policy.suppress_low", "battery.r0q"},
			[]string{"policy.pressure_low", "population.start_level_alpha",
				"environment.sun.irradiance_max"}},
		{solver.Case{Session: "smart-alarm", Device: solver.Fleet, Environment: solver.Mix},
			[]string{"session.smart-alarm.start_level_alpha"}, []string{"population.start_level_alpha"}},
	} {
		got := keys(c.on)
		for _, key := range c.has {
			if !slices.Contains(got, key) {
				t.Errorf("%s: %s is not varied", c.on.Session, key)
			}
		}
		for _, key := range c.not {
			if slices.Contains(got, key) {
				t.Errorf("%s: %s is varied", c.on.Session, key)
			}
		}
	}
}

// TestBadVarying: invalid patterns and numbers of sets are reported.
func TestBadVarying(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		change func(q *SpreadRequest)
		want   string
	}{
		{func(q *SpreadRequest) {
			q.Vary = []string{"policy.supress_base"}
		}, "vary: no quantity is called policy.supress_base: did you mean policy.suppress_base?"},
		{func(q *SpreadRequest) {
			q.Vary = []string{"policy.low_battery"}
		}, "vary: policy.low_battery is taken as known: give it a range or a distribution in a " +
			"scenario file"},
		{func(q *SpreadRequest) { q.Fix = []string{"policy.["} }, `fix: "policy.[" is no pattern`},
		{func(q *SpreadRequest) {
			q.Fix = []string{"policy.*"}
		}, "session type smart-alarm: nothing is varied"},
		{func(q *SpreadRequest) { q.Sets = 1 }, "sets: expected at least 2"},
		{func(q *SpreadRequest) { q.Plants = 65 }, "plants: 65 is more than the number of sets, 64"},
		{func(q *SpreadRequest) { q.Plants = 1 }, "plants: expected at least 2"},
		{func(q *SpreadRequest) { q.Sessions = []string{"nap"} }, `unknown session type "nap"`},
	} {
		q := exactRequest()
		c.change(&q)
		_, err := FindSpread(context.Background(), model.Default(), q, sweep.Control{Workers: 1})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	// Draws that do not fit together are reported with their keys.
	s := scenarioOf(t, "[policy]\nlow_battery = { value = 0.1, range = [0, 0.2] }\nvery_low_battery "+
		"= { value = 0.03, range = [0, 0.2] }\n")
	q := exactRequest()
	q.Vary, q.Sets, q.Plants = []string{"policy.*low_battery"}, 16, 16
	if _, err := FindSpread(context.Background(), s, q, sweep.Control{Workers: 1}); err == nil ||
		!strings.Contains(err.Error(), "values drawn do not go together") {
		t.Errorf("got %v, want that values do not go together", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := FindSpread(ctx, model.Default(), exactRequest(), sweep.Control{Workers: 1}); err !=
		context.Canceled {
		t.Errorf("cancelled: %v", err)
	}
}

// TestSetsHaveTheirCaps simulates single sets alone: each has the same cap and interval as among
// all sets.
func TestSetsHaveTheirCaps(t *testing.T) {
	t.Parallel()
	q := exactRequest()
	q.Sessions, q.Environments, q.StartLevel, q.Varying = []string{"mindfulness"},
		[]string{solver.Mix}, nil, Varying{}
	q.Sets, q.Plants, q.Paths, q.Duration = 10, 4, 2048, 0
	s := model.Default()
	c := uncertain1(t, s, q, 2).Cases[0]
	for _, i := range []int{0, 2, 3, 9} {
		var all []model.Setting
		for k, u := range c.Quantities {
			// In the units of the files, from which the value must be recovered.
			x, _, err := u.parameter.VariedKind().Parse(strings.TrimSpace(fmt.Sprintf("%.12g %s",
				c.Sets[i].Values[k], u.Unit)))
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, u.parameter.Varied(x))
		}
		set, err := s.With("a set", all)
		if err != nil {
			t.Fatal(err)
		}
		one := q.Request
		one.Tolerances, one.CapsOnly = []float64{0.01, 0.05}, true
		// Two intervals hold together with 95 %, so that each side errs with 2.5 %, as a set's does.
		r, err := sweep.Run(context.Background(), set, one, sweep.Control{Workers: 2})
		if err != nil {
			t.Fatal(err)
		}
		for j, want := range r.Caps {
			if got := c.Sets[i].Caps[j]; got.Lower != want.Cap || got.Upper != want.CapUpper {
				t.Errorf("set %d: cap %v to %v, by itself %v to %v", i+1, got.Lower, got.Upper, want.Cap,
					want.CapUpper)
			}
		}
	}
}

// TestSetsAreFollowedFarEnough compares caps with those for which a tolerance of 99.9 % follows
// all sets to the horizon, and with few paths, so that some sets' caps are open where most are
// decided.
func TestSetsAreFollowedFarEnough(t *testing.T) {
	t.Parallel()
	s := model.Default()
	q := exactRequest()
	q.Sessions, q.Environments = []string{"workout"}, []string{solver.Mix}
	q.StartLevel, q.Duration, q.Tolerances = nil, 0, []float64{0.005, 0.012}
	q.Vary, q.Paths, q.RobustPaths, q.Sets, q.Plants = nil, 64, 128, 20, 10
	near := uncertain1(t, s, q, 2).Cases[0]
	q.Tolerances = append(q.Tolerances, 0.999)
	far := uncertain1(t, s, q, 2).Cases[0]
	if n := len(near.Bands[0].Durations); near.Bands[0].Durations[n-1] >= far.Bands[0].Durations[n-1] {
		t.Fatal("all sets are followed to the horizon: the test shows nothing")
	}
	beyond := 0
	for j := range near.Caps {
		if !reflect.DeepEqual(near.Caps[j], far.Caps[j]) {
			t.Errorf("caps %+v, followed to the horizon %+v", near.Caps[j], far.Caps[j])
		}
	}
	for i := range near.Sets {
		for j, c := range near.Sets[i].Caps {
			if c != far.Sets[i].Caps[j] {
				t.Errorf("set %d: cap %+v, followed to the horizon %+v", i, c, far.Sets[i].Caps[j])
			}
			if c.Upper > near.Bands[0].Durations[len(near.Bands[0].Durations)-1] {
				beyond++
			}
		}
	}
	if beyond == 0 {
		t.Error("no set has a cap beyond the band: the test shows little")
	}
}
