package sessionlog

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"budget/model"
	"budget/model/document"
	"budget/sweep/stamp"
)

// readNames splits the line of column names.
func (r *reader) readNames(in *lineSupply) error {
	names, line, err := in.takeNames()
	if err != nil {
		return err
	}
	r.names, r.delimiter = strings.TrimSpace(names), delimiterOf(names)
	if r.record, err = split(names, line, r.delimiter); err != nil {
		return document.Problems{{File: r.file, Line: line, Column: r.columns[0],
			Message: fmt.Sprintf("the line of column names cannot be read: %v", err)}}
	}
	if r.delimiter != ',' {
		r.remark(Note, -1, "", "columns are separated by %q", r.delimiter)
	}
	return nil
}

// read reads a batch.
func (r *reader) read(b batch) {
	for _, x := range b.records {
		if x.elsewhere != "" {
			r.record = x
			r.deviation(columnDevice, "elsewhere", "a session of %s, which is no watch: passed over",
				x.elsewhere)
			continue
		}
		r.counts.Rows++
		r.record = x
		r.row()
	}
	for text, number := b.text, b.line; text != ""; number++ {
		line := text
		if i := strings.IndexByte(text, b.end); i >= 0 {
			line, text = text[:i], text[i+1:]
		} else {
			text = ""
		}
		if isBeside(line) || strings.TrimSpace(line) == r.names { // names: another log follows
			continue
		}
		r.counts.Rows++
		r.readLine(line, number)
	}
}

// readLine reads a row of a table.
func (r *reader) readLine(line string, number int) {
	if err := r.split(line, number); err != nil {
		r.remark(Malformed, 0, "", "the row cannot be read: %v", err)
		r.counts.Malformed++
		return
	}
	if len(r.fields) != r.width {
		r.fitWidth()
	}
	if len(r.fields) != r.width {
		r.remark(Malformed, len(r.fields)-1, "",
			"the row has %d fields: expected %d, as many as there are columns", len(r.fields), r.width)
		r.counts.Malformed++
		return
	}
	r.row()
}

// reset empties the yield.
func (r *reader) reset() {
	r.yield = yield{sessions: r.sessions[:0], remarks: r.remarks[:0], seen: r.seen}
	clear(r.seen)
}

// split reads the fields of a line into the reader, as the function split does. Lines without
// quotes, which are nearly all, are split in place.
func (r *reader) split(line string, number int) (err error) {
	if strings.IndexByte(line, '"') >= 0 {
		r.record, err = split(line, number, r.delimiter)
		return err
	}
	r.line, r.fields, r.columns = number, r.fields[:0], r.columns[:0]
	for start := 0; ; {
		field, more := line[start:], false
		if i := strings.IndexByte(field, byte(r.delimiter)); i >= 0 {
			field, more = field[:i], true
		}
		length := len(field)
		column := start + 1
		if !isTrimmed(field) {
			if r.delimiter != '\t' {
				field = strings.TrimLeftFunc(field, unicode.IsSpace)
				column += length - len(field)
			}
			field = strings.TrimSpace(field)
		}
		r.fields, r.columns = append(r.fields, field), append(r.columns, column)
		if start += length + 1; !more {
			return nil
		}
	}
}

// isTrimmed reports whether a text has no space at its ends, as far as a look at two bytes tells.
func isTrimmed(text string) bool {
	if text == "" {
		return true
	}
	first, last := text[0], text[len(text)-1]
	return ' ' < first && first < utf8.RuneSelf && ' ' < last && last < utf8.RuneSelf
}

// row reads a session. It reports all problems of the row and leaves it out if
// there are any.
func (r *reader) row() {
	r.bad = false
	r.findPerCent()
	x := Session{Line: r.line, Device: r.field(columnDevice), Key: r.field(columnKey)}
	if at, hasZone, ok := stamp.Parse(x.Key, false); ok && hasZone {
		x.instant, x.hasInstant = at, true
	}
	word := r.field(columnSession)
	if x.Type = r.words.typeNamed(word); x.Type == "" {
		r.wrong(columnSession, "unknown session type %s: expected one of %s",
			document.Quote(word), strings.Join(model.IDs(r.scenario.Sessions), ", "))
	}
	x.Planned = math.NaN()
	if planned := r.field(columnPlanned); !unknown(planned) {
		x.Planned = r.requiredTime(columnPlanned, planned)
	}
	if x.Planned == 0 {
		r.wrong(columnPlanned, "the planned length is 0: expected minutes, such as 45, or nothing")
	}
	actual := r.field(columnActual)
	if unknown(actual) && r.has(columnKey) && r.has(columnEnded) {
		x.Actual = r.between()
	} else {
		x.Actual = r.requiredTime(columnActual, actual)
	}
	r.conditions(&x)
	r.end(&x)
	if r.bad {
		r.counts.Malformed++
		return
	}
	r.settle(&x)
	r.settleLength(&x)
	if why, at := x.contradiction(r.scenario); why != "" {
		r.about(Contradictory, at, "%s", why)
		r.counts.Contradictory++
		return
	}
	if why, at := x.implausible(); why != "" {
		r.deviation(at, "implausible", "%s: heat and times at low levels are left empty", why)
		x.HasThermal, x.Thermal = false, 0
		x.Serious, x.Critical, x.Low, x.VeryLow = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	x.identify()
	r.sessions = append(r.sessions, x)
}

// conditions reads the optional fields.
func (r *reader) conditions(x *Session) {
	x.Start, x.End = r.level(columnStart), r.level(columnFinish)
	x.Serious, x.Critical = r.knownTime(columnSerious), r.knownTime(columnCritical)
	x.Low, x.VeryLow = r.knownTime(columnLow), r.knownTime(columnVeryLow)
	x.LPM, x.HasLPM = r.flag(columnLPM)
	word := r.field(columnThermal)
	if unknown(word) {
		return
	}
	level := r.words.thermalNamed(word)
	if level < 0 {
		r.deviation(columnThermal, "bad", "unknown thermal state %s: expected one of %s; left empty",
			document.Quote(word), strings.Join(thermalWords, ", "))
		return
	}
	x.Thermal, x.HasThermal = model.ThermalLevel(level), true
}

// end reads how a session ended. The reason "none" means that the app ended it: the
// planned length was reached, or the user stopped.
func (r *reader) end(x *Session) {
	word := r.field(columnEnd)
	if !r.has(columnEnd) {
		word = reasonNone
		r.deviation(columnEnd, "none", "no column end: sessions are read as ended by the app")
	}
	end, known := r.words.endNamed(word)
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
	case x.HasThermal && x.Thermal >= model.Serious:
		x.Cause = model.SuppressedThermal
	case x.End <= LowEdge(r.scenario.Policy.LowBattery):
		x.Cause = model.SuppressedBattery
	default:
		x.Cause = model.SuppressedOther
	}
}
