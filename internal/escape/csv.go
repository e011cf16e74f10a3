package escape

import (
	"encoding/csv"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Cell returns a text as a cell of CSV holds it. One that a spreadsheet would compute gets an
// apostrophe before it: it begins with = + - @, a tab or an end of line, and is no number and no
// quantity such as -8 degC. So does one that would else lose its own apostrophe in Uncell. Hidden
// characters are visible.
func Cell(text string) string {
	text = Visible(text)
	if computed(strings.TrimLeft(text, "'")) && !isNumber(text) {
		return "'" + text
	}
	return text
}

// Uncell returns the text of a cell, without the apostrophe of Cell.
func Uncell(cell string) string {
	if rest, ok := strings.CutPrefix(cell, "'"); ok && computed(strings.TrimLeft(rest, "'")) {
		return rest
	}
	return cell
}

// UncellAll is Uncell of every cell of a record, in place.
func UncellAll(record []string) []string {
	for i := range record {
		record[i] = Uncell(record[i])
	}
	return record
}

// computed reports whether a spreadsheet takes a text for a formula. The last four stand for the
// first four on keyboards of the Far East.
func computed(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	return strings.ContainsRune("=+-@\t\r\n＝＋－＠", first)
}

// isNumber reports whether a text is a number, with or without a unit.
func isNumber(text string) bool { return number.MatchString(text) }

var number = regexp.MustCompile(`^[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?( [A-Za-z°%/²·]{1,12})?$`)

// CSVWriter writes CSV whose texts are as Cell has them. The error of a write is that of Flush.
type CSVWriter struct{ to *csv.Writer }

// NewCSVWriter returns a writer of CSV. Call Flush at the end.
func NewCSVWriter(w io.Writer) *CSVWriter { return &CSVWriter{csv.NewWriter(w)} }

// Write writes a record.
func (w *CSVWriter) Write(record []string) error {
	cells := make([]string, len(record))
	for i, text := range record {
		cells[i] = Cell(text)
	}
	return w.to.Write(cells)
}

// WriteAll writes records and what is buffered.
func (w *CSVWriter) WriteAll(records [][]string) error {
	for _, record := range records {
		if err := w.Write(record); err != nil {
			return err
		}
	}
	return w.Flush()
}

// Flush writes what is buffered, and returns the first error of the writer.
func (w *CSVWriter) Flush() error {
	w.to.Flush()
	return w.to.Error()
}
