package texttab

import (
	"io"
	"slices"
	"strings"
)

// Write lays the table out to fit a width. One that is too wide first breaks its titles over
// up to three lines, then wraps the columns that may be wrapped, then puts the columns that
// have no room into further blocks below, each with the keys again. Only words that are
// longer than the width run over it.
func (t *Table) Write(w io.Writer, width int, colour bool) error {
	l := layout{t, width, colour}
	var b strings.Builder
	for i, block := range l.fold() {
		if i > 0 {
			b.WriteByte('\n')
		}
		l.render(&b, block, i == 0)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// render writes a block. Those after the first have of every heading only the first part,
// which names what is below it, and no rows whose text beside the keys is in another block.
func (l *layout) render(b *strings.Builder, block block, first bool) {
	here, behindKeys := slices.Clone(block.shown), slices.Repeat([]bool{true}, len(block.shown))
	keys := l.groups()[0].end
	clear(here[:keys])
	clear(behindKeys[:keys])
	if titles := l.titles(); !l.blank(block.shown, titles) {
		l.write(b, block, titles, true)
	}
	for _, r := range l.table.rows {
		switch {
		case r.heading != nil && first:
			l.writeHeading(b, r.heading)
		case r.heading != nil:
			l.writeHeading(b, r.heading[:1])
		case first || !l.blank(here, r.cells) || l.blank(behindKeys, r.cells):
			l.write(b, block, r.cells, false)
		}
	}
}

// blank reports whether cells say nothing in the columns that are shown.
func (l *layout) blank(shown []bool, cells []Cell) bool {
	blank := true
	l.each(cells, func(first, end int, c Cell) {
		blank = blank && (c.Text == "" || !slices.Contains(shown[first:end], true))
	})
	return blank
}

// piece is a cell on the lines of its row.
type piece struct {
	at, width int
	right     bool
	style     Style
	lines     []string
}

// write writes a row, on as many lines as its cells need. Titles stand on the last of theirs.
func (l *layout) write(b *strings.Builder, block block, cells []Cell, titles bool) {
	var pieces []piece
	height := 1
	l.each(cells, func(first, end int, c Cell) {
		width := block.between(first, end)
		if width == 0 || c.Text == "" {
			return
		}
		at := block.between(0, first)
		if at > 0 {
			at += gap
		}
		p := piece{at, width, l.table.Columns[first].Right && end == first+1, c.Style,
			breakLines(c.Text, width)}
		height = max(height, len(p.lines))
		pieces = append(pieces, p)
	})
	for line := range height {
		at := 0
		for _, p := range pieces {
			i := line
			if titles {
				i -= height - len(p.lines)
			}
			if i < 0 || i >= len(p.lines) {
				continue
			}
			text := p.lines[i]
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
func (l *layout) writeHeading(b *strings.Builder, parts []Cell) {
	at := 0
	for _, p := range parts {
		for _, word := range words(p.Text) {
			switch {
			case at == 0:
			case at+1+textWidth(word) <= l.width:
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
