package random

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mathext"
)

var tableShapes = []float64{MinBetaShape, 0.3, 0.5, 1, 2, 5, 20, MaxBetaShape}

// The promise of Quantile.
const betaTableTolerance = 1e-10

// In logits, where nothing is rounded away near x = 1: an error of g - s in a logit is (g -
// s)·u·(1-u) in u.
func TestBetaTableError(t *testing.T) {
	t.Parallel()
	for _, a := range tableShapes {
		for _, b := range tableShapes {
			table, f := NewBetaTable(a, b), betaLogit(a, b)
			last := math.Inf(-1)
			for s := -36.99; s < 37; s += 0.0237 {
				w := table.logit(s)
				g, _ := f(w)
				if d := math.Abs(g-s) * logistic(s) * logistic(-s); !(d <= betaTableTolerance) {
					t.Errorf("table of %v, %v at logit u = %v: error %.3g of u, tolerance %g",
						a, b, s, d, betaTableTolerance)
				}
				if !(w > last) {
					t.Errorf("table of %v, %v at logit u = %v: logit x = %v, not above %v", a, b, s, w, last)
				}
				last = w
			}
		}
	}
}

func TestBetaTableRoundTrip(t *testing.T) {
	t.Parallel()
	s := Stream{Key: NewKey(5)}
	for _, a := range []float64{0.3, 1, 4, 20} {
		for _, b := range []float64{0.3, 1, 4, 20} {
			table := NewBetaTable(a, b)
			for j := range uint32(1000) {
				u := s.Uniform(j)
				x := table.Quantile(u)
				got := mathext.RegIncBeta(a, b, x)
				// One last place of x, in probability.
				rounding := 0x1p-53 * math.Exp((a-1)*math.Log(x)+(b-1)*math.Log1p(-x)-mathext.Lbeta(a, b))
				if x < 1 && !(math.Abs(got-u) <= betaTableTolerance+rounding) {
					t.Fatalf("table of %v, %v: Quantile(%v) = %v, back at %v", a, b, u, x, got)
				}
			}
		}
	}
}

func TestBetaTableMonotone(t *testing.T) {
	t.Parallel()
	for _, shape := range [][2]float64{{0.3, 0.3}, {0.3, 20}, {2, 5}, {20, 20}} {
		table := NewBetaTable(shape[0], shape[1])
		// The joins between cells, where a mismatch would show, in steps of 1e-12 relative to the
		// smaller tail.
		for s := -betaReach + betaStep; s < betaReach; s += betaStep {
			last := table.logit(s - 21e-12)
			for i := -20; i <= 20; i++ {
				w := table.logit(s + float64(i)*1e-12)
				if !(w >= last) {
					t.Fatalf("table of %v at logit u = %v: logit x = %v, below %v", shape, s, w, last)
				}
				last = w
			}
		}
		last := 0.0
		for x := uint64(0); x < 1<<32; x += 42967 {
			q := table.Quantile(Uniform32(uint32(x)))
			if !(q >= last) {
				t.Fatalf("table of %v: Quantile(%v) = %v, below %v", shape, Uniform32(uint32(x)), q, last)
			}
			last = q
		}
	}
}

func TestBetaTableEnds(t *testing.T) {
	t.Parallel()
	for _, shape := range [][2]float64{{0.3, 0.3}, {20, 0.3}, {0.3, 20}, {1, 1}} {
		table := NewBetaTable(shape[0], shape[1])
		if lo, hi := table.Quantile(0), table.Quantile(1); lo != 0 || hi != 1 {
			t.Errorf("table of %v: Quantile(0), Quantile(1) = %v, %v, want 0, 1", shape, lo, hi)
		}
		// Beyond the cells the line continues: still monotone, still inside.
		if x, y := table.Quantile(0x1p-60), table.Quantile(0x1p-53); !(x > 0 && x < y) {
			t.Errorf(
				"table of %v: Quantile(2^-60) = %v, Quantile(2^-53) = %v, want 0 < the first < the second",
				shape, x, y)
		}
		for _, u := range []float64{-0.1, 1.1, math.NaN()} {
			if got := table.Quantile(u); !math.IsNaN(got) {
				t.Errorf("table of %v: Quantile(%v) = %v, want NaN", shape, u, got)
			}
		}
	}
}
