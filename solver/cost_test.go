package solver_test

import (
	"fmt"
	"strings"
	"testing"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// TestCostsAgree compares what sessions cost with the agreed values.
func TestCostsAgree(t *testing.T) {
	t.Parallel()
	paths := int64(4096)
	if *solver.Long {
		paths *= 16
	}
	for _, a := range agreedTables(t) {
		if !strings.Contains(a.title, "costs") {
			continue
		}
		c, err := solver.Compile(model.Default(), solver.Case{Session: a.session()})
		if err != nil {
			t.Fatal(err)
		}
		costs, err := c.Cost(t.Context(), solver.Settings{Seed: 11}, a.rows, paths)
		if err != nil {
			t.Fatal(err)
		}
		compareWithAgreed(t, &a, "weights", float64(paths),
			func(column string, row int) estimate.Estimate {
				switch cost := &costs[row]; agreedCosts[column] {
				case levelUsed:
					return cost.Level.Mean
				case hottestSkin:
					return cost.Hottest.Mean
				case reachedFair:
					return cost.Fair
				default:
					return cost.Serious
				}
			})
	}
}

// TestCostsAreTheSameForAnyWorkers, and for every kernel.
func TestCostsAreTheSameForAnyWorkers(t *testing.T) {
	t.Parallel()
	c, err := solver.Compile(model.Default(), solver.Case{Session: "self-care"})
	if err != nil {
		t.Fatal(err)
	}
	want := ""
	for _, workers := range []int{1, 2, 7} {
		for _, kernel := range solver.Kernels() {
			costs, err := c.Cost(t.Context(), solver.Settings{Workers: workers, Kernel: kernel},
				[]float64{60, 300}, 3000)
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprintf("%+v", costs)
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%d workers, %s:\n%s\nwant\n%s", workers, kernel, got, want)
			}
		}
	}
}
