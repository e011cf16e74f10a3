package plan

import (
	"budget/model"
	"budget/model/document"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// reader makes a plan from a document. It continues after a problem, so that all
// are reported at once.
type reader struct {
	file     string
	plan     *Plan
	problems model.Problems
	counted  int                                            // further problems, which are only counted
	over     func(*model.Scenario) (*model.Scenario, error) // from outside the file, or nil
	failed   error                                          // of over
	kinds    map[string]*model.Kind                         // of what has no default, but a range
}

// full reports whether further problems are only counted.
func (r *reader) full() bool { return len(r.problems) >= document.ManyProblems }

func (r *reader) complain(at document.Position, key, format string, args ...any) {
	if r.full() {
		r.counted++
		return
	}
	r.problems = append(r.problems, model.Problem{File: r.file, Line: at.Line, Column: at.Column,
		Key: key, Message: fmt.Sprintf(format, args...)})
}

// section is a table of the plan whose keys are known.
type section struct {
	*document.Element
	from *reader
	name string // path
	at   document.Position
}

// section checks that an element is a table with no keys but those known.
func (r *reader) section(path string, e *document.Element, known ...string) *section {
	if e.Kind != document.Table {
		r.complain(e.At, path, "expected a table")
		return nil
	}
	t := &section{e, r, path, e.At}
	for _, entry := range e.Entries {
		if slices.Contains(known, entry.Key) {
			continue
		}
		if r.full() {
			r.counted++
			continue
		}
		hint := ": expected one of " + strings.Join(known, ", ")
		if near := model.Nearest(entry.Key, known); near != "" {
			hint = fmt.Sprintf(": did you mean %q?", near)
		} else if slices.Contains(designKeys, entry.Key) {
			hint = ": it is of a design, for budget optimize"
		} else if path == "" && slices.Contains(scenarioTables, entry.Key) {
			hint = fmt.Sprintf(": write keys of the scenario under [scenario.%s]", entry.Key)
		}
		r.complain(entry.At, t.path(entry.Key), "unknown key%s", hint)
	}
	return t
}

// designKeys are the keys that a design file (package optimize) has and a plan does not.
var designKeys = []string{"goal", "require", "choose", "weights", "value",
	"resolution"}

// scenarioTables are the tables of scenario files.
var scenarioTables = []string{"grid", "battery", "gauge", "thermal", "population", "policy",
	"workload", "session", "timer", "window"}

func (t *section) path(key string) string { return document.Join(t.name, key) }

// get returns the value of a key, nil if it is missing.
func (t *section) get(key string) *document.Element { return t.Lookup(key) }

// need returns the value of a required key and complains if it is missing.
func (t *section) need(key string) *document.Element {
	e := t.Lookup(key)
	if e == nil {
		t.from.complain(t.at, t.path(key), "is missing")
	}
	return e
}

// beside returns the path of a file that the plan names.
func (r *reader) beside(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(r.file), filepath.FromSlash(name))
}

// reason returns why a file operation failed, without the file's name.
func reason(err error) string {
	if path, ok := err.(*os.PathError); ok {
		return path.Err.Error()
	}
	return err.Error()
}

// word reads a text. If known is not empty, it must be one of these.
func (r *reader) word(path string, e *document.Element, known []string) (string, bool) {
	if e.Kind != document.String {
		r.complain(e.At, path, "expected text in quotes")
		return "", false
	}
	if known != nil && !slices.Contains(known, e.Text) {
		hint := "expected one of " + strings.Join(known, ", ")
		if near := model.Nearest(e.Text, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		r.complain(e.At, path, "unknown word %s: %s", document.Quote(e.Text), hint)
		return "", false
	}
	return e.Text, true
}

// words reads a list of distinct known words.
func (r *reader) words(path string, e *document.Element, known []string) []string {
	var out []string
	items, _ := r.items(path, e)
	for _, item := range items {
		if word, ok := r.word(path, item, known); ok {
			out = append(out, word)
		}
	}
	r.once(path, items)
	return out
}

// items reads a list that is not empty.
func (r *reader) items(path string, e *document.Element) ([]*document.Element, bool) {
	if e.Kind != document.Array {
		r.complain(e.At, path, "expected a list: [...]")
		return nil, false
	}
	if len(e.Items) == 0 {
		r.complain(e.At, path, "is empty: expected at least one value")
		return nil, false
	}
	return e.Items, true
}

// values reads a list of values for every cell, of which there may be maxListed.
func (r *reader) values(path string, e *document.Element) []*document.Element {
	items, _ := r.items(path, e)
	if n := len(items); n > maxListed {
		r.complain(e.At, path, "lists %d values: expected at most %d", n, maxListed)
		return nil
	}
	return items
}

// once complains of values that are given twice.
func (r *reader) once(path string, items []*document.Element) {
	seen := map[string]bool{}
	for _, item := range items {
		label := labelOf(item)
		if seen[label] {
			r.complain(item.At, path, "%s is given twice", document.Quote(label))
		}
		seen[label] = true
	}
}

// quantity reads a value of a kind.
func (r *reader) quantity(path string, e *document.Element, kind *model.Kind) (si float64,
	unit string, ok bool) {
	switch e.Kind {
	case document.String, document.Integer, document.Float:
	default:
		r.complain(e.At, path, "expected a quantity")
		return 0, "", false
	}
	si, unit, err := kind.Parse(e.Text)
	if err != nil {
		r.complain(e.At, path, "%v", err)
	}
	return si, unit, err == nil
}

// share reads a probability >= low and < high; 0 is not allowed.
func (r *reader) share(path string, e *document.Element, low, high float64) (float64, bool) {
	x, _, ok := r.quantity(path, e, model.KindNumber)
	if ok && (x <= 0 || x < low || x > high || x >= 1) {
		r.complain(e.At, path, "%s is out of range: expected more than %v and less than 1",
			document.Shorten(e.Text), low)
		return 0, false
	}
	return x, ok
}

// whole reads a whole number between bounds.
func (r *reader) whole(path string, e *document.Element, low, high int) (int, bool) {
	x, ok := 0.0, false
	if e.Kind == document.Integer || e.Kind == document.Float {
		x, ok = finite(strings.ReplaceAll(e.Text, "_", ""))
	}
	n := int(x)
	switch {
	case !ok || float64(n) != x:
		r.complain(e.At, path, "expected a whole number, such as %d", max(low, min(100, high)))
		return low, false
	case n < low || n > high:
		r.complain(e.At, path, "%s is out of range: expected %d to %d",
			document.Shorten(e.Text), low, high)
		return low, false
	}
	return n, true
}

// finite parses a number; ok is false if it is not a finite one.
func finite(text string) (float64, bool) {
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return x, err == nil && !math.IsInf(x, 0) && !math.IsNaN(x)
}
