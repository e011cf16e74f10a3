package solver

import (
	"testing"

	"budget/model"
)

// TestPathsDoNotAllocate keeps the memory of a run independent of its length.
func TestPathsDoNotAllocate(t *testing.T) {
	p := compile(t, model.Default(), Case{Session: "mindfulness", Duration: 600})
	e := p.newHazards().newEndings(Cautious, model.Failures)
	e.ready()
	ledger := newLedger(len(e.classes), p.steps)
	for _, name := range Kernels() {
		k := p.plant.Kernel(name, newSampler(1, Weights, Tilted))
		first := uint64(0)
		run := func() {
			k.Run(p.steps, pathsFrom(first, first+500), func(_ uint64, h *History) { e.weigh(h, 1, ledger, 0, p.steps) })
			first += 500
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
