package plan

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"budget/sweep"
	"budget/sweep/table"
)

// leading returns the columns that tables begin with: the cell, and what axes set.
func (p *Plan) leading() []table.Column {
	columns := []table.Column{{Name: "cell", Kind: table.Whole,
		Meaning: "number of the cell in the plan, from 1"}}
	for _, a := range p.Axes {
		for _, c := range a.Columns {
			if !c.onCase() {
				kind := table.Text
				if c.Number {
					kind = table.Real
				}
				columns = append(columns, table.Column{Name: c.Name, Kind: kind,
					Meaning: "axis " + a.Name + ": " + c.Meaning})
			}
		}
	}
	return columns
}

// reserved are the names of columns that no axis may take.
var reserved = func() (names []string) {
	for _, columns := range [][]table.Column{(&Plan{}).leading(), table.CaseColumns, table.CapsColumns,
		table.IncidenceColumns} {
		for _, c := range columns {
			names = append(names, c.Name)
		}
	}
	return names
}()

// LevelValues returns a cell's number and what its levels give the columns of the axes.
func (p *Plan) LevelValues(c Cell) []table.Value {
	values := []table.Value{table.WholeValue(int64(c.Number))}
	for i, level := range p.Levels(c) {
		for j, v := range level.Values {
			if p.Axes[i].Columns[j].onCase() {
				continue
			}
			switch v := v.(type) {
			case string:
				values = append(values, table.TextValue(v))
			case float64:
				values = append(values, table.RealValue(v))
			}
		}
	}
	return values
}

// CapsColumns returns the columns of the table of caps.
func (p *Plan) CapsColumns() []table.Column {
	return slices.Concat(p.leading(), table.CaseColumns, table.CapsColumns)
}

// IncidenceColumns returns the columns of the table of incidence.
func (p *Plan) IncidenceColumns() []table.Column {
	return slices.Concat(p.leading(), table.CaseColumns, table.IncidenceColumns)
}

// WriteCells writes the cells as CSV: their number, their levels and the run of the watch
// that each takes part in.
func (p *Plan) WriteCells(w io.Writer) error {
	var lines []byte
	for _, c := range p.leading() {
		lines = append(append(lines, c.Name...), ',')
	}
	lines = append(lines, "device,environment,start_level,run\n"...)
	run := map[int]int{}
	for i, u := range p.Units() {
		for _, c := range u.Cells {
			if _, ok := run[c.Number]; !ok {
				run[c.Number] = i + 1
			}
		}
	}
	for _, c := range p.cells {
		f, err := p.FactsOf(c)
		if err != nil {
			return err
		}
		on := table.CaseValues(sweep.Case{Device: f.On.Device, Environment: f.On.Environment,
			StartLevel: f.On.StartLevel})[1:]
		values := append(append(p.LevelValues(c), on...), table.WholeValue(int64(run[c.Number])))
		lines = table.AppendCSV(lines, values)
		lines[len(lines)-1] = '\n'
	}
	_, err := w.Write(lines)
	return err
}

// WriteDictionary writes what the columns of the tables mean.
func (p *Plan) WriteDictionary(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# Columns of the tables of %q\n\n", p.Name)
	b.WriteString("Durations and other quantities are in the unit that ends a column's name; " +
		"probabilities are parts of 1.\n" +
		"An empty field, null in Parquet, is a number there is none of. caps.csv and caps.parquet hold " +
		"the same rows,\n" +
		"and so do incidence.csv and incidence.parquet; numbers in CSV have twelve significant digits.\n")
	for _, table := range []struct {
		name    string
		rows    string // one for every
		columns []table.Column
	}{
		{"caps", "cell, session type, reading and tolerance", p.CapsColumns()},
		{"incidence", "cell, session type, reading, planned duration and cause", p.IncidenceColumns()},
	} {
		fmt.Fprintf(&b, "\n## %s: one row for every %s\n\n| column | holds | meaning |\n|---|---|---|\n",
			table.name, table.rows)
		for _, c := range table.columns {
			fmt.Fprintf(&b, "| %s | %s | %s |\n",
				c.Name, [...]string{"text", "number", "whole number"}[c.Kind],
				strings.ReplaceAll(c.Meaning, "|", "\\|"))
		}
	}
	b.WriteString("\n## blocks.csv\n\nWhich block of the journal holds the curves of a cell (column " +
		"cell) and session type (session): its key (block).\n")
	_, err := io.WriteString(w, b.String())
	return err
}
