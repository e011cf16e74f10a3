package texttab

import (
	"fmt"
	"io"
	"strings"

	"budget/internal/escape"
)

// Markdown writes the table in Markdown with its cells lined up. A heading is the first
// cell of a row, and may be wider than its column. A cell of several columns stands in the
// first of them.
func (t *Table) Markdown(w io.Writer) error {
	lines := make([][]string, 1, 1+len(t.rows))
	widths := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		lines[0] = append(lines[0], escape.Markdown(c.Title))
		widths[i] = 3
	}
	for _, r := range t.rows {
		var line []string
		for _, c := range append(r.heading, r.cells...) {
			line = append(line, escape.Markdown(c.Text))
			for range c.Span - 1 {
				line = append(line, "")
			}
		}
		if r.heading != nil {
			line = []string{strings.Join(line, " ")}
		}
		lines = append(lines, line)
	}
	for n, line := range lines {
		for i, text := range line {
			if n == 0 || t.rows[n-1].heading == nil {
				widths[i] = max(widths[i], textWidth(text))
			}
		}
	}
	var b strings.Builder
	for n, line := range lines {
		for i, text := range line {
			pad := strings.Repeat(" ", max(widths[i]-textWidth(text), 0))
			if t.Columns[i].Right {
				text = pad + text
			} else {
				text += pad
			}
			fmt.Fprintf(&b, "| %s ", text)
		}
		b.WriteString("|\n")
		if n > 0 {
			continue
		}
		for i, c := range t.Columns {
			rule := strings.Repeat("-", widths[i])
			if c.Right {
				rule = rule[1:] + ":"
			}
			fmt.Fprintf(&b, "| %s ", rule)
		}
		b.WriteString("|\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
