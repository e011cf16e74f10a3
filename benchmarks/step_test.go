package benchmarks

import (
	"fmt"
	"testing"

	"budget/model"
	"budget/solver"
)

// BenchmarkPathStep is the cost of plant and endings, all defaults, on one core: draws,
// tables, tallies and caps included. It is that of the kernels of this machine, as they
// are, and where every path is stepped to its end. The oracle, a straightforward simulator
// that is the baseline, is measured by the benchmark of this name in the tests of package
// solver.
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

// BenchmarkEstimator is the cost by session type and estimator, with the fastest
// kernel.
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
