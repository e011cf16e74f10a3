package cli

import (
	"slices"
	"testing"

	"budget/plots"
)

// TestNamesOfCharts: charts whose names files cannot tell apart get files of their own.
func TestNamesOfCharts(t *testing.T) {
	t.Parallel()
	charts := []plots.Named{{Name: "a/b"}, {Name: "a:b"}, {Name: "A_B"}, {Name: "c"}}
	var got []string
	for _, f := range NamedFiles(charts, []ChartFormat{"svg"}) {
		got = append(got, f.Name)
	}
	if want := []string{"a_b.svg", "a_b-2.svg", "A_B-3.svg", "c.svg"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
