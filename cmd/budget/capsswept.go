package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"budget/sweep"
)

func isDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// showSwept prints the caps of a finished sweep, without simulating again.
func (f *capsFlags) showSwept(sys *system, dir string) error {
	s, err := sweep.ReadSwept(dir)
	if err != nil {
		return filef(err, "cannot read the sweep in %s", dir)
	}
	defer s.Close()
	if f.output != "" {
		return usagef("-o: the tables of the sweep are in %s already", dir)
	}
	sessions, err := pick("session", f.sessions, "", s.Provenance.Sessions)
	if err != nil {
		return err
	}
	tolerances := s.Provenance.Tolerances
	if f.tolerance.Changed {
		tolerances = f.tolerances
		for _, t := range tolerances {
			if !slices.Contains(s.Provenance.Tolerances, t) {
				return usagef("--tolerance: %s is not in %s: the same sweep with another tolerances = [...] in its plan finds it in no time", percent(t), dir)
			}
		}
	}
	rows := sweptCaps(s, sessions, tolerances)
	switch f.format {
	case formatCSV, formatJSON:
		return f.sweptRecords(s, sessions, tolerances).write(sys.stdout, f.format)
	case formatMarkdown:
		return rows.markdown(sys.stdout)
	}
	dropped, err := rows.text().Write(sys.stdout, sys.tableWidth(), sys.colour())
	if err != nil || f.quiet {
		return err
	}
	return writeNotes(sys, f.format, []string{
		"A cap is the longest plan that fails at most as often as the tolerance says; in brackets, the longest it could be.",
		fmt.Sprintf("%s of %q, %s a cell, seed %d. All %s of the sweep hold together with %s confidence. %s has them all.",
			plural(int64(s.Provenance.Cells), "cell"), s.Provenance.Plan, plural(s.Provenance.PathsPerCell, "path"), s.Provenance.Seed,
			plural(int64(s.Provenance.Caps), "cap"), percent(s.Provenance.Confidence), filepath.Join(dir, "caps.csv")),
	}, dropped)
}

// sweptCaps lists caps with what tells cells apart.
func sweptCaps(s *sweep.Swept, sessions []string, tolerances []float64) plainTable {
	var t plainTable
	var varying []int
	for i := range s.Columns {
		for _, c := range s.Cells {
			if c.Values[i] != s.Cells[0].Values[i] {
				varying = append(varying, i)
				t.titles = append(t.titles, s.Columns[i])
				break
			}
		}
	}
	t.titles = append(t.titles, "session")
	if len(s.Provenance.Readings) > 1 {
		t.titles = append(t.titles, "reading")
	}
	t.titles = append(t.titles, ">Tolerance", "Safe cap", "", ">Fails", "Bound by", ">Resigned")
	for _, c := range s.Cells {
		if !slices.Contains(sessions, c.Session) {
			continue
		}
		for _, row := range c.Rows {
			if !slices.Contains(tolerances, row.Tolerance) {
				continue
			}
			var line []string
			for _, i := range varying {
				line = append(line, c.Values[i])
			}
			line = append(line, c.Session)
			if len(s.Provenance.Readings) > 1 {
				line = append(line, c.Reading)
			}
			bracket := "(to " + length(row.CapUpper) + ")"
			switch {
			case row.Status == sweep.CapUnknown:
				bracket = "(too few paths)"
			case row.CapUpper <= row.Cap:
				bracket = "(exact)"
			}
			t.rows = append(t.rows, append(line, percent(row.Tolerance), capLength(row.Cap), bracket, chance(row.FailureAtCap), row.Binding, chance(row.Resigned)))
		}
	}
	return t
}

// sweptRecords lists the caps for programs.
func (f *capsFlags) sweptRecords(s *sweep.Swept, sessions []string, tolerances []float64) *records {
	r := &records{fields: append(slices.Clone(s.Columns), "session", "reading", "tolerance", "cap_s", "cap_upper_s", "failure_at_cap",
		"binding_cause", "failure_at_limit", "resigned_at_cap", "status")}
	for _, c := range s.Cells {
		for _, row := range c.Rows {
			if !slices.Contains(sessions, c.Session) || !slices.Contains(tolerances, row.Tolerance) {
				continue
			}
			var values []any
			for _, v := range c.Values {
				values = append(values, v)
			}
			r.add(append(values, c.Session, c.Reading, row.Tolerance, row.Cap, row.CapUpper, row.FailureAtCap, row.Binding,
				row.FailAtLimit, row.Resigned, string(row.Status))...)
		}
	}
	return r
}
