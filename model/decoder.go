package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"budget/model/document"
)

// Problem is one thing wrong with a scenario file, and Problems everything.
type (
	Problem  = document.Problem
	Problems = document.Problems
)

// decoder reads a document into a scenario. It follows the scenario's struct tags, so that a
// quantity's key, type and limits stand in one place. It goes on after a problem, in order to
// report all at once.
type decoder struct {
	file       string
	catalog    bool // the document defines the scenario; otherwise it overrides one
	anyHorizon bool // horizons may be longer than the grid holds
	scenario   *Scenario
	places     map[string]document.Position // of every key the document sets
	problems   Problems
	counted    int             // further problems, which are only counted
	most       int             // problems to list; 0 for the usual number
	refused    map[string]bool // keys that the document sets to an invalid value
	defaults   func() *Scenario
	sharing    sharing // how the document means its shares
	sharesAt   document.Position
	remedy     string // ends the message about a value that is out of range
}

// sharing is the meaning of a file's shares of devices, environments and fits.
type sharing string

const (
	exactShares    sharing = "exact"    // they sum to 1 with those that the file does not give
	relativeShares sharing = "relative" // all, given or not, are divided by their sum
	givenShares    sharing = "given"    // those not given are 0; the others are divided by their sum
)

// provenance is the evidence and source of a table. They apply to its quantities that have none
// of their own.
type provenance struct{ evidence, source string }

// complain reports a problem. The decoder goes on.
func (d *decoder) complain(at document.Position, key, format string, args ...any) {
	if d.full() {
		d.counted++
		return
	}
	d.problems = append(d.problems, Problem{File: d.file, Line: at.Line, Column: at.Column, Key: key,
		Message: fmt.Sprintf(format, args...)})
}

// full reports whether further problems are only counted.
func (d *decoder) full() bool { return len(d.problems) >= document.ManyProblems }

// place writes a place in the file. A setting from a flag has no line.
func (d *decoder) place(at document.Position) string {
	if at.Line == 0 {
		return d.file
	}
	return fmt.Sprintf("%s:%d:%d", d.file, at.Line, at.Column)
}

// word reads a string. If allowed is not nil, it must be one of these words.
func (d *decoder) word(key string, e *document.Element, allowed []string) (text string, ok bool) {
	if e.Kind != document.String {
		d.complain(e.At, key, "expected text in quotes")
		return "", false
	}
	if allowed != nil && !slices.Contains(allowed, e.Text) {
		d.complain(e.At, key, "unknown word %s%s", document.Quote(e.Text), d.suggest(e.Text, allowed,
			"words"))
		return "", false
	}
	return e.Text, true
}

// scalar reads a quantity and checks its limits. A number without quotes is only valid for a
// dimensionless quantity.
func (d *decoder) scalar(key string, e *document.Element, kind *Kind, limits string) (si float64,
	unit string, ok bool) {
	switch e.Kind {
	case document.String, document.Integer, document.Float:
	default:
		d.complain(e.At, key, "expected %s, such as %s", kind.name, kind.example)
		return 0, "", false
	}
	si, unit, err := kind.Parse(e.Text)
	if err != nil {
		d.complain(e.At, key, "%s", err)
		return 0, "", false
	}
	if problem := checkLimits(si, kind, limits); problem != "" {
		d.complain(e.At, key, "%s is out of range: expected %s%s", show(e.Text), problem, d.remedy)
		return 0, "", false
	}
	if unit == "" {
		unit = "1"
	}
	return si, unit, true
}

// checkLimits returns the expected values if a value is outside its limits, else "".
func checkLimits(si float64, kind *Kind, limits string) string {
	if limits == "" {
		return ""
	}
	lowest, highest, low, high := limitsOf(kind, limits)
	above := si > lowest || si == lowest && limits[0] == '['
	below := si < highest || si == highest && limits[len(limits)-1] == ']'
	if above && below {
		return ""
	}
	words := map[byte]string{'[': "at least ", '(': "more than ", ']': "at most ", ')': "less than "}
	return fmt.Sprintf("%s, %s%s and %s%s", kind.name, words[limits[0]], low,
		words[limits[len(limits)-1]], high)
}

// suggest is the end of a message about an unknown word: the nearest known one, or all.
func (d *decoder) suggest(word string, known []string, what string) string {
	if d.full() {
		return ""
	}
	if best := Nearest(word, known); best != "" {
		return fmt.Sprintf(": did you mean %q?", best)
	}
	return fmt.Sprintf(": expected one of the %s: %s", what, strings.Join(known, ", "))
}

// limitsOf returns the ends of limits, which are an interval such as "(0 Ah, 10 Ah]", as SI
// values and as texts.
func limitsOf(kind *Kind, limits string) (lowest, highest float64, low, high string) {
	low, high, _ = strings.Cut(limits[1:len(limits)-1], ", ")
	lowest, _, errLow := kind.Parse(low)
	highest, _, errHigh := kind.Parse(high)
	if errLow != nil || errHigh != nil {
		panic("model: limits are not quantities: " + limits)
	}
	return lowest, highest, low, high
}

// record stores a parameter. An override keeps a reference to the catalog's.
func (d *decoder) record(p *Parameter, at document.Position) {
	old := d.scenario.find(p.Key)
	if !d.catalog {
		p.Overridden = true
		p.Place = d.place(at)
		if old != nil {
			p.catalog = old.catalog
			if !old.Overridden {
				p.catalog = old
			}
			if p.inherited = old.inherited; old.As != "" {
				p.inherited = old
			}
		}
		if p.catalog != nil {
			p.Default, p.Usual = p.catalog.Values, p.catalog.Word
			if !p.HasRange {
				p.Range, p.HasRange, p.RangeUnit = p.catalog.Range, p.catalog.HasRange, p.catalog.RangeUnit
			}
		}
		if p.inherited != nil {
			p.Default, p.Usual = p.inherited.Values, p.inherited.Word
		}
		if !p.IsWord() {
			p.Source = cmp.Or(p.Source, p.Place)
			p.Evidence = cmp.Or(p.Evidence, Assumed)
		}
	}
	// Parameters are shared between scenarios, so replace one and do not change it.
	if i := slices.Index(d.scenario.parameters, old); i >= 0 {
		d.scenario.parameters[i] = p
		return
	}
	d.scenario.parameters = append(d.scenario.parameters, p)
}

// Nearest returns the known word that most resembles a mistyped one, or "". One letter in three
// may be wrong; the catalog's words differ by more.
func Nearest(word string, known []string) string {
	best, distance := "", (len(word)+2)/3+1
	for _, k := range known {
		if len(word)-len(k) >= distance {
			continue // too long to be near: words from the user have any length
		}
		if n := editDistance(word, k); n < distance {
			best, distance = k, n
		}
	}
	return best
}

// editDistance is the Levenshtein distance.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
