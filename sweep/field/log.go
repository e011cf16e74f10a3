package field

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"budget/model"
	"budget/model/document"
)

// reader reads a log.
type reader struct {
	log      *Log
	scenario *model.Scenario
	place    map[string]int // of columns
	width    int            // number of columns
	line     int
	fields   []string
	columns  []int // start of each field, from 1
}

// longest is the longest planned or actual time in a log [min]: two days, as in the
// model.
const longest = 2 * 24 * 60

// Read reads a log of sessions, with session types of the scenario. The error,
// a Problems value, is about the line of column names. A problem in a row is a
// remark, and the row is left out.
func Read(file string, data []byte, s *model.Scenario) (*Log, error) {
	digest := sha256.Sum256(data)
	r := &reader{log: &Log{File: file, Digest: hex.EncodeToString(digest[:])}, scenario: s}
	// Lines are parsed one by one, so that a stray quote affects one row only.
	lines := strings.Split(string(bytes.TrimPrefix(data, []byte("\ufeff"))), "\n")
	header := slices.IndexFunc(lines, func(line string) bool { return strings.TrimSpace(line) != "" })
	if header < 0 {
		return nil, document.Problems{{File: file,
			Message: "the log is empty: expected a line of column names, " + strings.Join(required, ",")}}
	}
	r.line = header + 1
	if err := r.header(lines[header]); err != nil {
		return nil, err
	}
	for i, line := range lines[header+1:] {
		if strings.TrimSpace(line) == "" {
			continue
		}
		r.line = header + 2 + i
		r.log.Rows++
		r.row(line)
	}
	r.log.separate()
	slices.SortStableFunc(r.log.Remarks,
		func(a, b Remark) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	return r.log, nil
}

// split reads the fields of a line.
func (r *reader) split(line string) error {
	in := csv.NewReader(strings.NewReader(strings.TrimSuffix(line, "\r")))
	in.FieldsPerRecord = -1
	in.TrimLeadingSpace = true
	fields, err := in.Read()
	if err != nil {
		column := 1
		if parse, ok := errors.AsType[*csv.ParseError](err); ok {
			column, err = parse.Column, parse.Err
		}
		r.columns = []int{column}
		return err
	}
	r.fields, r.columns = fields, nil
	for i := range fields {
		_, column := in.FieldPos(i)
		r.fields[i] = strings.TrimSpace(fields[i])
		r.columns = append(r.columns, column)
	}
	return nil
}

// header reads the column names.
func (r *reader) header(line string) error {
	var problems document.Problems
	complain := func(i int, format string, args ...any) {
		problems = append(problems, document.Problem{File: r.log.File, Line: r.line, Column: r.columns[i],
			Message: fmt.Sprintf(format, args...)})
	}
	if err := r.split(line); err != nil {
		complain(0, "the line of column names cannot be read: %v", err)
		return problems
	}
	if len(r.fields) == 1 && strings.ContainsAny(line, ";\t") {
		complain(0, "the columns are not separated by commas: expected %s", strings.Join(required, ","))
		return problems
	}
	r.place, r.width = map[string]int{}, len(r.fields)
	for i, name := range r.fields {
		_, twice := r.place[name]
		switch {
		case twice:
			complain(i, "column %s is given twice", document.Quote(name))
		case slices.Contains(required, name) || slices.Contains(optional, name):
			r.place[name] = i
		default:
			guess := ""
			if near := model.Nearest(name, Columns()); near != "" {
				guess = fmt.Sprintf(": did you mean %q?", near)
			}
			r.remark(Note, i, "", "column %s is unknown and not used%s", document.Quote(name), guess)
		}
	}
	for _, name := range required {
		if _, ok := r.place[name]; !ok {
			complain(0, "column %s is missing: expected %s, and optionally %s",
				name, strings.Join(required, ","), strings.Join(optional, ","))
		}
	}
	if problems != nil {
		return problems
	}
	return nil
}

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

// row reads a session. It reports all problems of the row and leaves it out if
// there are any.
func (r *reader) row(line string) {
	if err := r.split(line); err != nil {
		r.remark(Malformed, 0, "", "the row cannot be read: %v", err)
		return
	}
	if len(r.fields) != r.width {
		r.remark(Malformed, len(r.fields)-1, "",
			"the row has %d fields: expected %d, as many as there are columns", len(r.fields), r.width)
		return
	}
	before := len(r.log.Remarks)
	x := Session{Line: r.line, Device: r.field(columnDevice), Key: r.field(columnKey),
		text: strings.Join(r.fields, ",")}
	x.Type = r.field(columnSession)
	if known := model.IDs(r.scenario.Sessions); !slices.Contains(known, x.Type) {
		r.about(Malformed, columnSession, "unknown session type %s: expected one of %s",
			document.Quote(x.Type), strings.Join(known, ", "))
	}
	x.Planned = 60 * r.minutes(columnPlanned)
	x.Actual = 60 * r.minutes(columnActual)
	if x.Planned == 0 {
		r.about(Malformed, columnPlanned, "the planned length is 0: expected minutes, such as 45")
	}
	x.Start, x.End = r.level(columnStart), r.level(columnFinish)
	x.Serious, x.Critical = r.knownMinutes(columnSerious), r.knownMinutes(columnCritical)
	x.Low, x.VeryLow = r.knownMinutes(columnLow), r.knownMinutes(columnVeryLow)
	if word := r.field(columnThermal); word != "" {
		level := slices.Index(thermalWords, word)
		if level < 0 {
			r.about(Malformed, columnThermal, "unknown thermal state %s: expected one of %s",
				document.Quote(word), strings.Join(thermalWords, ", "))
		}
		x.Thermal, x.hasThermal = model.ThermalLevel(level), true
	}
	r.end(&x)
	if len(r.log.Remarks) > before {
		return
	}
	r.settle(&x)
	if why, column := x.contradiction(r.scenario); why != "" {
		r.about(Contradictory, column, "%s", why)
		return
	}
	r.log.Sessions = append(r.log.Sessions, x)
}

func (r *reader) field(column string) string {
	if i, ok := r.place[column]; ok {
		return r.fields[i]
	}
	return ""
}

// minutes reads a number of minutes.
func (r *reader) minutes(column string) float64 {
	text := r.field(column)
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || math.IsNaN(x):
		r.about(Malformed, column, "%s is not a number: expected minutes, such as 45 or 12.5",
			document.Quote(text))
	case x < 0 || x > longest:
		r.about(Malformed, column, "%s is out of range: expected 0 to %d minutes", text, longest)
	default:
		return x
	}
	return math.NaN()
}

// knownMinutes reads an optional time [s], NaN if it is missing.
func (r *reader) knownMinutes(column string) float64 {
	if r.field(column) == "" {
		return math.NaN()
	}
	return 60 * r.minutes(column)
}

// level reads a battery level.
func (r *reader) level(column string) float64 {
	text := r.field(column)
	x, err := model.ParseNumber(text)
	switch {
	case err != nil:
		r.about(Malformed, column, "%s is not a level: expected one such as 0.85 or \"85 %%\"",
			document.Quote(text))
	case x > 1 && x <= 100 && !strings.Contains(text, "%"):
		r.about(Malformed, column, "%s is out of range: expected 0 to 1, or did you mean \"%s %%\"?",
			text, text)
	case x < 0 || x > 1:
		r.about(Malformed, column, "%s is out of range: expected 0 to 1, or 0 to 100 %%", text)
	default:
		return float64(x)
	}
	return math.NaN()
}

// end reads how a session ended. The reason "none" means that the app ended it: the
// planned length was reached, or the user stopped.
func (r *reader) end(x *Session) {
	word := r.field(columnEnd)
	cause, known := reasons[word]
	switch {
	case known:
		x.Cause = cause
	case word == reasonSuppressed:
		x.Bare = true
	case word == reasonNone && x.Actual >= x.Planned:
		x.Cause = model.Completed
	case word == reasonNone:
		x.Cause = model.Stopped
	case word == reasonInProgress:
		r.about(Malformed, columnEnd,
			"%s refuses a second start while a session runs: it is not the end of a session",
			reasonInProgress)
	default:
		x.Cause = model.CauseNamed(word)
		if x.Cause.String() != word {
			guess := ""
			if near := model.Nearest(word, ends()); near != "" {
				guess = fmt.Sprintf(": did you mean %s?", near)
			}
			r.about(Malformed, columnEnd, "%s is not an end of a session%s (expected one of %s)",
				document.Quote(word), guess, strings.Join(ends(), ", "))
		}
	}
}

// settle chooses the cause of a suppression without detail by the state of the watch:
// hot, low battery, or neither.
func (r *reader) settle(x *Session) {
	if !x.Bare {
		return
	}
	switch {
	case x.Actual == 0:
		x.Cause = model.Refused
	case x.hasThermal && x.Thermal >= model.Serious:
		x.Cause = model.SuppressedThermal
	case x.End <= lowEdge(r.scenario.Policy.LowBattery):
		x.Cause = model.SuppressedBattery
	default:
		x.Cause = model.SuppressedOther
	}
}
