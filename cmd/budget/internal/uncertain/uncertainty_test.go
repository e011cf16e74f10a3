package uncertain

import (
	"strings"
	"testing"

	"budget/sweep"
	"budget/sweep/uncertainty"
)

// TestUncertainStates: the table names the status of a robust cap.
func TestUncertainStates(t *testing.T) {
	t.Parallel()
	for _, status := range sweep.CapStatuses() {
		c := uncertainty.CapSpread{Tolerance: 0.01, Default: 1200, Predictive: 1200,
			PredictiveStatus: sweep.CapMet, RobustStatus: status}
		want := status.Name()
		if status.HasCap() {
			c.Robust, want = 600, "10.0"
		}
		for i := range c.Quantiles {
			c.Quantiles[i] = uncertainty.CapEstimate{Value: 1200, Lower: 1200, Upper: 1200}
		}
		u := &uncertainty.Spread{Cases: []uncertainty.CaseSpread{{Case: sweep.Case{Horizon: 1800},
			Caps: []uncertainty.CapSpread{c}}}}
		f := &uncertaintyFlags{flags: newFlags("", 1)}
		var b strings.Builder
		if err := f.table(u).Write(&b, 200, false); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), want) ||
			strings.Contains(b.String(), sweep.CapNever.Name()) != (status == sweep.CapNever) {
			t.Errorf("%s: the table does not say %q:\n%s", status, want, &b)
		}
		if n, all := u.Unknown(); (n == 1) != (status == sweep.CapUnknown) || all != 2 {
			t.Errorf("%s: %d of %d are not known", status, n, all)
		}
	}
}
