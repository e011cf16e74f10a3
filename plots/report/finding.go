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
// its worst cell; of one type in several cells the cells.
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
	shortest, longest := extremes(cells, reading, tolerance)
	if c := capOf(shortest, reading, tolerance); !c.Status.HasCap() {
		// Those that have a cap are what can be offered.
		var having []*store.Cell
		for _, cell := range cells {
			if capOf(cell, reading, tolerance).Status.HasCap() {
				having = append(having, cell)
			}
		}
		if len(having) == 0 {
			return headed(subject, without(capOf(longest, reading, tolerance).Status, tolerance))
		}
		shortest, longest = extremes(having, reading, tolerance)
	}
	least, most := capOf(shortest, reading, tolerance), capOf(longest, reading, tolerance)
	switch {
	case len(cells) == 1:
		switch length, menu := longestOffer(results.Offers, least); {
		case menu && length == 0:
			return headed(subject, "safe up to "+notation.Reached(least.Case, least.Cap))
		case menu:
			return headed(subject, "offer at most "+notation.Reached(least.Case, length))
		}
		return headed(subject, "offer up to "+notation.Reached(least.Case, least.Cap))
	case least.Cap == most.Cap:
		return headed(subject, "offer up to "+notation.Reached(least.Case, least.Cap)+" in each case")
	}
	from, to := least.Cap, most.Cap
	if length, menu := longestOffer(results.Offers, least); menu && length > 0 {
		longer, _ := longestOffer(results.Offers, most)
		from, to = length, longer
	}
	return headed(subject, fmt.Sprintf("offer at most %s (%s) to %s (%s)",
		notation.Reached(least.Case, from), name(shortest), notation.Reached(most.Case, to),
		name(longest)))
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
		return "too few sessions simulated for a cap at " + notation.Percent(tolerance)
	}
	return "no length is safe: even the shortest fails more often than " + notation.Percent(tolerance)
}

// headed puts a subject before a finding, if there is one.
func headed(subject, finding string) string {
	if subject == "" {
		return notation.Sentence(finding)
	}
	return subject + ": " + finding
}
