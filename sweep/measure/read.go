package measure

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"budget/internal/escape"
	"budget/model"
	"budget/model/document"
	"budget/sweep/stamp"
)

// reader reads a level log.
type reader struct {
	log                 *Log
	comma               rune
	names               []string
	time, level, charge int     // places of columns, -1 for none
	others              []int   // places of the columns to split by
	unit                float64 // of times that are numbers [s]
	percent             bool    // a level had a per cent sign, or was above 1
	dayFirst            bool    // of dates such as 3/4/2026
	line                int
	fields              []string
	columns             []int // where the fields start, from 1
}

// Read reads a level log: a table with a line of column names, separated by commas, semicolons
// or tabs. Rows that cannot be read are left out with a remark. Levels are per cent if any of
// them is above 1 or has the sign, otherwise shares. The error is a Problems value: the
// column names are not usable, or fewer than two rows are.
func Read(file string, data []byte) (*Log, error) {
	text := string(bytes.TrimPrefix(data, []byte("\ufeff")))
	r := &reader{log: &Log{File: file}, dayFirst: stamp.DayFirst(text)}
	lines := strings.Split(text, "\n")
	header := slices.IndexFunc(lines, func(line string) bool { return strings.TrimSpace(line) != "" })
	if header < 0 {
		return nil, document.Problems{{File: file,
			Message: "the log is empty: expected a line of column names, such as time,level"}}
	}
	r.line = header + 1
	if err := r.header(lines[header]); err != nil {
		return nil, err
	}
	for i, line := range lines[header+1:] {
		if strings.TrimSpace(line) != "" {
			r.line = header + 2 + i
			r.row(line)
		}
	}
	return r.finish()
}

func (r *reader) split(line string) error {
	in := csv.NewReader(strings.NewReader(strings.TrimSuffix(line, "\r")))
	in.Comma, in.FieldsPerRecord, in.TrimLeadingSpace = r.comma, -1, r.comma != '\t'
	fields, err := in.Read()
	if err != nil {
		return err
	}
	r.fields, r.columns = fields, nil
	for i := range fields {
		_, column := in.FieldPos(i)
		r.fields[i] = escape.Uncell(strings.TrimSpace(fields[i]))
		r.columns = append(r.columns, column)
	}
	return nil
}

func (r *reader) header(line string) error {
	complain := func(column int, format string, args ...any) error {
		return document.Problems{{File: r.log.File, Line: r.line, Column: column,
			Message: fmt.Sprintf(format, args...)}}
	}
	r.comma = ','
	for _, comma := range ";\t" {
		if strings.Count(line, string(comma)) > strings.Count(line, string(r.comma)) {
			r.comma = comma
		}
	}
	if err := r.split(line); err != nil {
		return complain(1, "the line of column names cannot be read: %v", err)
	}
	r.names = slices.Clone(r.fields)
	find := func(names []string) int {
		for _, name := range names {
			if i := slices.IndexFunc(r.names, func(n string) bool { return plainName(n) == name }); i >= 0 {
				return i
			}
		}
		return -1
	}
	r.time, r.level, r.charge = find(timeNames), find(levelNames), find(chargingNames)
	for _, column := range []struct {
		at    int
		what  string
		names []string
	}{{r.time, "time", timeNames}, {r.level, "level", levelNames}} {
		if column.at < 0 {
			return complain(1, "no column has the %s: expected one named %s", column.what,
				strings.Join(column.names[:4], ", "))
		}
	}
	r.unit = timeUnit(r.names[r.time])
	for i, name := range r.names {
		if i == r.time || i == r.level || i == r.charge {
			continue
		}
		if slices.Contains(r.names[:i], name) {
			return complain(r.columns[i], "column %s is given twice", document.Quote(name))
		}
		r.others = append(r.others, i)
		r.log.Columns = append(r.log.Columns, name)
	}
	return nil
}

// remark adds a remark about a column of the row, which is left out.
func (r *reader) remark(i int, format string, args ...any) {
	p := document.Problem{File: r.log.File, Line: r.line, Column: 1,
		Message: fmt.Sprintf(format, args...) + "; the row is left out"}
	if i >= 0 && i < len(r.columns) {
		p.Column, p.Key = r.columns[i], r.names[i]
	}
	r.log.Remarks = append(r.log.Remarks, p)
}

func (r *reader) row(line string) {
	if err := r.split(line); err != nil {
		r.remark(-1, "the row cannot be read: %v", err)
		return
	}
	for n := len(r.fields); n > len(r.names) && r.fields[n-1] == ""; n-- {
		r.fields = r.fields[:n-1] // a delimiter at the end
	}
	if len(r.fields) != len(r.names) {
		r.remark(-1, "%d fields: expected %d, as many as there are columns", len(r.fields), len(r.names))
		return
	}
	row := Row{Line: r.line}
	var ok bool
	if row.Time, ok = parseTime(r.fields[r.time], r.unit, r.dayFirst); !ok {
		r.remark(r.time, "%s is not a time: expected one such as 2026-03-01T07:00:00+01:00, or seconds",
			document.Quote(r.fields[r.time]))
		return
	}
	if row.Level, ok = r.readLevel(); !ok {
		return
	}
	if r.charge >= 0 {
		word := strings.ToLower(r.fields[r.charge])
		if row.Charging, ok = chargingWords[word]; !ok {
			r.remark(r.charge, "%s does not say whether the watch charges: expected true or false",
				document.Quote(r.fields[r.charge]))
			return
		}
	}
	for _, i := range r.others {
		row.values = append(row.values, r.fields[i])
	}
	r.log.Rows = append(r.log.Rows, row)
}

// readLevel reads a level as it is written; finish puts all on one scale.
func (r *reader) readLevel() (float64, bool) {
	text := r.fields[r.level]
	number := strings.TrimSpace(strings.TrimSuffix(text, "%"))
	if r.comma != ',' {
		number = strings.Replace(number, ",", ".", 1)
	}
	x, err := strconv.ParseFloat(number, 64)
	switch {
	case err != nil || math.IsNaN(x):
		r.remark(r.level, "%s is not a level: expected one such as 85, \"85 %%\" or 0.85",
			document.Quote(text))
		return 0, false
	case x < 0 || x > 100:
		r.remark(r.level, "%s is out of range: expected 0 to 100 %%, or 0 to 1", text)
		return 0, false
	}
	if x > 1 || number != text {
		r.percent = true
	}
	return x, true
}

func (r *reader) finish() (*Log, error) {
	l := r.log
	if len(l.Rows) < 2 {
		return nil, append(slices.Clone(l.Remarks), document.Problem{File: l.File,
			Message: fmt.Sprintf("the log has %d usable rows: expected at least 2", len(l.Rows))})
	}
	if r.percent {
		for i := range l.Rows {
			l.Rows[i].Level /= 100
		}
	}
	for i := 1; i < len(l.Rows); i++ {
		if l.Rows[i].Time < l.Rows[i-1].Time {
			l.Sorted++
		}
	}
	slices.SortStableFunc(l.Rows, func(a, b Row) int { return cmp.Compare(a.Time, b.Time) })
	l.Step = gaugeStep(l.Rows)
	l.HasCharging = r.charge >= 0
	if !l.HasCharging {
		r.chargingFromState()
	}
	return l, nil
}

// chargingFromState takes a column named state for one about charging if that is all it says:
// apps log UIDevice.BatteryState as "unplugged" or "charging".
func (r *reader) chargingFromState() {
	l := r.log
	i := slices.IndexFunc(l.Columns, func(name string) bool { return plainName(name) == "state" })
	if i < 0 || slices.ContainsFunc(l.Rows, func(row Row) bool {
		_, ok := chargingWords[strings.ToLower(row.values[i])]
		return !ok || row.values[i] == ""
	}) {
		return
	}
	for k := range l.Rows {
		l.Rows[k].Charging = chargingWords[strings.ToLower(l.Rows[k].values[i])]
		l.Rows[k].values = slices.Delete(l.Rows[k].values, i, i+1)
	}
	l.Columns = slices.Delete(l.Columns, i, i+1)
	l.HasCharging = true
}

// HasColumn returns an error that names the columns if a log has none of a name to split by.
func (l *Log) HasColumn(name string) error {
	if slices.Contains(l.Columns, name) {
		return nil
	}
	if len(l.Columns) == 0 {
		return fmt.Errorf("%s has no column to split by beside time, level and charging", l.File)
	}
	guess := ""
	if near := model.Nearest(name, l.Columns); near != "" {
		guess = fmt.Sprintf(": did you mean %q?", near)
	}
	return fmt.Errorf("%s has no column %q to split by%s (it has %s)", l.File, name, guess,
		strings.Join(l.Columns, ", "))
}
