package caps

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/solver"
	"budget/sweep"
)

// cells writes a cap in two columns. A status without a cap spans both.
func (t *capsTable) cells(c sweep.Cap, style texttab.Style) []texttab.Cell {
	cap, upper := notation.Cap(c, t.provenance.Step)
	if upper == "" {
		return []texttab.Cell{{Text: cap, Span: 2}}
	}
	return []texttab.Cell{{Text: cap, Style: style}, {Text: upper}}
}

// text returns the table with one line for each case and tolerance.
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
	leaves := len(t.cases) == 1 // with several cases left out: they are the rest to 100 %
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
				cells = append(cells, texttab.Cell{Text: notation.CapReached(c.Case, g.Status, g.Cap)})
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
				cells = append(cells, texttab.Cell{Text: notation.CapReached(c.Case, l.documented.Status,
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

// atCap writes what happens to sessions as long as a cap: the share that fails, by which cause,
// the share that users leave, and the share that completes.
func atCap(c sweep.Cap) []string {
	return []string{notation.Chance(c.FailureAtCap.Value), c.Binding(),
		notation.Chance(c.ResignedAtCap.Value), notation.Chance(c.CompletedAtCap.Value)}
}

// caseText writes the share of sessions as long as the limit that fail, the share of starts that
// are refused, and the share below the gate.
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

// markdown returns the table with each number in its own column.
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
		limit := notation.CapLength(sweep.Case{}, c.Limit)
		for _, l := range c.lines {
			row := []string{t.name(c.Case), limit, notation.Chance(l.cap.FailureAtLimit.Value),
				notation.Percent(l.cap.Tolerance)}
			row = append(row, split(l.cap)...)
			if s := l.cap.Spread; s != nil {
				for _, x := range []float64{s.Low, s.Median, s.High, s.Robust} {
					row = append(row, notation.Drawn(c.Case, x, s.Longest))
				}
			} else if ranged {
				row = append(row, "", "", "", "")
			}
			if g := l.cap.Gated; g != nil {
				row = append(row, notation.CapReached(c.Case, g.Status, g.Cap), notation.Chance(g.LeftOut))
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
