package model

import (
	"strconv"
	"strings"

	"budget/model/document"
)

// Evidence says how well a default is known.
type Evidence string

// The kinds of evidence, best first.
const (
	Documented Evidence = "documented" // the maker says so
	Measured   Evidence = "measured"   // a third party measured it
	Derived    Evidence = "derived"    // computed from such facts; the source names the recipe
	Reported   Evidence = "reported"   // an anecdote
	Assumed    Evidence = "assumed"    // ours, with the widest range
)

var evidenceKinds = []string{string(Documented), string(Measured), string(Derived),
	string(Reported), string(Assumed)}

// Parameter is one quantity of a scenario with its provenance, or a word.
type Parameter struct {
	Key       string    // path, such as "policy.levels" or "session.mindfulness.resign"
	Values    []float64 // SI; one unless the quantity is a list
	Word      string    // instead of values: "walking", "true"
	Unit      string    // as written; "1" for a plain number or a word
	Range     [2]float64
	HasRange  bool // Range says what to vary the quantity over [SI]
	RangeUnit string
	// Law is how likely which values are where the quantity is not known, as offsets where
	// Range is one. It is nil where the quantity is taken as known: where it has neither
	// range nor distribution, or where a scenario file sets a value without them.
	Law        *Law
	Evidence   Evidence
	Source     string
	Overridden bool // by a scenario file; then Evidence and Source are that file's
	// Default and Usual are the catalog's values or word, where overridden; of an entry that a
	// file adds, those of the entry that it is like, where the file gives others.
	Default []float64
	Usual   string
	// As is the id of the entry that an added one is like, or "every addition", where no file
	// sets the parameter; else "".
	As    string
	Place string // file:line:column of the override, or the flag

	catalog         *Parameter // what the catalog says, where overridden
	inherited       *Parameter // what it had from the entry that it is like, where a file sets it
	ownRange        bool       // the range is not the catalog's
	kind, rangeKind *Kind
	list            bool // of values
	role            Role
}

// IsWord reports whether the parameter is no quantity but a word, or true or false.
func (p *Parameter) IsWord() bool { return p.kind == kindWord || p.kind == kindBool }

// Role is what a keyed field of a scenario does to sessions. It is the field's tag "role",
// so that nothing has to list fields a second time.
type Role string

// The roles of fields.
const (
	Touching Role = ""     // the watch, and with it what happens on every path
	Rule     Role = "rule" // ends sessions and touches no watch
	Fact     Role = "fact" // is shown, and changes no answer
	Name     Role = "name" // tells scenarios or items of a list apart
)

// Kind returns what kind of quantity it is; a list is of several such.
func (p *Parameter) Kind() *Kind { return p.kind }

// Text returns the value in its unit, without it.
func (p *Parameter) Text() string { return p.text(p.Values, p.Word) }

// DefaultText returns the catalog's value in the unit of the override, "" where it has none.
func (p *Parameter) DefaultText() string { return p.text(p.Default, p.Usual) }

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

// outside reports whether an override leaves the range the catalog varies the
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

// LawText tells of the law for people, in the quantity's unit: "log-uniform, 0.05 to 5 /h";
// "" where the quantity is taken as known.
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

// VariedText writes a value of the law for people, with its unit and three digits.
func (p *Parameter) VariedText(x float64) string {
	unit := p.unitOf(p.variedUnit())
	number := numberOf(p.rangeKind.Format(x, unit))
	if exact, err := strconv.ParseFloat(number, 64); err == nil {
		short, _ := strconv.ParseFloat(strconv.FormatFloat(exact, 'g', 3, 64), 64)
		number = strconv.FormatFloat(short, 'g', -1, 64)
	}
	return strings.TrimSpace(number + " " + unit)
}

// variedUnit returns the unit that values of the law are written in.
func (p *Parameter) variedUnit() string {
	switch {
	case p.RangeUnit != "":
		return p.RangeUnit
	case p.rangeKind != p.kind:
		return "K"
	}
	return p.Unit
}

// spreadUnit returns the unit that differences of such values are written in.
func (p *Parameter) spreadUnit() string {
	if p.kind.celsius {
		return "K"
	}
	return p.variedUnit()
}

// Single tells whether the quantity can be varied by one number: whether it has a single
// value, or is a list that a common offset is added to.
func (p *Parameter) Single() bool { return !p.list || p.rangeKind != p.kind }

// VariedKind returns what kind of quantity the law is of: of the quantity itself, or of an
// offset.
func (p *Parameter) VariedKind() *Kind { return p.rangeKind }

// Varied returns the setting that gives the quantity a value of its law.
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

// element writes a value as a file would have it.
func (p *Parameter) element(x float64) *document.Element {
	unit := p.unitOf(p.Unit)
	if unit == "" {
		return &document.Element{Kind: document.Float, Text: p.kind.Format(x, "")}
	}
	return &document.Element{Kind: document.String, Text: p.kind.Format(x, unit)}
}

// Setting gives a key of a scenario another value: a quantity or a word, as a file
// has it.
type Setting struct {
	Key   string // path, such as "policy.levels" or "environment.shade.ambient_mean"
	At    document.Position
	Value *document.Element
}
