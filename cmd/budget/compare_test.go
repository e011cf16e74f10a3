package main

import (
	"strings"
	"testing"

	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/compare"
)

// TestComparedStates: a comparison calls the status of either side by its name.
func TestComparedStates(t *testing.T) {
	t.Parallel()
	for _, status := range sweep.CapStatuses() {
		d := compare.Difference{A: 1200, Estimate: estimate.Estimate{Value: 60}}
		if status.HasCap() {
			d.B = 600
		}
		c := &compare.Result{Cells: []compare.Cell{{Session: "workout", Tolerances: []float64{0.01},
			Caps: []compare.Difference{d}, Status: [][2]sweep.CapStatus{{sweep.CapMet, status}}}}}
		var b strings.Builder
		if err := details("a", "b", c, 0.95).Write(&b, 200, false); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"20 min", status.Name()} {
			if status != sweep.CapImprecise && !strings.Contains(b.String(), want) {
				t.Errorf("%s: the comparison does not say %q:\n%s", status, want, &b)
			}
		}
		if n, all := unknownCaps(c); (n == 1) != (status == sweep.CapUnknown) || all != 2 {
			t.Errorf("%s: %d of %d are not known", status, n, all)
		}
	}
}
