package benchmarks

import (
	"context"
	"math"
	"testing"

	"budget/solver"
)

// BenchmarkPrecision reports the number of paths needed until the cap at 1 %, with 95 %
// confidence, is known to ±1 min: for 0/1 counts, for the default estimator, and their ratio. It
// is the smallest number, in steps of a tenth of an octave, at which most of nine seeds are that
// precise. It uses the documented reading, because under it caps of sessions with a limit are
// not close to the limit.
func BenchmarkPrecision(b *testing.B) {
	for _, session := range []string{"mindfulness", "physical-therapy", "workout", "audio", "location",
		"underwater-depth"} {
		b.Run("session="+session, func(b *testing.B) {
			var counts, weights float64
			for b.Loop() {
				counts, weights = pathsNeeded(b, session, solver.Counts),
					pathsNeeded(b, session, solver.Weights)
			}
			b.ReportMetric(counts, "paths/counts")
			b.ReportMetric(weights, "paths/weights")
			b.ReportMetric(counts/weights, "times-fewer")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func pathsNeeded(b *testing.B, session string, e solver.Estimator) float64 {
	w := newWork(session, 3600, 0)
	w.Workers, w.Estimator, w.Readings = 2, e, []solver.Reading{solver.AsDocumented}
	p := w.program(b)
	enough := func(tenths int) bool {
		w.paths = int64(math.Exp2(float64(tenths)/10)) / 64 * 64
		close := 0
		for seed := range uint64(9) {
			w.Seed = seed
			q := w.question()
			q.Tolerances, q.Family = []float64{0.01}, 1
			a, err := p.Answer(context.Background(), w.Settings, q)
			if err != nil {
				b.Fatal(err)
			}
			if c := a.Caps[0]; c.Duration > 0 && c.Upper-c.Duration <= 120 {
				close++
			}
		}
		return close >= 5
	}
	// Search octaves from 1024 paths on, then tenths of an octave.
	tenths := 100
	for !enough(tenths) {
		tenths += 10
	}
	for tenths > 100 && enough(tenths-1) {
		tenths--
	}
	return float64(w.paths)
}
