package report

import (
	"math"
	"slices"
	"strings"

	"budget/internal/notation"
	"budget/plots/selection"
	"budget/sweep"
	"budget/sweep/store"
)

// CapsTable is a table of caps.
type CapsTable struct {
	Caption string
	First   string // title of the first column
	Differ  bool   // whether the documented reading says something else anywhere
	Long    bool   // too long to be read in Markdown
	Groups  []CapsGroup
}

// CapsGroup holds the caps of a cell for a session type.
type CapsGroup struct {
	Name, Limit string
	Rows        []CapsRow
}

// CapsRow is the answer at one tolerance.
type CapsRow struct {
	Tolerance              string
	Cap, Documented        CapText
	Fails, Leaves, Refused string
	Completes, Binding     string
}

// CapText is a cap and how long it could be, or in words why there is none.
type CapText struct{ Text, Upper string }

// The page has the table of all caps up to mostRows, Markdown up to fewRows.
const (
	fewRows  = 60
	mostRows = 2000
)

// capOf returns the cap of a cell under a reading at a tolerance, nil where it has none.
func capOf(c *store.Cell, reading string, tolerance float64) *sweep.Cap {
	for i := range c.Caps {
		if found := &c.Caps[i]; found.Reading == reading && found.Tolerance == tolerance {
			return found
		}
	}
	return nil
}

// byLength sorts cells by their caps, as sweep.CompareCaps does.
func byLength(cells []*store.Cell, reading string, tolerance float64) []*store.Cell {
	sorted := slices.Clone(cells)
	slices.SortStableFunc(sorted, func(a, b *store.Cell) int {
		return sweep.CompareCaps(*capOf(a, reading, tolerance), *capOf(b, reading, tolerance))
	})
	return sorted
}

// extremes returns the cells with the shortest and with the longest cap; of ties the first, as
// budget sweep names them.
func extremes(cells []*store.Cell, reading string, tolerance float64) (shortest,
	longest *store.Cell) {
	compare := func(a, b *store.Cell) int {
		return sweep.CompareCaps(*capOf(a, reading, tolerance), *capOf(b, reading, tolerance))
	}
	return slices.MinFunc(cells, compare), slices.MaxFunc(cells, compare)
}

// cellName says which cell one is among others, by the columns that vary.
func cellName(varying []selection.Column, c *store.Cell) string {
	var parts []string
	for _, col := range varying {
		text := col.TextOf(c)
		if col.Number {
			text = col.Title + " " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

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

// spreadTable is the table of how far the caps of many cells lie apart, without rows.
func spreadTable() Table {
	c := columns("Session", ">Tolerance", ">Shortest", "in cell", ">Median", ">Longest", "in cell")
	c[2].Class = "figure cap"
	c[2].Full, c[5].Full = "Shortest cap", "Longest cap"
	return Table{ID: "spread-title", Caption: "Caps over all cells", Columns: c}
}

// spreadRow returns a row with the shortest, the middle and the longest cap of cells.
func spreadRow(varying []selection.Column, cells []*store.Cell, reading string, tolerance float64,
	several bool) []string {
	sorted := byLength(cells, reading, tolerance)
	shortest, longest := extremes(cells, reading, tolerance)
	name := cells[0].SessionName
	if several {
		name += ", if " + notation.Grants(reading)
	}
	length := func(c *store.Cell) string {
		found := capOf(c, reading, tolerance)
		return notation.CapState(found.Case, found.Status, found.Cap)
	}
	return []string{name, notation.Percent(tolerance), length(shortest), cellName(varying, shortest),
		length(sorted[(len(sorted)-1)/2]), length(longest), cellName(varying, longest)}
}

// capsTable lists all caps, with both readings side by side.
func capsTable(results *store.Results, varying []selection.Column) (*CapsTable, error) {
	readings, tolerances := results.Provenance.Readings, results.Provenance.Tolerances
	t := &CapsTable{First: "Session", Long: len(results.Cells)*len(tolerances) > fewRows}
	caps := 0
	for _, cell := range results.Cells {
		caps += len(cell.Caps)
		g := CapsGroup{Name: cell.SessionName, Limit: limitText(cell)}
		if len(varying) > 0 {
			g.Name += ": " + cellName(varying, cell)
		}
		for _, tolerance := range tolerances {
			c := capOf(cell, readings[0], tolerance)
			row := CapsRow{Tolerance: notation.Percent(tolerance),
				Fails:   notation.Chance(c.FailureAtCap.Value),
				Binding: c.Binding(), Leaves: notation.Chance(c.ResignedAtCap.Value),
				Completes: notation.Chance(c.CompletedAtCap.Value), Refused: notation.Chance(c.Refused.Value)}
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
		t.Caption += ", if " + notation.Grants(readings[0])
	}
	return t, nil
}

// limitText says how often a plan as long as the limit fails.
func limitText(c *store.Cell) string {
	if c.Limit == 0 {
		return notation.Limit(c.Case)
	}
	text := "limit " + notation.Length(c.Limit)
	if p := c.Caps[0].FailureAtLimit.Value; !math.IsNaN(p) {
		text += ", where " + notation.Chance(p) + " fail"
	}
	return text
}
