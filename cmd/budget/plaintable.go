package main

import (
	"io"
	"strings"

	"budget/cmd/budget/internal/texttab"
)

// plainTable is a table for people, in any form.
type plainTable struct {
	titles []string   // a leading > aligns right
	rows   [][]string // one of a single cell is a heading across all columns
}

func (t plainTable) text() *texttab.Table {
	var out texttab.Table
	for _, title := range t.titles {
		text, right := strings.CutPrefix(title, ">")
		out.Columns = append(out.Columns, texttab.Column{Title: text, Right: right})
	}
	for _, row := range t.rows {
		if len(row) == 1 {
			out.Heading(texttab.Cell{Text: row[0], Style: texttab.Bold})
			continue
		}
		var cells []texttab.Cell
		for _, text := range row {
			cells = append(cells, texttab.Cell{Text: text})
		}
		out.Row(cells...)
	}
	return &out
}

func (t plainTable) markdown(w io.Writer) error { return texttab.Markdown(w, t.titles, t.rows) }
