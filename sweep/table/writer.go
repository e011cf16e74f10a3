package table

import (
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"budget/internal/escape"
	"budget/internal/parquet"
)

// Rows are rows of a table, as CSV and as values.
type Rows struct {
	csv           []byte
	leading, rest []Value
}

// MakeRows returns rows that all start with leading; rest holds their other values, row
// after row.
func MakeRows(columns []Column, leading, rest []Value) Rows {
	return Rows{csvText(leading, rest, len(columns)), leading, rest}
}

// Writer writes a table as CSV and Parquet.
type Writer struct {
	Columns []Column
	csv     io.Writer
	parquet *parquet.Writer
}

// NewWriter returns a writer of a table to a CSV and a Parquet file.
func NewWriter(csv, binary io.Writer, columns []Column) *Writer {
	var kinds []parquet.Column
	for _, c := range columns {
		kinds = append(kinds, parquet.Column{Name: c.Name, Kind: c.Kind.parquet()})
	}
	return &Writer{columns, csv, parquet.NewWriter(binary, kinds)}
}

// parquet returns what a kind is called there.
func (k Kind) parquet() parquet.Kind {
	return [...]parquet.Kind{Text: parquet.Text, Real: parquet.Real, Whole: parquet.Whole}[k]
}

// WriteHeader writes the names of the columns.
func (t *Writer) WriteHeader() error {
	_, err := t.csv.Write(csvHeader(t.Columns))
	return err
}

// Write appends rows.
func (t *Writer) Write(rows Rows) error {
	if _, err := t.csv.Write(rows.csv); err != nil {
		return err
	}
	for row := range slices.Chunk(rows.rest, len(t.Columns)-len(rows.leading)) {
		t.put(0, rows.leading)
		t.put(len(rows.leading), row)
		if err := t.parquet.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// put adds values to a row of the Parquet file, from a column on.
func (t *Writer) put(first int, values []Value) {
	for i := range values {
		switch v := &values[i]; v.kind {
		case Text:
			t.parquet.Text(first+i, v.text)
		case Whole:
			t.parquet.Whole(first+i, v.whole)
		case Real:
			x := v.number
			if v.none() {
				x = math.NaN()
			}
			t.parquet.Real(first+i, x)
		}
	}
}

// Close writes the buffered rows.
func (t *Writer) Close() error { return t.parquet.Close() }

// csvHeader is the first line of a table.
func csvHeader(columns []Column) []byte {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	return []byte(strings.Join(names, ",") + "\n")
}

// csvText returns rows as lines of CSV. Every line starts with leading; rows holds
// the other values, columns of them a row.
func csvText(leading, rows []Value, columns int) []byte {
	first := AppendCSV(nil, leading)
	const usual = 96 // estimated bytes of a line, without leading
	lines := make([]byte, 0, len(rows)/(columns-len(leading))*(len(first)+usual))
	for row := range slices.Chunk(rows, columns-len(leading)) {
		lines = AppendCSV(append(lines, first...), row)
		lines[len(lines)-1] = '\n' // in place of the last comma
	}
	return lines
}

// AppendCSV appends values to a line of CSV. Numbers are formatted as by
// Number.
func AppendCSV(line []byte, values []Value) []byte {
	for i := range values {
		switch v := &values[i]; v.kind {
		case Text:
			line = appendQuoted(line, escape.Cell(v.text))
		case Whole:
			line = strconv.AppendInt(line, v.whole, 10)
		case Real:
			line = appendNumber(line, v.number)
		}
		line = append(line, ',')
	}
	return line
}

// appendQuoted appends a field of CSV, in quotes where RFC 4180 requires them.
func appendQuoted(line []byte, text string) []byte {
	plain := text == strings.Trim(text, " ")
	for i := 0; plain && i < len(text); i++ {
		plain = text[i] >= ' ' && text[i] != ',' && text[i] != '"'
	}
	if plain {
		return append(line, text...)
	}
	line = append(line, '"')
	for i := range len(text) {
		if text[i] == '"' {
			line = append(line, '"')
		}
		line = append(line, text[i])
	}
	return append(line, '"')
}
