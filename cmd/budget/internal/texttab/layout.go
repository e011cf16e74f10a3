package texttab

import (
	"io"
	"strings"
)

// gap separates columns.
const gap = 2

// Write lays the table out to fit a width and returns the titles of the columns
// it left out.
func (t *Table) Write(w io.Writer, width int, colour bool) (dropped []string, err error) {
	l := layout{table: t, shown: make([]bool, len(t.Columns)), colour: colour}
	for i := range l.shown {
		l.shown[i] = true
	}
	l.measure()
	for l.total() > width && !l.squeeze(width) {
		victim := -1
		for i, c := range t.Columns {
			if l.shown[i] && c.Drop > 0 && (victim < 0 || c.Drop > t.Columns[victim].Drop) {
				victim = i
			}
		}
		if victim < 0 {
			break
		}
		l.shown[victim] = false
		if c := t.Columns[victim]; c.Title != "" && !c.Elsewhere {
			dropped = append(dropped, c.Title)
		}
		l.measure()
	}
	_, err = io.WriteString(w, l.render(width))
	return dropped, err
}

// layout is a table with the widths of its columns.
type layout struct {
	table  *Table
	shown  []bool
	widths []int
	colour bool
}

// titles is the row of column titles.
func (l *layout) titles() []Cell {
	var cells []Cell
	for i := 0; i < len(l.table.Columns); {
		c := l.table.Columns[i]
		cells = append(cells, Cell{c.Title, Dim, c.Span})
		i += max(c.Span, 1)
	}
	return cells
}

func (l *layout) rows() [][]Cell {
	rows := [][]Cell{l.titles()}
	for _, r := range l.table.rows {
		if r.heading == nil {
			rows = append(rows, r.cells)
		}
	}
	return rows
}

// measure sets the widths to what the cells need: first those in one column,
// then those that span, which widen the last column they span.
func (l *layout) measure() {
	l.widths = make([]int, len(l.shown))
	for _, spanning := range []bool{false, true} {
		for _, cells := range l.rows() {
			l.each(cells, func(first, end int, c Cell) {
				if (c.Span > 1) != spanning {
					return
				}
				if more := textWidth(c.Text) - l.between(first, end); more > 0 {
					last := -1
					for i := first; i < end; i++ {
						if l.shown[i] {
							last = i
						}
					}
					if last >= 0 {
						l.widths[last] += more
					}
				}
			})
		}
	}
}

// each calls f with every cell and the columns it takes.
func (l *layout) each(cells []Cell, f func(first, end int, c Cell)) {
	at := 0
	for _, c := range cells {
		end := min(at+max(c.Span, 1), len(l.shown))
		f(at, end, c)
		at = end
	}
}

// between returns the width of the columns from first up to but not including
// end, with the gaps between them.
func (l *layout) between(first, end int) int {
	width, any := 0, false
	for i := first; i < end; i++ {
		if l.shown[i] {
			if any {
				width += gap
			}
			width += l.widths[i]
			any = true
		}
	}
	return width
}

func (l *layout) total() int { return l.between(0, len(l.shown)) }

// squeeze narrows the columns that may be wrapped, the widest first, and reports
// whether the table fits.
func (l *layout) squeeze(width int) bool {
	widths := append([]int(nil), l.widths...)
	for over := l.total() - width; over > 0; over-- {
		widest := -1
		for i, c := range l.table.Columns {
			if l.shown[i] && c.Wrap > 0 && l.widths[i] > c.Wrap &&
				(widest < 0 || l.widths[i] >= l.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			l.widths = widths
			return false
		}
		l.widths[widest]--
	}
	return true
}

func (l *layout) render(width int) string {
	var b strings.Builder
	if titles := l.titles(); !blank(titles) {
		l.write(&b, titles)
	}
	for _, r := range l.table.rows {
		if r.heading != nil {
			l.writeHeading(&b, r.heading, width)
			continue
		}
		l.write(&b, r.cells)
	}
	return b.String()
}

func blank(cells []Cell) bool {
	for _, c := range cells {
		if c.Text != "" {
			return false
		}
	}
	return true
}

// write writes a row, on as many lines as its wrapped cells need.
func (l *layout) write(b *strings.Builder, cells []Cell) {
	type piece struct {
		at, width int
		right     bool
		style     Style
		lines     []string
	}
	var pieces []piece
	height := 1
	l.each(cells, func(first, end int, c Cell) {
		width := l.between(first, end)
		if width == 0 || c.Text == "" {
			return
		}
		at := l.between(0, first)
		if at > 0 {
			at += gap
		}
		p := piece{at, width, l.table.Columns[first].Right && end == first+1, c.Style, []string{c.Text}}
		if textWidth(c.Text) > width {
			p.lines = Wrap(c.Text, width)
		}
		height = max(height, len(p.lines))
		pieces = append(pieces, p)
	})
	for line := range height {
		at := 0
		for _, p := range pieces {
			if line >= len(p.lines) {
				continue
			}
			text := p.lines[line]
			start := p.at
			if p.right {
				start += p.width - textWidth(text)
			}
			b.WriteString(strings.Repeat(" ", max(start-at, 0)))
			at = max(at, start) + textWidth(text)
			b.WriteString(l.paint(p.style, text))
		}
		b.WriteByte('\n')
	}
}

// writeHeading writes a heading, broken at spaces where it is too long.
func (l *layout) writeHeading(b *strings.Builder, parts []Cell, width int) {
	at := 0
	for _, p := range parts {
		for _, word := range words(p.Text) {
			switch {
			case at == 0:
			case at+1+textWidth(word) <= width:
				b.WriteByte(' ')
				at++
			default:
				b.WriteByte('\n')
				at = 0
			}
			b.WriteString(l.paint(p.Style, word))
			at += textWidth(word)
		}
	}
	b.WriteByte('\n')
}

func (l *layout) paint(s Style, text string) string {
	if !l.colour {
		return text
	}
	return s.Paint(text)
}
