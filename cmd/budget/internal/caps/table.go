package caps

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep"
	"budget/sweep/table"
)

// capsTable is a table of caps for people.
type capsTable struct {
	caps       []sweep.Cap
	provenance sweep.Provenance
	cases      []capsCase
	reading    string // the only one, or "" for both
	differ     bool   // whether the documented reading says something else anywhere
	several    bool   // whether cases are told apart by device and environment
}

// capsCase holds the caps of one case.
type capsCase struct {
	sweep.Case
	lines []capsLine
}

// capsLine is the answer at one tolerance. With both readings cap is the cautious one; with
// one reading documented is nil.
type capsLine struct {
	cap        sweep.Cap
	documented *sweep.Cap
}

// newCapsTable arranges caps, which come by case, reading and tolerance.
func newCapsTable(caps []sweep.Cap, p sweep.Provenance, several bool) *capsTable {
	t := &capsTable{caps: caps, provenance: p, several: several, reading: caps[0].Reading}
	for _, c := range caps {
		if c.Reading != caps[0].Reading {
			t.reading = ""
		}
		if n := len(t.cases); n == 0 || t.cases[n-1].Case != c.Case {
			t.cases = append(t.cases, capsCase{Case: c.Case})
		}
		of := &t.cases[len(t.cases)-1]
		i := slices.IndexFunc(of.lines, func(l capsLine) bool { return l.cap.Tolerance == c.Tolerance })
		if i < 0 {
			of.lines = append(of.lines, capsLine{cap: c})
			continue
		}
		of.lines[i].documented = &c
		t.differ = t.differ || !sameAnswer(of.lines[i].cap, c)
	}
	return t
}

// sameAnswer reports whether two readings give a planner the same answer.
func sameAnswer(a, b sweep.Cap) bool {
	return a.Status == b.Status && a.Cap == b.Cap && a.CapUpper == b.CapUpper
}

// answer is the table in every form, with notes besides its own.
func (t *capsTable) answer(notes ...string) cli.Answer {
	return cli.Answer{
		CSV:  func(w io.Writer) error { return table.WriteCaps(w, t.caps) },
		JSON: func(w io.Writer) error { return table.WriteCapsJSON(w, t.caps, t.provenance) },
		Page: func(p *cli.Page) {
			if p.Markdown {
				p.Table(t.markdown())
			} else {
				p.Table(t.text())
			}
		},
		Notes: append(t.notes(), notes...),
	}
}

// cells is a cap in two columns; words take both.
func (t *capsTable) cells(c sweep.Cap, style texttab.Style) []texttab.Cell {
	cap, upper := notation.Cap(c, t.provenance.Step)
	if upper == "" {
		return []texttab.Cell{{Text: cap, Span: 2}}
	}
	return []texttab.Cell{{Text: cap, Style: style}, {Text: upper}}
}

// text lays the table out: under each case a line for each tolerance.
func (t *capsTable) text() *texttab.Table {
	out := texttab.New(">Tolerance", "Safe cap", "")
	if t.reading != "" {
		out.Columns[1].Title += ", " + t.reading
	}
	out.Columns[1].Span = 2
	if t.differ {
		out.Columns = append(out.Columns,
			texttab.Column{Title: "Documented reading", Span: 2}, texttab.Column{})
	}
	out.Columns = append(out.Columns, texttab.Column{Title: "Fails", Right: true},
		texttab.Column{Title: "Bound by"}, texttab.Column{Title: "Completes", Right: true})
	for _, c := range t.cases {
		out.Gap()
		out.Heading(texttab.Cell{Text: t.name(c.Case) + ":", Style: texttab.Bold},
			texttab.Cell{Text: limitText(c)})
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
			// Those that neither fail nor complete have lost the front.
			c := l.cap
			out.Row(append(cells, texttab.Cell{Text: notation.Chance(c.FailureAtCap.Value)},
				texttab.Cell{Text: c.Binding()},
				texttab.Cell{Text: notation.Chance(c.CompletedAtCap.Value)})...)
		}
	}
	return out
}

// atCap says what happens to plans as long as a cap: how many fail, by which cause, how many
// users leave, and how many plans nothing ends.
func atCap(c sweep.Cap) []string {
	return []string{notation.Chance(c.FailureAtCap.Value), c.Binding(),
		notation.Chance(c.ResignedAtCap.Value), notation.Chance(c.CompletedAtCap.Value)}
}

func (t *capsTable) name(c sweep.Case) string {
	if t.several {
		return notation.Case(c)
	}
	return c.SessionName
}

// limitText says how often a plan as long as the limit fails, and how many starts
// are refused.
func limitText(c capsCase) string {
	text := failureAtLimit(c)
	if refused := c.lines[0].cap.Refused.Value; !math.IsNaN(refused) {
		text += "; " + notation.Chance(refused) + " of starts are refused"
	}
	return text
}

func failureAtLimit(c capsCase) string {
	text := notation.Limit(c.Case)
	l := c.lines[0]
	if c.Limit == 0 || math.IsNaN(l.cap.FailureAtLimit.Value) {
		return text
	}
	fails := notation.Chance(l.cap.FailureAtLimit.Value)
	text += "; plans as long as that fail " + fails
	if l.documented != nil {
		if documented := notation.Chance(l.documented.FailureAtLimit.Value); documented != fails {
			text += " (" + documented + " in the documented reading)"
		}
	}
	return text
}

// markdown lays the table out with every number in a column of its own.
func (t *capsTable) markdown() *texttab.Table {
	titles := []string{"Session", ">Limit", ">Fails at limit", ">Tolerance", ">Safe cap", ">Up to"}
	if t.differ {
		titles = append(titles, ">Documented reading", ">Up to")
	}
	out := texttab.New(append(titles, ">Fails at cap", "Bound by", ">Resigned at cap",
		">Completes at cap", ">Refused")...)
	split := func(c sweep.Cap) []string {
		cap, upper := notation.Cap(c, t.provenance.Step)
		if upper == "("+notation.ToTheStep+")" {
			upper = cap
		}
		return []string{cap, strings.TrimSuffix(strings.TrimPrefix(upper, "(to "), ")")}
	}
	for _, c := range t.cases {
		limit := notation.CapLength(c.Limit)
		for _, l := range c.lines {
			row := []string{t.name(c.Case), limit, notation.Chance(l.cap.FailureAtLimit.Value),
				notation.Percent(l.cap.Tolerance)}
			row = append(row, split(l.cap)...)
			if t.differ {
				row = append(row, split(*l.documented)...)
			}
			row = append(row, atCap(l.cap)...)
			out.Texts(append(row, notation.Chance(l.cap.Refused.Value))...)
		}
	}
	return out
}

func known(c sweep.Cap) bool { return c.Status != sweep.CapUnknown }

// notes say how to read the table.
func (t *capsTable) notes() []string {
	holds := fmt.Sprintf("with %s confidence", notation.Percent(t.caps[0].Confidence))
	if n := t.provenance.Caps; n == 1 {
		holds = "It holds " + holds + "."
	} else {
		holds = fmt.Sprintf("All %d caps hold together %s (Bonferroni).", n, holds)
	}
	notes := []string{"A cap is the longest plan that fails at most as often as the tolerance says; " +
		"in brackets, the longest it could be. Fails and Completes are shares at the cap, of the " +
		"sessions that start; the others lose the front. " + holds}
	switch {
	case t.differ:
		notes = append(notes, "The safe cap is cautious: a hot watch or a low battery uses granted "+
			"time up faster. In the documented reading it does not.")
	case t.reading == "" && slices.ContainsFunc(t.caps, known):
		notes = append(notes, "The cautious and the documented reading of the granted time give the "+
			"same caps here.")
	}
	return notes
}

// paths writes how many paths there are behind a case.
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
