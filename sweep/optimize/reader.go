package optimize

import (
	"fmt"
	"slices"
	"strings"

	"budget/model"
	"budget/model/document"
)

// take takes a key out of a table and returns its value, nil without one.
func take(table *document.Element, key string) *document.Element {
	i := slices.IndexFunc(table.Entries, func(e document.Entry) bool { return e.Key == key })
	if i < 0 {
		return nil
	}
	value := table.Entries[i].Value
	table.Entries = slices.Delete(table.Entries, i, i+1)
	return value
}

// reader reads what a design file has beyond a plan.
type reader struct {
	file     string
	root     *document.Element
	design   *Design
	goalAt   document.Position
	steps    []document.Position // of resolutions, which plans call steps
	problems model.Problems
}

func (r *reader) complain(at document.Position, key, format string, args ...any) {
	r.problems = append(r.problems, model.Problem{File: r.file, Line: at.Line, Column: at.Column,
		Key: key, Message: fmt.Sprintf(format, args...)})
}

// known complains of keys of a table that are unknown.
func (r *reader) known(path string, e *document.Element, keys ...string) bool {
	if e.Kind != document.Table {
		r.complain(e.At, path, "expected a table")
		return false
	}
	for _, entry := range e.Entries {
		if !slices.Contains(keys, entry.Key) {
			hint := ": expected one of " + strings.Join(keys, ", ")
			if near := model.Nearest(entry.Key, keys); near != "" {
				hint = fmt.Sprintf(": did you mean %q?", near)
			}
			r.complain(entry.At, document.Join(path, entry.Key), "unknown key%s", hint)
		}
	}
	return true
}

// word reads one of some words.
func (r *reader) word(path string, e *document.Element, words ...string) string {
	if e.Kind != document.String || !slices.Contains(words, e.Text) {
		hint := "expected one of " + strings.Join(words, ", ")
		if near := model.Nearest(e.Text, words); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		r.complain(e.At, path, "unknown word %s: %s", document.Quote(e.Text), hint)
	}
	return e.Text
}

// quantity reads a quantity that is more than 0, and less than the upper end.
func (r *reader) quantity(path string, e *document.Element, kind *model.Kind,
	below float64) float64 {
	switch e.Kind {
	case document.String, document.Integer, document.Float:
	default:
		r.complain(e.At, path, "expected a quantity")
		return 0
	}
	si, _, err := kind.Parse(e.Text)
	switch {
	case err != nil:
		r.complain(e.At, path, "%v", err)
	case !(si > 0 && si < below):
		limit := ""
		if kind == model.KindNumber {
			limit = fmt.Sprintf(" and less than %v", below)
		}
		r.complain(e.At, path, "%s is out of range: expected more than 0%s", document.Shorten(e.Text),
			limit)
	}
	return si
}

// day is the longest session that a design can be about [s].
const day = 86_400.0 + 1

// axisKeys are the keys of an axis that plans do not have.
type axisKeys struct {
	at      document.Position
	choose  bool
	weights *document.Element // of a circumstance
	value   *document.Element // of a knob
}
