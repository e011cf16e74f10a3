package caps

import (
	"fmt"
	"slices"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/table"
)

// showResults prints the caps of a run or a sweep, without simulating again.
func (f *capsFlags) showResults(sys *cli.System, dir string) error {
	r, err := inputs.ReadResults(dir)
	if err != nil {
		return err
	}
	defer r.Close()
	if f.Output != "" {
		return cli.Usagef("-o: the tables are in %s already", dir)
	}
	sessions, err := inputs.Pick("session", f.sessions, "", r.Sessions())
	if err != nil {
		return err
	}
	cells := slices.DeleteFunc(slices.Clone(r.Cells), func(c *store.Cell) bool { return !slices.Contains(sessions, c.Session) })
	if r.Plan == nil {
		return f.showCaps(sys, r, cells)
	}
	return f.showSwept(sys, r, cells)
}

// readCaps returns the caps of a cell that the flags ask for: those of its table, or
// others that its curves tell.
func (f *capsFlags) readCaps(r *store.Results, c *store.Cell) ([]sweep.Cap, error) {
	readings := slices.DeleteFunc(slices.Clone(r.Provenance.Readings), func(name string) bool {
		return !slices.Contains(f.Readings, solver.Reading(name))
	})
	if len(readings) == 0 {
		return nil, cli.Usagef("--reading: the results are of %v alone", r.Provenance.Readings)
	}
	if !f.changed("tolerance") && !f.changed("confidence") {
		return slices.DeleteFunc(slices.Clone(c.Caps), func(cap sweep.Cap) bool { return !slices.Contains(readings, cap.Reading) }), nil
	}
	curves, err := c.Curves()
	if err != nil {
		return nil, inputs.Resultsf(err, "no caps but those of the table")
	}
	tolerances, confidence := r.Provenance.Tolerances, r.Provenance.Confidence
	if f.changed("tolerance") {
		tolerances = f.tolerances
	}
	if f.changed("confidence") {
		confidence = f.Confidence
	}
	var caps []sweep.Cap
	for _, reading := range readings {
		for _, tolerance := range tolerances {
			found, err := curves.Cap(reading, tolerance, confidence)
			if err != nil {
				return nil, err
			}
			caps = append(caps, found)
		}
	}
	return caps, nil
}

// showCaps prints the caps of a run of budget caps as that run did.
func (f *capsFlags) showCaps(sys *cli.System, r *store.Results, cells []*store.Cell) error {
	var caps []sweep.Cap
	for _, c := range cells {
		found, err := f.readCaps(r, c)
		if err != nil {
			return err
		}
		caps = append(caps, found...)
	}
	switch f.Format {
	case cli.FormatCSV:
		return table.WriteCaps(sys.Stdout, caps)
	case cli.FormatJSON:
		return table.WriteCapsJSON(sys.Stdout, caps, r.Provenance)
	}
	t := newCapsTable(caps, r.Provenance.Step)
	t.family, t.several = r.Provenance.Caps, len(r.Varying()) > 0
	if f.Format == cli.FormatMarkdown {
		if err := t.markdown(sys.Stdout); err != nil || f.Quiet {
			return err
		}
		return cli.WriteNotes(sys, f.Format, t.notes(), nil)
	}
	dropped, err := t.text().Write(sys.Stdout, sys.TableWidth(), sys.Colour())
	if err != nil || f.Quiet {
		return err
	}
	return cli.WriteNotes(sys, f.Format, append(t.notes(),
		fmt.Sprintf("%s a case, seed %d, %s, scenario %q.", t.paths(), r.Provenance.Seed, r.Provenance.Estimator, r.Name)), dropped)
}

// showSwept prints the caps of a sweep, cell by cell.
func (f *capsFlags) showSwept(sys *cli.System, r *store.Results, cells []*store.Cell) error {
	rows, err := f.sweptRows(r, cells)
	if err != nil {
		return err
	}
	if f.Format == cli.FormatCSV || f.Format == cli.FormatJSON {
		return sweptRecords(r, rows).Write(sys.Stdout, f.Format)
	}
	table := sweptTable(r, rows)
	if f.Format == cli.FormatMarkdown {
		return table.Markdown(sys.Stdout)
	}
	dropped, err := table.Text().Write(sys.Stdout, sys.TableWidth(), sys.Colour())
	if err != nil || f.Quiet {
		return err
	}
	confidence := r.Provenance.Confidence
	if f.changed("confidence") {
		confidence = f.Confidence
	}
	return cli.WriteNotes(sys, f.Format, []string{
		"A cap is the longest plan that fails at most as often as the tolerance says; in brackets, the longest it could be.",
		fmt.Sprintf("%s of %q, %s a cell, seed %d. As many as the sweep has, %s, hold together with %s confidence.",
			notation.Plural(int64(r.Plan.Cells), "cell"), r.Name, notation.Plural(r.Plan.PathsPerCell, "path"), r.Provenance.Seed,
			notation.Plural(int64(r.Provenance.Caps), "cap"), notation.Percent(confidence)),
	}, dropped)
}

// sweptRow is a cap of a sweep, with the cell it is of.
type sweptRow struct {
	cell *store.Cell
	cap  sweep.Cap
}

func (f *capsFlags) sweptRows(r *store.Results, cells []*store.Cell) ([]sweptRow, error) {
	var rows []sweptRow
	for _, c := range cells {
		caps, err := f.readCaps(r, c)
		if err != nil {
			return nil, err
		}
		for _, found := range caps {
			rows = append(rows, sweptRow{c, found})
		}
	}
	return rows, nil
}

// sweptTable lists caps with what tells cells apart.
func sweptTable(r *store.Results, rows []sweptRow) cli.PlainTable {
	var t cli.PlainTable
	varying := r.Varying()
	for _, i := range varying {
		t.Titles = append(t.Titles, r.Columns[i].Name)
	}
	t.Titles = append(t.Titles, "session")
	several := len(r.Provenance.Readings) > 1
	if several {
		t.Titles = append(t.Titles, "reading")
	}
	t.Titles = append(t.Titles, ">Tolerance", "Safe cap", "", ">Fails", "Bound by", ">Resigned")
	for _, row := range rows {
		var line []string
		for _, i := range varying {
			line = append(line, row.cell.Values[i])
		}
		line = append(line, row.cell.Session)
		if several {
			line = append(line, row.cap.Reading)
		}
		bracket := "(to " + notation.Length(row.cap.CapUpper) + ")"
		switch {
		case row.cap.Status == sweep.CapUnknown:
			bracket = "(too few paths)"
		case row.cap.CapUpper <= row.cap.Cap:
			bracket = "(exact)"
		}
		t.Rows = append(t.Rows, append(line, notation.Percent(row.cap.Tolerance), notation.CapLength(row.cap.Cap), bracket, notation.Chance(row.cap.FailureAtCap.Value),
			row.cap.Binding(), notation.Chance(row.cap.ResignedAtCap.Value)))
	}
	return t
}

// sweptRecords lists caps for programs.
func sweptRecords(r *store.Results, rows []sweptRow) *cli.Records {
	out := &cli.Records{}
	for _, c := range r.Columns {
		out.Fields = append(out.Fields, c.Name)
	}
	out.Fields = append(out.Fields, "session", "reading", "tolerance", "cap_s", "cap_upper_s", "failure_at_cap",
		"binding_cause", "failure_at_limit", "resigned_at_cap", "status")
	for _, row := range rows {
		var values []any
		for _, v := range row.cell.Values {
			values = append(values, v)
		}
		out.Add(append(values, row.cell.Session, row.cap.Reading, row.cap.Tolerance, row.cap.Cap, row.cap.CapUpper, row.cap.FailureAtCap.Value,
			row.cap.Binding(), row.cap.FailureAtLimit.Value, row.cap.ResignedAtCap.Value, string(row.cap.Status))...)
	}
	return out
}
