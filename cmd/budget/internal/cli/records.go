package cli

import (
	"bytes"
	"io"
	"strconv"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/escape"
	"budget/internal/finite"
	"budget/sweep/table"
)

// Records is a table for programs to read, with the same values in every form.
type Records struct {
	Fields []string
	Rows   [][]any // string, float64, int64, int, bool or nil
}

// Add adds a row with a value for each field.
func (r *Records) Add(values ...any) { r.Rows = append(r.Rows, values) }

// text writes a value for CSV; missing values are empty.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return table.Number(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case int:
		return strconv.Itoa(v)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// Texts returns the rows as CSV has them.
func (r *Records) Texts() [][]string {
	out := make([][]string, len(r.Rows))
	for i, row := range r.Rows {
		for _, v := range row {
			out[i] = append(out[i], text(v))
		}
	}
	return out
}

// WriteCSV writes the rows under a line of the fields' names.
func (r *Records) WriteCSV(w io.Writer) error {
	return escape.NewCSVWriter(w).WriteAll(append([][]string{r.Fields}, r.Texts()...))
}

func (r *Records) writeMarkdown(w io.Writer) error {
	t := texttab.New(r.Fields...)
	for _, row := range r.Texts() {
		t.Texts(row...)
	}
	return t.Markdown(w)
}

// MarshalJSON writes the rows as objects whose keys keep the fields' order.
func (r *Records) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, row := range r.Rows {
		if i > 0 {
			b.WriteByte(',')
		}
		for j, v := range row {
			key, err := finite.Marshal(r.Fields[j])
			if err != nil {
				return nil, err
			}
			value, err := finite.Marshal(v)
			if err != nil {
				return nil, err
			}
			b.WriteByte("{,"[min(j, 1)])
			b.Write(append(append(key, ':'), value...))
		}
		b.WriteByte('}')
	}
	b.WriteByte(']')
	return b.Bytes(), nil
}
