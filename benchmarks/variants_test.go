package benchmarks

import (
	"context"
	"fmt"
	"testing"

	"budget/model"
	"budget/solver"
)

// BenchmarkVariants is what it costs to evaluate 200 policies on the same paths, as a
// multiple of the run for one: suppression rates and pressures, for mindfulness, on two
// cores, each policy under the cautious reading or under both. The two are timed in
// turn.
func BenchmarkVariants(b *testing.B) {
	for _, readings := range [][]solver.Reading{{solver.Cautious}, bothReadings} {
		for _, paths := range []int64{1 << 16, 1 << 18} {
			b.Run(fmt.Sprintf("readings=%d/paths=%d", len(readings), paths), func(b *testing.B) {
				w := newWork("mindfulness", 0, paths)
				w.Workers, w.Readings = 2, readings
				programs := policies(b, w.program(b))
				var spent [2]float64
				for b.Loop() {
					for i, n := range []int{1, len(programs)} {
						before := b.Elapsed()
						if err := solver.Answers(context.Background(), programs[:n], w.Settings, w.question(), func(int, *solver.Answer) {}); err != nil {
							b.Fatal(err)
						}
						spent[i] += (b.Elapsed() - before).Seconds()
					}
				}
				b.ReportMetric(1000*spent[0]/float64(b.N), "ms/one")
				b.ReportMetric(1000*spent[1]/float64(b.N), "ms/200")
				b.ReportMetric(spent[1]/spent[0], "times-one")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}

// policies are 200 that share a program's plant.
func policies(b *testing.B, base *solver.Program) []*solver.Program {
	b.Helper()
	var programs []*solver.Program
	for i := range 200 {
		s, err := model.Parse("policy.toml", fmt.Appendf(nil,
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
	return programs
}
