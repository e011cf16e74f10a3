package model

import (
	"strconv"
	"strings"

	"budget/model/document"
)

// Evidence is how well a value is known.
type Evidence string

// The kinds of evidence, best first.
const (
	Documented Evidence = "documented" // the maker documents it
	Measured   Evidence = "measured"   // a third party measured it
	Derived    Evidence = "derived"    // computed from such facts; the source names the recipe
	Reported   Evidence = "reported"   // an anecdote
	Assumed    Evidence = "assumed"    // ours, with the widest range
)

var evidenceKinds = []string{string(Documented), string(Measured), string(Derived),
	string(Reported), string(Assumed)}

// Parameter is a quantity of a scenario, or a word, with its provenance.
type Parameter struct {
	Key       string    // path, such as "policy.levels" or "session.mindfulness.resign"
	Values    []float64 // SI; a single one unless the quantity is a list
	Word      string    // set instead of values: "walking", "true"
	Unit      string    // as written; "1" for a plain number or a word
	Range     [2]float64
	HasRange  bool // Range is the interval to vary the quantity over [SI]
	RangeUnit string
	// Law is the probability law of an uncertain quantity, of an offset if Range is one. It is nil
	// if the quantity is known: without range and distribution, or if a scenario file sets a value
	// without them.
	Law        *Law
	Evidence   Evidence
	Source     string
	Overridden bool // by a scenario file; Evidence and Source are then the file's
	// Default and Usual are the values or the word before an override: the catalog's. For an entry
	// that a file adds they are those of the entry it copies.
	Default []float64
	Usual   string
	// As is the id of the entry that an added entry copies, or "every addition", if no file sets
	// this parameter; else "".
	As    string
	Place string // file:line:column of the override, or the flag's name

	catalog         *Parameter // the catalog's parameter, if overridden
	inherited       *Parameter // the copied entry's parameter, if a file sets this one
	ownRange        bool       // the range is not the catalog's
	kind, rangeKind *Kind
	list            bool // has a list of values
	role            Role
}

// IsWord reports whether the parameter is a word or a truth value instead of a quantity.
func (p *Parameter) IsWord() bool { return p.kind == kindWord || p.kind == kindBool }

// Role is how a keyed field of a scenario affects sessions. It is the field's tag "role", so
// that the fields need not be listed a second time.
type Role string

// The roles of fields.
const (
	Touching Role = ""     // affects the watch, and so all that happens on a path
	Rule     Role = "rule" // ends sessions and does not affect the watch
	Fact     Role = "fact" // is only shown; changes no answer
	Name     Role = "name" // identifies the scenario or an item of a list
)

// Kind returns the kind of the quantity, or of the elements of a list.
func (p *Parameter) Kind() *Kind { return p.kind }

// Text returns the value in the parameter's unit, without the unit.
func (p *Parameter) Text() string { return p.text(p.Values, p.Word) }

// DefaultText returns the default in the unit of the override, or "" if there is no default.
func (p *Parameter) DefaultText() string { return p.text(p.Default, p.Usual) }

// RangeText returns the range in its unit, without the unit, or "" if there is no range.
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

func (p *Parameter) text(values []float64, word string) string {
	if p.IsWord() {
		return word
	}
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

// outside reports whether an override is outside the catalog's range. A range of a different
// kind is an offset to the default.
func (p *Parameter) outside() bool {
	if p.catalog == nil || !p.catalog.HasRange {
		return false
	}
	low, high := p.catalog.Range[0], p.catalog.Range[1]
	for i, v := range p.Values {
		if p.rangeKind != p.kind {
			v -= p.catalog.Values[i]
		}
		// The slack allows for the rounding of unit factors and of the offset.
		if slack := 1e-9 * (high - low); v < low-slack || v > high+slack {
			return true
		}
	}
	return false
}

// LawText describes the law in the quantity's unit, such as "log-uniform, 0.05 to 5 /h". It
// returns "" if the quantity is known.
func (p *Parameter) LawText() string {
	l := p.Law
	if l == nil {
		return ""
	}
	text := string(l.Kind) + ", "
	if p.rangeKind != p.kind {
		text += "offset "
	}
	low, high := l.Ends()
	switch l.Kind {
	case Discrete:
		for i, x := range l.Cases {
			if i > 0 {
				text += ", "
			}
			text += p.VariedText(x) + " (" + strconv.FormatFloat(100*l.Weights[i], 'g', 3, 64) + " %)"
		}
		return text
	case Normal, Lognormal:
		text += "90 % in "
	}
	return text + numberOf(p.VariedText(low)) + " to " + p.VariedText(high)
}

// VariedText writes a value of the law with its unit, to three digits.
func (p *Parameter) VariedText(x float64) string {
	unit := p.unitOf(p.variedUnit())
	number := numberOf(p.rangeKind.Format(x, unit))
	if exact, err := strconv.ParseFloat(number, 64); err == nil {
		short, _ := strconv.ParseFloat(strconv.FormatFloat(exact, 'g', 3, 64), 64)
		number = strconv.FormatFloat(short, 'g', -1, 64)
	}
	return strings.TrimSpace(number + " " + unit)
}

// variedUnit returns the unit of the law's values.
func (p *Parameter) variedUnit() string {
	switch {
	case p.RangeUnit != "":
		return p.RangeUnit
	case p.rangeKind != p.kind:
		return "K"
	}
	return p.Unit
}

// spreadUnit returns the unit of differences between the law's values.
func (p *Parameter) spreadUnit() string {
	if p.kind.celsius {
		return "K"
	}
	return p.variedUnit()
}

// Single reports whether one number can vary the quantity: it is a single value, or a list with
// a common offset.
func (p *Parameter) Single() bool { return !p.list || p.rangeKind != p.kind }

// VariedKind returns the kind of the law's values: that of the quantity, or that of an offset.
func (p *Parameter) VariedKind() *Kind { return p.rangeKind }

// Varied returns the setting for a value x of the law [SI].
func (p *Parameter) Varied(x float64) Setting {
	if p.rangeKind == p.kind {
		return Setting{Key: p.Key, Value: p.element(x)}
	}
	list := &document.Element{Kind: document.Array}
	for _, v := range p.Values {
		list.Items = append(list.Items, p.element(v+x))
	}
	return Setting{Key: p.Key, Value: list}
}

// Scaled returns the setting that multiplies every value of the quantity by a factor.
func (p *Parameter) Scaled(factor float64) Setting {
	if !p.list {
		return Setting{Key: p.Key, Value: p.element(p.Values[0] * factor)}
	}
	list := &document.Element{Kind: document.Array}
	for _, v := range p.Values {
		list.Items = append(list.Items, p.element(v*factor))
	}
	return Setting{Key: p.Key, Value: list}
}

// element returns a value as an element of a file.
func (p *Parameter) element(x float64) *document.Element {
	unit := p.unitOf(p.Unit)
	if unit == "" {
		return &document.Element{Kind: document.Float, Text: p.kind.Format(x, "")}
	}
	return &document.Element{Kind: document.String, Text: p.kind.Format(x, unit)}
}

// Setting sets a key of a scenario to another value, a quantity or a word, like a line of a
// scenario file.
type Setting struct {
	Key   string // path, such as "policy.levels" or "environment.shade.ambient_mean"
	At    document.Position
	Value *document.Element
}
