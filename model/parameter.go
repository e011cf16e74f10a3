package model

import (
	"fmt"
	"slices"
	"strings"
)

// Parameter is one quantity of a scenario with its provenance.
type Parameter struct {
	Key       string    // path, such as "policy.levels" or "session.mindfulness.resign"
	Values    []float64 // SI; one unless the quantity is a list
	Unit      string    // as written; "1" for a plain number
	Range     [2]float64
	HasRange  bool // Range says what to vary the quantity over [SI]
	RangeUnit string
	// Law is how likely which values are where the quantity is not known, as offsets where
	// Range is one. It is nil where the quantity is taken as known: where it has neither
	// range nor distribution, or where a scenario file sets a value without them.
	Law        *Law
	Evidence   Evidence
	Source     string
	Overridden bool      // by a scenario file; then Evidence and Source are that file's
	Default    []float64 // the catalog's values, where overridden
	Place      string    // file:line:column of the override

	catalog         *Parameter // what the catalog says, where overridden
	ownRange        bool       // the range is not the catalog's
	kind, rangeKind *Kind
	list            bool // of values
}

// Kind returns what kind of quantity it is; a list is of several such.
func (p *Parameter) Kind() *Kind { return p.kind }

// Text returns the value in its unit, without it.
func (p *Parameter) Text() string { return p.text(p.Values) }

// DefaultText returns the catalog's value in the unit of the override.
func (p *Parameter) DefaultText() string { return p.text(p.Default) }

// RangeText returns the range in its unit, without it, or "".
func (p *Parameter) RangeText() string {
	if !p.HasRange {
		return ""
	}
	low := numberOf(p.rangeKind.Format(p.Range[0], p.unitOf(p.RangeUnit)))
	high := numberOf(p.rangeKind.Format(p.Range[1], p.unitOf(p.RangeUnit)))
	text := low + " to " + high
	if p.rangeKind != p.kind {
		text = "offset " + text
	}
	return text
}

func (p *Parameter) text(values []float64) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = numberOf(p.kind.Format(v, p.unitOf(p.Unit)))
	}
	return strings.Join(parts, ", ")
}

func (p *Parameter) unitOf(written string) string {
	if written == "1" {
		return ""
	}
	return written
}

// numberOf cuts the unit off a formatted quantity.
func numberOf(text string) string {
	number, _, _ := strings.Cut(text, " ")
	return number
}

// outside tells whether an override leaves the range the catalog varies the
// quantity over. A range of another kind is an offset to the default.
func (p *Parameter) outside() bool {
	if p.catalog == nil || !p.catalog.HasRange {
		return false
	}
	low, high := p.catalog.Range[0], p.catalog.Range[1]
	for i, v := range p.Values {
		if p.rangeKind != p.kind {
			v -= p.catalog.Values[i]
		}
		// The slack takes up the rounding of unit factors and of the offset.
		if slack := 1e-9 * (high - low); v < low-slack || v > high+slack {
			return true
		}
	}
	return false
}

// Parameters returns every quantity with its provenance, in the catalog's order.
func (s *Scenario) Parameters() []*Parameter { return slices.Clone(s.parameters) }

// Overrides returns the quantities a scenario file has set.
func (s *Scenario) Overrides() []*Parameter {
	var set []*Parameter
	for _, p := range s.parameters {
		if p.Overridden {
			set = append(set, p)
		}
	}
	return set
}

// Warnings says which overrides leave the range their catalog entry says to
// vary the quantity over. They are allowed; a planner should know.
func (s *Scenario) Warnings() []string {
	var warnings []string
	for _, p := range s.parameters {
		if p.outside() {
			warnings = append(warnings, fmt.Sprintf("%s: %s: %s is outside the range the catalog varies it over (%s)",
				p.Place, p.Key, strings.TrimSpace(p.Text()+" "+p.unitOf(p.Unit)), strings.TrimSpace(p.catalog.RangeText()+" "+p.unitOf(p.catalog.RangeUnit))))
		}
	}
	return warnings
}

// Parameter returns the quantity with a key, or nil.
func (s *Scenario) Parameter(key string) *Parameter {
	for _, p := range s.parameters {
		if p.Key == key {
			return p
		}
	}
	return nil
}
