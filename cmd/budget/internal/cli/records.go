package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"

	"budget/cmd/budget/internal/texttab"
	"budget/sweep/table"
)

// Format is a form of a table.
type Format string

const (
	FormatTable    Format = "table"
	FormatCSV      Format = "csv"
	FormatJSON     Format = "json"
	FormatMarkdown Format = "md"
)

func Formats() []Format { return []Format{FormatTable, FormatCSV, FormatJSON, FormatMarkdown} }

// PlainTable is a table for people, in any form.
type PlainTable struct {
	Titles []string   // a leading > aligns right
	Rows   [][]string // one of a single cell is a heading across all columns
}

func (t PlainTable) Text() *texttab.Table {
	var out texttab.Table
	for _, title := range t.Titles {
		text, right := strings.CutPrefix(title, ">")
		out.Columns = append(out.Columns, texttab.Column{Title: text, Right: right})
	}
	for _, row := range t.Rows {
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

func (t PlainTable) Markdown(w io.Writer) error { return texttab.Markdown(w, t.Titles, t.Rows) }

// Records is a table for programs to read, with the same values in every form.
type Records struct {
	Fields []string
	Rows   [][]any // string, float64, int64, bool or nil
}

func (r *Records) Add(values ...any) { r.Rows = append(r.Rows, values) }

// Text writes a value for CSV; what there is none of is empty.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return table.Number(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func (r *Records) Texts() [][]string {
	out := make([][]string, len(r.Rows))
	for i, row := range r.Rows {
		for _, v := range row {
			out[i] = append(out[i], text(v))
		}
	}
	return out
}

func (r *Records) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	return out.WriteAll(append([][]string{r.Fields}, r.Texts()...))
}

func (r *Records) writeMarkdown(w io.Writer) error {
	return texttab.Markdown(w, r.Fields, r.Texts())
}

// Write writes the rows in a form for programs or pages.
func (r *Records) Write(w io.Writer, f Format) error {
	switch f {
	case FormatJSON:
		return table.WriteJSON(w, r)
	case FormatMarkdown:
		return r.writeMarkdown(w)
	}
	return r.WriteCSV(w)
}

// MarshalJSON writes the rows as objects whose keys keep the fields' order.
func (r *Records) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, row := range r.Rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('{')
		for j, v := range row {
			if j > 0 {
				b.WriteByte(',')
			}
			if x, ok := v.(float64); ok && (math.IsNaN(x) || math.IsInf(x, 0)) {
				v = nil
			}
			key, err := json.Marshal(r.Fields[j])
			if err != nil {
				return nil, err
			}
			value, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			b.Write(key)
			b.WriteByte(':')
			b.Write(value)
		}
		b.WriteByte('}')
	}
	b.WriteByte(']')
	return b.Bytes(), nil
}
