package benchmarks

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"

	"budget/model"
	"budget/solver"
)

// run answers a case with a fixed number of paths and returns the number of
// path-steps it took.
func run(b *testing.B, c solver.Case, e solver.Estimator, seed uint64, paths int64, workers int, kernel string) int64 {
	b.Helper()
	c.Device, c.Environment = solver.Fleet, solver.Mix
	p, err := solver.Compile(model.Default(), c)
	if err != nil {
		b.Fatal(err)
	}
	progress := &solver.Progress{}
	if _, err := p.Answer(context.Background(),
		solver.Settings{Seed: seed, Estimator: e, Readings: []solver.Reading{solver.Cautious, solver.AsDocumented},
			Failures: model.Failures, Workers: workers, Kernel: kernel, Progress: progress},
		solver.Question{Tolerances: []float64{0.005, 0.01, 0.05}, Confidence: 0.95, Family: 6, Paths: paths}); err != nil {
		b.Fatal(err)
	}
	return progress.Steps.Load()
}

// measure times runs and reports nanoseconds per path-step and per path.
func measure(b *testing.B, c solver.Case, e solver.Estimator, paths int64, workers int, kernel string) {
	b.Helper()
	b.ReportAllocs()
	steps, seed := int64(0), uint64(0)
	for b.Loop() {
		seed++
		steps += run(b, c, e, seed, paths, workers, kernel)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/path-step")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(seed)/float64(paths), "ns/path")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkPathStep is the cost of plant and endings, all defaults, on one core:
// draws, tables and tallies included.
func BenchmarkPathStep(b *testing.B) {
	for _, session := range []string{"mindfulness", "smart-alarm", "workout", "location"} {
		for _, e := range []solver.Estimator{solver.Weights, solver.Counts} {
			b.Run(fmt.Sprintf("session=%s/estimator=%s", session, e), func(b *testing.B) {
				measure(b, solver.Case{Session: session}, e, 1<<13, 1, "")
			})
		}
	}
}

// BenchmarkKernel compares the kernels of this machine: plant and endings of
// mindfulness, all defaults, on one core.
func BenchmarkKernel(b *testing.B) {
	for _, session := range []string{"mindfulness", "workout"} {
		for _, kernel := range solver.Kernels() {
			b.Run(fmt.Sprintf("session=%s/kernel=%s", session, kernel), func(b *testing.B) {
				measure(b, solver.Case{Session: session}, solver.Weights, 1<<14, 1, kernel)
			})
		}
	}
}

// BenchmarkPaths shows that cost is linear in the number of paths, and
// allocation not a matter of it.
func BenchmarkPaths(b *testing.B) {
	for _, paths := range []int64{1 << 12, 1 << 14, 1 << 16} {
		b.Run(fmt.Sprintf("paths=%d", paths), func(b *testing.B) {
			measure(b, solver.Case{Session: "mindfulness", Duration: 600}, solver.Weights, paths, 1, "")
		})
	}
}

// BenchmarkHorizon shows that cost is linear in the number of steps.
func BenchmarkHorizon(b *testing.B) {
	for _, duration := range []float64{300, 1200, 4800, 14400} {
		b.Run(fmt.Sprintf("seconds=%g", duration), func(b *testing.B) {
			measure(b, solver.Case{Session: "audio", Duration: duration}, solver.Weights, 1<<12, 1, "")
		})
	}
}

// BenchmarkWorkers shows what a second core gains; on a machine with more, try
// more.
func BenchmarkWorkers(b *testing.B) {
	for workers := 1; workers <= runtime.NumCPU(); workers *= 2 {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			measure(b, solver.Case{Session: "mindfulness"}, solver.Weights, 1<<14, workers, "")
		})
	}
}

// BenchmarkMemory reports the memory the Go runtime has taken from the system
// after runs of more and more paths.
func BenchmarkMemory(b *testing.B) {
	for _, paths := range []int64{1e4, 1e5, 1e6} {
		b.Run(fmt.Sprintf("paths=%d", paths), func(b *testing.B) {
			for b.Loop() {
				debug.FreeOSMemory()
				run(b, solver.Case{Session: "mindfulness", Duration: 60}, solver.Weights, 1, paths, 2, "")
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys-m.HeapReleased)/(1<<20), "MB")
		})
	}
}
