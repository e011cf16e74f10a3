package texttab

import (
	"fmt"
	"io"
	"strings"
)

// Markdown writes a table of Markdown with its cells lined up. Columns whose
// title starts with ">" are aligned to the right.
func Markdown(w io.Writer, titles []string, rows [][]string) error {
	right := make([]bool, len(titles))
	widths := make([]int, len(titles))
	head := make([]string, len(titles))
	for i, title := range titles {
		head[i], right[i] = strings.CutPrefix(title, ">")
		widths[i] = max(textWidth(escape(head[i])), 3)
	}
	for _, row := range rows {
		for i, text := range row {
			widths[i] = max(widths[i], textWidth(escape(text)))
		}
	}
	var b strings.Builder
	line := func(cells []string) {
		for i, text := range cells {
			text = escape(text)
			pad := strings.Repeat(" ", widths[i]-textWidth(text))
			if right[i] {
				text = pad + text
			} else {
				text += pad
			}
			fmt.Fprintf(&b, "| %s ", text)
		}
		b.WriteString("|\n")
	}
	line(head)
	for i, width := range widths {
		rule := strings.Repeat("-", width)
		if right[i] {
			rule = rule[1:] + ":"
		}
		fmt.Fprintf(&b, "| %s ", rule)
	}
	b.WriteString("|\n")
	for _, row := range rows {
		line(row)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// escape keeps a text in its cell, and from being markup of another kind.
func escape(text string) string { return escaper.Replace(text) }

var escaper = strings.NewReplacer("|", `\|`, "\r", " ", "\n", " ", "&", "&amp;", "<", "&lt;")
