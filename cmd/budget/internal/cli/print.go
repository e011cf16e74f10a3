package cli

import "cmp"

// Print writes an answer in a form, without notes where quiet. Files that flags such as
// --export-csv name come first, because standard output may be closed early.
func (s *System) Print(a Answer, form Format, quiet bool) error {
	exported := s.writeExports(a, quiet)
	if form == FormatTable {
		a.print(&Page{to: s.Stdout, width: s.Columns(), colour: s.colour()}, s.explain, quiet)
		return exported
	}
	return cmp.Or(a.write(s.Stdout, form, s.width(0), s.explain, quiet), exported)
}

// Printf writes text for people to standard output. Its arguments are shown, as by Page.Printf.
func (s *System) Printf(format string, args ...any) {
	(&Page{to: s.Stdout}).Printf(format, args...)
}

// PrintAside writes an answer on standard error: what is told beside one for programs.
func (s *System) PrintAside(a Answer) {
	a.print(&Page{to: s.Stderr, width: s.width(s.ErrWidth)}, s.explain, false)
}
