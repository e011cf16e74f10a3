package model

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"budget/model/document"
)

// addable lists what scenario files can add entries to: the noun for an entry, and the catalog
// entry that one with new = true starts from. None of these has an optional quantity; therefore
// an added entry can be written in full and read again unchanged.
var addable = map[string]struct{ noun, base string }{
	"device":        {"a device", "s9-45"},
	"environment":   {"an environment", "indoor"},
	"session":       {"a session type", "mindfulness"},
	"workload":      {"a workload", "seated"},
	"thermal.build": {"a thermal build", "large"},
	"thermal.fit":   {"a fit", "normal"},
	"timer.phase":   {"a phase", ""}, // starts empty
}

// maxAdded is the largest number of entries that a file adds to a list or map.
const maxAdded = 1000

// addition is an entry of a file with an id that the scenario does not have.
type addition struct {
	id    string
	at    document.Position // of the id
	table *document.Element

	like   *document.Element // the id in like = …; nil with new = true
	failed bool
	state  visit
	item   reflect.Value // pointer to the struct
	filled []*Parameter
}

// visit is how far an addition has been filled. The additions that it copies are filled first.
type visit int

const (
	unvisited visit = iota
	visiting
	visited
)

// laying reads a table with a key into a struct.
type laying func(key string, table *document.Element, item reflect.Value)

// add creates the entries that a file adds to a list or map of the scenario. Each starts as a
// copy of the entry that it names, with the changes that the file makes to that entry, and with
// share 0. Entries may have any order in the file.
func (d *decoder) add(path string, additions []*addition, to reflect.Value, lay laying) {
	known := idsOf(to)
	if len(additions) > maxAdded {
		d.complain(additions[maxAdded].at, path, "is the first of %d entries too many: expected at most "+
			"%d that are added", len(additions)-maxAdded, maxAdded)
		return
	}
	for _, a := range additions {
		a.failed = !d.sound(path, a, known)
	}
	for _, a := range additions {
		d.visit(path, a, additions, to, lay)
	}
	for _, a := range additions {
		if a.failed {
			continue
		}
		if to.Kind() == reflect.Map {
			to.SetMapIndex(reflect.ValueOf(a.id), a.item)
		} else {
			to.Set(reflect.Append(to, a.item))
		}
		d.scenario.parameters = append(d.scenario.parameters, a.filled...)
		d.scenario.added = append(d.scenario.added, document.Join(path, a.id))
	}
}

// soundID matches valid ids. Ids become parts of keys and of lists with commas.
var soundID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$`)

// reservedIDs are words that commands accept instead of an id.
var reservedIDs = []string{"all", "fleet", "mix", "like", "new"}

// sound reports whether an addition has a valid id and names an entry to start from.
func (d *decoder) sound(path string, a *addition, known []string) bool {
	like, fresh := a.table.Lookup("like"), a.table.Lookup("new")
	key := document.Join(path, a.id)
	switch {
	case like == nil && fresh == nil && addable[path].base != "":
		d.complain(a.at, keyOfID(path, a.id), "unknown %s%s", named(path, a.id),
			d.howToAdd(path, a.id, known))
	case !soundID.MatchString(a.id) || slices.Contains(reservedIDs, a.id):
		d.complain(a.at, keyOfID(path, a.id), "%s cannot be an id: expected letters, digits, - and "+
			"_, such as %q, and none of %s", document.Quote(a.id), "my-"+cmp.Or(addable[path].base, "sit"),
			strings.Join(reservedIDs, ", "))
	case like != nil && fresh != nil:
		d.complain(fresh.At, document.Join(key, "new"), "expected like or new, not both")
	case fresh != nil && (fresh.Kind != document.Bool || fresh.Text != "true"):
		d.complain(fresh.At, document.Join(key, "new"), "expected true")
	case like != nil && like.Kind != document.String:
		d.complain(like.At, document.Join(key, "like"), "expected text in quotes, such as %q",
			addable[path].base)
	default:
		a.like = like
		return true
	}
	return false
}

// keyOfID returns the key for messages about an id.
func keyOfID(path, id string) string {
	if slices.Contains(lists, path) {
		return path + ".id"
	}
	return document.Join(path, id)
}

// named returns the subject of a message about an id. It contains the id unless the key does.
func named(path, id string) string {
	if slices.Contains(lists, path) {
		return "id " + document.Quote(id)
	}
	return "name"
}

// howToAdd is the end of a message about an unknown id.
func (d *decoder) howToAdd(path, id string, known []string) string {
	what := "names here"
	if slices.Contains(lists, path) {
		what = "ids"
	}
	if d.full() {
		return ""
	}
	hint := d.suggest(id, known, what)
	if !strings.HasSuffix(hint, "?") {
		hint += "."
	}
	base := Nearest(id, known)
	if base == "" {
		base = addable[path].base
	}
	return fmt.Sprintf("%s To add %s, give it like = %q (or new = true)", hint, addable[path].noun,
		base)
}

// visit fills an addition after the additions that it copies.
func (d *decoder) visit(path string, a *addition, all []*addition, to reflect.Value,
	lay laying) {
	if a.failed || a.state == visited {
		return
	}
	a.state = visiting
	defer func() { a.state = visited }()
	if base := addable[path].base; a.like == nil && base == "" {
		d.fill(path, a, reflect.New(to.Type().Elem().Elem()), nil, base, lay)
		return
	} else if a.like == nil {
		of := d.defaults()
		d.fill(path, a, of.entry(path, base), of.within(path, base), base, lay)
		return
	}
	like := a.like.Text
	if item := itemOf(to, like); item.IsValid() {
		d.fill(path, a, item, d.scenario.within(path, like), like, lay)
		return
	}
	key := document.Join(document.Join(path, a.id), "like")
	i := slices.IndexFunc(all, func(b *addition) bool { return b.id == like })
	switch {
	case i < 0:
		known := idsOf(to)
		for _, b := range all {
			known = append(known, b.id)
		}
		d.complain(a.like.At, key, "unknown id %s%s", document.Quote(like), d.suggest(like, known, "ids"))
	case all[i].state == visiting:
		d.complain(a.like.At, key, "is like itself, in a circle: expected one that is like %s of the "+
			"catalog in the end", addable[path].noun)
	default:
		d.visit(path, all[i], all, to, lay)
		if !all[i].failed {
			d.fill(path, a, all[i].item, all[i].filled, like, lay)
			return
		}
	}
	a.failed = true
}

// fill makes an addition from another entry and its parameters, then reads the file's table over
// it.
func (d *decoder) fill(path string, a *addition, base reflect.Value, parameters []*Parameter,
	like string, lay laying) {
	table := document.Join(path, a.id)
	d.places[table] = a.at
	a.item = reflect.New(base.Type().Elem())
	a.item.Elem().Set(base.Elem())
	if item, ok := a.item.Interface().(identified); ok {
		*item.identity() = a.id
	}
	for _, p := range parameters {
		a.filled = append(a.filled, d.inherited(p, table, a, like))
	}
	// The scenario has the parameters while the table is read. Afterwards add appends them in the
	// file's order.
	all := d.scenario.parameters
	d.scenario.parameters = append(slices.Clip(all), a.filled...)
	lay(table, without(a.table, "like", "new"), a.item.Elem())
	a.filled = d.scenario.parameters[len(all):]
	d.scenario.parameters = all
}

// everyAddition is the value of Parameter.As for values that all added entries have.
const everyAddition = "every addition"

// inherited returns a parameter of an addition before the file sets it: that of the entry that
// it copies. Only the name, which is the id, and the share, which is 0, differ.
func (d *decoder) inherited(p *Parameter, table string, a *addition, like string) *Parameter {
	name := p.Key[strings.LastIndexByte(p.Key, '.')+1:]
	c := *p
	c.Key, c.Overridden, c.catalog = table+"."+name, true, nil
	c.Default, c.Usual, c.As, c.inherited = nil, "", like, nil
	c.Place = d.place(a.at)
	c.HasRange = p.ownRange
	if !c.IsWord() {
		c.Source = "as " + like + ": " + p.Source
		if a.like == nil {
			c.Source = p.Source
		}
	}
	field, _ := fieldOf(a.item.Elem().Type(), name)
	value := a.item.Elem().FieldByName(field.Name)
	switch {
	case name == "name":
		value.SetString(a.id)
		c.Word, c.As = a.id, everyAddition
	case isShare(c.Key):
		value.SetFloat(0)
		c.Values, c.Law, c.HasRange, c.ownRange = []float64{0}, nil, false, false
		c.Evidence, c.As = Assumed, everyAddition
		c.Source = "an entry that is added counts 0 unless the scenario gives it a share"
	}
	return &c
}

// existing returns a file's table for an id that the scenario has. It reports the keys like and
// new, which are only for added entries.
func (d *decoder) existing(key, id string, table *document.Element) *document.Element {
	if table.Kind == document.Table && !d.catalog {
		for _, word := range []string{"like", "new"} {
			if e := table.Lookup(word); e != nil {
				d.complain(e.At, document.Join(key, word), "%s is there already: expected no %s, or "+
					"another id", document.Quote(id), word)
			}
		}
		return without(table, "like", "new")
	}
	return table
}

// without returns a copy of a table without the given keys.
func without(e *document.Element, keys ...string) *document.Element {
	c := *e
	c.Entries = slices.DeleteFunc(slices.Clone(e.Entries),
		func(entry document.Entry) bool { return slices.Contains(keys, entry.Key) })
	return &c
}

// Added lists the paths of the entries that scenario files have added, such as
// "device.my-watch", in the order in which they were read.
func (s *Scenario) Added() []string { return slices.Clone(s.added) }
