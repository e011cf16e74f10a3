package report

import (
	"fmt"

	"budget/internal/notation"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
)

// finding is the title of the page: how long sessions may be at the headline tolerance. Of
// several session types it names the ones with the shortest and with the longest cap, each in
// its worst cell; of one type in several cells the cells. It says where there is no cap.
func finding(results *store.Results, varying []selection.Column) string {
	p := results.Provenance
	tolerance := selection.Headline(p.Tolerances)
	sessions := results.Sessions()
	subject, cells := "", results.Cells
	name := func(c *store.Cell) string { return c.SessionName }
	if len(sessions) == 1 {
		subject = cells[0].SessionName
		name = func(c *store.Cell) string { return cellName(varying, c) }
	} else {
		cells = worst(results, tolerance)
	}
	reading := p.Readings[0]
	var having, missing []*store.Cell // those that have a cap are what can be offered
	for _, cell := range cells {
		if capOf(cell, reading, tolerance).Status.HasCap() {
			having = append(having, cell)
		} else {
			missing = append(missing, cell)
		}
	}
	if len(having) == 0 {
		_, longest := extremes(cells, reading, tolerance)
		return headed(subject, without(capOf(longest, reading, tolerance).Status, tolerance))
	}
	text := offered(results, having, len(cells) == 1, name)
	switch n := len(missing); {
	case n == 1:
		text += "; " + briefly(capOf(missing[0], reading, tolerance).Status) + " for " + name(missing[0])
	case n > 1:
		text += fmt.Sprintf("; no cap in %d of %d cases", n, len(cells))
	}
	return headed(subject, text)
}

// offered says what can be offered in cells that have a cap at the headline tolerance. only is
// whether there is but one cell, which needs no name.
func offered(results *store.Results, having []*store.Cell, only bool,
	name func(*store.Cell) string) string {
	p := results.Provenance
	tolerance, reading := selection.Headline(p.Tolerances), p.Readings[0]
	shortest, longest := extremes(having, reading, tolerance)
	least, most := capOf(shortest, reading, tolerance), capOf(longest, reading, tolerance)
	switch {
	case len(having) == 1:
		of := ""
		if !only {
			of = " (" + name(shortest) + ")"
		}
		switch length, menu := longestOffer(results.Offers, least); {
		case menu && length == 0:
			return "safe up to " + notation.Reached(least.Case, least.Cap) + of
		case menu:
			return "offer at most " + notation.Reached(least.Case, length) + of
		}
		return "offer up to " + notation.Reached(least.Case, least.Cap) + of
	case least.Cap == most.Cap:
		return "offer up to " + notation.Reached(least.Case, least.Cap) + " in each case"
	}
	from, to, verb := least.Cap, most.Cap, "offer at most"
	switch length, menu := longestOffer(results.Offers, least); {
	case menu && length > 0:
		longer, _ := longestOffer(results.Offers, most)
		from, to = length, longer
	case menu: // no length of the menu holds everywhere
		verb = "safe up to"
	}
	return fmt.Sprintf("%s %s (%s) to %s (%s)", verb, notation.Reached(least.Case, from),
		name(shortest), notation.Reached(most.Case, to), name(longest))
}

// briefly says why a case has no cap.
func briefly(s sweep.CapStatus) string {
	if s == sweep.CapUnknown {
		return "too few sessions simulated"
	}
	return "no length is safe"
}

// worst returns the cell with the shortest cap of each session type.
func worst(results *store.Results, tolerance float64) (cells []*store.Cell) {
	of := map[string][]*store.Cell{}
	for _, c := range results.Cells {
		of[c.Session] = append(of[c.Session], c)
	}
	for _, session := range results.Sessions() {
		shortest, _ := extremes(of[session], results.Provenance.Readings[0], tolerance)
		cells = append(cells, shortest)
	}
	return cells
}

// without says that nothing can be offered, and why.
func without(s sweep.CapStatus, tolerance float64) string {
	if s == sweep.CapUnknown {
		return briefly(s) + " for a cap at " + notation.Percent(tolerance)
	}
	return briefly(s) + ": even the shortest fails more often than " + notation.Percent(tolerance)
}

// headed puts a subject before a finding, if there is one.
func headed(subject, finding string) string {
	if subject == "" {
		return notation.Sentence(finding)
	}
	return subject + ": " + finding
}
