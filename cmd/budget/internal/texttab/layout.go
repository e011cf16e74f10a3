package texttab

import "budget/internal/escape"

// gap separates columns.
const gap = 2

// maxTitleLines is how many lines a column title may take.
const maxTitleLines = 3

// layout is a table to fit a width.
type layout struct {
	table  *Table
	width  int
	colour bool
}

// titles is the row of column titles.
func (l *layout) titles() []Cell {
	var cells []Cell
	for i := 0; i < len(l.table.Columns); {
		c := l.table.Columns[i]
		cells = append(cells, Cell{escape.Line(c.Title), Dim, c.Span})
		i += max(c.Span, 1)
	}
	return cells
}

// each calls f with every cell of a row and the columns it takes.
func (l *layout) each(cells []Cell, f func(first, end int, c Cell)) {
	at := 0
	for _, c := range cells {
		end := min(at+max(c.Span, 1), len(l.table.Columns))
		f(at, end, c)
		at = end
	}
}

// need is a width that a cell needs in the columns [first, end).
type need struct{ first, end, width int }

// needs returns what every cell needs, by what a title and a cell need.
func (l *layout) needs(title, cell func(text string) int) (single, spanning []need) {
	add := func(of func(string) int) func(first, end int, c Cell) {
		return func(first, end int, c Cell) {
			n := need{first, end, of(c.Text)}
			if end == first+1 {
				single = append(single, n)
			} else {
				spanning = append(spanning, n)
			}
		}
	}
	l.each(l.titles(), add(title))
	for _, r := range l.table.rows {
		l.each(r.cells, add(cell))
	}
	return single, spanning
}

// widths returns the widths of the columns with titles on so many lines and no cell wrapped.
// Cells that span widen the last column they span.
func (l *layout) widths(titleLines int) []int {
	single, spanning := l.needs(func(t string) int { return widthOn(t, titleLines) }, textWidth)
	widths := make([]int, len(l.table.Columns))
	for _, n := range single {
		widths[n.first] = max(widths[n.first], n.width)
	}
	for _, n := range spanning {
		widths[n.end-1] += max(n.width-total(widths[n.first:n.end]), 0)
	}
	return widths
}

// least returns how narrow columns of the given widths may become, so that no word is longer
// than its line: those that may be wrapped, or all.
func (l *layout) least(widths []int, all bool) []int {
	single, spanning := l.needs(longestWord, longestWord)
	least := make([]int, len(widths))
	for i, c := range l.table.Columns {
		switch {
		case all:
		case c.Wrap > 0:
			least[i] = min(c.Wrap, widths[i])
		default:
			least[i] = widths[i]
		}
	}
	for _, n := range single {
		least[n.first] = max(least[n.first], n.width)
	}
	for _, n := range spanning {
		for i := n.first; i < n.end; i++ { // they had room before
			missing := n.width - total(least[n.first:n.end])
			least[i] += min(max(missing, 0), widths[i]-least[i])
		}
	}
	return least
}

// total returns the width of columns side by side.
func total(widths []int) int {
	sum := gap * (len(widths) - 1)
	for _, w := range widths {
		sum += w
	}
	return sum
}
