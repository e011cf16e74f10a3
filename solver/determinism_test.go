package solver

import (
	"context"
	"math"
	"runtime"
	"testing"

	"budget/model"
	"budget/solver/plant"
)

// TestSameBytesForAnyWorkers runs each estimator with a fixed number of paths
// and until decided, with 1, 2 and 7 workers: the tallies and the links must be the
// same to the bit.
func TestSameBytesForAnyWorkers(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "mindfulness", Duration: 1800, Gate: 20})
	for _, e := range []Estimator{Weights, Counts} {
		for _, q := range []Question{
			{Paths: 5000},
			{Precision: 200, FirstLook: 8192, MaxPaths: 1 << 15},
		} {
			q.Tolerances, q.Confidence, q.Family = []float64{0.003, 0.005}, 0.95, 2
			var first *Answer
			for _, workers := range []int{1, 2, 7} {
				a, err := p.Answer(context.Background(), Settings{Seed: 3, Estimator: e,
					Readings: bothReadings, Failures: model.Failures, Workers: workers}, q)
				if err != nil {
					t.Fatal(err)
				}
				if first == nil {
					first = a
					continue
				}
				if !sameBytes(a, first) {
					t.Errorf("%s, %+v: %d workers give another result than 1", e, q, workers)
				}
			}
		}
	}
}

// TestZeroIsASeed: seed 0 is a valid seed.
func TestZeroIsASeed(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "audio", Duration: 600})
	zero, again, one := answer(t, p, Weights, 0, 640), answer(t, p, Weights, 0, 640), answer(t, p,
		Weights, 1, 640)
	if !sameBytes(zero, again) {
		t.Error("seed 0 gives another result the second time")
	}
	if sameBytes(zero, one) {
		t.Error("seeds 0 and 1 give the same result")
	}
}

// TestCausesAndSurvivalSumToOne at every duration, for both estimators, before
// and beyond links, and that incidence never falls.
func TestCausesAndSurvivalSumToOne(t *testing.T) {
	s := scenario(t, "[policy]\nlevels = [\"33 degC\", \"35 degC\", \"37 degC\"]\n")
	for _, e := range []Estimator{Weights, Counts} {
		p := compile(t, s, Case{Session: "mindfulness"})
		// Looks that end at different times, not in order.
		a := looked(t, p, Settings{Seed: 1, Estimator: e, Readings: bothReadings,
			Failures: model.Failures, Workers: 2},
			[2]int{1024, p.plant.Steps}, [2]int{2048, 300}, [2]int{4096, 100}, [2]int{6144,
				200}, [2]int{8192, 650})
		if n := links(a); n != 4 {
			t.Fatalf("%d links, want 4", n)
		}
		for _, r := range BothReadings() {
			var before [model.Completed]float64
			for i, d := range p.Durations() {
				sum := a.Survival(r, d).Value
				for _, cause := range model.Ends {
					got := a.Ended(r, AsUsed, cause, d)
					sum += got.Value
					if got.Value < before[cause]-1e-12 {
						t.Fatalf("%s: %v falls from %v to %v at duration %d", e, cause, before[cause], got.Value, i)
					}
					if !(got.Lower <= got.Value+1e-12 && got.Value <= got.Upper+1e-12) {
						t.Fatalf("%s: %v at duration %d lies outside its interval: %+v", e, cause, i, got)
					}
					before[cause] = got.Value
				}
				// Every series is kept in units of 2^−44 per net.
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
	settings := Settings{Seed: 2, Estimator: Weights, Readings: []Reading{Cautious},
		Failures: model.Failures, Workers: 2}
	linked := looked(t, p, settings, [2]int{8192, p.plant.Steps}, [2]int{32768, 200})
	all := answer(t, p, Weights, 2, 32768)
	for _, i := range []int{150, 198, 205, 300, 500, 700} {
		d := p.Durations()[i]
		got, want := linked.Failure(Cautious, d), all.Failure(Cautious, d)
		if math.Abs(got.Value-want.Value) > 4*got.StandardError {
			t.Errorf("duration %d: %v ± %v with links, %v following all", i, got.Value, got.StandardError,
				want.Value)
		}
	}
	if early, late := linked.PathsTo(505), linked.PathsTo(2505); early != 32768 || late != 8192 {
		t.Errorf("paths followed: %d and %d, want 32768 and 8192", early, late)
	}
}

// TestInterruptionKeepsWhatIsKnown cancels a run: the paths done are whole
// chunks, the first ones, and the outcome is Interrupted.
func TestInterruptionKeepsWhatIsKnown(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "audio", Duration: 600})
	ctx, cancel := context.WithCancel(context.Background())
	progress := &Progress{}
	go func() {
		for progress.Paths.Load() < 40*chunk {
			runtime.Gosched()
		}
		cancel()
	}()
	settings := Settings{Seed: 1, Estimator: Weights, Readings: bothReadings, Failures: model.Failures,
		Workers: 1, Progress: progress}
	question := Question{Tolerances: []float64{0.01}, Confidence: 0.95, Family: 1, Paths: 1 << 24}
	a, err := p.Answer(ctx, settings, question)
	if err != nil {
		t.Fatal(err)
	}
	if a.Outcome != Interrupted || a.Paths < 40*chunk || a.Paths >= question.Paths ||
		a.Paths%chunk != 0 {
		t.Fatalf("outcome %v after %d paths; want an interruption after some whole chunks", a.Outcome,
			a.Paths)
	}
	if f := a.Failure(Cautious, 55); !(f.Lower > 0 && f.Lower < f.Value && f.Value < f.Upper &&
		f.Upper < 0.1) {
		t.Errorf("failure of the interrupted run: %+v", f)
	}
	// With one worker, the first chunks: where they are whole rounds of all nets,
	// they are the first paths.
	if a.Paths%(chunk*plant.Replicates) == 0 {
		settings.Progress = nil
		question.Paths = a.Paths
		whole, err := p.Answer(context.Background(), settings, question)
		if err != nil {
			t.Fatal(err)
		}
		whole.Outcome = a.Outcome
		if !sameBytes(a, whole) {
			t.Error("the interrupted run is not the first paths of the whole one")
		}
	}
}
