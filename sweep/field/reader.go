package field

import (
	"fmt"

	"budget/model"
	"budget/model/document"
)

// reader reads a log.
type reader struct {
	log      *Log
	scenario *model.Scenario
	options  Options
	place    map[string]int     // of columns
	unit     map[string]float64 // of bare numbers by column [s]; 0 if the name does not say
	width    int                // number of columns
	perCent  bool               // levels without a unit are in per cent
	bad      bool               // the row is left out
	seen     map[string]*deviation
	record   // the row
}

// deviation counts the rows in which a log differs in some way from what is expected.
type deviation struct{ remark, rows, line int }

// remark adds a remark about the i-th field of the line.
func (r *reader) remark(kind RemarkKind, i int, key, format string, args ...any) {
	column := 1
	if i >= 0 && i < len(r.columns) {
		column = r.columns[i]
	}
	r.log.Remarks = append(r.log.Remarks,
		Remark{document.Problem{File: r.log.File, Line: r.line, Column: column, Key: key,
			Message: fmt.Sprintf(format, args...)}, kind})
}

// about adds a remark about a column of the row.
func (r *reader) about(kind RemarkKind, column, format string, args ...any) {
	at, ok := r.place[column]
	if !ok {
		at = -1
	}
	r.remark(kind, at, column, format, args...)
}

// wrong leaves the row out, because of a column.
func (r *reader) wrong(column, format string, args ...any) {
	r.bad = true
	r.about(Malformed, column, format, args...)
}

// deviation notes what is unusual in a column, once for all rows.
func (r *reader) deviation(column, what, format string, args ...any) {
	key := column + "\x00" + what
	d := r.seen[key]
	if d == nil {
		d = &deviation{remark: len(r.log.Remarks)}
		r.seen[key] = d
		r.about(Note, column, format, args...)
	}
	if d.line != r.line {
		d.rows, d.line = d.rows+1, r.line
	}
}

// field returns the text of a column, "" if the log has no such column.
func (r *reader) field(column string) string {
	if i, ok := r.place[column]; ok {
		return r.fields[i]
	}
	return ""
}

func (r *reader) has(column string) bool { _, ok := r.place[column]; return ok }
