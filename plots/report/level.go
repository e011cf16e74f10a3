package report

import (
	"slices"
	"strings"

	"budget/sweep/store"
)

// column is one of the results' columns that people pick cells by.
type column struct {
	store.Column
	place  int      // in the results' columns
	values []string // that occur, in the order of the tables
}

// columnsOf returns the columns that vary, but for those that go with one before them:
// the months of a file have a name, a mean temperature and a spread.
func columnsOf(r *store.Results) []column {
	var columns []column
	for _, place := range r.Varying() {
		follows := func(c column) bool {
			with := map[string]string{}
			for _, cell := range r.Cells {
				value := cell.Values[place]
				if known, ok := with[cell.Values[c.place]]; ok && known != value {
					return false
				}
				with[cell.Values[c.place]] = value
			}
			return true
		}
		if slices.ContainsFunc(columns, follows) {
			continue
		}
		c := column{Column: r.Columns[place], place: place}
		for _, cell := range r.Cells {
			if value := cell.Values[place]; !slices.Contains(c.values, value) {
				c.values = append(c.values, value)
			}
		}
		columns = append(columns, c)
	}
	return columns
}

// title names a column for people.
func (c column) title() string {
	return capital(c.Title)
}

// cellName says which cell one is among others.
func cellName(columns []column, c *store.Cell) string {
	var parts []string
	for _, col := range columns {
		text := col.Text(c.Values[col.place])
		if col.Number {
			text = col.Title + " " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
