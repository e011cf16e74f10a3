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
	"budget/solver"
	"budget/sweep"
	"budget/sweep/table"
)

// capsTable is a table of caps for people.
type capsTable struct {
	*sweep.Result
	provenance sweep.Provenance
	cases      []capsCase
	reading    string // the only one, or "" for both
	differ     bool   // whether the documented reading says something else anywhere
	several    bool   // whether cases are told apart by device and environment
	unexamined string // why the caps have no range over uncertain inputs
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

// newCapsTable arranges the caps of a result, which come by case, reading and tolerance.
func newCapsTable(r *sweep.Result, p sweep.Provenance, several bool) *capsTable {
	t := &capsTable{Result: r, provenance: p, several: several, reading: r.Caps[0].Reading}
	for _, c := range r.Caps {
		if c.Reading != r.Caps[0].Reading {
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
		CSV:  func(w io.Writer) error { return table.WriteCaps(w, t.Caps) },
		JSON: func(w io.Writer) error { return table.WriteCapsJSON(w, t.Result, t.provenance) },
		Page: func(p *cli.Page) {
			if p.Markdown {
				p.Table(t.markdown())
			} else {
				t.headline(p)
				p.Table(t.text())
			}
		},
		Notes:   append(t.notes(), notes...),
		Explain: t.explanations(),
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
	out := texttab.New(">Tolerance", "Safe", "")
	if t.reading == string(solver.AsDocumented) {
		out.Columns[1].Title += ", if grants are never cut"
	}
	out.Columns[1].Span = 2
	gate := t.gate()
	if gate > 0 {
		out.Columns = append(out.Columns,
			texttab.Column{Title: fmt.Sprintf("From %s shown", notation.Percent(gate))})
	}
	if t.differ {
		out.Columns = append(out.Columns, texttab.Column{Title: "If grants are never cut"})
	}
	out.Columns = append(out.Columns, texttab.Column{Title: "Fails", Right: true},
		texttab.Column{Title: "Ends by"})
	leaves := len(t.cases) == 1 // in a long table they are what is left
	if leaves {
		out.Columns = append(out.Columns, texttab.Column{Title: "Leaves", Right: true})
	}
	out.Columns = append(out.Columns, texttab.Column{Title: "Completes", Right: true})
	for _, c := range t.cases {
		out.Gap()
		out.Heading(texttab.Cell{Text: t.name(c.Case) + ":", Style: texttab.Bold},
			texttab.Cell{Text: caseText(c)})
		for _, l := range c.lines {
			cells := []texttab.Cell{{Text: notation.Percent(l.cap.Tolerance)}}
			cells = append(cells, t.cells(l.cap, texttab.Bold)...)
			if g := l.cap.Gated; g != nil {
				cells = append(cells, texttab.Cell{Text: notation.CapState(g.Status, g.Cap)})
			} else if gate > 0 {
				cells = append(cells, texttab.Cell{})
			}
			switch {
			case !t.differ:
			case sameAnswer(l.cap, *l.documented) && l.cap.Status == sweep.CapUnknown:
				cells = append(cells, texttab.Cell{})
			case sameAnswer(l.cap, *l.documented):
				cells = append(cells, texttab.Cell{Text: "same", Style: texttab.Dim})
			default:
				cells = append(cells, texttab.Cell{Text: notation.CapState(l.documented.Status,
					l.documented.Cap)})
			}
			c := l.cap
			cells = append(cells, texttab.Cell{Text: notation.Chance(c.FailureAtCap.Value)},
				texttab.Cell{Text: c.Binding()})
			if leaves {
				cells = append(cells, texttab.Cell{Text: notation.Chance(c.ResignedAtCap.Value)})
			}
			out.Row(append(cells, texttab.Cell{Text: notation.Chance(c.CompletedAtCap.Value)})...)
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

// caseText says how often a session as long as the limit fails, how many starts are refused,
// and how many are below the gate.
func caseText(c capsCase) string {
	text := failureAtLimit(c)
	first := c.lines[0].cap
	if refused := first.Refused.Value; !math.IsNaN(refused) {
		text += "; " + notation.Chance(refused) + " of starts refused"
	}
	if g := first.Gated; g != nil {
		text += fmt.Sprintf("; %s start below %s", notation.Chance(g.LeftOut),
			notation.Percent(g.Level))
	}
	return text
}

// gate returns the displayed level that the caps at the gate are of, 0 without a gate.
func (t *capsTable) gate() float64 {
	for _, c := range t.Caps {
		if c.Gated != nil {
			return c.Gated.Level
		}
	}
	return 0
}

func failureAtLimit(c capsCase) string {
	text := notation.Limit(c.Case)
	l := c.lines[0]
	if c.Limit == 0 || math.IsNaN(l.cap.FailureAtLimit.Value) {
		return text
	}
	fails := notation.Chance(l.cap.FailureAtLimit.Value)
	text += ", where " + fails + " fail"
	if l.documented != nil {
		documented := notation.Chance(l.documented.FailureAtLimit.Value)
		if math.Abs(l.documented.FailureAtLimit.Value-l.cap.FailureAtLimit.Value) >= 0.01 {
			text += " (" + documented + " if grants are never cut)"
		}
	}
	return text
}

// markdown lays the table out with every number in a column of its own.
func (t *capsTable) markdown() *texttab.Table {
	titles := []string{"Session", ">Limit", ">Fails at limit", ">Tolerance", ">Safe", ">Up to"}
	ranged := slices.ContainsFunc(t.Caps, func(c sweep.Cap) bool { return c.Spread != nil })
	if ranged {
		titles = append(titles, ">5 % of draws", ">50 %", ">95 %", ">Robust")
	}
	gate := t.gate()
	if gate > 0 {
		titles = append(titles, fmt.Sprintf(">From %s shown", notation.Percent(gate)), ">Left out")
	}
	if t.differ {
		titles = append(titles, ">If grants are never cut", ">Up to")
	}
	out := texttab.New(append(titles, ">Fails", "Ends by", ">Leaves", ">Completes", ">Refused")...)
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
			if s := l.cap.Spread; s != nil {
				row = append(row, rangeLength(s.Low, s.Longest), rangeLength(s.Median, s.Longest),
					rangeLength(s.High, s.Longest), rangeLength(s.Robust, s.Longest))
			} else if ranged {
				row = append(row, "", "", "", "")
			}
			if g := l.cap.Gated; g != nil {
				row = append(row, notation.CapState(g.Status, g.Cap), notation.Chance(g.LeftOut))
			} else if gate > 0 {
				row = append(row, "", "")
			}
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

// notes say what the caps of the table are.
func (t *capsTable) notes() []string {
	holds := fmt.Sprintf("with %s confidence", notation.Percent(t.Caps[0].Confidence))
	if n := t.provenance.Caps; n == 1 {
		holds = "The cap holds " + holds
	} else {
		holds = fmt.Sprintf("All %d caps hold together %s", n, holds)
	}
	return []string{holds + ". Fails and Completes are shares at the cap; the others leave."}
}

// explanations say what the columns mean.
func (t *capsTable) explanations() []string {
	notes := []string{"Safe: the longest session that fails at most as often as the tolerance says, " +
		"of the sessions that start. The bracket is the upper end of the cap's interval: more paths narrow it. " +
		notation.ToTheStep + ": the next longer session surely fails too often. " +
		"The confidence of all caps together is that of Bonferroni's inequality."}
	if gate := t.gate(); gate > 0 {
		notes = append(notes, fmt.Sprintf("From %[1]s shown: the cap of the sessions that start while "+
			"the watch shows %[1]s or more (--gate).", notation.Percent(gate)))
	}
	if i := slices.IndexFunc(t.Caps, func(c sweep.Cap) bool { return c.Spread != nil }); i >= 0 {
		robust := "With one session type there is a robust cap, too."
		if s := t.Caps[i].Spread; !math.IsNaN(s.Robust) {
			robust = fmt.Sprintf("The robust cap holds for %s of them, by their bounds, with %s confidence.",
				notation.Percent(s.RobustShare), notation.Percent(t.Caps[i].Confidence))
		}
		notes = append(notes, "Uncertain inputs, such as hazard rates that nobody outside Apple knows, "+
			"were drawn from their ranges: 5, 50 and 95 % of the draws have a shorter cap (best "+
			"estimates). "+robust+" budget uncertainty says more, budget sensitivity which input decides.")
	}
	switch {
	case t.differ:
		notes = append(notes, "Safe is cautious: below 10 % battery, or when the watch is hot, the system "+
			"uses granted time up faster. One developer reported this; Apple does not document it. "+
			"If grants are never cut, the other column holds; \"same\" where nothing differs.")
	case t.reading == "" && slices.ContainsFunc(t.Caps, known):
		notes = append(notes, "Whether the system cuts grants short changes no cap here.")
	}
	return append(notes, "Ends by: the cause with the most failures one step beyond the cap. Leaves: "+
		"users who switch to another app.")
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
