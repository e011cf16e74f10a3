package benchmarks

import (
	"context"
	"testing"

	"budget/model"
)

// BenchmarkAnswer measures the time and the number of paths to decide the caps of a
// session type with the defaults of budget caps, on two cores.
func BenchmarkAnswer(b *testing.B) {
	for _, session := range model.IDs(model.Default().Sessions) {
		b.Run("session="+session, func(b *testing.B) {
			w := newWork(session, 0, 0)
			w.Workers = 2
			q := w.question()
			q.Family, q.Precision, q.RelativePrecision, q.MaxPaths = 48, 60, 0.02, 1<<22
			paths := int64(0)
			for b.Loop() {
				a, err := w.program(b).Answer(context.Background(), w.Settings, q)
				if err != nil {
					b.Fatal(err)
				}
				paths = a.Paths
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms")
			b.ReportMetric(float64(paths), "paths")
			b.ReportMetric(0, "ns/op")
		})
	}
}
