package table

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"

	"budget/internal/escape"
)

// Rows are rows of a table as CSV and Parquet.
type Rows struct {
	csv     []byte
	parquet []parquet.Row
}

// MakeRows returns rows that all start with leading; rest holds their other values, row
// after row.
func MakeRows(columns []Column, leading, rest []Value) Rows {
	return Rows{csvText(leading, rest, len(columns)), parquetRows(columns, leading, rest)}
}

// Writer writes a table as CSV and Parquet.
type Writer struct {
	Columns []Column
	csv     io.Writer
	parquet *parquetTable
}

// NewWriter returns a writer of a table to a CSV and a Parquet file.
func NewWriter(csv, binary io.Writer, columns []Column) *Writer {
	return &Writer{columns, csv, newParquetTable(binary, columns)}
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
	return t.parquet.add(rows.parquet)
}

// Close writes the buffered rows.
func (t *Writer) Close() error { return t.parquet.close() }

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
	if !slices.ContainsFunc([]byte(text),
		func(c byte) bool { return c == ',' || c == '"' || c < ' ' }) &&
		text == strings.Trim(text, " ") {
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
