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
