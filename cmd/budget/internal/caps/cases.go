package caps

import (
	"math"
	"slices"

	"budget/internal/notation"
	"budget/sweep"
)

// capsTable arranges caps for printing.
type capsTable struct {
	*sweep.Result
	provenance sweep.Provenance
	cases      []capsCase
	reading    string // the only one, or "" for both
	differ     bool   // whether the readings give different caps anywhere
	several    bool   // whether a name includes device and environment
	unexamined string // why the caps have no range over uncertain inputs
}

// capsCase holds the caps of one case.
type capsCase struct {
	sweep.Case
	lines []capsLine
}

// capsLine is the answer at one tolerance. With both readings, cap is the cautious one. With one
// reading, documented is nil.
type capsLine struct {
	cap        sweep.Cap
	documented *sweep.Cap
}

// newCapsTable arranges the caps of a result. They are sorted by case, reading and tolerance.
func newCapsTable(r *sweep.Result, p sweep.Provenance, several bool) *capsTable {
	t := &capsTable{Result: r, provenance: p, several: several, reading: r.Caps[0].Reading}
	for _, c := range r.Caps {
		if c.Reading != r.Caps[0].Reading {
			t.reading = ""
		}
		if n := len(t.cases); n == 0 || t.cases[n-1].Case != c.Case {
			t.cases = append(t.cases, capsCase{Case: c.Case})
		}
		of := &t.cases[len(t.cases)-1]
		i := slices.IndexFunc(of.lines, func(l capsLine) bool { return l.cap.Tolerance == c.Tolerance })
		if i < 0 {
			of.lines = append(of.lines, capsLine{cap: c})
			continue
		}
		of.lines[i].documented = &c
		t.differ = t.differ || !sameAnswer(of.lines[i].cap, c)
	}
	return t
}

// sameAnswer reports whether two readings give a planner the same answer.
func sameAnswer(a, b sweep.Cap) bool {
	return a.Status == b.Status && a.Cap == b.Cap && a.CapUpper == b.CapUpper
}

func (t *capsTable) name(c sweep.Case) string {
	if t.several {
		return notation.Case(c)
	}
	return c.SessionName
}

// gate returns the displayed level of the gate, or 0 without a gate.
func (t *capsTable) gate() float64 {
	for _, c := range t.Caps {
		if c.Gated != nil {
			return c.Gated.Level
		}
	}
	return 0
}

// paths writes the number of paths per case.
func (t *capsTable) paths() string {
	least, most := int64(math.MaxInt64), int64(0)
	for _, c := range t.cases {
		n := c.lines[0].cap.Paths
		least, most = min(least, n), max(most, n)
	}
	if least == most {
		return notation.Plural(least, "path")
	}
	return notation.Count(least) + " to " + notation.Plural(most, "path")
}

// headlineTolerance returns the tolerance for the menu: 1 %, or the first one if 1 % is not
// among them.
func headlineTolerance(tolerances []float64) float64 {
	if slices.Contains(tolerances, 0.01) {
		return 0.01
	}
	return tolerances[0]
}
