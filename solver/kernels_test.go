package solver

import (
	"context"
	"testing"

	"budget/model"
)

// TestKernelsLeaveSameTallies: every kernel gives the same bytes, for both
// estimators.
func TestKernelsLeaveSameTallies(t *testing.T) {
	if len(Kernels()) == 1 {
		t.Skip("this processor has no kernel but the portable one")
	}
	for _, session := range []string{"mindfulness", "physical-therapy"}[:longer(1, 2)] {
		p := compile(t, model.Default(), Case{Session: session, Duration: 1800, Gate: 20})
		for _, e := range []Estimator{Weights, Counts} {
			for _, q := range []Question{{Paths: 5001}, {Precision: 200, MaxPaths: 1 << 16}} {
				q.Tolerances, q.Confidence, q.Family = []float64{0.003, 0.005}, 0.95, 2
				var first *Answer
				for _, kernel := range Kernels() {
					a, err := p.Answer(context.Background(), Settings{Seed: 3, Estimator: e, Kernel: kernel,
						Readings: bothReadings, Failures: model.Failures, Workers: 2}, q)
					if err != nil {
						t.Fatal(err)
					}
					if first == nil {
						first = a
					} else if !sameBytes(a, first) {
						t.Errorf("%s, %s, %+v: %s gives another result than %s", session, e, q, kernel, Kernels()[0])
					}
				}
			}
		}
	}
}
