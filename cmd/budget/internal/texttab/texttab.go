// Package texttab lays out tables for people, in a terminal or as Markdown: columns that
// fit a width, headings across them, cells that span, and little bold and dim. A table that
// is too wide first wraps the columns that may, then leaves out those that can be missed,
// and names them.
//
// It knows text alone: what a cell says is its caller's. Package cli is above it.
package texttab

import (
	"io"
	"strings"
	"unicode/utf8"
)

// Style is how a text stands out.
type Style int

// The styles. Without colour all are plain.
const (
	Plain Style = iota
	Bold
	Dim
)

// Paint returns text in a style.
func (s Style) Paint(text string) string {
	switch s {
	case Bold:
		return "\x1b[1m" + text + "\x1b[0m"
	case Dim:
		return "\x1b[2m" + text + "\x1b[0m"
	}
	return text
}

// Cell is a text in a table.
type Cell struct {
	Text  string
	Style Style
	// Span is the number of columns the cell takes; 0 is 1.
	Span int
}

// Column says how the cells of a column are laid out.
type Column struct {
	Title string
	// Span is the number of columns the title stands over; 0 is 1. The titles of
	// the others are not written.
	Span  int
	Right bool // aligned to the right
	// Wrap is the width down to which the column may be wrapped; 0 means never.
	Wrap int
	// Drop orders the columns that may be left out: the largest goes first, and
	// 0 stays.
	Drop int
	// Elsewhere says that the column stands elsewhere too, so that Write does not
	// name it where it is left out.
	Elsewhere bool
}

// Table is a table under construction.
type Table struct {
	Columns []Column
	rows    []row
}

// row is a row of cells, or a heading of parts across all columns.
type row struct {
	cells   []Cell
	heading []Cell
}

// New returns a table with columns of the given titles. One that starts with ">" is
// aligned to the right.
func New(titles ...string) *Table {
	t := &Table{}
	for _, title := range titles {
		title, right := strings.CutPrefix(title, ">")
		t.Columns = append(t.Columns, Column{Title: title, Right: right})
	}
	return t
}

// Texts adds a row of plain cells.
func (t *Table) Texts(texts ...string) {
	var r row
	for _, text := range texts {
		r.cells = append(r.cells, Cell{Text: text})
	}
	t.rows = append(t.rows, r)
}

// Title adds a bold line across all columns.
func (t *Table) Title(text string) { t.Heading(Cell{Text: text, Style: Bold}) }

// Gap adds an empty row, but not at the top.
func (t *Table) Gap() {
	if len(t.rows) > 0 {
		t.Texts(make([]string, len(t.Columns))...)
	}
}

// Row adds a row. Missing cells are empty.
func (t *Table) Row(cells ...Cell) { t.rows = append(t.rows, row{cells: cells}) }

// Heading adds a line across all columns, whose parts follow one another.
func (t *Table) Heading(parts ...Cell) { t.rows = append(t.rows, row{heading: parts}) }

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

// words splits text at spaces, but leaves a per cent sign with its number.
func words(text string) []string {
	var out []string
	for word := range strings.FieldsSeq(text) {
		if strings.HasPrefix(word, "%") && len(out) > 0 {
			out[len(out)-1] += " " + word
			continue
		}
		out = append(out, word)
	}
	return out
}

// Wrap breaks text at spaces into lines of at most the given width. A word that
// is longer is broken where the line ends.
func Wrap(text string, width int) []string {
	width = max(width, 1)
	var lines []string
	line := ""
	for _, word := range words(text) {
		if line != "" && textWidth(line)+1+textWidth(word) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
		for textWidth(line) > width {
			cut := 0
			for i := range line {
				if utf8.RuneCountInString(line[:i]) == width {
					cut = i
					break
				}
			}
			lines = append(lines, line[:cut])
			line = line[cut:]
		}
	}
	if line != "" || lines == nil {
		lines = append(lines, line)
	}
	return lines
}

func textWidth(text string) int { return utf8.RuneCountInString(text) }
