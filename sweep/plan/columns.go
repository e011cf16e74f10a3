package plan

import (
	"io"
	"slices"
	"strconv"

	"budget/internal/escape"
	"budget/sweep"
	"budget/sweep/table"
)

// leading returns the first columns of tables: the cell's number and the columns
// of the axes.
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

// reserved are the column names that no axis may use.
var reserved = func() (names []string) {
	for _, columns := range [][]table.Column{(&Plan{}).leading(), table.CaseColumns, table.CapsColumns,
		table.IncidenceColumns} {
		for _, c := range columns {
			names = append(names, c.Name)
		}
	}
	return names
}()

// LevelValues returns the values of the leading columns: a cell's number and its
// levels.
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

// WriteCells writes the cells as CSV: their number, their levels and the number of the
// run of the watch that each shares.
func (p *Plan) WriteCells(w io.Writer) error {
	var lines []byte
	for _, c := range p.leading() {
		lines = append(append(lines, c.Name...), ',')
	}
	lines = append(lines, "device,environment,start_level,run\n"...)
	run := map[int]int{}
	for _, u := range p.Units() {
		for _, c := range u.Cells {
			if _, ok := run[c.Number]; !ok {
				run[c.Number] = u.Run
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

// WriteDictionary writes the meanings of the columns of the tables as Markdown.
func (p *Plan) WriteDictionary(w io.Writer) error {
	if err := table.WriteDictionary(w, "# Columns of the tables of "+
		escape.Markdown(strconv.Quote(p.Name))+"\n\n"+
		"The end of a column's name is its unit; probabilities are parts of 1.\n"+
		"A missing number is an empty field, null in Parquet. caps.csv and caps.parquet hold "+
		"the same rows,\n"+
		"and so do incidence.csv and incidence.parquet; numbers in CSV have twelve significant digits.\n",
		[]table.Described{
			{Name: "caps", Rows: "cell, session type, reading and tolerance", Columns: p.CapsColumns()},
			{Name: "incidence", Rows: "cell, session type, reading, session length and cause",
				Columns: p.IncidenceColumns()},
		}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n## blocks.csv\n\nThe key (column block) of the journal's block "+
		"with the curves of a cell (cell) and session type (session).\n")
	return err
}
