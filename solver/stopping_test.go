package solver

import (
	"context"
	"math"
	"sync"
	"testing"

	"budget/model"
)

// TestStoppingMovesEstimates measures the bias of stopping early, in the problem of
// rareBattery whose answer is known. A run until decided stops when the interval of a cap is
// narrow. Here a failure curve that happens to be too high is also steeper, so its interval is
// narrower in time and the run stops early: early runs are too high. Over runs of different
// sizes the mean is off by a quarter of the spread of a run. Runs with a fixed number of paths
// have no such bias, nor does a mean weighted by paths. Intervals are valid all the same
// (TestIntervalsCover), since every look spends its own part of the error probability.
func TestStoppingMovesEstimates(t *testing.T) {
	seeds := longer(50, 4000)
	p := compile(t, scenario(t, rareBattery), Case{Session: "smart-alarm", Environment: "indoor",
		StartLevel: level(0.5), Duration: 160})
	at := 40/5 - 1
	want := rareFailure(p.Durations()[at] + 5)
	for _, run := range []struct {
		name     string
		question Question
	}{
		{"fixed", Question{Paths: 1024}},
		{"until decided, few ends", Question{FirstLook: 128, MaxPaths: 1 << 11, Precision: 15}},
		{"until decided, more ends", Question{FirstLook: 1024, MaxPaths: 1 << 14, Precision: 5}},
	} {
		run.question.Tolerances, run.question.Confidence, run.question.Family = []float64{0.004}, 0.95, 1
		var mu sync.Mutex
		var sum, square, pooled, paths float64
		overSeeds(seeds, 0, func(seed uint64, _ []bool) {
			a, err := p.Answer(context.Background(), Settings{Seed: seed, Estimator: Weights,
				Sampling: Independent, Readings: []Reading{Cautious}, Failures: model.Failures,
				Workers: 1}, run.question)
			if err != nil {
				t.Error(err)
				return
			}
			f := a.Failure(Cautious, p.Durations()[at]).Value
			mu.Lock()
			defer mu.Unlock()
			sum += f
			square += f * f
			n := float64(a.PathsTo(p.Durations()[at]))
			pooled += f * n
			paths += n
		})
		n := float64(seeds)
		mean := sum / n
		sd := math.Sqrt((square/n - mean*mean) * n / (n - 1))
		bias, z := mean/want-1, (mean-want)/(sd/math.Sqrt(n))
		t.Logf("%s: %+.2f %% of the failure (z = %+.1f), %.2f of the spread of a run; "+
			"with paths as weights %+.2f %%; %.0f paths", run.name, 100*bias, z, (mean-want)/sd,
			100*(pooled/paths/want-1), paths/n)
		if run.question.Paths > 0 && math.Abs(z) > 4 {
			t.Errorf("%s: the mean is off by %.1f standard errors", run.name, z)
		}
		// A quarter, and for few runs what chance adds.
		if off := math.Abs(mean-want) / sd; off > max(0.45, 0.3+2.2/math.Sqrt(n)) {
			t.Errorf("%s: stopping moves estimates by %.2f of the spread of a run", run.name, off)
		}
	}
}

// TestFirstLookFollowsPathsToTheCaps: of a run until decided an eighth of the first look's paths
// are followed to the horizon, and all of them to beyond the caps, also those at the gate, so that
// these are the caps of a fixed run with as many paths.
func TestFirstLookFollowsPathsToTheCaps(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "workout", Gate: 20})
	s := Settings{Seed: 2, Readings: []Reading{Cautious}}
	q := Question{Tolerances: []float64{0.01, 0.05}, FirstLook: 8192, MaxPaths: 8192, CapsOnly: true}
	a, err := p.Answer(context.Background(), s, q)
	if err != nil {
		t.Fatal(err)
	}
	furthest := 0.0
	for _, c := range a.Caps {
		furthest = max(furthest, c.Upper)
	}
	durations := p.Durations()
	horizon := durations[len(durations)-1]
	if n := a.PathsTo(horizon); n != 1024 {
		t.Errorf("%d paths are followed to the horizon, want 1024", n)
	}
	if n := a.PathsTo(furthest); furthest == 0 || furthest > horizon/2 || n != 8192 {
		t.Errorf("%d paths are followed to the end of the longest cap's interval, %v s: want 8192", n,
			furthest)
	}
	all, err := p.Estimates(context.Background(), s, 8192)
	if err != nil {
		t.Fatal(err)
	}
	all.Confidence, all.Share = a.Confidence, a.Share
	if all.Gated != nil {
		all.Gated.Confidence, all.Gated.Share = a.Confidence, a.Share
	}
	caps, err := Caps(all, q)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range caps {
		if c.Duration != a.Caps[i].Duration || c.Upper != a.Caps[i].Upper {
			t.Errorf("cap %+v, of a fixed run %+v", a.Caps[i], c)
		}
	}
}
