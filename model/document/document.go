// Package document reads TOML files into elements with their line and column, so that other
// packages can give the place of every error. It checks only the syntax; packages model and
// sweep know the meaning of keys.
package document

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Parse reads a TOML file into elements. go-toml's parser gives the places; its decoder checks
// the syntax. The file name is used in messages. A table may have 10 000 keys. Keys and
// texts must be visible and on one line, except a source, which names nothing. The error is a
// Problems value.
func Parse(file string, data []byte) (*Element, error) {
	data = bytes.TrimPrefix(data, []byte("\ufeff")) // some editors write a byte order mark
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
	current, in := root, index{}
	for parser.NextExpression() {
		node := parser.Expression()
		switch node.Kind {
		case unstable.Table, unstable.ArrayTable:
			current = root
			for it := node.Key(); it.Next(); {
				key, at := string(it.Node().Data), place(it.Node().Raw)
				if node.Kind == unstable.ArrayTable && it.IsLast() {
					current = in.list(current, key, at)
				} else {
					current = in.child(current, key, at)
				}
			}
		case unstable.KeyValue:
			in.set(current, node, place)
		}
	}
	// The decoder compares every key with those before it in its table.
	if large, ok := in.large(root); ok {
		at := large.Entries[mostKeys].At
		return nil, Problems{{File: file, Line: at.Line, Column: at.Column, Message: fmt.Sprintf(
			"a table has %d keys: expected at most %d", len(large.Entries), mostKeys)}}
	}
	var discard map[string]any
	if err := toml.Unmarshal(data, &discard); err != nil {
		if bad, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := bad.Position()
			key := ""
			for _, part := range bad.Key() {
				key = Join(key, part)
			}
			return nil, Problems{{File: file, Line: line, Column: max(column, 1), Key: key,
				Message: syntaxMessage(bad)}}
		}
		return nil, Problems{{File: file, Message: strings.TrimPrefix(err.Error(), "toml: ")}}
	}
	if err := parser.Error(); err != nil {
		return nil, Problems{{File: file, Message: err.Error()}}
	}
	if problems := unseen(file, "", root); problems != nil {
		return nil, problems.Listed(MostListed, 0)
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

// set stores a key = value expression in a table. The key may be dotted.
func (in index) set(table *Element, node *unstable.Node, place func(unstable.Range) Position) {
	for it := node.Key(); it.Next(); {
		key, at := string(it.Node().Data), place(it.Node().Raw)
		if it.IsLast() {
			table.Entries = append(table.Entries, Entry{key, at, in.newElement(node.Value(), at, place)})
			return
		}
		table = in.child(table, key, at)
	}
}

// newElement copies a value from the parser, which reuses its nodes. If the parser gives a value
// no place, it gets the place of its key.
func (in index) newElement(node *unstable.Node, at Position,
	place func(unstable.Range) Position) *Element {
	if node.Raw.Length > 0 {
		at = place(node.Raw)
	}
	e := &Element{Kind: node.Kind, At: at}
	switch node.Kind {
	case unstable.InlineTable:
		e.Kind = unstable.Table
		for it := node.Children(); it.Next(); {
			in.set(e, it.Node(), place)
		}
	case unstable.Array:
		for it := node.Children(); it.Next(); {
			e.Items = append(e.Items, in.newElement(it.Node(), at, place))
		}
	default:
		e.Text = string(node.Data)
	}
	return e
}
