package solver

import (
	"testing"

	"budget/model"
)

// BenchmarkKernels is the cost of the plant alone, with the draws of the session.
func BenchmarkKernels(b *testing.B) {
	for _, session := range []string{"mindfulness", "workout"} {
		p := compile(b, model.Default(), Case{Session: session})
		for _, portable := range []bool{true, false} {
			name := Kernel()
			if portable {
				name = "portable"
			} else if fast.make == nil {
				continue
			}
			b.Run("session="+session+"/kernel="+name, func(b *testing.B) {
				k := newKernel(p, newSampler(1, Weights), portable)
				steps := 0
				for b.Loop() {
					k.run(0, netPaths, p.steps, func(_ uint64, h *History) { steps += min(h.End, p.steps) })
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/path-step")
			})
		}
	}
}
