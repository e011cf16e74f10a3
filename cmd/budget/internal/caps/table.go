package caps

import (
	"fmt"
	"io"
	"math"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/table"
)

// print writes the caps to standard output.
func (f *capsFlags) print(sys *cli.System, s *model.Scenario, r *sweep.Result, p sweep.Provenance) error {
	switch f.Format {
	case cli.FormatCSV:
		return table.WriteCaps(sys.Stdout, r.Caps)
	case cli.FormatJSON:
		return table.WriteCapsJSON(sys.Stdout, r.Caps, p)
	}
	t := newCapsTable(r.Caps, float64(s.Grid.Step))
	t.family, t.several = p.Caps, f.several()
	var err error
	var dropped []string
	if f.Format == cli.FormatMarkdown {
		err = t.markdown(sys.Stdout)
	} else {
		dropped, err = t.text().Write(sys.Stdout, sys.TableWidth(), sys.Colour())
	}
	if err != nil || f.Quiet {
		return err
	}
	notes := append(t.notes(), fmt.Sprintf("%s a case, seed %d, %s, scenario %q.", t.paths(), f.Seed, f.Method(), p.Scenario),
		inputs.Assumptions(s, p))
	return cli.WriteNotes(sys, f.Format, notes, dropped)
}

// capsTable is a table of caps for people.
type capsTable struct {
	cases   []capsCase
	step    float64 // [s]
	reading string  // the only one, or "" for both
	differ  bool    // whether the documented reading says something else anywhere
	several bool    // whether a session type has several cases, to tell apart by device and environment
	family  int     // caps that hold together
}

// capsCase holds the caps of one case.
type capsCase struct {
	sweep.Case
	lines []capsLine
}

// capsLine is the answer at one tolerance. With both readings cap is the
// cautious one; with one reading documented is nil.
type capsLine struct {
	cap        sweep.Cap
	documented *sweep.Cap
}

// newCapsTable arranges caps, which come by case, reading and tolerance.
func newCapsTable(caps []sweep.Cap, step float64) *capsTable {
	t := &capsTable{step: step}
	readings := map[string]bool{}
	for _, c := range caps {
		readings[c.Reading] = true
	}
	both := len(readings) == 2
	for _, c := range caps {
		if n := len(t.cases); n == 0 || t.cases[n-1].Case != c.Case {
			t.cases = append(t.cases, capsCase{Case: c.Case})
		}
		lines := &t.cases[len(t.cases)-1].lines
		if !both {
			t.reading = c.Reading
			*lines = append(*lines, capsLine{cap: c})
			continue
		}
		line := findLine(lines, c.Tolerance)
		if c.Reading == string(solver.Cautious) {
			line.cap = c
		} else {
			line.documented = &c
		}
	}
	for _, c := range t.cases {
		for _, l := range c.lines {
			t.differ = t.differ || l.documented != nil && !sameAnswer(l.cap, *l.documented)
		}
	}
	return t
}

func findLine(lines *[]capsLine, tolerance float64) *capsLine {
	for i := range *lines {
		l := &(*lines)[i]
		if l.cap.Tolerance == tolerance || l.documented != nil && l.documented.Tolerance == tolerance {
			return l
		}
	}
	*lines = append(*lines, capsLine{})
	return &(*lines)[len(*lines)-1]
}

// sameAnswer tells whether two readings give a planner the same answer.
func sameAnswer(a, b sweep.Cap) bool {
	return a.Status == b.Status && a.Cap == b.Cap && a.CapUpper == b.CapUpper
}

// cells is a cap in two columns; words take both.
func (t *capsTable) cells(c sweep.Cap, style texttab.Style) []texttab.Cell {
	cap, upper := notation.Cap(c, t.step)
	if upper == "" {
		return []texttab.Cell{{Text: cap, Span: 2}}
	}
	return []texttab.Cell{{Text: cap, Style: style}, {Text: upper}}
}

// Text lays the table out: under each case a line for each tolerance.
func (t *capsTable) text() *texttab.Table {
	title := "Safe cap"
	if t.reading != "" {
		title += ", " + t.reading
	}
	table := &texttab.Table{Columns: []texttab.Column{
		{Title: "Tolerance", Right: true}, {Title: title, Span: 2}, {Drop: 1},
	}}
	if t.differ {
		table.Columns = append(table.Columns, texttab.Column{Title: "Documented reading", Span: 2, Drop: 2}, texttab.Column{Drop: 4})
	}
	table.Columns = append(table.Columns, texttab.Column{Title: "Fails", Right: true, Drop: 3},
		texttab.Column{Title: "Bound by"}, texttab.Column{Title: "Resigned", Right: true, Drop: 5})
	for i, c := range t.cases {
		if i > 0 {
			table.Row()
		}
		table.Heading(texttab.Cell{Text: t.name(c.Case) + ":", Style: texttab.Bold}, texttab.Cell{Text: t.limitText(c)})
		for _, l := range c.lines {
			cells := []texttab.Cell{{Text: notation.Percent(l.cap.Tolerance)}}
			cells = append(cells, t.cells(l.cap, texttab.Bold)...)
			switch {
			case !t.differ:
			case sameAnswer(l.cap, *l.documented) && l.cap.Status == sweep.CapUnknown:
				cells = append(cells, texttab.Cell{Span: 2})
			case sameAnswer(l.cap, *l.documented):
				cells = append(cells, texttab.Cell{Text: "same", Style: texttab.Dim, Span: 2})
			default:
				cells = append(cells, t.cells(*l.documented, texttab.Plain)...)
			}
			table.Row(append(cells, texttab.Cell{Text: notation.Chance(l.cap.FailureAtCap.Value)},
				texttab.Cell{Text: l.cap.Binding()}, texttab.Cell{Text: notation.Chance(l.cap.ResignedAtCap.Value)})...)
		}
	}
	return table
}

func (t *capsTable) name(c sweep.Case) string {
	if t.several {
		return notation.Case(c)
	}
	return c.SessionName
}

// limitText says how often a plan as long as the documented limit fails.
func (t *capsTable) limitText(c capsCase) string {
	if c.Limit == 0 {
		return "no documented limit"
	}
	text := "documented limit " + notation.Length(c.Limit)
	l := c.lines[0]
	if math.IsNaN(l.cap.FailureAtLimit.Value) {
		return text
	}
	text += "; plans as long as that fail " + notation.Chance(l.cap.FailureAtLimit.Value)
	if d := l.documented; d != nil && notation.Chance(d.FailureAtLimit.Value) != notation.Chance(l.cap.FailureAtLimit.Value) {
		text += " (" + notation.Chance(d.FailureAtLimit.Value) + " in the documented reading)"
	}
	return text
}

// Markdown writes the table with every number in a column of its own.
func (t *capsTable) markdown(w io.Writer) error {
	titles := []string{"Session", ">Limit", ">Fails at limit", ">Tolerance", ">Safe cap", ">Up to"}
	if t.differ {
		titles = append(titles, ">Documented reading", ">Up to")
	}
	titles = append(titles, ">Fails at cap", "Bound by", ">Resigned at cap")
	split := func(c sweep.Cap) []string {
		cap, upper := notation.Cap(c, t.step)
		if upper == "(exact)" {
			upper = cap
		}
		return []string{cap, strings.TrimSuffix(strings.TrimPrefix(upper, "(to "), ")")}
	}
	var rows [][]string
	for _, c := range t.cases {
		limit := "none"
		if c.Limit > 0 {
			limit = notation.Length(c.Limit)
		}
		for _, l := range c.lines {
			row := []string{t.name(c.Case), limit, notation.Chance(l.cap.FailureAtLimit.Value), notation.Percent(l.cap.Tolerance)}
			row = append(row, split(l.cap)...)
			if t.differ {
				row = append(row, split(*l.documented)...)
			}
			rows = append(rows, append(row, notation.Chance(l.cap.FailureAtCap.Value), l.cap.Binding(), notation.Chance(l.cap.ResignedAtCap.Value)))
		}
	}
	return texttab.Markdown(w, titles, rows)
}

// notes say how to read the table.
func (t *capsTable) notes() []string {
	confidence := t.cases[0].lines[0].cap.Confidence
	about := "A cap is the longest plan that fails at most as often as the tolerance says; in brackets, the longest it could be. Fails and Resigned are shares at the cap. "
	if t.family == 1 {
		about += fmt.Sprintf("It holds with %s confidence.", notation.Percent(confidence))
	} else {
		about += fmt.Sprintf("All %d caps hold together with %s confidence (Bonferroni).", t.family, notation.Percent(confidence))
	}
	notes := []string{about}
	switch {
	case t.differ:
		notes = append(notes, "The safe cap is cautious: a hot watch or a low battery uses granted time up faster. In the documented reading it does not.")
	case t.reading == "" && t.known():
		notes = append(notes, "The cautious and the documented reading of the granted time give the same caps here.")
	}
	return notes
}

// known tells whether there is any cap to speak of.
func (t *capsTable) known() bool {
	for _, c := range t.cases {
		for _, l := range c.lines {
			if l.cap.Status != sweep.CapUnknown {
				return true
			}
		}
	}
	return false
}

// Paths writes how many paths there are behind a case.
func (t *capsTable) paths() string {
	least, most := int64(math.MaxInt64), int64(0)
	for _, c := range t.cases {
		n := c.lines[0].cap.Paths
		least, most = min(least, n), max(most, n)
	}
	if least == most {
		return notation.Plural(least, "path")
	}
	return notation.Count(least) + " to " + notation.Plural(most, "path")
}
