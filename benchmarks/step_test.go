package benchmarks

import (
	"fmt"
	"testing"

	"budget/internal/oracle"
	"budget/model"
	"budget/solver"
)

// BenchmarkPathStep is the cost of plant and endings, all defaults, on one core: draws,
// tables, tallies and caps included. First the oracle, a straightforward simulator that
// is the baseline; then the kernels of this machine, as they are, and where every path
// is stepped to its end. The last figure is how many times faster than the oracle.
func BenchmarkPathStep(b *testing.B) {
	for _, session := range []string{"mindfulness", "workout"} {
		baseline := 0.0
		b.Run("session="+session+"/kernel=oracle", func(b *testing.B) {
			s := model.Default()
			o := &oracle.Oracle{Scenario: s, Session: session, Failures: model.Failures, Plans: []float64{float64(s.Session(session).Horizon)}}
			steps := int64(0)
			for b.Loop() {
				steps += o.Run(256, uint64(b.N), 1).Steps
			}
			baseline = float64(b.Elapsed().Nanoseconds()) / float64(steps)
			b.ReportMetric(baseline, "ns/path-step")
			b.ReportMetric(0, "ns/op")
		})
		for _, kernel := range solver.Kernels() {
			for _, all := range []bool{false, true} {
				b.Run(fmt.Sprintf("session=%s/kernel=%s/all=%v", session, kernel, all), func(b *testing.B) {
					w := newWork(session, 0, 1<<15)
					w.Kernel, w.StepAll = kernel, all
					ns := w.measure(b)
					if baseline > 0 {
						b.ReportMetric(baseline/ns, "times-oracle")
					}
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
