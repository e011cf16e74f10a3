package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"

	"budget/internal/notation"
	"budget/solver"
	"budget/sweep"
)

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// readResults reads what a command has left in a directory.
func readResults(dir string) (*sweep.Results, error) {
	r, err := sweep.ReadResults(dir)
	if err != nil {
		return nil, resultsf(err, "cannot read the results in %s", dir)
	}
	return r, nil
}

// resultsf is filef for results, which are several files: it names the one that failed.
func resultsf(err error, format string, args ...any) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = fmt.Errorf("%s: %s", path.Path, path.Err)
	}
	return filef(err, format, args...)
}

// showResults prints the caps of a run or a sweep, without simulating again.
func (f *capsFlags) showResults(sys *system, dir string) error {
	r, err := readResults(dir)
	if err != nil {
		return err
	}
	defer r.Close()
	if f.output != "" {
		return usagef("-o: the tables are in %s already", dir)
	}
	sessions, err := pick("session", f.sessions, "", r.Sessions())
	if err != nil {
		return err
	}
	cells := slices.DeleteFunc(slices.Clone(r.Cells), func(c *sweep.ResultCell) bool { return !slices.Contains(sessions, c.Session) })
	if r.Plan == nil {
		return f.showCaps(sys, r, cells)
	}
	return f.showSwept(sys, r, cells)
}

// readCaps returns the caps of a cell that the flags ask for: those of its table, or
// others that its curves tell.
func (f *capsFlags) readCaps(r *sweep.Results, c *sweep.ResultCell) ([]sweep.Cap, error) {
	readings := slices.DeleteFunc(slices.Clone(r.Provenance.Readings), func(name string) bool {
		return !slices.Contains(f.readings, solver.Reading(name))
	})
	if len(readings) == 0 {
		return nil, usagef("--reading: the results are of %v alone", r.Provenance.Readings)
	}
	if !f.changed("tolerance") && !f.changed("confidence") {
		return slices.DeleteFunc(slices.Clone(c.Caps), func(cap sweep.Cap) bool { return !slices.Contains(readings, cap.Reading) }), nil
	}
	curves, err := c.Curves()
	if err != nil {
		return nil, resultsf(err, "no caps but those of the table")
	}
	tolerances, confidence := r.Provenance.Tolerances, r.Provenance.Confidence
	if f.changed("tolerance") {
		tolerances = f.tolerances
	}
	if f.changed("confidence") {
		confidence = f.confidence
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
func (f *capsFlags) showCaps(sys *system, r *sweep.Results, cells []*sweep.ResultCell) error {
	var caps []sweep.Cap
	for _, c := range cells {
		found, err := f.readCaps(r, c)
		if err != nil {
			return err
		}
		caps = append(caps, found...)
	}
	switch f.format {
	case formatCSV:
		return sweep.WriteCaps(sys.stdout, caps)
	case formatJSON:
		return sweep.WriteCapsJSON(sys.stdout, caps, r.Provenance)
	}
	t := newCapsTable(caps, r.Provenance.Step)
	t.family, t.several = r.Provenance.Caps, len(r.Varying()) > 0
	if f.format == formatMarkdown {
		if err := t.markdown(sys.stdout); err != nil || f.quiet {
			return err
		}
		return writeNotes(sys, f.format, t.notes(), nil)
	}
	dropped, err := t.text().Write(sys.stdout, sys.tableWidth(), sys.colour())
	if err != nil || f.quiet {
		return err
	}
	return writeNotes(sys, f.format, append(t.notes(),
		fmt.Sprintf("%s a case, seed %d, %s, scenario %q.", t.paths(), r.Provenance.Seed, r.Provenance.Estimator, r.Name)), dropped)
}

// showSwept prints the caps of a sweep, cell by cell.
func (f *capsFlags) showSwept(sys *system, r *sweep.Results, cells []*sweep.ResultCell) error {
	rows, err := f.sweptRows(r, cells)
	if err != nil {
		return err
	}
	if f.format == formatCSV || f.format == formatJSON {
		return sweptRecords(r, rows).write(sys.stdout, f.format)
	}
	table := sweptTable(r, rows)
	if f.format == formatMarkdown {
		return table.markdown(sys.stdout)
	}
	dropped, err := table.text().Write(sys.stdout, sys.tableWidth(), sys.colour())
	if err != nil || f.quiet {
		return err
	}
	confidence := r.Provenance.Confidence
	if f.changed("confidence") {
		confidence = f.confidence
	}
	return writeNotes(sys, f.format, []string{
		"A cap is the longest plan that fails at most as often as the tolerance says; in brackets, the longest it could be.",
		fmt.Sprintf("%s of %q, %s a cell, seed %d. As many as the sweep has, %s, hold together with %s confidence.",
			notation.Plural(int64(r.Plan.Cells), "cell"), r.Name, notation.Plural(r.Plan.PathsPerCell, "path"), r.Provenance.Seed,
			notation.Plural(int64(r.Provenance.Caps), "cap"), percent(confidence)),
	}, dropped)
}

// sweptRow is a cap of a sweep, with the cell it is of.
type sweptRow struct {
	cell *sweep.ResultCell
	cap  sweep.Cap
}

func (f *capsFlags) sweptRows(r *sweep.Results, cells []*sweep.ResultCell) ([]sweptRow, error) {
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
func sweptTable(r *sweep.Results, rows []sweptRow) plainTable {
	var t plainTable
	varying := r.Varying()
	for _, i := range varying {
		t.titles = append(t.titles, r.Columns[i].Name)
	}
	t.titles = append(t.titles, "session")
	several := len(r.Provenance.Readings) > 1
	if several {
		t.titles = append(t.titles, "reading")
	}
	t.titles = append(t.titles, ">Tolerance", "Safe cap", "", ">Fails", "Bound by", ">Resigned")
	for _, row := range rows {
		var line []string
		for _, i := range varying {
			line = append(line, row.cell.Values[i])
		}
		line = append(line, row.cell.Session)
		if several {
			line = append(line, row.cap.Reading)
		}
		bracket := "(to " + length(row.cap.CapUpper) + ")"
		switch {
		case row.cap.Status == sweep.CapUnknown:
			bracket = "(too few paths)"
		case row.cap.CapUpper <= row.cap.Cap:
			bracket = "(exact)"
		}
		t.rows = append(t.rows, append(line, percent(row.cap.Tolerance), capLength(row.cap.Cap), bracket, chance(row.cap.FailureAtCap.Value),
			row.cap.Binding(), chance(row.cap.ResignedAtCap.Value)))
	}
	return t
}

// sweptRecords lists caps for programs.
func sweptRecords(r *sweep.Results, rows []sweptRow) *records {
	out := &records{}
	for _, c := range r.Columns {
		out.fields = append(out.fields, c.Name)
	}
	out.fields = append(out.fields, "session", "reading", "tolerance", "cap_s", "cap_upper_s", "failure_at_cap",
		"binding_cause", "failure_at_limit", "resigned_at_cap", "status")
	for _, row := range rows {
		var values []any
		for _, v := range row.cell.Values {
			values = append(values, v)
		}
		out.add(append(values, row.cell.Session, row.cap.Reading, row.cap.Tolerance, row.cap.Cap, row.cap.CapUpper, row.cap.FailureAtCap.Value,
			row.cap.Binding(), row.cap.FailureAtLimit.Value, row.cap.ResignedAtCap.Value, string(row.cap.Status))...)
	}
	return out
}
