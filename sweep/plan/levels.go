package plan

import (
	"budget/model"
	"budget/model/document"
	"math"
	"slices"
	"strconv"
	"strings"
)

// keyColumn returns the column of a key, with the given name, and a function that
// converts its values: to numbers if the key is a quantity of the scenario.
func (r *reader) keyColumn(name, key string) (Column, func(*document.Element) any) {
	kind := r.kindOf(key)
	if kind == nil {
		return Column{Name: columnName(name), Meaning: key, Title: name, key: key},
			func(e *document.Element) any { return labelOf(e) }
	}
	meaning := key
	if kind == model.KindNumber {
		meaning += ", as a part of 1"
	}
	return Column{kind.Column(columnName(name)), true, meaning, name, kind.ColumnUnit(), key},
		func(e *document.Element) any {
			si, _, err := kind.Parse(valueOf(e).Text)
			if err != nil {
				return math.NaN() // building the scenario reports the error
			}
			return kind.InColumn(si)
		}
}

// kindOf returns the kind of quantity of a key, nil for words, lists and unknown keys.
func (r *reader) kindOf(key string) *model.Kind {
	if key == KeyStartLevel || key == KeyGate {
		return model.KindNumber
	}
	if kind := quantity(r.plan.Base, key); kind != nil {
		return kind
	}
	return r.kinds[key]
}

// quantity returns the kind of a quantity that a scenario has, else nil.
func quantity(s *model.Scenario, key string) *model.Kind {
	if p := s.Parameter(key); p != nil && len(p.Values) == 1 {
		return p.Kind()
	}
	return nil
}

// listed makes levels from the values of one key (a list) or of several keys side by
// side (zipped).
func (r *reader) listed(a *Axis, keys []document.Entry, values [][]*document.Element) {
	if n := len(values[0]); n > maxLevels {
		r.complain(keys[0].Value.At, "axis", "makes %d levels: expected at most %d", n, maxLevels)
		return
	}
	var columns []func(*document.Element) any
	for _, key := range keys {
		name := key.Key
		if len(keys) == 1 {
			name = a.Name
		}
		column, value := r.keyColumn(name, key.Key)
		a.Columns = append(a.Columns, column)
		columns = append(columns, value)
	}
	for i := range values[0] {
		var level Level
		var labels []string
		for k, key := range keys {
			e := values[k][i]
			level.Values = append(level.Values, columns[k](e))
			level.settings = append(level.settings, model.Setting{Key: key.Key, At: e.At, Value: e})
			labels = append(labels, labelOf(e))
		}
		level.Label = strings.Join(labels, " and ")
		a.Levels = append(a.Levels, level)
	}
}

// key reads the key that an axis varies. The entry's value has the key's place.
func (r *reader) key(t *section) (document.Entry, bool) {
	e := t.need("key")
	if e == nil {
		return document.Entry{}, false
	}
	key, ok := r.word(t.path("key"), e, nil)
	if !ok {
		return document.Entry{}, false
	}
	// Setting a word shows whether the key is unknown or a table.
	known := slices.Contains(r.plan.caseKeys(), key) || key == KeyOnResign
	if !known && r.plan.Base.Parameter(key) == nil {
		probe := &document.Element{Kind: document.String, Text: "?", At: e.At}
		_, err := r.plan.Base.With(r.file, []model.Setting{{Key: key, At: e.At, Value: probe}})
		if problems, _ := err.(model.Problems); len(problems) > 0 &&
			strings.Contains(problems[0].Message, "unknown") &&
			!strings.Contains(problems[0].Message, `"?"`) {
			r.problems = append(r.problems, problems[0])
			return document.Entry{}, false
		}
	}
	return document.Entry{Key: key, At: e.At, Value: e}, true
}

// scale is the spacing of values between two ends.
type scale string

const (
	linear      scale = "linear"
	logarithmic scale = "log"
)

// interval is a range of a quantity.
type interval struct {
	key      document.Entry
	kind     *model.Kind
	unit     string
	from, to float64 // SI
	scale    scale
}

// at returns the value at a fraction of the way from one end to the other. Between
// the ends it is rounded to five digits, so that a level has exactly the digits that
// tables show.
func (v *interval) at(part float64) *document.Element {
	switch {
	case part <= 0:
		return v.element(v.from)
	case part >= 1:
		return v.element(v.to)
	}
	x := v.from + part*(v.to-v.from)
	if v.scale == logarithmic {
		x = v.from * math.Pow(v.to/v.from, part)
	}
	e := v.element(x)
	number, unit, _ := strings.Cut(e.Text, " ")
	if y, err := strconv.ParseFloat(number, 64); err == nil {
		e.Text = strings.TrimSpace(strconv.FormatFloat(y, 'g', 5, 64) + " " + unit)
	}
	return e
}

// element returns a value as an element of a plan, at the place of its key.
func (v *interval) element(si float64) *document.Element {
	return &document.Element{Kind: document.String, Text: v.kind.Format(si, v.unit),
		At: v.key.Value.At}
}

// interval reads the ends and the scale of a key's range.
func (r *reader) interval(t *section, key document.Entry) (*interval, bool) {
	v := &interval{key: key, kind: r.kindOf(key.Key), scale: linear}
	from, to := t.need("from"), t.need("to")
	if from == nil || to == nil {
		return nil, false
	}
	if v.kind == nil {
		// If the key is unknown or no quantity, the scenario gives the best error. If it is a quantity
		// without a default, the scenario has it now.
		s, err := r.plan.Base.With(r.file, []model.Setting{{Key: key.Key, At: key.At, Value: from}})
		if err != nil {
			r.problems = append(r.problems, err.(model.Problems)...)
			return nil, false
		}
		if v.kind = quantity(s, key.Key); v.kind == nil {
			r.complain(key.At, key.Key, "is not a quantity: expected values = [...] instead of from and to")
			return nil, false
		}
		r.kinds[key.Key] = v.kind
	}
	var ok1, ok2 bool
	v.from, v.unit, ok1 = r.quantity(t.path("from"), from, v.kind)
	v.to, _, ok2 = r.quantity(t.path("to"), to, v.kind)
	if e := t.get("scale"); e != nil {
		word, ok := r.word(t.path("scale"), e, []string{string(linear), string(logarithmic)})
		v.scale = scale(word)
		if ok && ok1 && ok2 && v.scale == logarithmic && (v.from <= 0 || v.to <= 0) {
			r.complain(e.At, t.path("scale"),
				"a log scale needs positive ends: expected from and to above 0")
			return nil, false
		}
	}
	return v, ok1 && ok2
}

// ranged makes the levels of a range: in steps, or a number of levels including
// both ends.
func (r *reader) ranged(a *Axis, t *section, key document.Entry) {
	v, ok := r.interval(t, key)
	step, count := t.get("step"), t.get("count")
	switch {
	case !ok:
		return
	case (step == nil) == (count == nil):
		r.complain(t.at, t.path("step"), "expected either step or count beside from and to")
		return
	}
	var values []*document.Element
	if count != nil {
		n, ok := r.whole(t.path("count"), count, 1, maxLevels)
		if !ok {
			return
		}
		for i := range n {
			values = append(values, v.at(float64(i)/math.Max(float64(n-1), 1)))
		}
	} else {
		by, _, ok := r.quantity(t.path("step"), step, v.kind.Steps())
		if !ok {
			return
		}
		// The slack allows for the rounding of units.
		n := math.Floor((v.to-v.from)/by*(1+1e-12) + 1e-9)
		switch {
		case v.scale == logarithmic:
			r.complain(step.At, t.path("step"), "a log scale has no equal steps: expected count")
			return
		case by == 0 || math.IsNaN(n):
			r.complain(step.At, t.path("step"), "is 0: expected more than 0")
			return
		case n < 0:
			r.complain(step.At, t.path("step"),
				"leads away from to: expected the other sign, or from and to swapped")
			return
		case n >= maxLevels:
			r.complain(step.At, t.path("step"), "makes %.4g levels: expected at most %d", n+1, maxLevels)
			return
		}
		for i := range int(n) + 1 {
			values = append(values, v.element(v.from+float64(i)*by))
		}
	}
	r.listed(a, []document.Entry{key}, [][]*document.Element{values})
}

// zipped makes levels of several keys whose values go together.
func (r *reader) zipped(a *Axis, t *section, e *document.Element) {
	path := t.path("zip")
	if e.Kind != document.Table || len(e.Entries) == 0 {
		r.complain(e.At, path, `expected keys with a list each: zip = { "a.b" = [...], "c.d" = [...] }`)
		return
	}
	var keys []document.Entry
	var values [][]*document.Element
	for _, entry := range flatten(e, "") {
		items, ok := r.items(document.Join(path, entry.Key), entry.Value)
		if !ok {
			return
		}
		if len(values) > 0 && len(items) != len(values[0]) {
			r.complain(entry.Value.At, path, "%s has %d values and %s has %d: expected as many of each",
				keys[0].Key, len(values[0]), entry.Key, len(items))
			return
		}
		keys, values = append(keys, entry), append(values, items)
	}
	r.listed(a, keys, values)
}

// cases makes a level for every named case.
func (r *reader) cases(a *Axis, t *section, e *document.Element) {
	path := t.path("case")
	if e.Kind != document.Array || len(e.Items) == 0 {
		r.complain(e.At, path,
			`expected cases with a name: [[axis.case]] with name = "...", set = { "a.b" = ... }`)
		return
	}
	a.Columns = []Column{{Name: columnName(a.Name), Meaning: "case of " + a.Name, Title: a.Name}}
	if n := len(e.Items); n > maxLevels {
		r.complain(e.At, path, "makes %d levels: expected at most %d", n, maxLevels)
		return
	}
	seen := map[string]bool{}
	for _, item := range e.Items {
		c := r.section(path, item, "name", "set")
		if c == nil {
			continue
		}
		name, set := c.need("name"), c.get("set")
		if name == nil {
			continue
		}
		text, ok := r.word(c.path("name"), name, nil)
		if !ok {
			continue
		}
		if seen[text] {
			r.complain(name.At, c.path("name"),
				"%s is given twice: expected a different name for every case", document.Quote(text))
		}
		seen[text] = true
		level := Level{Label: text, Values: []any{text}}
		if set != nil {
			if set.Kind != document.Table {
				r.complain(set.At, c.path("set"), `expected keys with values: set = { "a.b" = ... }`)
				continue
			}
			for _, entry := range flatten(set, "") {
				level.settings = append(level.settings, model.Setting{Key: entry.Key, At: entry.At,
					Value: entry.Value})
			}
		}
		a.Levels = append(a.Levels, level)
	}
}

// flatten lists the values below a table by dotted keys. A table with a value is a
// quantity with its provenance and counts as one value.
func flatten(e *document.Element, path string) []document.Entry {
	var out []document.Entry
	for _, entry := range e.Entries {
		key := entry.Key
		if path != "" {
			key = path + "." + key
		}
		if v := entry.Value; v.Kind == document.Table && v.Lookup("value") == nil {
			out = append(out, flatten(v, key)...)
			continue
		}
		out = append(out, document.Entry{Key: key, At: entry.At, Value: entry.Value})
	}
	return out
}
