package field

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"budget/model"
	"budget/model/document"
	"budget/sweep/stamp"
)

// Read reads a log of sessions, with session types of the scenario: a table in UTF-8 or UTF-16
// separated by commas, semicolons, tabs or bars, or HealthKit's export.xml. The error, a Problems
// value, is about the line of column names or the file as a whole. A problem in a row is a
// remark, and the row is left out; a problem in an optional field is a note, and the field is
// unknown. The same deviation in many rows is one note.
func Read(file string, data []byte, s *model.Scenario, o Options) (*Log, error) {
	digest := sha256.Sum256(data)
	r := &reader{log: &Log{File: file, Digest: hex.EncodeToString(digest[:])}, scenario: s,
		options: o, seen: map[string]*deviation{}}
	text, encoding := decode(data)
	rows, err := r.table(text)
	if err != nil {
		return nil, err
	}
	if encoding != "" {
		r.remark(Note, -1, "", "the file is in %s", encoding)
	}
	r.findPerCent(rows)
	for _, row := range rows {
		r.record, r.line = row, row.line
		r.row()
	}
	for _, d := range r.seen {
		if d.rows > 1 {
			r.log.Remarks[d.remark].Message += fmt.Sprintf(" (%d rows)", d.rows)
		}
	}
	r.log.separate()
	r.log.Statistics = NewStatistics(s)
	for i := range r.log.Sessions {
		r.log.Statistics.Add(&r.log.Sessions[i])
	}
	slices.SortStableFunc(r.log.Remarks,
		func(a, b Remark) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
	return r.log, nil
}

// table reads the column names and returns the rows that can be split.
func (r *reader) table(text string) ([]record, error) {
	if isExport(text) {
		rows, err := exportRows(r.log.File, text)
		if err != nil {
			return nil, err
		}
		r.log.Rows = len(rows)
		r.record = record{1, exportHeader, []int{1, 1, 1, 1}}
		return rows, r.header()
	}
	// Lines are parsed one by one, so that a stray quote affects one row only.
	lines := linesOf(text)
	header := slices.IndexFunc(lines, func(line string) bool { return !isBeside(line) })
	if header < 0 {
		return nil, document.Problems{{File: r.log.File,
			Message: "the log is empty: expected a line of column names, " + strings.Join(required, ",")}}
	}
	if line := strings.TrimSpace(lines[header]); line == "[" || strings.HasPrefix(line, "{") ||
		strings.HasPrefix(line, "[{") {
		return nil, document.Problems{{File: r.log.File, Line: header + 1, Column: 1,
			Message: "the log is JSON: expected a table, with a line of column names, " +
				strings.Join(required, ",")}}
	}
	delimiter := delimiterOf(lines[header])
	var err error
	if r.record, err = split(lines[header], header+1, delimiter); err != nil {
		return nil, document.Problems{{File: r.log.File, Line: header + 1, Column: r.columns[0],
			Message: fmt.Sprintf("the line of column names cannot be read: %v", err)}}
	}
	if delimiter != ',' {
		r.remark(Note, -1, "", "columns are separated by %q", delimiter)
	}
	if err := r.header(); err != nil {
		return nil, err
	}
	var rows []record
	names := strings.TrimSpace(lines[header])
	for i, line := range lines[header+1:] {
		if isBeside(line) || strings.TrimSpace(line) == names { // names: another log follows
			continue
		}
		r.log.Rows++
		if r.record, err = split(line, header+2+i, delimiter); err != nil {
			r.remark(Malformed, 0, "", "the row cannot be read: %v", err)
			continue
		}
		if r.fitWidth(); len(r.fields) != r.width {
			r.remark(Malformed, len(r.fields)-1, "",
				"the row has %d fields: expected %d, as many as there are columns", len(r.fields), r.width)
			continue
		}
		rows = append(rows, r.record)
	}
	return rows, nil
}

// row reads a session. It reports all problems of the row and leaves it out if
// there are any.
func (r *reader) row() {
	r.bad = false
	x := Session{Line: r.line, Device: r.field(columnDevice), Key: r.field(columnKey)}
	if at, hasZone, ok := stamp.Parse(x.Key, false); ok && hasZone {
		x.instant = strconv.FormatFloat(at, 'f', -1, 64)
	}
	word := r.field(columnSession)
	if x.Type = typeNamed(r.scenario, word); x.Type == "" {
		r.wrong(columnSession, "unknown session type %s: expected one of %s",
			document.Quote(word), strings.Join(model.IDs(r.scenario.Sessions), ", "))
	}
	x.Planned = math.NaN()
	if !unknown(r.field(columnPlanned)) {
		x.Planned = r.requiredTime(columnPlanned)
	}
	if x.Planned == 0 {
		r.wrong(columnPlanned, "the planned length is 0: expected minutes, such as 45, or nothing")
	}
	if unknown(r.field(columnActual)) && r.has(columnKey) && r.has(columnEnded) {
		x.Actual = r.between()
	} else {
		x.Actual = r.requiredTime(columnActual)
	}
	r.conditions(&x)
	r.end(&x)
	if r.bad {
		return
	}
	r.settle(&x)
	r.settleLength(&x)
	if why, column := x.contradiction(r.scenario); why != "" {
		r.about(Contradictory, column, "%s", why)
		return
	}
	if why, column := x.implausible(); why != "" {
		r.deviation(column, "implausible", "%s: heat and times at low levels are left empty", why)
		x.hasThermal, x.Thermal = false, 0
		x.Serious, x.Critical, x.Low, x.VeryLow = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	r.log.Sessions = append(r.log.Sessions, x)
}

// conditions reads the optional fields.
func (r *reader) conditions(x *Session) {
	x.Start, x.End = r.level(columnStart), r.level(columnFinish)
	x.Serious, x.Critical = r.knownTime(columnSerious), r.knownTime(columnCritical)
	x.Low, x.VeryLow = r.knownTime(columnLow), r.knownTime(columnVeryLow)
	x.LPM, x.hasLPM = r.flag(columnLPM)
	word := r.field(columnThermal)
	if unknown(word) {
		return
	}
	level := slices.Index(thermalWords, plainWord(word))
	if len(word) == 1 && word[0] >= '0' && word[0] <= '3' { // rawValue
		level = int(word[0] - '0')
	}
	if level < 0 {
		r.deviation(columnThermal, "bad", "unknown thermal state %s: expected one of %s; left empty",
			document.Quote(word), strings.Join(thermalWords, ", "))
		return
	}
	x.Thermal, x.hasThermal = model.ThermalLevel(level), true
}

// end reads how a session ended. The reason "none" means that the app ended it: the
// planned length was reached, or the user stopped.
func (r *reader) end(x *Session) {
	word := r.field(columnEnd)
	if !r.has(columnEnd) {
		word = reasonNone
		r.deviation(columnEnd, "none", "no column end: sessions are read as ended by the app")
	}
	end, known := endNamed(word)
	switch {
	case !known:
		guess := ""
		if near := model.Nearest(word, ends()); near != "" {
			guess = fmt.Sprintf(": did you mean %s?", near)
		}
		r.wrong(columnEnd, "%s is not an end of a session%s (expected one of %s)",
			document.Quote(word), guess, strings.Join(ends(), ", "))
	case end == reasonInProgress:
		x.Cause = model.Refused
		r.deviation(columnEnd, "in progress",
			"%s: a start while another session runs, counted as refused", reasonInProgress)
	case end == reasonSuppressed:
		x.Bare = true
	case end == reasonNone && x.Actual >= x.Planned-r.options.Slack.of(x.Planned):
		x.Cause = model.Completed
	case end == reasonNone:
		x.Cause = model.Stopped
	default:
		x.Cause = end.(model.Cause)
	}
}

// settle chooses the cause of a suppression without detail by the state of the watch:
// hot, low battery, or neither. A level at a power-off that is above the start is that of
// the next launch, after charging.
func (r *reader) settle(x *Session) {
	if x.Cause == model.PowerOff && !x.Bare && x.End > x.Start+wobble(&r.scenario.Gauge) {
		r.deviation(columnFinish, "charged",
			"after a power-off the level is above that at the start: taken as that of the next launch")
		x.End = math.NaN()
	}
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
