package plots

import (
	"cmp"
	"slices"
	"strings"

	"budget/sweep"
)

// Readings of the grant, as Cap.Reading names them.
const (
	cautious   = "cautious"
	documented = "documented"
)

// hasCap reports whether the status comes with a duration.
func hasCap(c sweep.Cap) bool {
	return c.Status != sweep.CapNever && c.Status != sweep.CapUnknown
}

// statusText says why there is no cap.
func statusText(s sweep.CapStatus) string {
	if s == sweep.CapNever {
		return "never met"
	}
	return "not enough samples"
}

// sessionName returns the name of a case's session for people.
func sessionName(c sweep.Case) string { return cmp.Or(c.SessionName, c.Session) }

// answer is what one tolerance allows: the cautious cap and, where it says
// something else, the documented one. Either may be missing.
type answer struct {
	tolerance            float64
	cautious, documented *sweep.Cap
	agreed               bool // whether both readings were given and agree
}

// answers pairs the caps of one case by tolerance, smallest first.
func answers(caps []sweep.Cap) []answer {
	byTolerance := map[float64]*answer{}
	for i := range caps {
		c := &caps[i]
		a := byTolerance[c.Tolerance]
		if a == nil {
			a = &answer{tolerance: c.Tolerance}
			byTolerance[c.Tolerance] = a
		}
		if c.Reading == cautious {
			a.cautious = c
		} else {
			a.documented = c
		}
	}
	var out []answer
	for _, a := range byTolerance {
		if a.cautious != nil && a.documented != nil && sameAnswer(*a.cautious, *a.documented) {
			a.documented, a.agreed = nil, true
		}
		out = append(out, *a)
	}
	slices.SortFunc(out, func(a, b answer) int { return cmp.Compare(a.tolerance, b.tolerance) })
	return out
}

// sameAnswer reports whether two readings give a planner the same answer.
func sameAnswer(a, b sweep.Cap) bool {
	if !hasCap(a) || !hasCap(b) {
		return a.Status == b.Status
	}
	return a.Cap == b.Cap && (a.Status == sweep.CapHorizon) == (b.Status == sweep.CapHorizon)
}

// confidence says with what confidence a table of caps holds.
func confidence(caps []sweep.Cap) string {
	lo, hi := caps[0].Confidence, caps[0].Confidence
	for _, c := range caps {
		lo, hi = min(lo, c.Confidence), max(hi, c.Confidence)
	}
	if lo == hi {
		return percent(lo) + " confidence, all of the table together,"
	}
	return percent(lo) + " to " + percent(hi) + " confidence"
}

// capLabel writes a cap, or why there is none, with its tolerance.
func capLabel(c sweep.Cap) string {
	text := percent(c.Tolerance) + ": "
	switch {
	case !hasCap(c):
		text += statusText(c.Status)
	case c.Status == sweep.CapHorizon:
		text += "met up to " + duration(c.Cap)
	default:
		text += duration(c.Cap)
	}
	var remarks []string
	if c.Status == sweep.CapImprecise {
		remarks = append(remarks, "imprecise")
	}
	if c.Reading == documented {
		remarks = append(remarks, documented)
	}
	if len(remarks) > 0 {
		text += " (" + strings.Join(remarks, ", ") + ")"
	}
	return text
}
