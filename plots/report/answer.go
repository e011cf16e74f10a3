package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/model"
	"budget/sweep"
	"budget/sweep/store"
)

// Answer is a sentence about a session type: its cap, what binds it, if anything, and what
// else there is to say.
type Answer struct{ Before, Cap, Binding, After string }

// Spread is how far the caps of many cells lie apart.
type Spread struct {
	Name, Tolerance                                  string
	Shortest, ShortestIn, Median, Longest, LongestIn string
}

// CapsTable is a table of caps.
type CapsTable struct {
	Caption string
	First   string // title of the first column
	Differ  bool   // whether the documented reading says something else anywhere
	Folded  bool   // too long for the top of the page
	Groups  []CapsGroup
}

// CapsGroup holds the caps of a cell for a session type.
type CapsGroup struct {
	Name, Limit string
	Rows        []CapsRow
}

// CapsRow is the answer at one tolerance.
type CapsRow struct {
	Tolerance                string
	Cap, Documented          CapText
	Fails, Binding, Resigned string
}

// CapText is a cap and how long it could be, or in words why there is none.
type CapText struct{ Text, Upper string }

// mostRows is the number of rows up to which the page has the table of all caps, folded
// where it is longer than fewRows.
const (
	fewRows  = 60
	mostRows = 2000
)

// answer fills in what stands at the head of the page.
func (r *Report) answer(results *store.Results) error {
	columns := columnsOf(results)
	tolerance := headline(results.Provenance.Tolerances)
	for _, session := range results.Sessions() {
		cells := slices.DeleteFunc(slices.Clone(results.Cells), func(c *store.Cell) bool { return c.Session != session })
		answer, err := sentence(columns, cells, tolerance)
		if err != nil {
			return err
		}
		r.Answers = append(r.Answers, answer)
		if len(cells) > 1 {
			for _, reading := range results.Provenance.Readings {
				for _, t := range results.Provenance.Tolerances {
					r.Spread = append(r.Spread, spread(columns, cells, reading, t, len(results.Provenance.Readings) > 1))
				}
			}
		}
	}
	var err error
	if r.Caps, err = capsTable(results, columns); err != nil {
		return err
	}
	r.Lead, r.Notes = lead(results.Provenance), notes(results.Provenance, r.Caps.Differ)
	if rows := len(results.Cells) * len(results.Provenance.Tolerances); rows > mostRows {
		r.Notes = append(r.Notes, "The table of all caps is too long for this page: it is in caps.csv, beside the results.")
		r.Caps = nil
	}
	return nil
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

// capOf returns the cap of a cell under a reading at a tolerance, nil where it has none.
func capOf(c *store.Cell, reading string, tolerance float64) *sweep.Cap {
	for i := range c.Caps {
		if found := &c.Caps[i]; found.Reading == reading && found.Tolerance == tolerance {
			return found
		}
	}
	return nil
}

// byLength sorts cells by their caps. Where there is none it counts as no time.
func byLength(cells []*store.Cell, reading string, tolerance float64) []*store.Cell {
	sorted := slices.Clone(cells)
	slices.SortStableFunc(sorted, func(a, b *store.Cell) int {
		return cmp.Compare(capOf(a, reading, tolerance).Cap, capOf(b, reading, tolerance).Cap)
	})
	return sorted
}

// sentence says how long a session of a type may be: for one cell its cap, for several
// the shortest and the longest.
func sentence(columns []column, cells []*store.Cell, tolerance float64) (Answer, error) {
	reading := cells[0].Caps[0].Reading
	a := Answer{Before: cells[0].SessionName + " may be planned for", After: "."}
	sorted := byLength(cells, reading, tolerance)
	shortest, longest := sorted[0], sorted[len(sorted)-1]
	least, most := capOf(shortest, reading, tolerance), capOf(longest, reading, tolerance)
	switch {
	case len(cells) > 1 && most.Cap == 0:
		a.Before, a.Cap, a.After = cells[0].SessionName+" has", "no cap", fmt.Sprintf(" in any of %s.", notation.Plural(len(cells), "cell"))
	case len(cells) > 1 && least.Cap == most.Cap:
		a.Cap, a.After = capLength(*least), fmt.Sprintf(" in each of %s.", notation.Plural(len(cells), "cell"))
	case len(cells) > 1 && least.Cap == 0:
		a.Cap = capLength(*most)
		a.After = fmt.Sprintf(" where it is longest (%s), and has no cap in others, such as %s.", cellName(columns, longest), cellName(columns, shortest))
	case len(cells) > 1:
		a.Cap, a.Binding = capLength(*least)+" to "+capLength(*most), least.Binding()
		a.After = fmt.Sprintf(" where it is shortest (%s); longest: %s.", cellName(columns, shortest), cellName(columns, longest))
	}
	if len(cells) > 1 {
		return a, nil
	}
	text, err := textOf(cells[0], least)
	if err != nil {
		return a, err
	}
	a.Cap = text.Text
	switch least.Status {
	case sweep.CapNever:
		a.Before = cells[0].SessionName + " has no cap:"
		a.Cap = strings.TrimPrefix(text.Text, "none: ")
	case sweep.CapUnknown:
		a.Before = cells[0].SessionName + " has no cap yet:"
	case sweep.CapHorizon:
		a.Cap, a.After = notation.Length(least.Cap), ", the longest looked at."
	default:
		a.Binding = least.Binding()
		if d := capOf(cells[0], documented, tolerance); d != nil && d.Cap > least.Cap {
			a.After = "; " + notation.Length(d.Cap) + " if grants are not cut."
		}
	}
	return a, nil
}

// documented names the reading in which granted time is never used up faster.
const documented = "documented"

// textOf writes a cap of a cell. How often the shortest plan fails, where that is too
// often, the cell's curves tell.
func textOf(cell *store.Cell, c *sweep.Cap) (t CapText, err error) {
	shortest := 0.0
	if c.Status == sweep.CapNever {
		curves, err := cell.Curves()
		if err != nil {
			return t, err
		}
		found, err := curves.Cap(c.Reading, c.Tolerance, c.Confidence)
		if err != nil {
			return t, err
		}
		c, shortest = &found, curves.Durations[0]
	}
	t.Text, t.Upper = notation.Cap(*c, shortest)
	return t, nil
}

// capLength writes a cap in short.
func capLength(c sweep.Cap) string {
	if c.Cap == 0 {
		return "none"
	}
	return notation.Length(c.Cap)
}

// spread finds the shortest, the middle and the longest cap of cells.
func spread(columns []column, cells []*store.Cell, reading string, tolerance float64, several bool) Spread {
	sorted := byLength(cells, reading, tolerance)
	shortest, longest := sorted[0], sorted[len(sorted)-1]
	s := Spread{Name: cells[0].SessionName, Tolerance: notation.Percent(tolerance),
		Shortest: capLength(*capOf(shortest, reading, tolerance)), ShortestIn: cellName(columns, shortest),
		Median:  capLength(*capOf(sorted[(len(sorted)-1)/2], reading, tolerance)),
		Longest: capLength(*capOf(longest, reading, tolerance)), LongestIn: cellName(columns, longest)}
	if several {
		s.Name += ", " + reading
	}
	return s
}

// capsTable lists all caps, with both readings side by side.
func capsTable(results *store.Results, columns []column) (*CapsTable, error) {
	readings, tolerances := results.Provenance.Readings, results.Provenance.Tolerances
	t := &CapsTable{First: "Session"}
	caps := 0
	for _, cell := range results.Cells {
		caps += len(cell.Caps)
		g := CapsGroup{Name: cell.SessionName, Limit: limitText(cell)}
		if len(columns) > 0 {
			g.Name += ": " + cellName(columns, cell)
		}
		for _, tolerance := range tolerances {
			c := capOf(cell, readings[0], tolerance)
			row := CapsRow{Tolerance: notation.Percent(tolerance), Fails: notation.Chance(c.FailureAtCap.Value), Binding: c.Binding(),
				Resigned: notation.Chance(c.ResignedAtCap.Value)}
			var err error
			if row.Cap, err = textOf(cell, c); err != nil {
				return nil, err
			}
			if len(readings) > 1 {
				if row.Documented, err = textOf(cell, capOf(cell, readings[1], tolerance)); err != nil {
					return nil, err
				}
				if row.Documented == row.Cap {
					row.Documented = CapText{Text: "same"}
				} else {
					t.Differ = true
				}
			}
			g.Rows = append(g.Rows, row)
		}
		t.Groups = append(t.Groups, g)
	}
	t.Caption = "All " + notation.Plural(caps, "cap")
	if caps == 1 {
		t.Caption = "The cap"
	}
	if len(readings) == 1 {
		t.Caption += ", " + readings[0] + " reading"
	}
	t.Folded = len(results.Cells)*len(tolerances) > fewRows
	return t, nil
}

// limitText says how often a plan as long as the documented limit fails.
func limitText(c *store.Cell) string {
	if c.Limit == 0 {
		return "no documented limit"
	}
	text := "limit " + notation.Length(c.Limit)
	if p := c.Caps[0].FailureAtLimit.Value; !math.IsNaN(p) {
		text += ", where " + notation.Chance(p) + " fail"
	}
	return text
}

// lead says what the sentences about the caps have in common.
func lead(p sweep.Provenance) string {
	text := "At most " + notation.Percent(headline(p.Tolerances)) + " of sessions planned this long fail"
	if len(p.Readings) > 1 {
		text += ", even if the system cuts grants short on a hot watch or a low battery"
	}
	confidence := notation.Percent(p.Confidence)
	if p.Caps == 1 {
		return text + ". The cap holds with " + confidence + " confidence."
	}
	return text + ". All " + notation.Plural(p.Caps, "cap") + " hold together with " + confidence + " confidence."
}

// notes say how to read the caps.
func notes(p sweep.Provenance, differ bool) []string {
	all := []string{"A cap is the longest plan that fails at most as often as the tolerance says; in brackets, the longest it could be. Fails and Resigned are shares at the cap."}
	if differ {
		all = append(all, "The safe cap is cautious: a hot watch or a low battery uses granted time up faster. In the documented reading it does not.")
	}
	return append(all, fmt.Sprintf("Rests on assumptions: %d of %d quantities are assumed or anecdotal.", len(p.Assumed), len(quantities(p))))
}

// title names the plan or the scenario.
func title(results *store.Results) string {
	if results.Plan == nil && results.Name == model.Default().Name {
		return "Safe session caps"
	}
	return results.Name
}

// subtitle says in a line what was simulated.
func subtitle(results *store.Results) string {
	p := results.Provenance
	least, most := int64(math.MaxInt64), int64(0)
	for _, c := range results.Cells {
		for _, found := range c.Caps {
			least, most = min(least, found.Paths), max(most, found.Paths)
		}
	}
	paths := notation.Count(least)
	if least < most {
		paths += " to " + notation.Count(most)
	}
	var parts []string
	if cells := len(results.Cells) / len(results.Sessions()); cells > 1 {
		parts = append(parts, notation.Plural(cells, "cell"))
	}
	parts = append(parts, notation.Plural(len(results.Sessions()), "session type"), paths+" simulated sessions each", fmt.Sprintf("seed %d", p.Seed))
	return strings.Join(parts, " · ")
}
