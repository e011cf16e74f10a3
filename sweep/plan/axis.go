package plan

import (
	"slices"
	"strings"

	"budget/model"
	"budget/model/document"
)

// Keys that a plan can set in addition to those of a scenario: device,
// environment and start level.
const (
	KeyDevice      = "device"
	KeyEnvironment = "environment"
	KeyStartLevel  = "start_level"
	// KeyOnResign is another name of timer.resign.
	KeyOnResign = "on_resign"
)

var CaseKeys = []string{KeyDevice, KeyEnvironment, KeyStartLevel}

// Keys that only a design can set (ParseDesign): the displayed level from which on the app starts
// a session, in whole per cent, the session type, and whether it starts a new session of a timer
// when the granted time is used up.
const (
	KeyGate    = "gate"
	KeyRestart = "restart"
	KeySession = "session"
)

// Axis is one way in which a plan varies its base scenario: a list of levels. Every
// cell has one level of every axis. Lists, ranges, zipped keys, named cases, designs
// and records of a file all become such lists.
type Axis struct {
	Name    string
	Columns []Column // of tables
	Levels  []Level
}

// Level is one setting of an axis.
type Level struct {
	Label    string
	Values   []any // by column: float64 or string
	settings []model.Setting
}

// Column is a column of tables: its name, with the unit if it holds numbers, and its
// meaning.
type Column struct {
	Name    string
	Number  bool
	Meaning string
	Title   string // for people, without the unit
	Unit    string // "" for words and parts of 1
	key     string // key that the column shows; "" for names of cases or records
}

// onCase reports whether tables have the column already, among table.CaseColumns.
func (c Column) onCase() bool { return c.Name == c.key && slices.Contains(CaseKeys, c.Name) }

// valueOf returns the value of a quantity. The quantity may be a table with its
// provenance.
func valueOf(e *document.Element) *document.Element {
	if e.Kind == document.Table {
		if v := e.Lookup("value"); v != nil {
			return v
		}
	}
	return e
}

// labelOf returns a value as text for people.
func labelOf(e *document.Element) string {
	if e.Kind != document.Array {
		return strings.Join(strings.Fields(valueOf(e).Text), " ")
	}
	var parts []string
	for _, item := range e.Items {
		parts = append(parts, labelOf(item))
	}
	return strings.Join(parts, ", ")
}

// columnName turns a name into one that spreadsheets, pandas and SQL accept.
func columnName(name string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' {
			return c
		}
		return '_'
	}, name)
}

// Keys lists the keys that the levels of an axis set.
func (a *Axis) Keys() []string {
	var keys []string
	for _, level := range a.Levels {
		for _, s := range level.settings {
			if !slices.Contains(keys, s.Key) {
				keys = append(keys, s.Key)
			}
		}
	}
	return keys
}

// Sets reports whether every level of an axis sets a key.
func (a *Axis) Sets(key string) bool {
	return !slices.ContainsFunc(a.Levels, func(l Level) bool {
		return !slices.ContainsFunc(l.settings, func(s model.Setting) bool { return s.Key == key })
	})
}
