package sessionlog

import (
	"encoding/csv"
	"errors"
	"strings"

	"budget/internal/escape"
)

// delimiterOf returns what separates the columns of a header: the most frequent of comma,
// semicolon, tab and bar outside of quotes.
func delimiterOf(header string) rune {
	best, most := ',', 0
	for _, d := range ",;\t|" {
		n, quoted := 0, false
		for _, c := range header {
			if c == '"' {
				quoted = !quoted
			} else if c == d && !quoted {
				n++
			}
		}
		if n > most {
			best, most = d, n
		}
	}
	return best
}

// isBeside reports whether a line is none of the table: it is empty, a comment, or names the
// delimiter for spreadsheets.
func isBeside(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || line[0] == '#' || len(line) >= 4 && strings.EqualFold(line[:4], "sep=")
}

// record is a row of a log: its fields, and where each starts.
type record struct {
	line    int
	fields  []string
	columns []int // from 1
	// elsewhere is the device of a session that is not of a watch.
	elsewhere string
}

// split reads the fields of a line. With an error, the record has its column alone.
func split(line string, number int, delimiter rune) (record, error) {
	in := csv.NewReader(strings.NewReader(strings.TrimSuffix(line, "\r")))
	in.Comma = delimiter
	in.FieldsPerRecord = -1
	in.LazyQuotes = strings.Count(line, `"`)%2 == 0 // else a quote is open, and takes all after it
	in.TrimLeadingSpace = delimiter != '\t'         // else it would take empty fields for space
	fields, err := in.Read()
	if err != nil {
		column := 1
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			column, err = parse.Column, parse.Err
		}
		return record{line: number, columns: []int{column}}, err
	}
	x := record{line: number, fields: fields}
	for i := range fields {
		_, column := in.FieldPos(i)
		x.fields[i] = escape.Uncell(strings.TrimSpace(fields[i]))
		x.columns = append(x.columns, column)
	}
	return x, nil
}
