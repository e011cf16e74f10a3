package solver_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"budget/model"
	"budget/solver"
)

// TestWorkFitsAWindowAsOftenAsDrawn draws CPU factors.
func TestWorkFitsAWindowAsOftenAsDrawn(t *testing.T) {
	t.Parallel()
	s := model.Default()
	for _, w := range solver.Windows(s, s.Workload.ByID["seated"]) {
		r := rand.New(rand.NewPCG(3, 4))
		const draws = 100_000
		work, fit := 0.8*w.Wall, 0
		for range draws {
			if work*math.Exp(float64(s.Population.CPUSigma)*r.NormFloat64()) <= w.Wall {
				fit++
			}
		}
		p := float64(fit) / draws
		if got := w.Fits(work); math.Abs(got-p) > 4*math.Sqrt(p*(1-p)/draws) {
			t.Errorf("%s: %g s fit with %g, drawn %g", w.Name, work, got, p)
		}
	}
}

// TestLargestWorkFitsWithItsProbability goes there and back, with and without spread.
func TestLargestWorkFitsWithItsProbability(t *testing.T) {
	t.Parallel()
	s := model.Default()
	for _, sigma := range []float64{0.25, 1} {
		s.Population.CPUSigma = model.Number(sigma)
		for _, w := range solver.Windows(s, s.Workload.ByID["worn"]) {
			for _, p := range []float64{0.5, 0.95, 0.99} {
				if got := w.Fits(w.Largest(p)); math.Abs(got-p) > 1e-12 {
					t.Errorf("%s: the largest work for %g fits with %g", w.Name, p, got)
				}
			}
		}
	}
	s.Population.CPUSigma = 0
	for _, w := range solver.Windows(s, s.Workload.ByID["worn"]) {
		if w.Largest(0.99) != w.Wall || w.Fits(w.Wall) != 1 || w.Fits(w.Wall+1e-9) != 0 ||
			w.Fits(0) != 1 {
			t.Errorf("%s: without spread the work that fits is %g s, want %g", w.Name, w.Largest(0.99),
				w.Wall)
		}
	}
}
