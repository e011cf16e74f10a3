package selection

import (
	"math"
	"slices"
	"strconv"

	"budget/internal/notation"
	"budget/sweep/store"
)

// MeanLoad is the name of the column of the mean load, which no plan sets by itself.
const MeanLoad = "mean_load_w"

// loadPlace is the place of the mean load, which is not among the values of a cell.
const loadPlace = -1

// Column is a column of results, as an axis of charts.
type Column struct {
	store.Column
	place int // in the values of a cell
}

// columns lists the columns of results, that of the mean load last.
func columns(r *store.Results) (all []Column) {
	for i, c := range r.Columns {
		all = append(all, Column{c, i})
	}
	load := store.Column{Name: MeanLoad, Title: "mean power of the watch", Number: true}
	return append(all, Column{load, loadPlace})
}

// Value returns the value of a cell, as tables have it.
func (c Column) Value(cell *store.Cell) string {
	if c.place == loadPlace {
		if cell.MeanLoad == 0 {
			return "NaN" // it is not told
		}
		return strconv.FormatFloat(cell.MeanLoad, 'g', -1, 64)
	}
	return cell.Values[c.place]
}

// TextOf writes the value of a cell for people.
func (c Column) TextOf(cell *store.Cell) string { return c.Text(c.Value(cell)) }

// Text writes a value for people.
func (c Column) Text(value string) string {
	if c.place == loadPlace {
		return notation.Floor(c.number(value)) + " mW"
	}
	return c.Column.Text(value)
}

// Axis returns the unit of an axis, and the factor from the tables' numbers to those of
// the axis.
func (c Column) Axis() (unit string, factor float64) {
	switch {
	case c.Name == "start_level":
		return "%", 100
	case c.place == loadPlace:
		return "mW", 1000
	case c.Unit == "degC":
		return "°C", 1
	}
	return c.Unit, 1
}

// At returns the number of a cell on an axis; NaN where the value is none.
func (c Column) At(cell *store.Cell) float64 { return c.number(c.Value(cell)) }

func (c Column) number(value string) float64 {
	x, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return math.NaN()
	}
	_, factor := c.Axis()
	return factor * x
}

// is reports whether a cell is at a level, which may be written as tables or as charts do.
func (c Column) is(cell *store.Cell, level string) bool {
	value := c.Value(cell)
	x, err1 := strconv.ParseFloat(value, 64)
	y, err2 := strconv.ParseFloat(level, 64)
	return value == level || c.Text(value) == level || err1 == nil && err2 == nil && x == y
}

// determined reports whether a column has one value for each combination of the values of
// some others.
func determined(cells []*store.Cell, c Column, by ...Column) bool {
	found := map[string]string{}
	for _, cell := range cells {
		key := ""
		for _, b := range by {
			key += b.Value(cell) + "\x00"
		}
		if before, ok := found[key]; ok && before != c.Value(cell) {
			return false
		}
		found[key] = c.Value(cell)
	}
	return true
}

// Values lists the values of a column that occur, in the order of the cells.
func (c Column) Values(cells []*store.Cell) (values []string) {
	seen := map[string]bool{}
	for _, cell := range cells {
		if value := c.Value(cell); !seen[value] {
			seen[value] = true
			values = append(values, value)
		}
	}
	return values
}

// Varying lists the columns that differ between cells, but for the mean load and those that
// one before them determines: the months of a file have a name, a mean temperature and a
// spread.
func Varying(r *store.Results, cells []*store.Cell) (varying []Column) {
	for _, c := range columns(r) {
		follows := func(by Column) bool { return determined(cells, c, by) }
		if c.Name != MeanLoad && len(c.Values(cells)) > 1 && !slices.ContainsFunc(varying, follows) {
			varying = append(varying, c)
		}
	}
	return varying
}
