package sweep

import (
	"encoding/json"
	"testing"
)

// TestCyclesAreReadAsWritten: from text and from JSON.
func TestCyclesAreReadAsWritten(t *testing.T) {
	t.Parallel()
	c := NewCycles([]float64{1500, 3305, 5110.5})
	if c != "1500 3305 5110.5" || c.Len() != 3 || c.End() != 5110.5 || CheckCycles(c) != nil {
		t.Errorf("%q: %d cycles to %v", c, c.Len(), c.End())
	}
	for position, want := range map[float64]int{0: 0, 1499: 0, 1500: 1, 3304: 1, 5110.5: 3, 9999: 3} {
		if n := c.By(position); n != want {
			t.Errorf("%d cycles end by %v, want %d", n, position, want)
		}
	}
	for position, want := range map[float64]float64{5: 1500, 1500: 1500, 1505: 3305, 9999: 9999} {
		if end := c.Reach(position); end != want {
			t.Errorf("%v is in a cycle to %v, want %v", position, end, want)
		}
	}
	for _, cycles := range []Cycles{c, ""} {
		text, err := json.Marshal(cycles)
		var back Cycles
		if err == nil {
			err = json.Unmarshal(text, &back)
		}
		if err != nil || back != cycles {
			t.Errorf("%q is read as %q: %v", cycles, back, err)
		}
	}
	for _, bad := range []Cycles{"x", "5 4", "-5", "1e99", "5  6", "NaN"} {
		if CheckCycles(bad) == nil {
			t.Errorf("%q is valid", bad)
		}
	}
}
