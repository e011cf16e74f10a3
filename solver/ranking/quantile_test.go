package ranking

import (
	"math/rand/v2"
	"testing"
)

// TestCoversIsSure: where covers says so, enough circumstances reach a's value, whichever of those
// that may do so reach b's; for the worst case and for all circumstances known it says so whenever
// it is so.
func TestCoversIsSure(t *testing.T) {
	const n = 5
	rng := rand.New(rand.NewPCG(1, 2))
	said, possible := 0, 0
	for range 20_000 {
		r := &race{Problem: &Problem{Quantile: 0.3 * float64(rng.IntN(3)), Weights: make([]float64, n)}}
		sum := 0.0
		for i := range n {
			r.Weights[i] = 0.1 + rng.Float64()
			sum += r.Weights[i]
		}
		var sure, missing, paired [n]bool
		for i := range n {
			r.Weights[i] /= sum
			sure[i], missing[i], paired[i] = rng.IntN(3) == 0, rng.IntN(4) == 0, rng.IntN(2) == 0
		}
		least, any := 1.0, false // of what reaches a's value, over all sets that reach b's
		for set := range 1 << n {
			b, a, allowed := 0.0, 0.0, true
			for i := range n {
				in := set>>i&1 == 1
				allowed = allowed && !(in && missing[i])
				if in {
					b += r.Weights[i]
				}
				if sure[i] || in && paired[i] {
					a += r.Weights[i]
				}
			}
			if allowed && b >= 1-r.Quantile-1e-9 {
				least, any = min(least, a), true
			}
		}
		holds := !any || least >= 1-r.Quantile-1e-9
		got := r.covers(n, func(i int) bool { return sure[i] }, func(i int) bool { return missing[i] },
			func(i int) bool { return paired[i] })
		if got && !holds {
			t.Fatalf("q %v, weights %v, sure %v, missing %v, paired %v: as little as %v reach it",
				r.Quantile, r.Weights, sure, missing, paired, least)
		}
		if holds {
			possible++
			if got {
				said++
			}
		}
		if r.Quantile == 0 && any && holds != got {
			t.Fatalf("worst: sure %v, paired %v: %v", sure, paired, got)
		}
	}
	if said*2 < possible {
		t.Errorf("it says so %d of %d times", said, possible)
	}
}

// TestReached: the value that all but a share of the weight reach.
func TestReached(t *testing.T) {
	values := []float64{3, 1, 2, 4}
	for q, want := range map[float64]float64{0: 1, 0.2: 1, 0.25: 2, 0.5: 3, 0.75: 4} {
		if got := reached(&race{Problem: &Problem{Quantile: q}}, values); got != want {
			t.Errorf("quantile %v: %v, want %v", q, got, want)
		}
	}
	r := &race{Problem: &Problem{Quantile: 0.3, Weights: []float64{0.1, 0.25, 0.05, 0.6}}}
	if got := reached(r, values); got != 3 {
		t.Errorf("by weight %v, want 3", got)
	}
}
