package plan

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"budget/internal/escape"
	"budget/model"
	"budget/model/document"
)

// Statistics that combine the records of a level.
const (
	statisticMean = "mean"
	statisticSD   = "sd"
	statisticMin  = "min"
	statisticMax  = "max"
)

// periods returns the label of a record's period from its ISO 8601 time. All records
// with the same label make one level.
var periods = map[string]func(time string) string{
	"month": func(time string) string { return prefix(time, len("2013-01")) },
	"day":   func(time string) string { return prefix(time, len("2013-01-31")) },
	"hour of day": func(time string) string {
		return prefix(strings.TrimPrefix(time, prefix(time, len("2013-01-31T"))), 2)
	},
}

func prefix(text string, n int) string { return text[:min(n, len(text))] }

// recordSource is the source of a key's values: a column of records, its unit, and the
// statistic for several records.
type recordSource struct {
	key       document.Entry
	column    int
	unit      string
	statistic string
}

// recorded makes levels from the records of a CSV file: one for every record, every
// n-th record, or every period.
func (r *reader) recorded(a *Axis, t *section, e *document.Element) {
	name, ok := r.word(t.path("records"), e, nil)
	if !ok {
		return
	}
	file := r.beside(name)
	data, err := os.ReadFile(file)
	if err != nil {
		r.complain(e.At, t.path("records"), "cannot read %s: %v", file, reason(err))
		return
	}
	in := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	in.TrimLeadingSpace = true
	header, err := in.Read()
	if err != nil {
		r.complain(e.At, t.path("records"), "%s has no line of column names: %v", file, err)
		return
	}
	column := func(path string, e *document.Element) (int, bool) {
		word, ok := r.word(path, e, header)
		return slices.Index(header, word), ok
	}
	sources := r.sources(t, column)
	time, okTime := 0, true
	if e := t.get("time"); e != nil {
		time, okTime = column(t.path("time"), e)
	}
	period := func(time string) string { return time }
	if e := t.get("by"); e != nil {
		word, ok := r.word(t.path("by"), e, []string{"month", "day", "hour of day"})
		if !ok {
			return
		}
		period = periods[word]
	}
	every := 1
	if e := t.get("every"); e != nil {
		every, _ = r.whole(t.path("every"), e, 1, maxCells)
	}
	skip := false
	if e := t.get("missing"); e != nil {
		word, _ := r.word(t.path("missing"), e, []string{"skip", "refuse"})
		skip = word == "skip"
	}
	if len(sources) == 0 || !okTime {
		return
	}

	// The records of each level; levels are in the order of their first record.
	var labels []string
	values := map[string][][]float64{}
	for n := 0; ; n++ {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.problems = append(r.problems, model.Problem{File: file, Message: err.Error()})
			return
		}
		escape.UncellAll(record)
		if n%every != 0 {
			continue
		}
		row := make([]float64, len(sources))
		whole := true
		for i, s := range sources {
			if row[i], whole = finite(record[s.column]); !whole {
				if !skip {
					line, place := in.FieldPos(s.column)
					r.problems = append(r.problems, model.Problem{File: file, Line: line, Column: place,
						Key: header[s.column],
						Message: document.Quote(record[s.column]) +
							` is not a number: expected one, or missing = "skip" in the axis to leave such records out`})
					if r.full() {
						return
					}
				}
				break
			}
		}
		if !whole {
			continue
		}
		label := period(record[time])
		if problem := escape.InName(label); problem != "" {
			line, place := in.FieldPos(time)
			r.problems = append(r.problems, model.Problem{File: file, Line: line, Column: place,
				Key: header[time], Message: problem})
			return
		}
		if _, ok := values[label]; !ok {
			labels = append(labels, label)
			if len(labels) > maxLevels {
				r.complain(e.At, t.path("records"), "%s makes more than %d levels: expected every = n or by = "+
					"\"day\", for fewer", file, maxLevels)
				return
			}
		}
		values[label] = append(values[label], row)
	}
	if len(labels) == 0 {
		r.complain(e.At, t.path("records"), "%s has no records: expected at least one", file)
		return
	}
	r.levelsOfRecords(a, sources, labels, values)
}

// sources reads the sources of the keys.
func (r *reader) sources(t *section, column func(string, *document.Element) (int,
	bool)) []recordSource {
	set := t.need("set")
	if set == nil {
		return nil
	}
	path := t.path("set")
	example :=
		`expected keys with columns: set = { "environment.shade.ambient_mean" = { column = "temperature", unit = "degC" } }`
	if set.Kind != document.Table || len(set.Entries) == 0 {
		r.complain(set.At, path, "%s", example)
		return nil
	}
	var sources []recordSource
	sound := true
	for _, entry := range columnsBelow(set, "") {
		inner := r.section(document.Join(path, entry.Key), entry.Value, "column", "unit", "take")
		if inner == nil {
			return nil
		}
		s := recordSource{key: entry, statistic: statisticMean}
		e := inner.need("column")
		if e == nil {
			return nil
		}
		var ok bool
		s.column, ok = column(inner.path("column"), e)
		sound = sound && ok
		if e := inner.get("unit"); e != nil {
			s.unit, ok = r.word(inner.path("unit"), e, nil)
			sound = sound && ok
		}
		if e := inner.get("take"); e != nil {
			s.statistic, ok = r.word(inner.path("take"), e,
				[]string{statisticMean, statisticSD, statisticMin, statisticMax})
			sound = sound && ok
		}
		sources = append(sources, s)
	}
	if !sound {
		return nil
	}
	return sources
}

// columnsBelow lists the tables that name a column, by dotted keys.
func columnsBelow(e *document.Element, path string) []document.Entry {
	var out []document.Entry
	for _, entry := range e.Entries {
		key := entry.Key
		if path != "" {
			key = path + "." + key
		}
		if v := entry.Value; v.Kind == document.Table && v.Lookup("column") == nil &&
			len(v.Entries) > 0 && v.Entries[0].Value.Kind == document.Table {
			out = append(out, columnsBelow(v, key)...)
			continue
		}
		out = append(out, document.Entry{Key: key, At: entry.At, Value: entry.Value})
	}
	return out
}

// levelsOfRecords makes the levels. Their first column is the label.
func (r *reader) levelsOfRecords(a *Axis, sources []recordSource, labels []string,
	values map[string][][]float64) {
	keys := make([]document.Entry, len(sources))
	elements := make([][]*document.Element, len(sources))
	for j, s := range sources {
		keys[j] = s.key
		for _, label := range labels {
			x := sumUp(s.statistic, values[label], j)
			text := strings.TrimSpace(strconv.FormatFloat(x, 'g', 6, 64) + " " + s.unit)
			elements[j] = append(elements[j], &document.Element{Kind: document.String, Text: text,
				At: s.key.At})
		}
	}
	r.listed(a, keys, elements)
	name := columnName(a.Name)
	if len(a.Columns) == 1 {
		// The axis's name is for the records; the key's column has its own
		// name.
		a.Columns[0], _ = r.keyColumn(keys[0].Key, keys[0].Key)
	}
	a.Columns = append([]Column{{Name: name, Meaning: "records of " + a.Name, Title: name}},
		a.Columns...)
	for i, label := range labels {
		a.Levels[i].Label = label
		a.Levels[i].Values = append([]any{label}, a.Levels[i].Values...)
	}
}

// sumUp returns a statistic of column j of rows.
func sumUp(statistic string, rows [][]float64, j int) float64 {
	sum, least, most := 0.0, math.Inf(1), math.Inf(-1)
	for _, row := range rows {
		sum += row[j]
		least, most = min(least, row[j]), max(most, row[j])
	}
	mean := sum / float64(len(rows))
	switch statistic {
	case statisticMin:
		return least
	case statisticMax:
		return most
	case statisticSD:
		squares := 0.0
		for _, row := range rows {
			squares += (row[j] - mean) * (row[j] - mean)
		}
		return math.Sqrt(squares / math.Max(float64(len(rows)-1), 1))
	}
	return mean
}
