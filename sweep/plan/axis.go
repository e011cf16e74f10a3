package plan

import (
	"slices"
	"strings"

	"budget/model"
	"budget/model/document"
)

// Keys that a plan can set beside those of a scenario: what is simulated on.
const (
	KeyDevice      = "device"
	KeyEnvironment = "environment"
	KeyStartLevel  = "start_level"
)

var CaseKeys = []string{KeyDevice, KeyEnvironment, KeyStartLevel}

// Axis is one way in which a plan varies its base scenario: a list of levels, of which
// every cell takes one. Lists, ranges, zipped keys, named cases, designs and records of
// a file are all such lists.
type Axis struct {
	Name    string
	Columns []Column // that tables have for the axis
	Levels  []Level
}

// Level is what an axis sets at one of its places.
type Level struct {
	Label    string
	Values   []any // by column: float64 or string
	settings []model.Setting
}

// Column is a column of tables: its name, with the unit where it holds numbers, and what
// it is.
type Column struct {
	Name    string
	Number  bool
	Meaning string
	Title   string // for people, without the unit
	Unit    string // of numbers; "" for parts of 1
	key     string // that it is of; "" for a name of cases or records
}

// onCase reports whether tables have the column anyway, as what a cell is simulated on.
func (c Column) onCase() bool { return c.Name == c.key && slices.Contains(CaseKeys, c.Name) }

// valueOf returns the value of a quantity, which may be a table with its provenance.
func valueOf(e *document.Element) *document.Element {
	if e.Kind == document.Table {
		if v := e.Lookup("value"); v != nil {
			return v
		}
	}
	return e
}

// labelOf writes a value as people would.
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

// columnName turns a name into one that a spreadsheet, pandas and SQL take as it is.
func columnName(name string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' {
			return c
		}
		return '_'
	}, name)
}

// Keys lists what the levels of an axis set.
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
