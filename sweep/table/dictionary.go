package table

import (
	"fmt"
	"io"
	"strings"

	"budget/internal/escape"
)

// Described is a table to describe: its name, what each row is for, and its columns.
type Described struct {
	Name, Rows string
	Columns    []Column
}

// WriteDictionary writes what the columns of tables mean, as Markdown, below an introduction.
func WriteDictionary(w io.Writer, introduction string, tables []Described) error {
	var b strings.Builder
	b.WriteString(introduction)
	b.WriteString("In CSV, a text that a spreadsheet would compute, because it begins with = + - or @\n" +
		"and is no number, has an apostrophe before it; budget reads it without.\n")
	for _, t := range tables {
		fmt.Fprintf(&b, "\n## %s: one row for every %s\n\n", t.Name, t.Rows)
		b.WriteString("| column | holds | meaning |\n|---|---|---|\n")
		for _, c := range t.Columns {
			kind := [...]string{"text", "number", "whole number"}[c.Kind]
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.Name, kind, escape.Markdown(c.Meaning))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
