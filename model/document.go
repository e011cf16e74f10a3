package model

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Problem is one thing wrong with a scenario file, at a place in it.
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

// Problems is everything wrong with a scenario file, in the file's order.
type Problems []Problem

// Error writes one problem a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// position is a place in a file.
type position struct{ line, column int }

// element is a value of a TOML document with its place: what the decoder needs
// to name line and column in every error.
type element struct {
	kind    unstable.Kind // Table, Array, String, Integer, Float, Bool or a date
	text    string        // of a scalar
	at      position
	entries []entry    // of a table, in the file's order
	items   []*element // of an array
}

type entry struct {
	key   string
	at    position
	value *element
}

func (e *element) lookup(key string) *element {
	for i := range e.entries {
		if e.entries[i].key == key {
			return e.entries[i].value
		}
	}
	return nil
}

// child returns the table under key, made if absent; in an array of tables, its
// newest element.
func (e *element) child(key string, at position) *element {
	value := e.lookup(key)
	if value == nil {
		value = &element{kind: unstable.Table, at: at}
		e.entries = append(e.entries, entry{key, at, value})
	}
	if value.kind == unstable.Array && len(value.items) > 0 {
		return value.items[len(value.items)-1]
	}
	return value
}

// parseDocument reads a TOML file into elements. Syntax is judged by go-toml's
// decoder; its parser gives the places.
func parseDocument(file string, data []byte) (*element, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // some editors write a byte order mark
	var discard map[string]any
	if err := toml.Unmarshal(data, &discard); err != nil {
		if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := bad.Position()
			key := ""
			for _, part := range bad.Key() {
				key = join(key, part)
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
	place := func(r unstable.Range) position {
		line := sort.SearchInts(lineStarts, int(r.Offset)+1)
		return position{line, int(r.Offset) - lineStarts[line-1] + 1}
	}

	var parser unstable.Parser
	parser.Reset(data)
	root := &element{kind: unstable.Table, at: position{1, 1}}
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
					current = current.child(key, at)
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
	message := shorten(strings.TrimPrefix(bad.Error(), "toml: "))
	switch {
	case strings.HasPrefix(message, "expected newline but got"),
		strings.HasPrefix(message, "unexpected character") && strings.HasSuffix(message, "start of value"):
		message += `: text, and quantities with a unit, stand in quotes, such as "45 min"`
	case message == "expected '=' after key":
		message += `: expected key = value, such as step = "5 s"`
	}
	return message
}

// appendTable adds an element to the array of tables under key.
func (e *element) appendTable(key string, at position) *element {
	list := e.lookup(key)
	if list == nil {
		list = &element{kind: unstable.Array, at: at}
		e.entries = append(e.entries, entry{key, at, list})
	}
	table := &element{kind: unstable.Table, at: at}
	list.items = append(list.items, table)
	return table
}

// set stores a key = value expression, whose key may be dotted.
func (e *element) set(node *unstable.Node, place func(unstable.Range) position) {
	table := e
	for it := node.Key(); it.Next(); {
		key, at := string(it.Node().Data), place(it.Node().Raw)
		if it.IsLast() {
			table.entries = append(table.entries, entry{key, at, newElement(node.Value(), at, place)})
			return
		}
		table = table.child(key, at)
	}
}

// newElement copies a value out of the parser, which reuses its nodes. A value
// the parser gives no place for takes its key's.
func newElement(node *unstable.Node, at position, place func(unstable.Range) position) *element {
	if node.Raw.Length > 0 {
		at = place(node.Raw)
	}
	e := &element{kind: node.Kind, at: at}
	switch node.Kind {
	case unstable.InlineTable:
		e.kind = unstable.Table
		for it := node.Children(); it.Next(); {
			e.set(it.Node(), place)
		}
	case unstable.Array:
		for it := node.Children(); it.Next(); {
			e.items = append(e.items, newElement(it.Node(), at, place))
		}
	default:
		e.text = string(node.Data)
	}
	return e
}
