package benchmarks

import (
	"context"
	"math"
	"testing"

	"budget/solver"
)

// BenchmarkPrecision reports how many paths it takes until the cap at 1 %, with 95 %
// confidence, is known to ±1 min, with 0/1 counts and with the default estimator, and
// their ratio. It is the least number, in steps of a tenth of an octave, with which
// most of nine seeds come that close. The reading is the documented one, under which
// the caps of sessions with a limit are not at its brink.
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
	// In octaves first, from 1024 paths on, then in tenths.
	tenths := 100
	for !enough(tenths) {
		tenths += 10
	}
	for tenths > 100 && enough(tenths-1) {
		tenths--
	}
	return float64(w.paths)
}
