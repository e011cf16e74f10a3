package report

import (
	"fmt"
	"slices"

	"budget/internal/notation"
	"budget/plots/selection"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/store"
)

// Head is what stands at the head of the page: how long sessions may be.
type Head struct {
	Lead    string // what the answers have in common
	Answers []Answer
	Spread  *Table     // of many cells alone
	Caps    *CapsTable // nil where there are too many
	Notes   []string   // how to read the table
}

// Answer is a sentence about a session type: its cap, what binds it, if anything, and what
// else there is to say.
type Answer struct{ Before, Cap, Binding, After string }

// newHead says how long sessions may be, in cells that differ by some columns.
func newHead(results *store.Results, varying []selection.Column) (h Head, err error) {
	p := results.Provenance
	spreads := spreadTable()
	for _, session := range results.Sessions() {
		cells := slices.DeleteFunc(slices.Clone(results.Cells), func(c *store.Cell) bool {
			return c.Session != session
		})
		answer, err := sentence(varying, cells, headline(p.Tolerances))
		if err != nil {
			return h, err
		}
		h.Answers = append(h.Answers, answer)
		if len(cells) == 1 {
			continue
		}
		for _, reading := range p.Readings {
			for _, t := range p.Tolerances {
				spreads.Rows = append(spreads.Rows, spread(varying, cells, reading, t, len(p.Readings) > 1))
			}
		}
	}
	if len(spreads.Rows) > 0 {
		h.Spread = &spreads
	}
	if h.Caps, err = capsTable(results, varying); err != nil {
		return h, err
	}
	h.Lead, h.Notes = lead(p), notes(p, h.Caps.Differ)
	if rows := len(results.Cells) * len(p.Tolerances); rows > mostRows {
		h.Notes = append(h.Notes, "The table of all caps is too long for this page: it is in caps.csv, "+
			"beside the results.")
		h.Caps = nil
	}
	return h, nil
}

// headline picks the tolerance of the sentences: the largest up to 1 %, or the smallest.
func headline(tolerances []float64) float64 {
	best := slices.Min(tolerances)
	for _, t := range tolerances {
		if t <= 0.01 {
			best = max(best, t)
		}
	}
	return best
}

// sentence says how long a session of a type may be: for one cell its cap, for several the
// shortest and the longest.
func sentence(varying []selection.Column, cells []*store.Cell, tolerance float64) (Answer, error) {
	name, reading := cells[0].SessionName, cells[0].Caps[0].Reading
	a := Answer{Before: name + " may be planned for", After: "."}
	if len(cells) == 1 {
		c := capOf(cells[0], reading, tolerance)
		text, err := textOf(cells[0], c)
		if err != nil {
			return a, err
		}
		a.Cap = text.Text
		switch c.Status {
		case sweep.CapNever, sweep.CapUnknown:
			a.Before = name + ":"
		case sweep.CapHorizon:
			a.After = "; " + c.Status.Meaning() + "."
		default:
			a.Binding = c.Binding()
			if d := capOf(cells[0], string(solver.AsDocumented), tolerance); d != nil && d.Cap > c.Cap {
				a.After = "; " + notation.Length(d.Cap) + " if grants are not cut."
			}
		}
		return a, nil
	}
	sorted := byLength(cells, reading, tolerance)
	shortest, longest := sorted[0], sorted[len(sorted)-1]
	least, most := capOf(shortest, reading, tolerance), capOf(longest, reading, tolerance)
	number := notation.Plural(len(cells), "cell")
	switch {
	case !most.Status.HasCap():
		a = Answer{name + ":", most.Status.Name(), "", fmt.Sprintf(" in every one of %s.", number)}
		if least.Status != most.Status {
			a.After = fmt.Sprintf(" or %s in every one of %s.", least.Status.Name(), number)
		}
	case least.Cap == most.Cap:
		a.Cap, a.After = notation.Length(least.Cap), fmt.Sprintf(" in each of %s.", number)
	case !least.Status.HasCap():
		a.Cap = notation.Length(most.Cap)
		a.After = fmt.Sprintf(" where it is longest (%s); %s in others, such as %s.",
			cellName(varying, longest), least.Status.Name(), cellName(varying, shortest))
	default:
		a.Cap = notation.Length(least.Cap) + " to " + notation.Length(most.Cap)
		a.Binding = least.Binding()
		a.After = fmt.Sprintf(" where it is shortest (%s); longest: %s.",
			cellName(varying, shortest), cellName(varying, longest))
	}
	return a, nil
}

// lead says what the sentences about the caps have in common.
func lead(p sweep.Provenance) string {
	text := "At most " + notation.Percent(headline(p.Tolerances)) + " of sessions " +
		"planned this long fail"
	if len(p.Readings) > 1 {
		text += ", even if the system cuts grants short on a hot watch or a low battery"
	}
	confidence := notation.Percent(p.Confidence)
	if p.Caps == 1 {
		return text + ". The cap holds with " + confidence + " confidence."
	}
	return text + ". All " + notation.Plural(p.Caps, "cap") + " hold together with " + confidence +
		" confidence."
}

// notes say how to read the caps.
func notes(p sweep.Provenance, differ bool) []string {
	all := []string{"A cap is the longest plan that fails at most as often as the tolerance says; " +
		"in brackets, the longest it could be. Fails and Leaves are shares of sessions that long."}
	if differ {
		all = append(all, "The safe cap is cautious: a hot watch or a low battery uses granted time "+
			"up faster. If grants are never cut, it does not.")
	}
	return append(all, fmt.Sprintf(
		"Rests on assumptions: %d of %d quantities are assumed or anecdotal.", len(p.Assumed),
		len(quantities(p))))
}
