package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"

	"budget/cmd/budget/internal/texttab"
	"budget/sweep"
)

// records is a table for programs to read, with the same values in every form.
type records struct {
	fields []string
	rows   [][]any // string, float64, int64, bool or nil
}

func (r *records) add(values ...any) { r.rows = append(r.rows, values) }

// text writes a value for CSV; what there is none of is empty.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case float64:
		return sweep.Number(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func (r *records) texts() [][]string {
	out := make([][]string, len(r.rows))
	for i, row := range r.rows {
		for _, v := range row {
			out[i] = append(out[i], text(v))
		}
	}
	return out
}

func (r *records) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	return out.WriteAll(append([][]string{r.fields}, r.texts()...))
}

func (r *records) writeMarkdown(w io.Writer) error {
	return texttab.Markdown(w, r.fields, r.texts())
}

// write writes the rows in a form for programs or pages.
func (r *records) write(w io.Writer, f format) error {
	switch f {
	case formatJSON:
		return sweep.WriteJSON(w, r)
	case formatMarkdown:
		return r.writeMarkdown(w)
	}
	return r.writeCSV(w)
}

// MarshalJSON writes the rows as objects whose keys keep the fields' order.
func (r *records) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('[')
	for i, row := range r.rows {
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
			key, err := json.Marshal(r.fields[j])
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
