package caps

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"budget/cmd/budget/internal/cli"
	"budget/plots"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/table"
	"budget/sweep/uncertainty"
)

// findings are the results of a run.
type findings struct {
	*sweep.Result
	curves     store.CurvesFile
	costs      []sweep.Cost
	spread     *uncertainty.Spread // nil if uncertain inputs were not examined
	unexamined string              // the reason
}

// files lists the files to write for a result, including the charts.
func (r *findings) files(p sweep.Provenance, several bool) []cli.File {
	files := []cli.File{
		{Name: "caps.csv", Write: func(w io.Writer) error { return table.WriteCaps(w, r.Caps, &p) }},
		{Name: "caps.json", Write: func(w io.Writer) error {
			return table.WriteCapsJSON(w, r.Result, p)
		}},
		{Name: "incidence.csv", Write: func(w io.Writer) error {
			return table.WriteIncidences(w, r.Incidences)
		}},
		{Name: "cost.csv", Write: func(w io.Writer) error { return table.WriteCosts(w, r.costs, &p) }},
		{Name: "provenance.json", Write: cli.JSON(p)},
		{Name: "columns.md", Write: writeColumns},
		{Name: "curves", Write: r.curves.Write},
	}
	if r.spread != nil {
		r.spread.Provenance = spreadProvenance(p, r.spread)
		files = append(files, cli.File{Name: uncertainty.SpreadFile, Write: cli.JSON(r.spread)})
	}
	draw := func(name string, chart func() (*plots.Chart, error)) {
		files = append(files, cli.ChartFiles(name, cli.ChartFormats(), chart)...)
	}
	seed := fmt.Sprintf("“%s” · seed %d", p.Scenario, p.Seed)
	draw("caps", func() (*plots.Chart, error) { return plots.CapsChart(r.Caps, seed) })
	for _, in := range r.Incidences {
		draw(incidenceName(in.Case, several), func() (*plots.Chart, error) {
			return plots.IncidenceChart(in, p.Failures(), r.Caps, seed)
		})
	}
	return files
}

// spreadProvenance returns the provenance of the range over uncertain inputs: it is of one reading
// and one tolerance of the run.
func spreadProvenance(p sweep.Provenance, of *uncertainty.Spread) sweep.Provenance {
	if len(of.Cases) == 0 {
		return p
	}
	p.Readings, p.Tolerances = nil, nil
	for _, c := range of.Cases[0].Caps {
		p.Readings, p.Tolerances = []string{c.Reading}, append(p.Tolerances, c.Tolerance)
	}
	return p
}

// incidenceName names the chart of a case, which stands for its session type if no other does.
func incidenceName(c sweep.Case, several bool) string {
	name := []string{"incidence", c.Session}
	if several {
		name = append(name, c.Device, c.Environment)
	}
	return cli.FileName(name...)
}

// earlierFiles lists what the run whose results are in a directory may have written and
// another may not: the charts of its cases, and the range over uncertain inputs.
func earlierFiles(dir string) []string {
	text, err := os.ReadFile(filepath.Join(dir, "caps.json"))
	if dir == "" || err != nil {
		return nil
	}
	r, _, ok := table.ReadCapsJSON(text)
	if !ok {
		return nil
	}
	names := []string{uncertainty.SpreadFile}
	for _, c := range r.Caps {
		for _, several := range []bool{false, true} {
			for _, file := range cli.ChartFiles(incidenceName(c.Case, several), cli.ChartFormats(), nil) {
				if !slices.Contains(names, file.Name) {
					names = append(names, file.Name)
				}
			}
		}
	}
	return names
}

// writeColumns says what the columns of the tables mean.
func writeColumns(w io.Writer) error {
	of := func(columns ...[]table.Column) []table.Column {
		return slices.Concat(append([][]table.Column{table.CaseColumns}, columns...)...)
	}
	return table.WriteDictionary(w, "# Columns of the tables of budget caps\n\n"+
		"The end of a column's name is its unit; probabilities are parts of 1. A missing number is an\n"+
		"empty field. Numbers have twelve significant digits.\n", []table.Described{
		{Name: "caps", Rows: "session type, device, environment, reading and tolerance",
			Columns: of(table.CapsColumns, table.RunColumns, table.ConditionColumns)},
		{Name: "incidence", Rows: "session type, device, environment, session length and cause",
			Columns: of(table.IncidenceColumns)},
		{Name: "cost", Rows: "session type, device, environment and session length",
			Columns: of(table.CostColumns, table.ConditionColumns)},
	})
}
