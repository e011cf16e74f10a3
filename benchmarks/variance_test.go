package benchmarks

import (
	"context"
	"fmt"
	"testing"

	"budget/model"
	"budget/solver"
)

// BenchmarkVariance reports how many times more paths 0/1 counts need than the
// default estimator for the same standard error of the failure probability:
// hazards integrated, the leading inputs drawn from nets.
func BenchmarkVariance(b *testing.B) {
	for _, c := range []struct {
		session string
		seconds float64
	}{{"mindfulness", 300}, {"mindfulness", 1800}, {"mindfulness", 2700}, {"workout", 900}, {"workout", 3600}, {"location", 3600}} {
		b.Run(fmt.Sprintf("session=%s/seconds=%g", c.session, c.seconds), func(b *testing.B) {
			p, err := solver.Compile(model.Default(), solver.Case{Session: c.session, Device: solver.Fleet, Environment: solver.Mix, Duration: c.seconds})
			if err != nil {
				b.Fatal(err)
			}
			variance := func(e solver.Estimator) float64 {
				a, err := p.Answer(context.Background(),
					solver.Settings{Seed: 1, Estimator: e, Readings: []solver.Reading{solver.Cautious}, Failures: model.Failures, Workers: 2},
					solver.Question{Tolerances: []float64{0.01}, Confidence: 0.95, Family: 1, Paths: 1 << 17})
				if err != nil {
					b.Fatal(err)
				}
				e1 := a.Failure(0, len(p.Durations())-1).StandardError
				return e1 * e1
			}
			var ratio float64
			for b.Loop() {
				ratio = variance(solver.Counts) / variance(solver.Weights)
			}
			b.ReportMetric(ratio, "times-fewer-paths")
		})
	}
}
