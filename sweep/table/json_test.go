package table_test

import (
	"bytes"
	"math"
	"testing"

	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/table"
)

// TestCapsWithoutBounds: a share of which only the value is known, as between the durations
// that intervals are kept for, is written as JSON and read again.
func TestCapsWithoutBounds(t *testing.T) {
	t.Parallel()
	c := sweep.Unanswered(sweep.Case{Session: "workout", Device: solver.Fleet,
		Environment: solver.Mix}, solver.Cautious, 0.01, 0.95)
	c.CompletedAtCap = estimate.Missing
	c.CompletedAtCap.Value = 0.9
	var b bytes.Buffer
	if err := table.WriteCapsJSON(&b, &sweep.Result{Caps: []sweep.Cap{c}},
		sweep.Provenance{}); err != nil {
		t.Fatal(err)
	}
	r, _, ok := table.ReadCapsJSON(b.Bytes())
	if !ok {
		t.Fatalf("not read again:\n%s", b.Bytes())
	}
	if got := r.Caps[0].CompletedAtCap; got.Value != 0.9 || !math.IsNaN(got.Lower) ||
		!math.IsNaN(got.Upper) {
		t.Errorf("completed at the cap: %+v, want 0.9 without bounds", got)
	}
}
