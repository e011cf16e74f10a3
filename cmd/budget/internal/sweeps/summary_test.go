package sweeps

import (
	"strings"
	"testing"

	"budget/sweep"
	"budget/sweep/plan"
)

// TestSummaryOfStates: the summary calls every status by its name, and counts what too few
// sessions were simulated for.
func TestSummaryOfStates(t *testing.T) {
	t.Parallel()
	p, err := plan.Parse("plan.toml", []byte("sessions = [\"workout\"]\n[[axis]]\n"+
		"key = \"start_level\"\nvalues = [\"10 %\"]\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, status := range sweep.CapStatuses() {
		c := sweep.Cap{Status: status}
		want := status.Name()
		if status.HasCap() {
			c.Cap, want = 600, "10 min"
		}
		var s capsSummary
		s.add(p.Cells()[0], c)
		var b strings.Builder
		if err := s.table(p).Write(&b, 200, false); err != nil {
			t.Fatal(err)
		}
		if strings.Count(b.String(), want) != 3 {
			t.Errorf("%s: the summary does not say %q three times:\n%s", status, want, &b)
		}
		if n, all := s.unknown(); (n == 1) != (status == sweep.CapUnknown) || all != 1 {
			t.Errorf("%s: %d of %d are not known", status, n, all)
		}
	}
}
