package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"budget/internal/notation"
	"budget/sweep"
)

// column is one of the results' columns that people pick cells by.
type column struct {
	sweep.ResultColumn
	place  int      // in the results' columns
	values []string // that occur, in the order of the tables
}

// columnsOf returns the columns that vary, but for those that go with one before them:
// the months of a file have a name, a mean temperature and a spread.
func columnsOf(r *sweep.Results) []column {
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
		c := column{ResultColumn: r.Columns[place], place: place}
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

// text writes a level of the column for people.
func (c column) text(value string) string {
	x, err := strconv.ParseFloat(value, 64)
	switch {
	case value == "":
		return "drawn"
	case !c.Number || err != nil:
		return value
	case c.Unit == "":
		return notation.Percent(x)
	}
	return strconv.FormatFloat(x, 'g', 4, 64) + " " + cmp.Or(map[string]string{"degC": "°C"}[c.Unit], c.Unit)
}

// cellName says which cell one is among others.
func cellName(columns []column, c *sweep.ResultCell) string {
	var parts []string
	for _, col := range columns {
		text := col.text(c.Values[col.place])
		if col.Number {
			text = col.Title + " " + text
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}
