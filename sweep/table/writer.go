package table

import (
	"bytes"
	"io"
	"slices"
	"strconv"

	"github.com/parquet-go/parquet-go"
)

// Rows are rows of a table in both forms.
type Rows struct {
	csv     []byte
	parquet []parquet.Row
}

// MakeRows makes rows of the values that all begin with and those that follow, row after
// row.
func MakeRows(columns []Column, leading, rest []Value) Rows {
	return Rows{csvText(leading, rest, len(columns)), parquetRows(columns, leading, rest)}
}

// Writer writes a table in both forms.
type Writer struct {
	Columns []Column
	csv     io.Writer
	parquet *parquetTable
}

func NewWriter(csv, binary io.Writer, columns []Column) *Writer {
	return &Writer{columns, csv, newParquetTable(binary, columns)}
}

func (t *Writer) WriteHeader() error {
	var names bytes.Buffer
	for i, c := range t.Columns {
		if i > 0 {
			names.WriteByte(',')
		}
		names.WriteString(c.Name)
	}
	names.WriteByte('\n')
	_, err := t.csv.Write(names.Bytes())
	return err
}

// write writes rows behind those before.
func (t *Writer) Write(rows Rows) error {
	if _, err := t.csv.Write(rows.csv); err != nil {
		return err
	}
	return t.parquet.add(rows.parquet)
}

func (t *Writer) Close() error { return t.parquet.close() }

// csvText writes rows of so many values as lines of CSV, after what all begin with.
func csvText(leading, rows []Value, columns int) []byte {
	first := AppendCSV(nil, leading)
	const usual = 96 // bytes of a line, behind what all begin with
	lines := make([]byte, 0, len(rows)/(columns-len(leading))*(len(first)+usual))
	for row := range slices.Chunk(rows, columns-len(leading)) {
		lines = AppendCSV(append(lines, first...), row)
		lines[len(lines)-1] = '\n' // in place of the last comma
	}
	return lines
}

// AppendCSV appends values as a part of a line of CSV: numbers with eight significant
// digits, nothing for one there is none of.
func AppendCSV(line []byte, values []Value) []byte {
	for i := range values {
		switch v := &values[i]; v.kind {
		case Text:
			line = appendQuoted(line, v.text)
		case Whole:
			line = strconv.AppendInt(line, v.whole, 10)
		case Real:
			if !v.none() {
				line = strconv.AppendFloat(line, v.number, 'g', 8, 64)
			}
		}
		line = append(line, ',')
	}
	return line
}

// appendQuoted appends a field of CSV, in quotes where RFC 4180 wants them.
func appendQuoted(line []byte, text string) []byte {
	if !slices.ContainsFunc([]byte(text), func(c byte) bool { return c == ',' || c == '"' || c < ' ' }) &&
		text == trimmed(text) {
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

// trimmed is the text without spaces at its ends, which readers may take away.
func trimmed(text string) string {
	for len(text) > 0 && text[0] == ' ' {
		text = text[1:]
	}
	for len(text) > 0 && text[len(text)-1] == ' ' {
		text = text[:len(text)-1]
	}
	return text
}
