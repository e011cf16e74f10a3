package model

import "testing"

// The lead is uniform between 1 and 60 s.
func TestClosingFits(t *testing.T) {
	t.Parallel()
	p := Default().Policy
	for _, c := range []struct{ work, want float64 }{
		{0, 1}, {1, 1}, {30.5, 0.5}, {45.25, 0.25}, {60, 0}, {61, 0},
	} {
		approx(t, "P(W ≥ C)", p.ClosingFits(c.work), c.want, 1e-15)
	}
	p.WarningMax = p.WarningMin // always 1 s
	approx(t, "in a lead of 1 s", p.ClosingFits(1), 1, 0)
	approx(t, "in a lead of 1 s", p.ClosingFits(1.001), 0, 0)
}

func TestUnsaved(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ end, every, want float64 }{
		{100, 30, 10}, {29, 30, 29}, {90, 30, 0}, {0, 30, 0},
	} {
		approx(t, "unsaved", Unsaved(c.end, c.every), c.want, 0)
	}
}
