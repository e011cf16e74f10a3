package benchmarks

import (
	"fmt"
	"testing"

	"budget/model"
	"budget/solver"
)

// BenchmarkPathStep measures the cost of a path-step on one core with all defaults, including
// draws, tables, tallies and caps: with this machine's kernels, with skipping, and with every
// path stepped to its end. The benchmark of the same name in the tests of package solver
// measures the baseline, a straightforward simulator (the oracle).
func BenchmarkPathStep(b *testing.B) {
	for _, session := range []string{"mindfulness", "workout"} {
		for _, kernel := range solver.Kernels() {
			for _, all := range []bool{false, true} {
				b.Run(fmt.Sprintf("session=%s/kernel=%s/all=%v", session, kernel, all), func(b *testing.B) {
					w := newWork(session, 0, 1<<15)
					w.Kernel, w.StepAll = kernel, all
					w.measure(b)
				})
			}
		}
	}
}

// BenchmarkTimerStep measures the cost of a path-step of timers beside that of a session of the
// same length: with one phase, with phases that share a session, and with rests, which have a
// load of their own.
func BenchmarkTimerStep(b *testing.B) {
	const minutes = 55
	for _, kernel := range solver.Kernels() {
		for _, text := range []string{"session", "55 min", "25 min, 5 min, 25 min",
			"25 min, rest 5 min, 25 min"} {
			b.Run(fmt.Sprintf("kernel=%s/timer=%s", kernel, text), func(b *testing.B) {
				w := newWork("mindfulness", 60*minutes, 1<<14)
				w.Kernel, w.StepAll = kernel, true
				if text != "session" {
					phases, err := model.Default().ParsePhases(text)
					if err != nil {
						b.Fatal(err)
					}
					w.duration, w.phases = 0, phases
				}
				w.measure(b)
			})
		}
	}
}

// BenchmarkEstimator measures the cost by session type and estimator, with the fastest kernel.
func BenchmarkEstimator(b *testing.B) {
	for _, session := range model.IDs(model.Default().Sessions) {
		for _, e := range []solver.Estimator{solver.Weights, solver.Counts} {
			b.Run(fmt.Sprintf("session=%s/estimator=%s", session, e), func(b *testing.B) {
				w := newWork(session, 0, 1<<14)
				w.Estimator = e
				w.measure(b)
			})
		}
	}
}
