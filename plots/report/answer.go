package report

import (
	"fmt"
	"slices"

	"budget/internal/notation"
	"budget/plots/selection"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/uncertainty"
)

// Head is what stands at the head of the page: how long sessions may be.
type Head struct {
	Lead    string // what the answers have in common
	Answers []Answer
	Spread  *Table     // of many cells alone
	Caps    *CapsTable // nil where there are too many
	Notes   []string   // how to read the table
}

// Answer is a sentence about a session type: the length to offer, the safe cap where that is
// another length, what ends longer sessions, if anything, and what else there is to say; then how
// far uncertain inputs move the cap, "" if that is not known.
type Answer struct{ Before, Length, Cap, Binding, After, Range string }

// newHead says how long sessions may be, in cells that differ by some columns. spread is what
// budget uncertainty has left beside the results, or nil.
func newHead(results *store.Results, varying []selection.Column, spread *uncertainty.Spread) (
	h Head, err error) {
	p := results.Provenance
	spreads := spreadTable()
	for _, session := range results.Sessions() {
		cells := slices.DeleteFunc(slices.Clone(results.Cells), func(c *store.Cell) bool {
			return c.Session != session
		})
		answer, err := sentence(results.Offers, varying, cells, selection.Headline(p.Tolerances), spread)
		if err != nil {
			return h, err
		}
		h.Answers = append(h.Answers, answer)
		if len(cells) == 1 {
			continue
		}
		for _, reading := range p.Readings {
			for _, t := range p.Tolerances {
				spreads.Rows = append(spreads.Rows,
					spreadRow(varying, cells, reading, t, len(p.Readings) > 1))
			}
		}
	}
	if len(spreads.Rows) > 0 {
		h.Spread = &spreads
	}
	if h.Caps, err = capsTable(results, varying); err != nil {
		return h, err
	}
	h.Lead, h.Notes = lead(p, spread), notes(p, h.Caps.Differ)
	if rows := len(results.Cells) * len(p.Tolerances); rows > mostRows {
		h.Notes = append(h.Notes, "The table of all caps is too long for this page: it is in caps.csv, "+
			"beside the results.")
		h.Caps = nil
	}
	return h, nil
}

// sentence says how long a session of a type may be: for one cell the length to offer, its cap,
// and how far uncertain inputs move that where a spread says; for several the shortest and the
// longest cap.
func sentence(offers []sweep.Offer, varying []selection.Column, cells []*store.Cell,
	tolerance float64, spread *uncertainty.Spread) (Answer, error) {
	name, reading := cells[0].SessionName, cells[0].Caps[0].Reading
	a := Answer{Before: name + ": offer up to", After: "."}
	if len(cells) == 1 {
		c := capOf(cells[0], reading, tolerance)
		text, err := textOf(cells[0], c)
		if err != nil {
			return a, err
		}
		a.Length, a.Range = text.Text, rangeOf(*c, spread)
		switch c.Status {
		case sweep.CapNever, sweep.CapUnknown:
			a.Before = name + ":"
			return a, nil
		case sweep.CapHorizon:
			a.Length = notation.Position(c.Case, c.Cap)
			if a.After = "."; c.Cycles == "" { // a timer ends there
				a.After = " or more; " + c.Status.Meaning() + "."
			}
		default:
			a.Binding, a.After = c.Binding(), others(cells[0], c)
		}
		switch length, menu := longestOffer(offers, c); {
		case menu && length == 0:
			a.Before, a.Cap = name+":", a.Length
			a.Length = "offer none of the lengths asked for"
		case menu && length < c.Cap:
			a.Before, a.Cap = name+": offer at most", a.Length
			a.Length = notation.Reached(c.Case, length)
		}
		return a, nil
	}
	shortest, longest := extremes(cells, reading, tolerance)
	least, most := capOf(shortest, reading, tolerance), capOf(longest, reading, tolerance)
	number := notation.Plural(len(cells), "cell")
	switch {
	case !most.Status.HasCap():
		a = Answer{Before: name + ":", Length: most.Status.Name(),
			After: fmt.Sprintf(" in every one of %s.", number)}
		if least.Status != most.Status {
			a.After = fmt.Sprintf(" or %s in every one of %s.", least.Status.Name(), number)
		}
	case least.Cap == most.Cap:
		a.Length = notation.CapLength(least.Case, least.Cap)
		a.After = fmt.Sprintf(" in each of %s.", number)
	case !least.Status.HasCap():
		a.Length = notation.CapLength(most.Case, most.Cap)
		a.After = fmt.Sprintf(" where it is longest (%s); %s in others, such as %s.",
			cellName(varying, longest), least.Status.Name(), cellName(varying, shortest))
	default:
		a.Length = notation.CapLength(least.Case, least.Cap) + " to " +
			notation.CapLength(most.Case, most.Cap)
		a.Binding = least.Binding()
		a.After = fmt.Sprintf(" where it is shortest (%s); longest: %s.",
			cellName(varying, shortest), cellName(varying, longest))
	}
	return a, nil
}

// longestOffer returns the longest session length on the menu that is within a cap, 0 for none.
// menu is false if the results have no lengths to offer.
func longestOffer(offers []sweep.Offer, c *sweep.Cap) (length float64, menu bool) {
	for _, o := range offers {
		if o.Case != c.Case {
			continue
		}
		menu = true
		if o.Holds(*c) {
			length = max(length, o.Duration)
		}
	}
	return length, menu
}

// others gives the longer caps of a cell: with the app's gate, and if grants are never cut.
func others(cell *store.Cell, c *sweep.Cap) string {
	text := ""
	if g := c.Gated; g != nil && g.Cap > c.Cap {
		text += fmt.Sprintf("; %s from %s shown", notation.Reached(c.Case, g.Cap),
			notation.Percent(g.Level))
	}
	if d := capOf(cell, string(solver.AsDocumented), c.Tolerance); d != nil && d.Cap > c.Cap {
		text += fmt.Sprintf("; %s if grants are never cut", notation.Reached(c.Case, d.Cap))
	}
	return text + "."
}

// rangeOf says how far uncertain inputs move a cap, "" where no spread has that cap.
func rangeOf(c sweep.Cap, spread *uncertainty.Spread) string {
	if spread == nil {
		return ""
	}
	for _, of := range spread.Cases {
		if of.Session != c.Session || of.Device != c.Device || of.Environment != c.Environment {
			continue
		}
		for j, found := range of.Caps {
			if found.Reading == c.Reading && found.Tolerance == c.Tolerance {
				lower, upper, _ := of.Range(j)
				from, to := notation.Drawn(c.Case, lower, of.Horizon), notation.Drawn(c.Case, upper, of.Horizon)
				if from == to {
					return "Uncertain inputs do not move the safe cap: " + from + "."
				}
				return "Uncertain inputs move the safe cap from " + from + " to " + to + "."
			}
		}
	}
	return ""
}

// lead says what the sentences about the caps have in common.
func lead(p sweep.Provenance, spread *uncertainty.Spread) string {
	text := "At most " + notation.Percent(selection.Headline(p.Tolerances)) + " of sessions " +
		"this long fail for users who mean to finish them"
	if len(p.Readings) > 1 {
		text += ", even if the system cuts grants short on a hot watch or a low battery"
	}
	confidence := notation.Percent(p.Confidence)
	if p.Caps == 1 {
		text += ". The cap holds with " + confidence + " confidence."
	} else {
		text += ". All " + notation.Plural(p.Caps, "cap") + " hold together with " + confidence +
			" confidence."
	}
	if spread == nil || len(spread.Cases) == 0 {
		return text
	}
	sets := notation.Plural(len(spread.Cases[0].Sets), "set") + " of values."
	if len(spread.Cases[0].Sets) < uncertainty.LeastSets {
		return text + " Ranges over uncertain inputs are the least and the greatest cap of " + sets
	}
	return text + " Ranges over uncertain inputs leave out the lowest and the highest twentieth of " +
		sets
}

// notes say how to read the caps.
func notes(p sweep.Provenance, differ bool) []string {
	all := []string{"The bracket is the upper end of the cap's interval; simulating more sessions " +
		"narrows it. Fails and Leaves are shares of sessions as long as the cap."}
	if differ {
		all = append(all, "Safe assumes that a hot watch or a low battery uses granted time up "+
			"faster, which Apple does not document.")
	}
	return append(all, fmt.Sprintf("%d of %d inputs are our assumptions.",
		len(p.Assumed), len(quantities(p))))
}
