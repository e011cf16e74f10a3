package plots

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/solver"
	"budget/sweep"
)

// Readings of the grant, as Cap.Reading names them.
const (
	cautious   = string(solver.Cautious)
	documented = string(solver.AsDocumented)
)

// ifNeverCut is what charts call the documented reading.
const ifNeverCut = "if grants are never cut"

// sessionName returns the name of a case's session for people.
func sessionName(c sweep.Case) string { return cmp.Or(c.SessionName, c.Session) }

// hasCap reports whether the status comes with a duration.
func hasCap(c sweep.Cap) bool { return c.Status.HasCap() }

// capLabel writes a cap, or why there is none, with its tolerance.
func capLabel(c sweep.Cap) string {
	text := notation.Percent(c.Tolerance) + ": " + notation.CapState(c.Case, c.Status, c.Cap)
	var remarks []string
	if c.Status == sweep.CapImprecise {
		remarks = append(remarks, c.Status.Name())
	}
	if c.Reading == documented {
		remarks = append(remarks, ifNeverCut)
	}
	if len(remarks) > 0 {
		text += " (" + strings.Join(remarks, ", ") + ")"
	}
	return text
}

// capEnds returns the ends of a cap's interval on a chart: 0 where no plan is safe, NaN
// where the paths do not tell.
func capEnds(c sweep.Cap) (value, upper float64) {
	switch c.Status {
	case sweep.CapUnknown:
		return math.NaN(), math.NaN()
	case sweep.CapNever:
		return 0, max(c.CapUpper, 0)
	}
	return c.Cap, max(c.Cap, c.CapUpper)
}

// confidence says with what confidence a table of caps holds.
func confidence(caps []sweep.Cap) string {
	lo, hi := caps[0].Confidence, caps[0].Confidence
	for _, c := range caps {
		lo, hi = min(lo, c.Confidence), max(hi, c.Confidence)
	}
	if lo == hi {
		return notation.Percent(lo) + " confidence, all of the table together,"
	}
	return notation.Percent(lo) + " to " + notation.Percent(hi) + " confidence"
}

// answer is what one tolerance allows: the cautious cap and, where it says something else,
// the documented one. Either may be missing.
type answer struct {
	tolerance            float64
	cautious, documented *sweep.Cap
	agreed               bool // whether both readings were given and agree
}

// answers pairs the caps of one case by tolerance, smallest first.
func answers(caps []sweep.Cap) []answer {
	var out []answer
	for i := range caps {
		c := &caps[i]
		at := slices.IndexFunc(out, func(a answer) bool { return a.tolerance == c.Tolerance })
		if at < 0 {
			at, out = len(out), append(out, answer{tolerance: c.Tolerance})
		}
		if c.Reading == cautious {
			out[at].cautious = c
		} else {
			out[at].documented = c
		}
	}
	for i, a := range out {
		if a.cautious != nil && a.documented != nil && sameAnswer(*a.cautious, *a.documented) {
			out[i].documented, out[i].agreed = nil, true
		}
	}
	slices.SortFunc(out, func(a, b answer) int { return cmp.Compare(a.tolerance, b.tolerance) })
	return out
}

// caps lists the caps of an answer.
func (a answer) caps() (caps []sweep.Cap) {
	for _, c := range []*sweep.Cap{a.cautious, a.documented} {
		if c != nil {
			caps = append(caps, *c)
		}
	}
	return caps
}

// sameAnswer reports whether two readings give a planner the same answer.
func sameAnswer(a, b sweep.Cap) bool {
	if !hasCap(a) || !hasCap(b) {
		return a.Status == b.Status
	}
	return a.Cap == b.Cap && (a.Status == sweep.CapHorizon) == (b.Status == sweep.CapHorizon)
}
