package benchmarks

import (
	"context"
	"fmt"
	"testing"

	"budget/model"
	"budget/solver"
)

// BenchmarkVariants is what it costs to evaluate many policies on the same paths, in
// one run, as a multiple of the run for one: suppression rates and pressures of a
// grid, for mindfulness, on two cores. The ratio is taken within each round.
func BenchmarkVariants(b *testing.B) {
	base, err := solver.Compile(model.Default(), solver.Case{Session: "mindfulness", Device: solver.Fleet, Environment: solver.Mix})
	if err != nil {
		b.Fatal(err)
	}
	var programs []*solver.Program
	for i := range 200 {
		s, err := model.Parse("variant.toml", fmt.Appendf(nil,
			"[policy]\nsuppress_serious = \"%v /h\"\nsuppress_low = \"%v /h\"\npressure_low = %v\n",
			0.05*float64(1+i%20), 0.02*float64(1+i/20%5), 0.1*float64(1+i/100)))
		if err != nil {
			b.Fatal(err)
		}
		p, ok := base.Under(s)
		if !ok {
			b.Fatal("a policy does not share the plant")
		}
		programs = append(programs, p)
	}
	for _, readings := range [][]solver.Reading{{solver.Cautious}, {solver.Cautious, solver.AsDocumented}} {
		for _, paths := range []int64{1 << 16, 1 << 18} {
			b.Run(fmt.Sprintf("readings=%d/paths=%d", len(readings), paths), func(b *testing.B) {
				var one, all float64
				for b.Loop() {
					for _, n := range []int{1, len(programs)} {
						before := b.Elapsed()
						if err := solver.Answers(context.Background(), programs[:n],
							solver.Settings{Seed: 1, Estimator: solver.Weights, Readings: readings, Failures: model.Failures, Workers: 2},
							solver.Question{Tolerances: []float64{0.005, 0.01, 0.05}, Confidence: 0.95, Family: 6, Paths: paths, CapsOnly: true},
							func(int, *solver.Answer) {}); err != nil {
							b.Fatal(err)
						}
						spent := (b.Elapsed() - before).Seconds() * 1000
						if n == 1 {
							one += spent
						} else {
							all += spent
						}
					}
				}
				b.ReportMetric(one/float64(b.N), "ms/one")
				b.ReportMetric(all/float64(b.N), "ms/200")
				b.ReportMetric(all/one, "times-one")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
