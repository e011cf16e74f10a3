package model

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"budget/model/document"
)

// table reads the table e into the struct v.
func (d *decoder) table(path string, e *document.Element, v reflect.Value, given provenance) {
	if e.Kind != document.Table {
		d.complain(e.At, path, "expected a table")
		return
	}
	fields := map[string]reflect.Value{}
	tags := map[string]reflect.StructTag{}
	rest := reflect.Value{} // map for keys that are not fields
	for i := range v.NumField() {
		tag := v.Type().Field(i).Tag
		switch key := tag.Get("key"); key {
		case "":
		case "*":
			rest = v.Field(i)
		default:
			fields[key], tags[key] = v.Field(i), tag
		}
	}
	for _, entry := range e.Entries {
		switch entry.Key {
		case "evidence":
			given.evidence, _ = d.word(document.Join(path, "evidence"), entry.Value, evidenceKinds)
		case "source":
			given.source, _ = d.word(document.Join(path, "source"), entry.Value, nil)
		}
	}
	var others []document.Entry
	for _, entry := range e.Entries {
		key := document.Join(path, entry.Key)
		field, known := fields[entry.Key]
		switch {
		case entry.Key == "evidence" || entry.Key == "source":
		case key == sharesKey && !d.catalog: // read first, by readSharing
		case known:
			d.places[key] = entry.At
			d.value(key, entry, field, tags[entry.Key], given)
		case rest.IsValid():
			others = append(others, entry)
		default:
			d.complain(entry.At, key, "unknown key%s", d.guess(entry.Key, fields))
		}
	}
	if len(others) > 0 {
		d.mapped(path, others, rest, given)
	}
}

// guess is the end of a message about an unknown key. It suggests the same key in another table,
// a similar key in this one, or a key elsewhere that starts with it.
func (d *decoder) guess(word string, fields map[string]reflect.Value) string {
	if d.full() {
		return ""
	}
	known := slices.Sorted(maps.Keys(fields))
	longer := func(key string) bool { return strings.HasPrefix(key, word+"_") }
	near, elsewhere := Nearest(word, known), d.elsewhere(func(key string) bool { return key == word })
	switch {
	case near != "" && elsewhere != "":
		return fmt.Sprintf(": did you mean %q here, or %s?", near, elsewhere)
	case elsewhere != "":
		return fmt.Sprintf(": did you mean %s?", elsewhere)
	case slices.ContainsFunc(known, longer):
		return fmt.Sprintf(": did you mean one of %s?", strings.Join(slices.DeleteFunc(known,
			func(key string) bool { return !longer(key) }), ", "))
	case near != "":
		return fmt.Sprintf(": did you mean %q?", near)
	}
	if elsewhere = d.elsewhere(longer); elsewhere != "" {
		return fmt.Sprintf(": did you mean one of %s?", elsewhere)
	}
	return d.suggest(word, known, "keys here")
}

// elsewhere names the matching keys in the first table that has any, or returns "".
func (d *decoder) elsewhere(match func(key string) bool) string {
	table, keys := "", []string(nil)
	for _, p := range d.scenario.Parameters() {
		dot := strings.LastIndexByte(p.Key, '.')
		if key := p.Key[dot+1:]; match(key) && (table == "" || table == p.Key[:dot]) {
			table, keys = p.Key[:dot], append(keys, key)
		}
	}
	if table == "" {
		return ""
	}
	return strings.Join(keys, ", ") + " of " + header(table)
}

// header writes the line that opens a table in a file.
func header(table string) string {
	for _, list := range lists {
		if id, ok := strings.CutPrefix(table, list+"."); ok {
			return fmt.Sprintf("[[%s]] with an id, such as %q", list, id)
		}
	}
	return "[" + table + "]"
}

// value reads an entry into its field, which has the given tag.
func (d *decoder) value(key string, e document.Entry, field reflect.Value, tag reflect.StructTag,
	given provenance) {
	p := &Parameter{Key: key, Unit: "1", role: Role(tag.Get("role"))}
	limits, remedy := d.shareLimits(key, tag.Get("limits"))
	d.remedy = remedy
	switch field.Kind() {
	case reflect.String:
		text, ok := d.word(key, e.Value, nil)
		if !ok {
			return
		}
		field.SetString(text)
		if p.kind, p.Word = kindWord, text; p.role != Name {
			d.record(p, e.At)
		}
	case reflect.Bool:
		if e.Value.Kind != document.Bool {
			d.complain(e.Value.At, key, "expected true or false")
			return
		}
		field.SetBool(e.Value.Text == "true")
		p.kind, p.Word = kindBool, e.Value.Text
		d.record(p, e.At)
	case reflect.Struct:
		d.table(key, e.Value, field, given)
	case reflect.Map:
		if e.Value.Kind != document.Table {
			d.complain(e.Value.At, key, "expected a table")
			return
		}
		d.mapped(key, e.Value.Entries, field, given)
	case reflect.Pointer, reflect.Float64, reflect.Array:
		d.quantity(p, e, field, limits, given)
	case reflect.Slice:
		if field.Type().Elem().Kind() == reflect.Pointer {
			d.listed(key, e.Value, field, given)
		} else {
			d.quantity(p, e, field, limits, given)
		}
	}
}

// mapped reads tables into the elements of a map with the same keys.
func (d *decoder) mapped(path string, entries []document.Entry, m reflect.Value,
	given provenance) {
	if m.IsNil() {
		m.Set(reflect.MakeMap(m.Type()))
	}
	lay := d.laying(given)
	var additions []*addition
	for _, e := range entries {
		d.places[document.Join(path, e.Key)] = e.At
		item := itemOf(m, e.Key)
		switch {
		case item.IsValid():
		case d.catalog:
			item = reflect.New(m.Type().Elem().Elem())
			m.SetMapIndex(reflect.ValueOf(e.Key), item)
		case e.Value.Kind != document.Table:
			d.complain(e.Value.At, document.Join(path, e.Key), "expected a table")
			continue
		default:
			additions = append(additions, &addition{id: e.Key, at: e.At, table: e.Value})
			continue
		}
		key := document.Join(path, e.Key)
		lay(key, d.existing(key, e.Key, e.Value), item.Elem())
	}
	d.add(path, additions, m, lay)
}

// laying returns a function that reads tables into structs, with the provenance of the table
// above.
func (d *decoder) laying(given provenance) laying {
	return func(key string, e *document.Element, item reflect.Value) { d.table(key, e, item, given) }
}

// listed reads an array of tables into the elements of a list with the same ids.
func (d *decoder) listed(path string, e *document.Element, list reflect.Value, given provenance) {
	known := idsOf(list)
	if e.Kind != document.Array {
		example := "id"
		for _, entry := range e.Entries { // [session.workout] for [[session]] with id = "workout"
			if slices.Contains(known, entry.Key) {
				example = fmt.Sprintf("id = %q", entry.Key)
			}
		}
		d.complain(e.At, path, "expected an array of tables: [[%s]] with %s", path, example)
		return
	}
	seen := map[string]bool{}
	lay := d.laying(given)
	var additions []*addition
	for _, table := range e.Items {
		var id *document.Element
		if table.Kind == document.Table {
			id = table.Lookup("id")
		}
		if id == nil || id.Kind != document.String {
			d.complain(table.At, path, "expected a table with an id, which says what it sets: one of %s",
				strings.Join(known, ", "))
			continue
		}
		if seen[id.Text] {
			d.complain(id.At, path+".id", "%s is set twice: expected one table of each id",
				document.Quote(id.Text))
			continue
		}
		seen[id.Text] = true
		var item reflect.Value
		switch i := slices.Index(known, id.Text); {
		case i >= 0:
			item = list.Index(i)
		case d.catalog:
			item = reflect.New(list.Type().Elem().Elem())
			list.Set(reflect.Append(list, item))
		default:
			additions = append(additions, &addition{id: id.Text, at: id.At, table: table})
			continue
		}
		key := document.Join(path, id.Text)
		lay(key, d.existing(key, id.Text, table), item.Elem())
	}
	d.add(path, additions, list, lay)
}

// quantity reads a quantity, a list of quantities, or a table { value, range, distribution,
// evidence, source }. It checks it and stores it with its provenance.
func (d *decoder) quantity(p *Parameter, e document.Entry, field reflect.Value, limits string,
	given provenance) {
	p.Evidence, p.Source = Evidence(given.evidence), given.source
	key, value := p.Key, e.Value
	var bounds *document.Element
	var law map[string]document.Entry
	if value.Kind == document.Table {
		table := value
		value = nil
		for _, entry := range table.Entries {
			switch entry.Key {
			case "value":
				value = entry.Value
			case "range":
				bounds = entry.Value
			case "evidence":
				text, _ := d.word(document.Join(key, "evidence"), entry.Value, evidenceKinds)
				p.Evidence = Evidence(text)
			case "source":
				p.Source, _ = d.word(document.Join(key, "source"), entry.Value, nil)
			default:
				if slices.Contains(lawKeys, entry.Key) {
					if law == nil {
						law = map[string]document.Entry{}
					}
					law[entry.Key] = entry
					continue
				}
				d.complain(entry.At, document.Join(key, entry.Key), "unknown key%s", d.suggest(entry.Key,
					append([]string{"value", "range", "evidence", "source"}, lawKeys...), "keys here"))
			}
		}
		if value == nil {
			d.complain(table.At, key,
				"expected a value: { value = …, range = […], evidence = …, source = … }")
			return
		}
	}

	scalar := field.Type()
	if scalar.Kind() != reflect.Float64 {
		scalar = scalar.Elem()
	}
	kind := reflect.Zero(scalar).Interface().(quantity).kind()
	p.kind, p.rangeKind = kind, kind
	if kind.celsius && field.Kind() == reflect.Array {
		p.rangeKind = kindDifference // an offset to every element
	}

	items := []*document.Element{value}
	p.list = field.Kind() == reflect.Array || field.Kind() == reflect.Slice
	if p.list {
		if value.Kind != document.Array {
			d.complain(value.At, key, "expected a list of %s", count(field, kind))
			return
		}
		items = value.Items
		if len(items) == 0 || field.Kind() == reflect.Array && len(items) != field.Len() {
			d.complain(value.At, key, "has %d values: expected %s", len(items), count(field, kind))
			return
		}
	}
	sound := true
	for _, item := range items {
		si, unit, ok := d.scalar(key, item, kind, limits)
		p.Values, p.Unit = append(p.Values, si), unit
		sound = sound && ok
	}
	if bounds != nil {
		sound = d.bounds(p, bounds, limits, sound) && sound
	}
	sound = sound && d.law(p, law, bounds, limits)
	if !sound {
		return
	}

	switch field.Kind() {
	case reflect.Float64:
		field.SetFloat(p.Values[0])
	case reflect.Pointer:
		pointer := reflect.New(scalar)
		pointer.Elem().SetFloat(p.Values[0])
		field.Set(pointer)
	case reflect.Array:
		for i, v := range p.Values {
			field.Index(i).SetFloat(v)
		}
	case reflect.Slice:
		slice := reflect.MakeSlice(field.Type(), len(p.Values), len(p.Values))
		for i, v := range p.Values {
			slice.Index(i).SetFloat(v)
		}
		field.Set(slice)
	}
	d.record(p, e.At)
}

// bounds reads the range of a parameter. If the values are sound, the range must contain them. A
// range of a different kind is an offset to the values and must contain 0.
func (d *decoder) bounds(p *Parameter, e *document.Element, limits string, sound bool) bool {
	key := p.Key + ".range"
	if e.Kind != document.Array || len(e.Items) != 2 {
		d.complain(e.At, key, "expected two values, the least and the greatest")
		return false
	}
	if p.rangeKind != p.kind {
		limits = ""
	}
	low, unit, okLow := d.scalar(key, e.Items[0], p.rangeKind, limits)
	high, _, okHigh := d.scalar(key, e.Items[1], p.rangeKind, limits)
	if !okLow || !okHigh {
		return false
	}
	within := p.Values
	if p.rangeKind != p.kind {
		within = []float64{0}
	}
	switch {
	case low > high:
		d.complain(e.At, key, "expected the least value first")
		return false
	case sound && (slices.Min(within) < low || slices.Max(within) > high):
		d.complain(e.At, key, "does not hold the value: expected the least and the greatest that are "+
			"plausible")
		return false
	}
	p.Range, p.HasRange, p.RangeUnit, p.ownRange = [2]float64{low, high}, true, unit, true
	return true
}

func count(field reflect.Value, kind *Kind) string {
	n := "values"
	if field.Kind() == reflect.Array {
		n = fmt.Sprintf("%d values", field.Len())
	}
	return fmt.Sprintf("%s, each %s, such as %s", n, kind.name, kind.example)
}
