package benchmarks

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"testing"
)

// BenchmarkPaths measures how cost grows with the number of paths; it should be linear.
func BenchmarkPaths(b *testing.B) {
	for _, paths := range []int64{1 << 13, 1 << 15, 1 << 17, 1 << 19} {
		b.Run(fmt.Sprintf("paths=%d", paths), func(b *testing.B) {
			w := newWork("mindfulness", 600, paths)
			w.measure(b)
		})
	}
}

// BenchmarkHorizon measures how cost grows with the number of steps if every path is stepped; it
// should be linear. With skipping it is not, because more paths can end in a longer session.
func BenchmarkHorizon(b *testing.B) {
	for _, all := range []bool{true, false} {
		for _, duration := range []float64{900, 1800, 3600, 7200, 14400} {
			b.Run(fmt.Sprintf("all=%v/seconds=%g", all, duration), func(b *testing.B) {
				w := newWork("audio", duration, 1<<13)
				w.StepAll = all
				w.measure(b)
			})
		}
	}
}

// BenchmarkWorkers measures the gain of a second worker: the time of one over the time of two,
// measured in turn. With more processors it also measures all of them.
func BenchmarkWorkers(b *testing.B) {
	for _, workers := range []int{2, runtime.NumCPU()} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			one, many := newWork("mindfulness", 0, 1<<18), newWork("mindfulness", 0, 1<<18)
			many.Workers = workers
			var spent [2]float64
			for b.Loop() {
				for range 8 { // a single round is precise to a few per cent
					for i, w := range []*work{&one, &many} {
						before := b.Elapsed()
						w.do(b)
						spent[i] += (b.Elapsed() - before).Seconds()
					}
				}
			}
			b.ReportMetric(spent[0]/spent[1], "times-one")
			b.ReportMetric(0, "ns/op")
		})
		if runtime.NumCPU() == 2 {
			break
		}
	}
}

// BenchmarkMemory reports the memory of the Go runtime after runs with increasing numbers of
// paths.
func BenchmarkMemory(b *testing.B) {
	for _, paths := range []int64{1e4, 1e5, 1e6, 1e7} {
		b.Run(fmt.Sprintf("paths=%.0e", float64(paths)), func(b *testing.B) {
			for b.Loop() {
				debug.FreeOSMemory()
				w := newWork("workout", 300, paths)
				w.Workers = 2
				w.do(b)
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.Sys-m.HeapReleased)/(1<<20), "MB")
		})
	}
}
