package solver

import (
	"context"
	"math"
	"reflect"
	"runtime"
	"testing"

	"budget/model"
)

// TestSameBytesForAnyWorkers runs each estimator with a fixed number of paths
// and until decided, with 1, 2, 7 and 16 workers: the tallies and the links must
// be the same to the bit.
func TestSameBytesForAnyWorkers(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "mindfulness", Duration: 1800})
	for _, e := range []Estimator{Weights, Counts} {
		for _, q := range []Question{
			{Paths: 5000},
			{Precision: 200, MaxPaths: 1 << 17},
		} {
			q.Tolerances, q.Confidence, q.Family = []float64{0.003, 0.005}, 0.95, 2
			var first *Answer
			for _, workers := range []int{1, 2, 7, 16} {
				a, err := p.Answer(context.Background(), Settings{Seed: 3, Estimator: e,
					Readings: bothReadings, Failures: model.Failures, Workers: workers}, q)
				if err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = a
					continue
				}
				if !reflect.DeepEqual(a.tally, first.tally) || !reflect.DeepEqual(a.splices, first.splices) || !reflect.DeepEqual(a.Caps, first.Caps) {
					t.Errorf("%s, %+v: %d workers give another result than 1", e, q, workers)
				}
			}
		}
	}
}

// TestPathsDoNotDependOnEachOther replays single paths after others.
func TestPathsDoNotDependOnEachOther(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "audio", Duration: 600})
	s := newSampler(5, Weights)
	for _, path := range []uint64{0, 63, 64, 1023, 1024, 1 << 33} {
		var alone, after lane
		p.run(&alone, s, path, p.steps)
		p.run(&after, s, path+1, p.steps)
		p.run(&after, s, path, p.steps)
		if !reflect.DeepEqual(alone.history, after.history) || alone.modes != after.modes {
			t.Errorf("path %d depends on the path before it", path)
		}
	}
	a, b := s.path(3), newSampler(5, Counts).path(3)
	if a.uniform(drawNoise) != b.uniform(drawNoise) {
		t.Error("draws outside the net depend on the estimator")
	}
}

// TestZeroIsASeed: seed 0 is a seed like any other.
func TestZeroIsASeed(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "audio", Duration: 600})
	zero, again, one := answer(t, p, Weights, 0, 640), answer(t, p, Weights, 0, 640), answer(t, p, Weights, 1, 640)
	if !reflect.DeepEqual(zero.tally, again.tally) {
		t.Error("seed 0 gives another result the second time")
	}
	if reflect.DeepEqual(zero.tally, one.tally) {
		t.Error("seeds 0 and 1 give the same result")
	}
}

// TestCausesAndSurvivalSumToOne at every duration, for both estimators, before
// and beyond links, and that incidence never falls.
func TestCausesAndSurvivalSumToOne(t *testing.T) {
	s := scenario(t, "[policy]\nlevels = [\"33 degC\", \"35 degC\", \"37 degC\"]\n")
	for _, e := range []Estimator{Weights, Counts} {
		p := compile(t, s, Case{Session: "mindfulness"})
		sim := newSimulation(p, Settings{Seed: 1, Estimator: e, Readings: bothReadings, Failures: model.Failures, Workers: 2})
		// Looks that end at different times, not in order.
		for _, look := range []struct {
			paths int64
			end   int
		}{{1024, p.steps}, {2048, 300}, {4096, 100}, {6144, 200}, {8192, 650}} {
			if err := sim.extend(context.Background(), look.paths, 64, look.end); err != nil {
				t.Fatal(err)
			}
		}
		a := &Answer{program: p, settings: sim.settings, tally: sim.tally}
		a.conclude(sim, Question{Tolerances: []float64{0.01}, Confidence: 0.95, Family: 1}, nil, 1)
		if len(a.splices) != 4 {
			t.Fatalf("%d splices, want 4", len(a.splices))
		}
		for r := range bothReadings {
			var before [slots]float64
			for i := range p.Durations() {
				sum := a.Survival(r, i).Probability
				for _, cause := range model.Ends {
					got := a.Ended(r, AsUsed, cause, i)
					sum += got.Probability
					if got.Probability < before[cause]-1e-12 {
						t.Fatalf("%s: %v falls from %v to %v at duration %d", e, cause, before[cause], got.Probability, i)
					}
					if !(got.Lower <= got.Probability+1e-12 && got.Probability <= got.Upper+1e-12) {
						t.Fatalf("%s: %v at duration %d lies outside its interval: %+v", e, cause, i, got)
					}
					before[cause] = got.Probability
				}
				// Every series is kept in units of 2^−32 per block.
				if math.Abs(sum-1) > 1e-9 {
					t.Fatalf("%s: causes and survival sum to %v at duration %d", e, sum, i)
				}
			}
		}
	}
}

// TestLinksContinueTheCurves: where paths stop being followed, the curve beyond
// agrees with that of a run that follows all of its paths, within the standard
// error of the paths that were followed.
func TestLinksContinueTheCurves(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "workout", Duration: 3600})
	settings := Settings{Seed: 2, Estimator: Weights, Readings: []Reading{Cautious}, Failures: model.Failures, Workers: 2}
	sim := newSimulation(p, settings)
	for _, look := range []struct {
		paths int64
		end   int
	}{{8192, p.steps}, {32768, 200}} {
		if err := sim.extend(context.Background(), look.paths, netPaths/8, look.end); err != nil {
			t.Fatal(err)
		}
	}
	linked := &Answer{program: p, settings: settings, tally: sim.tally}
	linked.conclude(sim, Question{Tolerances: []float64{0.01}, Confidence: 0.95, Family: 1}, nil, 1)
	all := answer(t, p, Weights, 2, 32768)
	for _, i := range []int{150, 198, 205, 300, 500, 700} {
		got, want := linked.Failure(0, i), all.Failure(0, i)
		if math.Abs(got.Probability-want.Probability) > 4*got.StandardError {
			t.Errorf("duration %d: %v ± %v with links, %v following all", i, got.Probability, got.StandardError, want.Probability)
		}
	}
	if linked.PathsTo(100) != 32768 || linked.PathsTo(500) != 8192 {
		t.Errorf("paths followed: %d and %d, want 32768 and 8192", linked.PathsTo(100), linked.PathsTo(500))
	}
}

// TestInterruptionKeepsWhatIsKnown cancels a run: what was done is whole blocks,
// the first ones, and the answer says that it was interrupted.
func TestInterruptionKeepsWhatIsKnown(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "audio", Duration: 600})
	ctx, cancel := context.WithCancel(context.Background())
	progress := &Progress{}
	go func() {
		for progress.Paths.Load() == 0 {
			runtime.Gosched()
		}
		cancel()
	}()
	settings := Settings{Seed: 1, Estimator: Weights, Readings: bothReadings, Failures: model.Failures, Workers: 3, Progress: progress}
	question := Question{Tolerances: []float64{0.01}, Confidence: 0.95, Family: 1, Paths: 1 << 22}
	a, err := p.Answer(ctx, settings, question)
	if err != nil {
		t.Fatal(err)
	}
	if a.Outcome != Interrupted || a.Paths() == 0 || a.Paths() >= question.Paths || a.Paths()%netPaths != 0 {
		t.Fatalf("outcome %v after %d paths; want an interruption after some whole blocks", a.Outcome, a.Paths())
	}
	sim := newSimulation(p, settings)
	if err := sim.extend(context.Background(), a.Paths(), netPaths, p.steps); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a.tally, sim.tally) {
		t.Error("the interrupted run is not the first paths of the whole one")
	}
}
