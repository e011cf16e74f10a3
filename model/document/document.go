// Package document reads TOML files into elements that know their place, so that whoever
// makes sense of them can name line and column in every complaint. It judges syntax
// alone; packages model and sweep know what keys mean.
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

// Problem is one thing wrong with a file, at a place in it.
type Problem struct {
	File         string
	Line, Column int    // from 1; 0 where the file as a whole is meant
	Key          string // the offending key's path, such as "environment.shade.share"
	Message      string // what is wrong and what would be right
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

// Problems is everything wrong with a file, in the file's order.
type Problems []Problem

// Error writes one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Position is a place in a file, from 1.
type Position struct{ Line, Column int }

// Kind is the kind of a value.
type Kind = unstable.Kind

// The kinds of values; dates are of others.
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

// Child returns the table under key, made if absent; in an array of tables, its
// newest element.
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

// Item returns the table with an id in the array of tables under key, both made if
// absent.
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

// Parse reads a TOML file into elements. Syntax is judged by go-toml's
// decoder; its parser gives the places. The file name is for messages; the error is a
// Problems value.
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

// syntaxMessage is what go-toml says of a syntax error, with advice for the
// commonest one: a quantity without its quotes.
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

// set stores a key = value expression, whose key may be dotted.
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

// newElement copies a value out of the parser, which reuses its nodes. A value
// the parser gives no place for takes its key's.
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

// Join appends a key to a path, quoted where TOML would need quotes: a message
// stays on one line whatever a file says.
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

// maxQuoted bounds what a message repeats of a file [bytes].
const maxQuoted = 60

// Quote repeats a text in a message: on one line and not at length.
func Quote(text string) string { return strconv.Quote(Shorten(text)) }

// Shorten cuts what a message repeats of a file.
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
