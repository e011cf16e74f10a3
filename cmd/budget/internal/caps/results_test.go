package caps

import (
	"strings"
	"testing"

	"budget/sweep"
	"budget/sweep/store"
)

// TestSweptStates: the table of a sweep's caps names every status.
func TestSweptStates(t *testing.T) {
	t.Parallel()
	for _, status := range sweep.CapStatuses() {
		cell := &store.Cell{Case: sweep.Case{Session: "workout"}}
		c := sweep.Cap{Case: cell.Case, Status: status}
		if status.HasCap() {
			c.Cap, c.CapUpper = 600, 900
		}
		var b strings.Builder
		table := sweptTable(&store.Results{Cells: []*store.Cell{cell}}, []sweptCap{{cell, c}})
		if err := table.Write(&b, 200, false); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), status.Name()) {
			t.Errorf("%s: the table does not say %q:\n%s", status, status.Name(), &b)
		}
		if other := sweep.CapNever; status != other && strings.Contains(b.String(), other.Name()) {
			t.Errorf("%s: the table says %q:\n%s", status, other.Name(), &b)
		}
	}
}
