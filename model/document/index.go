package document

// manyEntries is the number of entries from which a table has an index.
const manyEntries = 16

// mostKeys is the largest number of keys of a table.
const mostKeys = 10_000

// large returns a table below e with more than mostKeys keys.
func (in index) large(e *Element) (*Element, bool) {
	if len(e.Entries) > mostKeys {
		return e, true
	}
	for _, entry := range e.Entries {
		if found, ok := in.large(entry.Value); ok {
			return found, true
		}
	}
	for _, item := range e.Items {
		if found, ok := in.large(item); ok {
			return found, true
		}
	}
	return nil, false
}

// index finds the values of tables with many entries, so that the time to read a file grows with
// its length only. It holds for tables whose entries are added at their ends.
type index map[*Element]map[string]*Element

// lookup is Element.Lookup.
func (in index) lookup(e *Element, key string) *Element {
	if len(e.Entries) < manyEntries {
		return e.Lookup(key)
	}
	values := in[e]
	if values == nil {
		values = map[string]*Element{}
		in[e] = values
	}
	for _, entry := range e.Entries[len(values):] {
		values[entry.Key] = entry.Value
	}
	return values[key]
}

// child is Element.Child.
func (in index) child(e *Element, key string, at Position) *Element {
	value := in.lookup(e, key)
	if value == nil {
		value = &Element{Kind: Table, At: at}
		e.Entries = append(e.Entries, Entry{key, at, value})
	}
	if value.Kind == Array && len(value.Items) > 0 {
		return value.Items[len(value.Items)-1]
	}
	return value
}

// list adds a table to the array of tables under a key.
func (in index) list(e *Element, key string, at Position) *Element {
	list := in.lookup(e, key)
	if list == nil {
		list = &Element{Kind: Array, At: at}
		e.Entries = append(e.Entries, Entry{key, at, list})
	}
	table := &Element{Kind: Table, At: at}
	list.Items = append(list.Items, table)
	return table
}

// Child returns the table under a key and creates it if it is missing. In an array of tables it
// uses the last element.
func (e *Element) Child(key string, at Position) *Element { return index{}.child(e, key, at) }

// Item returns the table with an id in the array of tables under a key. It creates the array and
// the table if they are missing.
func (e *Element) Item(key, id string, at Position) *Element {
	if list := e.Lookup(key); list != nil {
		for _, item := range list.Items {
			if found := item.Lookup("id"); found != nil && found.Text == id {
				return item
			}
		}
	}
	item := index{}.list(e, key, at)
	item.Entries = []Entry{{Key: "id", At: at, Value: &Element{Kind: String, Text: id, At: at}}}
	return item
}
