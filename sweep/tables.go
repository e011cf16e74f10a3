package sweep

import (
	"encoding/hex"
	"io"
	"math"
	"slices"
	"strconv"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// The tables of a sweep. Rows are in the order of cells, then session types.
const (
	tableCaps      = "caps"
	tableIncidence = "incidence"
)

// tableColumn is a column of a table of a sweep.
type tableColumn struct {
	name    string
	kind    columnKind
	meaning string
}

type columnKind int

const (
	textColumn columnKind = iota
	numberColumn
	wholeColumn
)

// caseColumns are those that tell what a cell is simulated on, whether an axis sets it or
// not.
var caseColumns = []string{keyDevice, keyEnvironment, keyStartLevel}

// leading returns the columns that both tables begin with.
func (p *Plan) leading() []tableColumn {
	columns := []tableColumn{{"cell", wholeColumn, "number of the cell in the plan, from 1"}}
	for _, a := range p.Axes {
		for _, c := range a.Columns {
			if !c.onCase() {
				kind := textColumn
				if c.Number {
					kind = numberColumn
				}
				columns = append(columns, tableColumn{c.Name, kind, "axis " + a.Name + ": " + c.Meaning})
			}
		}
	}
	return append(columns,
		tableColumn{"session", textColumn, "session type"},
		tableColumn{keyDevice, textColumn, "watch model, or fleet: drawn by share"},
		tableColumn{keyEnvironment, textColumn, "environment, or mix: drawn by share"},
		tableColumn{keyStartLevel, numberColumn, "true battery level at the start, as a part of 1; empty where it is drawn for each session"},
		tableColumn{"reading", textColumn, "reading of the granted time: cautious (pressure uses it up faster) or documented (it does not)"})
}

// capsColumns and incidenceColumns are what follows.
var (
	capsColumns = []tableColumn{
		{"limit_s", numberColumn, "documented limit of the session type; empty without one [s]"},
		{"mean_load_w", numberColumn, "power of the whole watch on average while the session runs, before what differs from session to session [W]"},
		{"tolerance", numberColumn, "largest accepted probability of failing"},
		{"confidence", numberColumn, "probability that all caps of this table hold together"},
		{"cap_s", numberColumn, "safe duration cap: the longest plan whose failure stays within the tolerance, with the confidence; 0 where there is none [s]"},
		{"cap_upper_s", numberColumn, "how long the cap could be at most, as far as these paths tell [s]"},
		{"failure_at_cap", numberColumn, "estimated probability of failing at the cap"},
		{"binding_cause", textColumn, "largest cause of failure one step beyond the cap"},
		{"failure_at_limit", numberColumn, "estimated probability that the shortest plan as long as the documented limit fails; empty without a limit"},
		{"resigned_at_cap", numberColumn, "estimated share of sessions that have lost the front by the cap"},
		{"status", textColumn, "met; met-to-horizon (by every duration looked at); never-met (the shortest plan fails more often); not-enough-samples"},
		{"paths", wholeColumn, "simulated sessions"},
	}
	incidenceColumns = []tableColumn{
		{"duration_s", numberColumn, "planned duration [s]"},
		{"cause", textColumn, "how sessions ended by then, as people use the app; survival: not at all; failure: the plan fails for a user who means to finish"},
		{"probability", numberColumn, "estimated probability"},
		{"standard_error", numberColumn, "its standard error"},
		{"lower", numberColumn, "lower bound of its interval"},
		{"upper", numberColumn, "upper bound of its interval; each interval holds with the plan's confidence by itself"},
		{"paths", wholeColumn, "simulated sessions"},
	}
)

// reserved are the names of columns that no axis may take.
var reserved = func() (names []string) {
	for _, columns := range [][]tableColumn{(&Plan{}).leading(), capsColumns, incidenceColumns} {
		for _, c := range columns {
			names = append(names, c.name)
		}
	}
	return names
}()

// tableValue is a value of a table: a text, a number, of which NaN and infinity stand for none,
// or a whole number.
type tableValue struct {
	kind   columnKind
	text   string
	number float64
	whole  int64
}

// none tells whether a number is missing.
func (v *tableValue) none() bool { return math.IsNaN(v.number) || math.IsInf(v.number, 0) }

func text(s string) tableValue    { return tableValue{kind: textColumn, text: s} }
func number(x float64) tableValue { return tableValue{kind: numberColumn, number: x} }
func whole(n int64) tableValue    { return tableValue{kind: wholeColumn, whole: n} }

// rows are the rows of tables for a cell and session type: what all begin with, and what
// follows in each, row after row.
type rows struct {
	leading         []tableValue // without the reading
	caps, incidence []tableValue
	swept           []SweptCap
}

// SweptCap is a cap of a sweep, for people.
type SweptCap struct {
	Session   string
	Reading   solver.Reading
	Tolerance float64
	Cap       float64 // [s]
	Status    CapStatus
}

// rows reads the rows of a cell for a session type off its block.
func (p *Plan) rows(c Cell, session string, f facts, b *block) rows {
	out := rows{leading: append(p.levelValues(c), text(session), text(f.on.Device), text(f.on.Environment), startLevel(f.on))}
	i := slices.Index(p.Sessions, session)
	out.incidence = make([]tableValue, 0, len(p.Readings)*len(p.Durations[session])*(len(model.Ends)+2)*(1+len(incidenceColumns)))
	for r, reading := range p.Readings {
		out.addCaps(p, session, reading, f.limits[i], f.loads[i], b, r)
		out.addIncidence(p, string(reading), p.Durations[session], b, r)
	}
	return out
}

// levelValues returns a cell's number and what its levels give the columns of the axes.
func (p *Plan) levelValues(c Cell) []tableValue {
	values := []tableValue{whole(int64(c.Number))}
	for i, level := range p.Levels(c) {
		for j, v := range level.Values {
			if p.Axes[i].Columns[j].onCase() {
				continue
			}
			switch v := v.(type) {
			case string:
				values = append(values, text(v))
			case float64:
				values = append(values, number(v))
			}
		}
	}
	return values
}

// startLevel returns the level that sessions start at, none where it is drawn.
func startLevel(on solver.Case) tableValue {
	if on.StartLevel == nil {
		return number(math.NaN())
	}
	return number(*on.StartLevel)
}

// addCaps adds the caps under a reading, at each tolerance.
func (out *rows) addCaps(p *Plan, session string, reading solver.Reading, limit, load float64, b *block, r int) {
	look := &b.last().Readings[r]
	caps := estimate.NewCurveCaps(look.Failure, (1-p.Confidence)/float64(p.Family()))
	atLimit := math.NaN()
	if i := reaching(limit, b.durations); i >= 0 {
		atLimit = look.Failure.Value(i)
	}
	documented := limit
	if limit == 0 {
		documented = math.NaN()
	}
	for _, tolerance := range p.Tolerances {
		found := caps.Invert(tolerance)
		duration, failure, resigned, binding := 0.0, math.NaN(), math.NaN(), ""
		if found.Index >= 0 {
			duration, failure, resigned = b.durations[found.Index], look.Failure.Value(found.Index), look.Resigned[found.Index]
		}
		upper := 0.0
		if found.UpperIndex >= 0 {
			upper = b.durations[found.UpperIndex]
		}
		status := statusOf(found.Status)
		if status != CapUnknown {
			binding = look.Binding[min(found.Index+1, len(look.Binding)-1)].String()
		}
		out.swept = append(out.swept, SweptCap{session, reading, tolerance, duration, status})
		out.caps = append(out.caps, text(string(reading)), number(documented), number(load), number(tolerance), number(p.Confidence), number(duration), number(upper), number(failure),
			text(binding), number(atLimit), number(resigned), text(string(status)), whole(b.last().Paths))
	}
}

// statusOf says how a cap that no more precision was asked of came about.
func statusOf(s estimate.Status) CapStatus {
	switch s {
	case estimate.Never:
		return CapNever
	case estimate.Unknown:
		return CapUnknown
	case estimate.ToHorizon:
		return CapHorizon
	}
	return CapMet
}

// reaching returns the place of the shortest duration that reaches a limit, or -1. A
// limit between two durations is reached by the longer one; the slack takes up the
// rounding of a multiple of the step.
func reaching(limit float64, durations []float64) int {
	if i, _ := slices.BinarySearch(durations, limit*(1-1e-9)); limit > 0 && i < len(durations) {
		return i
	}
	return -1
}

// addIncidence adds how sessions have ended under a reading by each duration.
func (out *rows) addIncidence(p *Plan, reading string, some []float64, b *block, r int) {
	failure, ended, paths := b.last().Readings[r].Failure.Moments, b.byReading[r].ended, b.last().Paths
	alpha := (1 - p.Confidence) / 2
	// Refusals come first and nothing comes after a limit: many intervals are those of the
	// duration before.
	type known struct {
		of       estimate.Moments
		estimate estimate.Estimate
	}
	before := make([]known, len(model.Ends)+2)
	for j, i := range indices(b.durations, some) {
		duration := b.durations[i]
		series := 0
		add := func(cause string, m estimate.Moments, complement bool) {
			k := &before[series]
			series++
			if k.of != m {
				*k = known{m, m.Estimate(alpha)}
			}
			e := k.estimate
			if complement {
				e = e.Complement()
			}
			out.incidence = append(out.incidence, text(reading), number(duration), text(cause), number(e.Value), number(e.StandardError),
				number(e.Lower), number(e.Upper), whole(paths))
		}
		for _, cause := range model.Ends {
			add(cause.String(), ended[cause][j], false)
		}
		add("survival", ended[len(model.Ends)][j], true)
		add("failure", failure[i], false)
	}
}

// appendCSV appends values as a part of a line of CSV: numbers with eight significant
// digits, nothing for one there is none of.
func appendCSV(line []byte, values []tableValue) []byte {
	for i := range values {
		switch v := &values[i]; v.kind {
		case textColumn:
			line = appendQuoted(line, v.text)
		case wholeColumn:
			line = strconv.AppendInt(line, v.whole, 10)
		case numberColumn:
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

// columns returns the columns of a table.
func (p *Plan) columns(table string) []tableColumn {
	if table == tableCaps {
		return append(p.leading(), capsColumns...)
	}
	return append(p.leading(), incidenceColumns...)
}

// WriteCells writes the cells as CSV: their number, their levels and the run of the watch
// that each takes part in.
func (p *Plan) WriteCells(w io.Writer) error {
	columns := p.leading()
	columns = columns[:len(columns)-len(caseColumns)-2] // without session and reading
	var lines []byte
	for _, c := range columns {
		lines = append(append(lines, c.name...), ',')
	}
	lines = append(lines, "device,environment,start_level,run\n"...)
	run := map[int]int{}
	for i, u := range p.Units() {
		for _, c := range u.Cells {
			if _, ok := run[c.Number]; !ok {
				run[c.Number] = i + 1
			}
		}
	}
	for _, c := range p.cells {
		f, err := p.factsOf(c)
		if err != nil {
			return err
		}
		values := append(p.levelValues(c), text(f.on.Device), text(f.on.Environment), startLevel(f.on), whole(int64(run[c.Number])))
		lines = appendCSV(lines, values)
		lines[len(lines)-1] = '\n'
	}
	_, err := w.Write(lines)
	return err
}

// writeBlocks writes which block of the journal is that of which cell and session type.
func (p *Plan) writeBlocks(w io.Writer) error {
	lines := []byte("cell,session,block\n")
	for _, c := range p.cells {
		for _, session := range p.Sessions {
			key, err := p.Key(c, session)
			if err != nil {
				return err
			}
			lines = appendCSV(lines, []tableValue{whole(int64(c.Number)), text(session), text(hex.EncodeToString(key[:]))})
			lines[len(lines)-1] = '\n'
		}
	}
	_, err := w.Write(lines)
	return err
}
