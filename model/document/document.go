// Package document reads TOML files into elements with their line and column, so that other
// packages can give the place of every error. It checks only the syntax; packages model and
// sweep know the meaning of keys.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Problem is an error in a file with its place.
type Problem struct {
	File         string
	Line, Column int    // from 1; 0 if it concerns the whole file
	Key          string // the offending key's path, such as "environment.shade.share"
	Message      string // what is wrong and what is expected
}

// Error writes the problem as "file:line:column: key: message".
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Key != "" {
		b.WriteString(p.Key + ": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Problems lists all errors in a file, in the file's order.
type Problems []Problem

// Error writes one problem per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

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

// Child returns the table under a key and creates it if it is missing. In an array of tables it
// uses the last element.
func (e *Element) Child(key string, at Position) *Element {
	value := e.Lookup(key)
	if value == nil {
		value = &Element{Kind: unstable.Table, At: at}
		e.Entries = append(e.Entries, Entry{key, at, value})
	}
	if value.Kind == unstable.Array && len(value.Items) > 0 {
		return value.Items[len(value.Items)-1]
	}
	return value
}

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
	item := e.appendTable(key, at)
	item.Entries = []Entry{{Key: "id", At: at, Value: &Element{Kind: String, Text: id, At: at}}}
	return item
}

// Parse reads a TOML file into elements. go-toml's decoder checks the syntax; its parser gives
// the places. The file name is used in messages. The error is a Problems value.
func Parse(file string, data []byte) (*Element, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // some editors write a byte order mark
	var discard map[string]any
	if err := toml.Unmarshal(data, &discard); err != nil {
		if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := bad.Position()
			key := ""
			for _, part := range bad.Key() {
				key = Join(key, part)
			}
			return nil, Problems{{file, line, max(column, 1), key, syntaxMessage(bad)}}
		}
		return nil, Problems{{File: file, Message: strings.TrimPrefix(err.Error(), "toml: ")}}
	}

	lineStarts := []int{0}
	for i, c := range data {
		if c == '\n' {
			lineStarts = append(lineStarts, i+1)
		}
	}
	place := func(r unstable.Range) Position {
		line := sort.SearchInts(lineStarts, int(r.Offset)+1)
		return Position{line, int(r.Offset) - lineStarts[line-1] + 1}
	}

	var parser unstable.Parser
	parser.Reset(data)
	root := &Element{Kind: unstable.Table, At: Position{1, 1}}
	current := root
	for parser.NextExpression() {
		node := parser.Expression()
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			current = root
			for it := node.Key(); it.Next(); {
				key, at := string(it.Node().Data), place(it.Node().Raw)
				if node.Kind == unstable.ArrayTable && it.IsLast() {
					current = current.appendTable(key, at)
				} else {
					current = current.Child(key, at)
				}
			}
		case unstable.KeyValue:
			current.set(node, place)
		}
	}
	if err := parser.Error(); err != nil {
		return nil, Problems{{File: file, Message: err.Error()}}
	}
	return root, nil
}

// syntaxMessage returns go-toml's message for a syntax error, with advice for the most frequent
// one: a quantity without quotes.
func syntaxMessage(bad *toml.DecodeError) string {
	message := Shorten(strings.TrimPrefix(bad.Error(), "toml: "))
	switch {
	case strings.HasPrefix(message, "expected newline but got"),
		strings.HasPrefix(message, "unexpected character") &&
			strings.HasSuffix(message, "start of value"):
		message += `: text, and quantities with a unit, stand in quotes, such as "45 min"`
	case message == "expected '=' after key":
		message += `: expected key = value, such as step = "5 s"`
	}
	return message
}

// appendTable adds an Element to the array of tables under key.
func (e *Element) appendTable(key string, at Position) *Element {
	list := e.Lookup(key)
	if list == nil {
		list = &Element{Kind: unstable.Array, At: at}
		e.Entries = append(e.Entries, Entry{key, at, list})
	}
	table := &Element{Kind: unstable.Table, At: at}
	list.Items = append(list.Items, table)
	return table
}

// set stores a key = value expression. The key may be dotted.
func (e *Element) set(node *unstable.Node, place func(unstable.Range) Position) {
	table := e
	for it := node.Key(); it.Next(); {
		key, at := string(it.Node().Data), place(it.Node().Raw)
		if it.IsLast() {
			table.Entries = append(table.Entries, Entry{key, at, newElement(node.Value(), at, place)})
			return
		}
		table = table.Child(key, at)
	}
}

// newElement copies a value from the parser, which reuses its nodes. If the parser gives a value
// no place, it gets the place of its key.
func newElement(node *unstable.Node, at Position, place func(unstable.Range) Position) *Element {
	if node.Raw.Length > 0 {
		at = place(node.Raw)
	}
	e := &Element{Kind: node.Kind, At: at}
	switch node.Kind {
	case unstable.InlineTable:
		e.Kind = unstable.Table
		for it := node.Children(); it.Next(); {
			e.set(it.Node(), place)
		}
	case unstable.Array:
		for it := node.Children(); it.Next(); {
			e.Items = append(e.Items, newElement(it.Node(), at, place))
		}
	default:
		e.Text = string(node.Data)
	}
	return e
}

// Join appends a key to a path. It quotes the key where TOML needs quotes, so that a message
// stays on one line.
func Join(path, key string) string {
	if !bare.MatchString(key) {
		key = Quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

var bare = regexp.MustCompile(`^[A-Za-z0-9_-]{1,60}$`)

// maxQuoted is the maximum length of text from a file in a message [bytes].
const maxQuoted = 60

// Quote quotes text from a file for a message, shortened and on one line.
func Quote(text string) string { return strconv.Quote(Shorten(text)) }

// Shorten cuts text from a file to maxQuoted.
func Shorten(text string) string {
	if len(text) <= maxQuoted {
		return text
	}
	cut := 0
	for i := range text {
		if i > maxQuoted {
			break
		}
		cut = i
	}
	return text[:cut] + "…"
}
