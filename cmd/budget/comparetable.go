package main

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/sweep"
	"budget/sweep/compare"
)

// longestName is the length of a side's name up to which it titles a column.
const longestName = 14

// details lists the differences of every cell, a line for each.
func details(a, b string, c *compare.Result, confidence float64) *texttab.Table {
	if max(len(a), len(b)) > longestName {
		a, b = "A", "B"
	}
	t := texttab.New("", ">"+a, ">"+b, ">Change", ">"+notation.Percent(confidence)+" interval")
	t.Columns[1].Wrap, t.Columns[2].Wrap, t.Columns[4].Wrap = 11, 11, 16
	for i := 0; i < len(c.Cells); i++ {
		cell := c.Cells[i]
		name := cellName(c, cell)
		if i+1 < len(c.Cells) && sameButReading(cell, c.Cells[i+1]) {
			i++
			name = strings.Replace(name, cell.Reading, cell.Reading+" and "+c.Cells[i].Reading, 1)
		}
		t.Gap()
		t.Title(name)
		for j, d := range cell.Caps {
			row := changeRow(d, d.Value < 0, minutes, " min")
			row[0].Text = "cap at " + notation.Percent(cell.Tolerances[j])
			row[1] = safeCap(sweep.Case{Cycles: cell.Cycles[0]}, cell.Status[j][0], d.A)
			row[2] = safeCap(sweep.Case{Cycles: cell.Cycles[1]}, cell.Status[j][1], d.B)
			if d.Lower == d.Upper {
				row[4].Text = notation.ToTheStep
			}
			if slices.Contains(cell.Status[j][:], sweep.CapUnknown) {
				row[3].Style, row[4].Style = texttab.Doubtful, texttab.Doubtful
			}
			t.Row(row...)
		}
		var last []texttab.Cell
		for j, d := range cell.Failure {
			row := changeRow(d, d.Value > 0, func(x float64) string {
				return signed(x, notation.ChanceNumber)
			}, " %")
			row[1].Text, row[2].Text = notation.Chance(d.A), notation.Chance(d.B)
			// Beyond a limit all durations say the same.
			if last != nil && slices.Equal(row[1:], last[1:]) {
				continue
			}
			by := cell.Durations[j]
			if cell.Cycles[0] == cell.Cycles[1] {
				by = cell.Cycles[0].Reach(by) // a failure by a position is one by the end of its cycle
			}
			row[0].Text = "fails by " + notation.EndOf(sweep.Case{Cycles: cell.Cycles[0]}, by)
			last = row
			t.Row(row...)
		}
	}
	return t
}

// sameButReading reports whether two cells differ in nothing but the name of the reading.
func sameButReading(a, b compare.Cell) bool {
	if a.Reading == b.Reading {
		return false
	}
	a.Reading = b.Reading
	return reflect.DeepEqual(a, b)
}

// changeRow makes a row of a difference and its interval, without what it is of. A change for
// the worse that is certain is bad.
func changeRow(d compare.Difference, worse bool, write func(float64) string,
	unit string) []texttab.Cell {
	change := texttab.Cell{Text: write(d.Value) + unit, Style: texttab.Dim}
	if d.Significant() {
		change.Style = texttab.Plain
		if worse {
			change.Style = texttab.Bad
		}
	}
	interval := texttab.Cell{Text: write(d.Lower)}
	switch upper := write(d.Upper); {
	case math.IsInf(d.Lower, 0) || math.IsInf(d.Upper, 0):
		interval = texttab.Cell{Text: sweep.CapUnknown.Name(), Style: texttab.Doubtful}
	case interval.Text != upper:
		interval.Text += " to " + upper
	}
	return []texttab.Cell{{}, {}, {}, change, interval}
}

// safeCap writes a case's cap [s], or why there is none.
func safeCap(of sweep.Case, status sweep.CapStatus, seconds float64) texttab.Cell {
	c := texttab.Cell{Text: notation.CapReached(of, status, seconds)}
	switch status {
	case sweep.CapUnknown:
		c.Style = texttab.Doubtful
	case sweep.CapNever:
		c.Style = texttab.Bad
	}
	return c
}

// cellName names a cell by its session type and by what differs between cells.
func cellName(c *compare.Result, cell compare.Cell) string {
	parts := []string{cell.Session}
	if slices.ContainsFunc(c.Cells, func(o compare.Cell) bool { return o.Reading != cell.Reading }) {
		parts = append(parts, cell.Reading)
	}
	if values := describeValues(c, cell); values != "" {
		parts = append(parts, values)
	}
	return strings.Join(parts, ", ")
}

// describeValues names a cell by those of its columns that differ between cells.
func describeValues(c *compare.Result, cell compare.Cell) string {
	var parts []string
	for i, v := range cell.Values {
		if slices.ContainsFunc(c.Cells, func(o compare.Cell) bool { return o.Values[i] != v }) {
			parts = append(parts, c.Columns[i]+" "+v)
		}
	}
	return strings.Join(parts, ", ")
}

// overview sums the cells up by session type, reading and tolerance.
func overview(c *compare.Result) *texttab.Table {
	type group struct {
		name            string
		tolerance       float64
		shorter, longer int64
		values          []float64
		largest         float64
		where           string
	}
	var groups []*group
	several := slices.ContainsFunc(c.Cells, func(cell compare.Cell) bool {
		return cell.Reading != c.Cells[0].Reading
	})
	for _, cell := range c.Cells {
		for i, d := range cell.Caps {
			name := cell.Session
			if several {
				name += ", " + cell.Reading
			}
			k := slices.IndexFunc(groups, func(g *group) bool {
				return g.name == name && g.tolerance == cell.Tolerances[i]
			})
			if k < 0 {
				k = len(groups)
				groups = append(groups, &group{name: name, tolerance: cell.Tolerances[i]})
			}
			g := groups[k]
			g.values = append(g.values, d.Value)
			switch {
			case d.Upper < 0:
				g.shorter++
			case d.Lower > 0:
				g.longer++
			}
			if math.Abs(d.Value) > math.Abs(g.largest) {
				g.largest, g.where = d.Value, describeValues(c, cell)
			}
		}
	}
	first := "Session"
	if several {
		first += ", reading"
	}
	t := texttab.New(first, ">Tolerance", ">Shorter", ">Longer", ">Of",
		">Median, min", ">Largest change, min", "In cell")
	t.Keys, t.Columns[7].Wrap = 2, 17
	for _, g := range groups {
		slices.Sort(g.values)
		n := len(g.values)
		shorter := texttab.Cell{Text: notation.Count(g.shorter)}
		if g.shorter > 0 {
			shorter.Style = texttab.Bad
		}
		t.Row(texttab.Cell{Text: g.name}, texttab.Cell{Text: notation.Percent(g.tolerance)}, shorter,
			texttab.Cell{Text: notation.Count(g.longer)}, texttab.Cell{Text: notation.Count(int64(n))},
			texttab.Cell{Text: minutes(g.values[(n-1)/2])}, texttab.Cell{Text: minutes(g.largest)},
			texttab.Cell{Text: g.where})
	}
	return t
}

// signed writes a difference with its sign.
func signed(x float64, write func(float64) string) string {
	text := write(math.Abs(x))
	switch {
	case text == write(0):
		return text
	case x < 0:
		return "−" + text
	}
	return "+" + text
}

// minutes writes a difference of durations [s] in minutes.
func minutes(seconds float64) string {
	return signed(seconds, func(x float64) string {
		if x < 3 {
			return "0"
		}
		return fmt.Sprintf("%.1f", x/60)
	})
}
