package benchmarks

import (
	"context"
	"fmt"
	"testing"

	"budget/model"
	"budget/solver"
)

// BenchmarkVariants measures the cost of 200 policies on the same paths as a multiple of the
// cost of one. The policies differ in suppression rates and pressures. It uses mindfulness on
// two cores, each policy under the cautious reading or under both. The two costs are measured in
// turn.
func BenchmarkVariants(b *testing.B) {
	measureVariants(b, func(w work, programs []*solver.Program) error {
		return solver.Answers(context.Background(), programs, w.Settings, w.question(),
			func(int, *solver.Answer) {})
	})
}

// BenchmarkSummarizedVariants is BenchmarkVariants for summaries, which sweeps use, instead of
// answers with all their curves.
func BenchmarkSummarizedVariants(b *testing.B) {
	measureVariants(b, func(w work, programs []*solver.Program) error {
		return solver.Summaries(context.Background(), programs, w.Settings, w.paths, nil,
			func(int, *solver.Estimates) {})
	})
}

func measureVariants(b *testing.B, run func(work, []*solver.Program) error) {
	for _, readings := range [][]solver.Reading{{solver.Cautious}, solver.BothReadings()} {
		for _, paths := range []int64{1 << 16, 1 << 18} {
			b.Run(fmt.Sprintf("readings=%d/paths=%d", len(readings), paths), func(b *testing.B) {
				w := newWork("mindfulness", 0, paths)
				w.Workers, w.Readings = 2, readings
				programs := policies(b, w.program(b), 200)
				var spent [2]float64
				for b.Loop() {
					for i, n := range []int{1, len(programs)} {
						before := b.Elapsed()
						if err := run(w, programs[:n]); err != nil {
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

// BenchmarkSummaries measures the time for 1000 policies as a multiple of the time for 10, and
// the time for each further policy. It uses 100 000 paths of mindfulness on two cores under the
// cautious reading: once with 100 suppression rates and ten ways to use up a grant, once with a
// different way for each policy. The two times are measured in turn.
func BenchmarkSummaries(b *testing.B) {
	for _, variants := range []struct {
		name     string
		programs func(*testing.B, *solver.Program, int) []*solver.Program
	}{{"few-grants", policies}, {"many-grants", grants}} {
		b.Run(variants.name, func(b *testing.B) {
			w := newWork("mindfulness", 0, 100_000)
			w.Workers, w.Readings = 2, []solver.Reading{solver.Cautious}
			programs := variants.programs(b, w.program(b), 1000)
			var at []float64
			for minutes := 5.0; minutes <= 75; minutes += 5 {
				at = append(at, 60*minutes)
			}
			var spent [2]float64
			for b.Loop() {
				for i, n := range []int{10, len(programs)} {
					before := b.Elapsed()
					if err := solver.Summaries(context.Background(), programs[:n], w.Settings, w.paths, at,
						func(int, *solver.Estimates) {}); err != nil {
						b.Fatal(err)
					}
					spent[i] += (b.Elapsed() - before).Seconds()
				}
			}
			b.ReportMetric(1000*spent[0]/float64(b.N), "ms/10")
			b.ReportMetric(1000*spent[1]/float64(b.N), "ms/1000")
			b.ReportMetric(1000*(spent[1]-spent[0])/float64(b.N)/990, "ms/policy")
			b.ReportMetric(spent[1]/spent[0], "times-10")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// grants returns n policies, each with a different way to use up a grant.
func grants(b *testing.B, base *solver.Program, n int) []*solver.Program {
	b.Helper()
	var programs []*solver.Program
	for i := range n {
		programs = append(programs, policy(b, base,
			fmt.Sprintf("pressure_serious = %v\npressure_low = %v\nsuppress_low = \"%v /h\"\n",
				0.002*float64(i%500), 0.001*float64(i%900), 0.01*float64(1+i%70))))
	}
	return programs
}

// policies returns n policies that share a program's plant.
func policies(b *testing.B, base *solver.Program, n int) []*solver.Program {
	b.Helper()
	var programs []*solver.Program
	for i := range n {
		programs = append(programs, policy(b, base,
			fmt.Sprintf("suppress_serious = \"%v /h\"\nsuppress_low = \"%v /h\"\npressure_low = %v\n",
				0.05*float64(1+i%20), 0.02*float64(1+i/20%5), 0.1*float64(1+i/100))))
	}
	return programs
}

func policy(b *testing.B, base *solver.Program, entries string) *solver.Program {
	b.Helper()
	s, err := model.Parse("policy.toml", []byte("[policy]\n"+entries))
	if err != nil {
		b.Fatal(err)
	}
	p, ok := base.Under(s)
	if !ok {
		b.Fatal("a policy does not share the plant")
	}
	return p
}
