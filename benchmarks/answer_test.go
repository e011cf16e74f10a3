package benchmarks

import (
	"context"
	"testing"

	"budget/model"
	"budget/solver"
)

// BenchmarkAnswer is what it costs to decide the caps of a session type as budget caps
// does by default, on two cores: the time, and the paths that it takes.
func BenchmarkAnswer(b *testing.B) {
	for _, session := range model.Default().Sessions {
		b.Run("session="+session.ID, func(b *testing.B) {
			paths := int64(0)
			for b.Loop() {
				p, err := solver.Compile(model.Default(), solver.Case{Session: session.ID, Device: solver.Fleet, Environment: solver.Mix})
				if err != nil {
					b.Fatal(err)
				}
				a, err := p.Answer(context.Background(),
					solver.Settings{Seed: 1, Estimator: solver.Weights, Readings: []solver.Reading{solver.Cautious, solver.AsDocumented},
						Failures: model.Failures, Workers: 2},
					solver.Question{Tolerances: []float64{0.005, 0.01, 0.05}, Confidence: 0.95, Family: 48,
						Precision: 60, RelativePrecision: 0.02, MaxPaths: 1 << 22, CapsOnly: true})
				if err != nil {
					b.Fatal(err)
				}
				paths = a.Paths()
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
			b.ReportMetric(float64(paths), "paths")
			b.ReportMetric(0, "ns/op")
		})
	}
}
