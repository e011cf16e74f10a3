package sweep

import (
	"slices"
	"testing"
)

// TestCompareCaps: what is not known comes before none, and none before the shorter caps.
func TestCompareCaps(t *testing.T) {
	t.Parallel()
	want := []Cap{{Status: CapUnknown}, {Status: CapNever}, {Status: CapMet, Cap: 5},
		{Status: CapImprecise, Cap: 10}, {Status: CapHorizon, Cap: 20}}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, CompareCaps)
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %s, want %s", i, got[i].Status, want[i].Status)
		}
	}
}
