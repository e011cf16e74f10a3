package report

import (
	"strings"

	"budget/sweep"
)

// Table is a table of texts, the first of which names its row.
type Table struct {
	ID      string // of the caption, or of the heading that stands for one
	Caption string
	Label   string // what the table is called, where there is no ID
	Columns []Column
	Rows    [][]string
}

// Column is a column of a table: its title, and the class of its cells in the page.
type Column struct {
	Title, Class string
	Full         string // the title where no caption helps; "" is the same
}

// The classes of columns.
const (
	figures = "figure" // numbers, aligned on the right
	keys    = "key"

	intervals = "interval"
)

// Figure reports whether the column holds numbers.
func (c Column) Figure() bool { return strings.HasPrefix(c.Class, figures) }

// columns makes columns of titles; those that begin with > hold numbers. Intervals stay on a line.
func columns(titles ...string) []Column {
	var all []Column
	for _, title := range titles {
		c := Column{Title: title}
		if name, ok := strings.CutPrefix(title, ">"); ok {
			c = Column{Title: name, Class: figures}
		} else if title == "Interval" {
			c.Class = intervals
		}
		all = append(all, c)
	}
	return all
}

// overrides lists what a scenario sets.
func overrides(p sweep.Provenance) Table {
	t := Table{ID: "overrides", Columns: columns("Quantity", "Value", "Default", "Set at")}
	t.Columns[0].Class = keys
	for _, o := range p.Overrides {
		t.Rows = append(t.Rows, []string{o.Key, o.Value, o.Default, o.Place})
	}
	return t
}

// Fact is a line of inputs or provenance.
type Fact struct {
	Name, Value string
	Code        bool // the value is for programs
}

// addFact adds a fact unless there is nothing to say.
func addFact(facts *[]Fact, name, value string) {
	if value != "" {
		*facts = append(*facts, Fact{Name: name, Value: value})
	}
}
