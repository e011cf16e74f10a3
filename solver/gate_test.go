package solver

import (
	"context"
	"math"
	"reflect"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"budget/model"
)

// gatedBattery is rareBattery with starts at any level: a session that starts at 22 %
// displayed or less stays there, and ends at 36 /h.
var gatedBattery = strings.NewReplacer("noise_sd = 0.0075", "noise_sd = 0.02",
	"low_battery = 0.48", "low_battery = 0.22").Replace(rareBattery)

// displaysLess returns the probability that a session of gatedBattery displays less than so
// many per cent at its start, by a quadrature of its own.
func displaysLess(s *model.Scenario, percent float64) float64 {
	least := float64(s.Population.StartLevelMin)
	alpha, beta := s.StartLevelShape(s.Session("smart-alarm"))
	law := distuv.Beta{Alpha: alpha, Beta: beta}
	const points = 20_000
	sum := 0.0
	for i := range points {
		x := (float64(i) + 0.5) / points
		z := least + (1-least)*x
		sd := 0.02 * min(z/float64(s.Gauge.Converge), 1)
		sum += law.Prob(x) * distuv.UnitNormal.CDF(((percent-0.5)/100-z)/sd) / points
	}
	return sum
}

// TestGatedCapsCover: of a problem with a known answer, intervals of the failure of sessions
// that start at the gate or above, and both ends of their cap's interval, hold as often as
// they claim, as in TestIntervalsCover; and the share that the gate leaves out is right.
func TestGatedCapsCover(t *testing.T) {
	seeds, least := 100, 0.905
	if *Long {
		seeds, least = 1000, 0.94
	}
	s := scenario(t, gatedBattery)
	p := compile(t, s, Case{Session: "smart-alarm", Environment: "indoor", Duration: 160, Gate: 20})
	out, low := displaysLess(s, 20), displaysLess(s, 23)
	if math.Abs(p.BelowGate()-out) > 1e-5 {
		t.Errorf("the gate leaves out %.6f, want %.6f", p.BelowGate(), out)
	}
	failure := func(d float64) float64 { return (low - out) / (1 - out) * -math.Expm1(-(d+5)/100) }
	const tolerance, at = 0.004, 40.0
	trueCap := 0.0
	for _, d := range p.Durations() {
		if failure(d) <= tolerance {
			trueCap = d
		}
	}
	for _, e := range []Estimator{Weights, Counts} {
		shares := overSeeds(seeds, 3, func(seed uint64, held []bool) {
			a, err := p.Answer(context.Background(), Settings{Seed: seed, Estimator: e,
				Readings: []Reading{Cautious}, Workers: 1},
				Question{Tolerances: []float64{tolerance}, Family: 1, Paths: 4096})
			if err != nil {
				t.Error(err)
				return
			}
			f := a.Gated.Failure(Cautious, at)
			held[0] = f.Lower <= failure(at) && failure(at) <= f.Upper
			gated := a.Caps[1]
			held[1] = gated.Gated && gated.Duration <= trueCap
			held[2] = gated.Upper >= trueCap
		})
		t.Logf("%-7s covers %.4f, cap's lower end holds %.4f, upper %.4f", e, shares[0], shares[1],
			shares[2])
		for i, what := range []string{"the interval covers", "the cap's lower end holds",
			"the cap's upper end holds"} {
			if shares[i] < least {
				t.Errorf("%s: %s %.2f %% of the time, want at least %v %%", e, what, 100*shares[i],
					100*least)
			}
		}
	}
}

// TestGateAgreesWithStrata: the failure of sessions that start at the gate or above is that
// of the strata above it together (Starts), which choose their paths by what is displayed.
func TestGateAgreesWithStrata(t *testing.T) {
	t.Parallel()
	s := scenario(t, "")
	c := Case{Session: "mindfulness", Device: "s9-41", Duration: 3000}
	p := compile(t, s, c)
	settings := Settings{Seed: 4, Readings: []Reading{Cautious}}
	strata, err := Starts(context.Background(), p, settings,
		Strata{Edges: []int{0, 20}, Candidates: int64(longer(1<<17, 1<<20)),
			Quota: int64(longer(1<<11, 1<<14))})
	if err != nil {
		t.Fatal(err)
	}
	const plan = 2700
	mean, variance, drawn, few := 0.0, 0.0, 0.0, 0.0
	for _, o := range strata {
		if o.Level != 1 || o.Drawn == 0 {
			continue
		}
		share := float64(o.Drawn)
		drawn += share
		if o.Paths == 0 { // fewer than replicates: not followed
			few += share
			continue
		}
		f := o.Estimates.Failure(Cautious, plan)
		mean += share * f.Value
		variance += share * share * f.StandardError * f.StandardError
	}
	mean, sd := mean/drawn, math.Sqrt(variance)/drawn

	c.Gate = 20
	p = compile(t, s, c)
	for _, e := range []Estimator{Weights, Counts} {
		settings.Estimator = e
		a, err := p.Estimates(context.Background(), settings, int64(longer(1<<14, 1<<17)))
		if err != nil {
			t.Fatal(err)
		}
		got, all := a.Gated.Failure(Cautious, plan), a.Failure(Cautious, plan)
		within := 4*math.Hypot(sd, got.StandardError) + few/drawn
		t.Logf("%s: %.5f at the gate, %.5f by strata (± %.5f), %.5f of all", e, got.Value, mean, within,
			all.Value)
		if math.Abs(got.Value-mean) > within {
			t.Errorf("%s: %.5f fail, want %.5f ± %.5f", e, got.Value, mean, within)
		}
		if got.Value >= all.Value {
			t.Errorf("%s: %.5f fail at the gate, no fewer than %.5f of all", e, got.Value, all.Value)
		}
	}
}

// TestGateThatLeavesNothingOut: with every start above it, what is known at the gate is what
// is known of all.
func TestGateThatLeavesNothingOut(t *testing.T) {
	t.Parallel()
	p := compile(t, scenario(t, ""),
		Case{Session: "mindfulness", StartLevel: level(0.9), Duration: 600, Gate: 20})
	for _, e := range []Estimator{Weights, Counts} {
		a := answer(t, p, e, 1, 4096)
		all, gated := a.Caps[0], a.Caps[2]
		gated.Gated = false
		if all != gated || a.Gated.Failure(Cautious, 300) != a.Failure(Cautious, 300) ||
			a.Gated.Paths != a.Paths || p.BelowGate() > 1e-12 {
			t.Errorf("%s: %+v at the gate, want %+v", e, gated, all)
		}
	}
}

// TestGatedSummaries: summaries say of the sessions that start at the gate or above what
// estimates say, up to rounding.
func TestGatedSummaries(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "mindfulness", Duration: 3700, Gate: 20})
	s := Settings{Seed: 3, Readings: []Reading{Cautious}, Workers: 2}
	const paths = 2048
	at := []float64{1200, 3000}
	e, err := p.Estimates(context.Background(), s, paths)
	if err != nil {
		t.Fatal(err)
	}
	gated := summaries(t, []*Program{p}, s, paths, at)[0].Gated
	in, want := &gated.Readings[0], &e.Gated.Readings[0]
	for i := range want.Failure.Moments {
		x, y := in.Failure.Moments[i], want.Failure.Moments[i]
		if math.Abs(x.Mean()-y.Mean()) > 1e-9 || math.Abs(x.StandardError()-y.StandardError()) > 1e-3 {
			t.Fatalf("step %d: %+v, want %+v", i, x, y)
		}
	}
	for j, means := range in.Replicates {
		sum := 0.0
		for _, x := range means {
			sum += x / float64(len(means))
		}
		if math.Abs(sum-gated.Failure(Cautious, at[j]).Value) > 1e-9 {
			t.Errorf("replicates by %v s have the mean %v", at[j], sum)
		}
	}
	if out := in.Refused.Moments[0].Mean(); math.Abs(out-p.BelowGate()) > 0.01 {
		t.Errorf("%v are below the gate or refused, want %v", out, p.BelowGate())
	}
}

// TestGatesOnOnePlant: a program at one of several gates has the estimates of a case with that
// gate alone.
func TestGatesOnOnePlant(t *testing.T) {
	s := Settings{Seed: 3, Readings: []Reading{Cautious}, Workers: 2}
	on := Case{Session: "mindfulness", Duration: 1800}
	several := on
	several.Gates = []int{10, 20, 35}
	base := compile(t, model.Default(), several)
	programs := []*Program{base}
	for _, gate := range several.Gates {
		p, ok := base.At(gate)
		if !ok {
			t.Fatalf("no program at %d", gate)
		}
		programs = append(programs, p)
	}
	if _, ok := base.At(15); ok {
		t.Error("there is a program at a gate that the case does not have")
	}
	at := []float64{600, 1800}
	all := summaries(t, programs, s, 2048, at)
	if all[0].Gated != nil {
		t.Error("the program without a gate has one")
	}
	for i, gate := range several.Gates {
		on.Gate = gate
		alone := compile(t, model.Default(), on)
		want := summaries(t, []*Program{alone}, s, 2048, at)[0]
		if !reflect.DeepEqual(all[i+1].Gated, want.Gated) {
			t.Errorf("at %d: %+v, want %+v", gate, all[i+1].Gated.Readings[0].Replicates[0][:4],
				want.Gated.Readings[0].Replicates[0][:4])
		}
		if x, y := programs[i+1].BelowGate(), alone.BelowGate(); x != y {
			t.Errorf("%v start below %d, want %v", x, gate, y)
		}
	}
}
