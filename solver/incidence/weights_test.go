package incidence

import (
	"testing"

	"budget/model"
	"budget/solver/plant"
)

// TestPathsDoNotAllocate keeps the memory of a run independent of its length.
func TestPathsDoNotAllocate(t *testing.T) {
	on, terms := compile(t, model.Default(), 600)
	r := terms.Rules(on, []Reading{Cautious}, model.Failures)[0]
	r.ready()
	x := newExposure(len(r.classes), on.Steps)
	for _, name := range plant.Kernels() {
		k := on.Kernel(name, plant.NewSampler(1, plant.Tilted))
		first := uint64(0)
		run := func() {
			last := first + 500
			k.Run(on.Steps, func() (uint64, bool) { first++; return first - 1, first <= last },
				func(_ uint64, h *plant.History) { r.weigh(h, 1, x, 0, on.Steps) })
			first = last
		}
		for range 8 { // let the lists of runs grow to their size
			run()
		}
		// A list may still grow; a path that allocates makes it 500.
		if n := testing.AllocsPerRun(10, run); n > 20 {
			t.Errorf("%s: 500 paths allocate %v times", name, n)
		}
	}
}
