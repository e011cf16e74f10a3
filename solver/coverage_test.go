package solver

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
	"testing"

	"budget/model"
	"budget/solver/estimate"

	"gonum.org/v1/gonum/stat/distuv"
)

// rareBattery is a small problem with a known answer. Nothing draws power, so the
// level stays constant. The displayed level is low if the gauge noise at the start
// says so, and this noise hardly moves in a minute. Low has probability Φ(−2) =
// 2.3 % and then ends the session at 36 /h, so a path's weight is mostly 0 and
// rarely 1 − e^(−t/100 s): as skewed as failures are.
const rareBattery = `
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

// rareFailure is the failure probability of rareBattery at time t [s].
func rareFailure(t float64) float64 {
	return distuv.UnitNormal.CDF(-2) * -math.Expm1(-t/100)
}

// overSeeds runs check for a number of seeds, on both cores, and returns how often each of
// its statements held.
func overSeeds(seeds, statements int, check func(seed uint64, held []bool)) []float64 {
	counts := make([]atomic.Int64, statements)
	var next atomic.Uint64
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			held := make([]bool, statements)
			for seed := next.Add(1) - 1; seed < uint64(seeds); seed = next.Add(1) - 1 {
				check(seed, held)
				for i, h := range held {
					if h {
						counts[i].Add(1)
					}
				}
			}
		})
	}
	group.Wait()
	shares := make([]float64, statements)
	for i := range counts {
		shares[i] = float64(counts[i].Load()) / float64(seeds)
	}
	return shares
}

// TestIntervalsCover: over 1000 seeds, 95 % intervals of a known failure
// probability cover it at least 94 % of the time, and so do the two ends of a
// cap's interval, each claimed with 95 %. Two standard errors of a share of 95 %
// over 1000 seeds are 1.4 %, and 4.4 % over the 100 of a quick test.
func TestIntervalsCover(t *testing.T) {
	seeds, least := 100, 0.905
	if *Long {
		seeds, least = 1000, 0.94
	}
	p := compile(t, scenario(t, rareBattery),
		Case{Session: "smart-alarm", Environment: "indoor", StartLevel: level(0.5), Duration: 160})
	for _, e := range []Estimator{Weights, Counts} {
		for _, run := range []struct {
			name     string
			question Question
		}{
			{"fixed", Question{Paths: 1024}},
			// The cap lies near 14 s: after the first look, with its three low
			// batteries or so, paths are followed to 140 s, and the curve goes on
			// beyond that with the paths of the first look alone.
			{"until decided", Question{FirstLook: 128, MaxPaths: 1 << 11, Precision: 15}},
		} {
			const tolerance = 0.004
			at, beyond := 40/5-1, p.plant.Steps-p.plant.First
			trueCap := 0.0
			for _, d := range p.Durations() {
				if rareFailure(d+5) <= tolerance {
					trueCap = d
				}
			}
			run.question.Tolerances, run.question.Confidence,
				run.question.Family = []float64{tolerance}, 0.95, 1
			var paths atomic.Int64
			var linked atomic.Int64
			shares := overSeeds(seeds, 4, func(seed uint64, held []bool) {
				a, err := p.Answer(context.Background(), Settings{Seed: seed, Estimator: e,
					Readings: []Reading{Cautious}, Failures: model.Failures, Workers: 1}, run.question)
				if err != nil {
					t.Error(err)
					return
				}
				paths.Add(a.Paths)
				covers := func(i int) bool {
					d := p.Durations()[i]
					f, want := a.Failure(Cautious, d), rareFailure(d+5)
					return f.Lower <= want && want <= f.Upper
				}
				held[0], held[3] = covers(at), covers(beyond)
				if a.PathsTo(p.Durations()[beyond]) < a.Paths {
					linked.Add(1)
				}
				held[1] = a.Caps[0].Duration <= trueCap
				held[2] = a.Caps[0].Upper >= trueCap
			})
			t.Logf("%-7s %-13s covers %.4f, cap's lower end holds %.4f, upper %.4f, covers at 160 s %.4f; "+
				"%d paths on average, links in %d runs",
				e, run.name, shares[0], shares[1], shares[2], shares[3], paths.Load()/int64(seeds),
				linked.Load())
			if run.question.Paths == 0 && linked.Load() < int64(seeds)/5 {
				t.Errorf("%s: links in %d runs only: the test shows little of them", e, linked.Load())
			}
			for i, what := range []string{"the interval covers", "the cap's lower end holds",
				"the cap's upper end holds", "the interval at 160 s covers"} {
				if shares[i] < least {
					t.Errorf("%s, %s: %s %.2f %% of the time, want at least %v %%",
						e, run.name, what, 100*shares[i], 100*least)
				}
			}
		}
	}
}

// startedBattery is rareBattery with refusals and with a prompt that takes the front. Of the
// sessions that start, 0.15 of 0.85 are in Low Power Mode and meet no prompt; of the others
// with a low battery 0.3 are ended by it at once.
const startedBattery = rareBattery + `
frontmost = true
resign = "0 /h"
[[environment]]
id = "indoor"
ambient_sd = "0 K"
`

// TestStartedIntervalsCover: the intervals of failure given the start, completion, loss of
// the front and refusal cover known values as often as they claim.
func TestStartedIntervalsCover(t *testing.T) {
	seeds, least := 100, 0.905
	if *Long {
		seeds, least = 1000, 0.94
	}
	s := scenario(t, startedBattery)
	s.Population.LPMOnStart, s.Policy.RefuseLPM, s.Policy.SuppressLPM, s.Policy.PromptResign = 0.3,
		0.5, 0, 0.3
	p := compile(t, s, Case{Session: "smart-alarm", Environment: "indoor", StartLevel: level(0.5),
		Duration: 40})
	const at, quiet = 40.0, 0.15 / 0.85
	left := (1 - quiet) * 0.3 * distuv.UnitNormal.CDF(-2)
	failed := (quiet + (1-quiet)*0.7) * rareFailure(at+5)
	for _, e := range []Estimator{Weights, Counts} {
		shares := overSeeds(seeds, 4, func(seed uint64, held []bool) {
			a, err := p.Estimates(context.Background(),
				Settings{Seed: seed, Estimator: e, Readings: []Reading{Cautious}, Workers: 1}, 1024)
			if err != nil {
				t.Error(err)
				return
			}
			for i, c := range []struct {
				estimate.Estimate
				want float64
			}{{a.Failure(Cautious, at), failed}, {a.Completion(Cautious, at), 1 - failed - left},
				{a.Resigned(Cautious, at), left}, {a.Refused(Cautious), 0.15}} {
				held[i] = c.Lower <= c.want && c.want <= c.Upper
			}
		})
		t.Logf("%-7s failure given the start %.3f, completion %.3f, resigned %.3f, refused %.3f", e,
			shares[0], shares[1], shares[2], shares[3])
		for i, what := range []string{"failure", "completion", "resigned", "refused"} {
			if shares[i] < least {
				t.Errorf("%s: intervals of %s cover %.1f %% of the time", e, what, 100*shares[i])
			}
		}
	}
}

// TestStandardErrorsAreHonest compares the standard errors that a run reports with
// the spread of its estimates over seeds, for the failure curve of real sessions and
// every sampling. All samplings estimate the same curve.
func TestStandardErrorsAreHonest(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "workout", Duration: 900})
	paths := int64(longer(1024, 4096))
	runs := float64(longer(50, 200))
	// A standard deviation from 200 runs is known to 5 %, from 50 to 10 %, a little worse
	// for rare ends.
	largest := 1 + 3.6/math.Sqrt(runs)
	at := p.plant.Steps - p.plant.First
	type result struct{ mean, spread float64 }
	var first result
	for _, e := range []struct {
		Estimator
		Sampling
	}{{Counts, Independent}, {Weights, Independent}, {Weights, Stratified}, {Weights, Sobol}, {Weights,
		Tilted}} {
		var sum, square, reported float64
		for seed := range uint64(runs) {
			a, err := p.Answer(context.Background(),
				Settings{Seed: seed, Estimator: e.Estimator, Sampling: e.Sampling,
					Readings: bothReadings, Failures: model.Failures, Workers: 2},
				Question{Tolerances: []float64{0.01}, Confidence: 0.95, Family: 1, Paths: paths,
					CapsOnly: true})
			if err != nil {
				t.Fatal(err)
			}
			f := a.Failure(Cautious, p.Durations()[at])
			sum += f.Value
			square += f.Value * f.Value
			reported += f.StandardError * f.StandardError / runs
		}
		r := result{mean: sum / runs}
		r.spread = math.Sqrt((square - runs*r.mean*r.mean) / (runs - 1))
		ratio := math.Sqrt(reported) / r.spread
		t.Logf("%s, %s: failure by 900 s %.5f, spread %.2e, reported %.2e, ratio %.2f", e.Estimator,
			e.Sampling, r.mean, r.spread, math.Sqrt(reported), ratio)
		if ratio < 1/largest || ratio > largest {
			t.Errorf("%s, %s: reported standard errors are %.2f of the spread over seeds", e.Estimator,
				e.Sampling, ratio)
		}
		if first.mean == 0 {
			first = r
		}
		if z := (r.mean - first.mean) / math.Hypot(r.spread,
			first.spread) * math.Sqrt(runs); math.Abs(z) > 4.5 {
			t.Errorf("%s, %s: failure %v, counts have %v: z = %.1f", e.Estimator, e.Sampling, r.mean,
				first.mean, z)
		}
	}
}
