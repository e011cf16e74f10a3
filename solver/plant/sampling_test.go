package plant

import (
	"reflect"
	"testing"

	"budget/model"
)

// TestPathsDoNotDependOnEachOther replays single paths after others, forwards and
// from net to net.
func TestPathsDoNotDependOnEachOther(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "audio", Duration: 600})
	for _, sampling := range []Sampling{Independent, Stratified, Sobol, Tilted} {
		s := NewSampler(5, sampling)
		for _, name := range Kernels() {
			k := p.Kernel(name, s)
			for _, path := range []uint64{0, 63, 64, 1023, 1024, 1 << 33} {
				order := []uint64{path + 1, path, path + Replicates}
				k.Run(p.Steps, func() (uint64, bool) {
					if len(order) == 0 {
						return 0, false
					}
					first := order[0]
					order = order[1:]
					return first, true
				}, func(path uint64, h *History) {
					if alone := historyOf(p, s, path, p.Steps); !reflect.DeepEqual(alone, *h) {
						t.Errorf("%s, %s: path %d depends on the paths before it", name, sampling, path)
					}
				})
			}
		}
	}
	var a, b sessionDraws
	a.Sampler, b.Sampler = NewSampler(5, Tilted), NewSampler(5, Independent)
	a.move(3)
	b.move(3)
	if a.words[drawNoise] != b.words[drawNoise] {
		t.Error("draws outside the nets depend on the sampling")
	}
	if a.words[drawStartLevel] == b.words[drawStartLevel] {
		t.Error("independent paths draw the start level from nets")
	}
}
