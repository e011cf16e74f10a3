package benchmarks

import (
	"fmt"
	"testing"

	"budget/solver"
)

// BenchmarkVariance reports the variance of the failure probability with 0/1 counts, divided by
// the variance with better methods and the same number of paths, by session type and duration.
// The methods are integrated hazards, and in addition stratified leading draws, Sobol' nets, and
// nets with more paths at low levels (solver.Sampling).
func BenchmarkVariance(b *testing.B) {
	for _, c := range []struct {
		session string
		seconds float64
	}{
		{"mindfulness", 60}, {"mindfulness", 300}, {"mindfulness", 1800}, {"mindfulness", 2700},
		{"mindfulness", 3300},
		{"self-care", 300}, {"physical-therapy", 2600}, {"smart-alarm", 1400},
		{"workout", 300}, {"workout", 900}, {"workout", 1500}, {"workout", 3600},
		{"audio", 2300}, {"location", 1900}, {"location", 4700}, {"underwater-depth", 1500},
	} {
		b.Run(fmt.Sprintf("session=%s/seconds=%g", c.session, c.seconds), func(b *testing.B) {
			ways := []solver.Sampling{solver.Independent, solver.Stratified, solver.Sobol, solver.Tilted}
			weights := make([]float64, len(ways))
			counts, seed := 0.0, uint64(0)
			// The variance of 64 nets is known to a sixth, so use many runs.
			for b.Loop() {
				for range 16 {
					seed++
					w := newWork(c.session, c.seconds, 1<<15)
					w.Seed, w.Workers = seed, 2
					variance := func() float64 {
						a := w.do(b)
						e := a.Failure(solver.Cautious, a.Durations[len(a.Durations)-1]).StandardError
						return e * e
					}
					for i, way := range ways {
						w.Sampling = way
						weights[i] += variance()
					}
					w.Estimator = solver.Counts
					counts += variance()
				}
			}
			for i, name := range []string{"1-integrated", "2-stratified", "3-sobol", "4-tilted"} {
				b.ReportMetric(counts/weights[i], name)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}
