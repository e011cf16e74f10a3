package texttab

import (
	"slices"
	"strings"

	"budget/internal/escape"
)

// Style is how a text stands out.
type Style int

// The styles. Without colour all are plain.
const (
	Plain Style = iota
	Bold
	Dim
	Bad      // red: what fails
	Doubtful // yellow: what may not be relied on, such as an imprecise number
)

// Paint returns text in a style.
func (s Style) Paint(text string) string {
	switch s {
	case Bold:
		return "\x1b[1m" + text + "\x1b[0m"
	case Dim:
		return "\x1b[2m" + text + "\x1b[0m"
	case Bad:
		return "\x1b[31m" + text + "\x1b[0m"
	case Doubtful:
		return "\x1b[33m" + text + "\x1b[0m"
	}
	return text
}

// Cell is a text in a table.
type Cell struct {
	Text  string
	Style Style
	// Span is the number of columns the cell takes; 0 is 1.
	Span int
}

// Column says how the cells of a column are laid out.
type Column struct {
	Title string
	// Span is the number of columns the title stands over; 0 is 1. The titles of
	// the others are not written.
	Span  int
	Right bool // aligned to the right
	// Wrap is the width down to which the column may be wrapped; 0 means that it is only
	// where it would stand alone and still not fit.
	Wrap int
}

// Table is a table under construction.
type Table struct {
	Columns []Column
	// Keys is the number of leading columns that name a row, which stand again where the
	// others are folded; 0 is 1.
	Keys int
	rows []row
}

// row is a row of cells, or a heading of parts across all columns.
type row struct {
	cells   []Cell
	heading []Cell
}

// New returns a table with columns of the given titles. One that starts with ">" is
// aligned to the right.
func New(titles ...string) *Table {
	t := &Table{}
	for _, title := range titles {
		title, right := strings.CutPrefix(title, ">")
		t.Columns = append(t.Columns, Column{Title: title, Right: right})
	}
	return t
}

// Texts adds a row of plain cells.
func (t *Table) Texts(texts ...string) {
	var r row
	for _, text := range texts {
		r.cells = append(r.cells, Cell{Text: escape.Line(text)})
	}
	t.rows = append(t.rows, r)
}

// Title adds a bold line across all columns.
func (t *Table) Title(text string) { t.Heading(Cell{Text: text, Style: Bold}) }

// Gap adds an empty row, but not at the top.
func (t *Table) Gap() {
	if len(t.rows) > 0 {
		t.Texts(make([]string, len(t.Columns))...)
	}
}

// Row adds a row. Missing cells are empty.
func (t *Table) Row(cells ...Cell) { t.rows = append(t.rows, row{cells: visible(cells)}) }

// Heading adds a line across all columns, whose parts follow one another.
func (t *Table) Heading(parts ...Cell) { t.rows = append(t.rows, row{heading: visible(parts)}) }

// visible returns cells without characters that a terminal would obey.
func visible(cells []Cell) []Cell {
	out := slices.Clone(cells)
	for i := range out {
		out[i].Text = escape.Line(out[i].Text)
	}
	return out
}
