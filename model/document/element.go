package document

import "github.com/pelletier/go-toml/v2/unstable"

// Position is a place in a file; line and column count from 1.
type Position struct{ Line, Column int }

// Kind is the kind of a value.
type Kind = unstable.Kind

// The kinds of values. Dates have none of these kinds.
const (
	Table   = unstable.Table
	Array   = unstable.Array
	String  = unstable.String
	Integer = unstable.Integer
	Float   = unstable.Float
	Bool    = unstable.Bool
)

// Element is a value of a TOML document with its place.
type Element struct {
	Kind    Kind
	Text    string // of a scalar
	At      Position
	Entries []Entry    // of a table, in the file's order
	Items   []*Element // of an array
}

// Entry is a key of a table, with its value.
type Entry struct {
	Key   string
	At    Position
	Value *Element
}

// Lookup returns the value of a table's key, or nil.
func (e *Element) Lookup(key string) *Element {
	for i := range e.Entries {
		if e.Entries[i].Key == key {
			return e.Entries[i].Value
		}
	}
	return nil
}
