package sessionlog

import (
	"fmt"
	"strings"

	"budget/model"
	"budget/model/document"
)

// layout is how the rows of a source are written.
type layout struct {
	file      string
	unit      [columns]float64 // of bare numbers [s]; 0 if the column's name does not say
	index     [columns]int     // places of columns plus 1, 0 for missing columns
	width     int              // number of columns
	delimiter rune
	names     string // the line of column names
	perCent   bool   // levels without a unit are in per cent
}

// reader reads rows.
type reader struct {
	*layout
	scenario *model.Scenario
	options  Options
	words    vocabulary
	bad      bool // the row is left out
	record        // the row
	yield
}

// yield is what rows say.
type yield struct {
	counts   RowCounts
	sessions []Session
	remarks  []noted
	seen     map[deviation]*occurrence
	levels   levels
}

// levels are the levels without a unit that a source has.
type levels struct{ share, above bool } // between 0 and 1, and between 1 and 100

// perCent reports whether levels without a unit are in per cent: some are above 1, and none is a
// share.
func (l levels) perCent() bool { return l.above && !l.share }

// noted is a remark. The remark on a deviation stands for all rows.
type noted struct {
	Remark
	of deviation
}

// deviation is something in which a source differs from what is expected.
type deviation struct {
	source int
	column column
	what   string
}

// occurrence counts the rows with a deviation.
type occurrence struct {
	rows int64
	line int // the last of them
}

// remark adds a remark about the i-th field of the line.
func (r *reader) remark(kind RemarkKind, i int, key, format string, args ...any) {
	column := 1
	if i >= 0 && i < len(r.columns) {
		column = r.columns[i]
	}
	r.remarks = append(r.remarks, noted{Remark: Remark{document.Problem{File: r.file, Line: r.line,
		Column: column, Key: key, Message: fmt.Sprintf(format, args...)}, kind}})
}

// about adds a remark about a column of the row.
func (r *reader) about(kind RemarkKind, c column, format string, args ...any) {
	r.remark(kind, r.index[c]-1, c.String(), format, args...)
}

// wrong leaves the row out, because of a column.
func (r *reader) wrong(c column, format string, args ...any) {
	r.bad = true
	r.about(Malformed, c, format, args...)
}

// deviation notes what is unusual in a column, once for all rows.
func (r *reader) deviation(c column, what, format string, args ...any) {
	key := deviation{column: c, what: what}
	o := r.seen[key]
	if o == nil {
		o = &occurrence{}
		r.seen[key] = o
		r.about(Note, c, format, args...)
		r.remarks[len(r.remarks)-1].of = key
	}
	if o.line != r.line {
		o.rows, o.line = o.rows+1, r.line
	}
}

// field returns the text of a column, "" if the log has no such column.
func (r *reader) field(c column) string {
	i := r.index[c]
	if i == 0 {
		return ""
	}
	text := r.fields[i-1]
	if strings.HasPrefix(text, optional) {
		return unwrapped(text)
	}
	return text
}

func (r *reader) has(c column) bool { return r.index[c] > 0 }
