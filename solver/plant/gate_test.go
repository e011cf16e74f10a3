package plant

import (
	"math"
	"testing"
)

// TestBelowGate: the paths marked are those that an observer sees below the gate, where the
// gauge's noise is followed from the start; and where it starts later, their share is still
// that of the closed form, for levels on both sides of where the gauge converges.
func TestBelowGate(t *testing.T) {
	t.Parallel()
	for _, gate := range []int{1, 6, 20, 50, 100} {
		s := scenario(t, "")
		c := Case{Session: "mindfulness", Device: Fleet, Environment: Mix, Duration: 30, Gate: gate}
		p := compile(t, s, c)
		sampler := NewSampler(3, Independent)

		listening := p.WithNoiseFromStart()
		observe := listening.Observer(sampler)
		for path := range uint64(2000) {
			seen, marked := observe(path), historyOf(listening, sampler, path, p.Steps).Start.BelowGate
			if marked != (seen.Displayed < gate) {
				t.Fatalf("gate %d %%: path %d starts at %d %% displayed, marked %v", gate, path,
					seen.Displayed, marked)
			}
		}

		const paths = 1 << 14
		below := 0.0
		k := p.Kernel("", sampler)
		next := uint64(0)
		k.Run(p.Steps, func() (uint64, bool) { next++; return next - 1, next <= paths },
			func(_ uint64, h *History) {
				if h.Start.BelowGate {
					below++
				}
			})
		want := p.BelowGate(p.Case.Gate)
		// Four standard errors of a share among so many independent paths, and the quadrature.
		if within := 4*math.Sqrt(want*(1-want)/paths) + 1e-4; math.Abs(below/paths-want) > within {
			t.Errorf("gate %d %%: %.5f of the paths start below it, want %.5f ± %.5f", gate, below/paths,
				want, within)
		}
	}
}
