package plant

import (
	"testing"

	"budget/model"
)

// BenchmarkKernels is the cost of the plant alone, with the draws of the session.
func BenchmarkKernels(b *testing.B) {
	for _, session := range []string{"mindfulness", "workout"} {
		p := compile(b, model.Default(), Case{Session: session})
		for _, name := range Kernels() {
			b.Run("session="+session+"/kernel="+name, func(b *testing.B) {
				k := p.Kernel(name, NewSampler(1, Tilted))
				steps, first := 0, uint64(0)
				for b.Loop() {
					k.Run(p.Steps, pathsFrom(first, first+1<<14), func(_ uint64, h *History) {
						steps += min(h.End, p.Steps)
					})
					first += 1 << 14
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/path-step")
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(k.Stepped()), "ns/stepped")
			})
		}
	}
}
