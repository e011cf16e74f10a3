package notation

import (
	"testing"

	"budget/solver"
)

func TestGrants(t *testing.T) {
	for reading, want := range map[solver.Reading]string{solver.Cautious: "grants may be cut short",
		solver.AsDocumented: "grants are never cut"} {
		if got := Grants(reading); got != want {
			t.Errorf("Grants(%s) = %q, want %q", reading, got, want)
		}
	}
}
