package model

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// Write writes a scenario file with everything that the scenario overrides and adds, including
// ranges, evidence and sources. Reading the file gives the same scenario. Added entries are
// written in full.
func (s *Scenario) Write(w io.Writer) error {
	f := fileText{lines: map[string][]string{}}
	for _, p := range s.Overrides() {
		f.add(p.Key, p.fileText())
	}
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "name = %s\n", quote(s.Name))
	for _, table := range f.tables {
		fmt.Fprintf(out, "\n%s\n%s\n", s.openTable(table), strings.Join(f.lines[table], "\n"))
	}
	return out.Flush()
}

// fileText collects the lines of a file by table.
type fileText struct {
	tables []string
	lines  map[string][]string
}

func (f *fileText) add(key, value string) {
	dot := strings.LastIndexByte(key, '.')
	table := key[:dot]
	if f.lines[table] == nil {
		f.tables = append(f.tables, table)
	}
	f.lines[table] = append(f.lines[table], key[dot+1:]+" = "+value)
}

// fileText writes a quantity to the last digit, or a word, as in a file.
func (p *Parameter) fileText() string {
	switch p.kind {
	case kindWord:
		return quote(p.Word)
	case kindBool:
		return p.Word
	}
	write := func(kind *Kind, values []float64, written string, list bool) string {
		var parts []string
		for _, x := range values {
			text := kind.exact(x, p.unitOf(written))
			if written != "1" {
				text = quote(text)
			}
			parts = append(parts, text)
		}
		if !list {
			return parts[0]
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	text := "{ value = " + write(p.kind, p.Values, p.Unit, p.list)
	// Without a range a file gets the catalog's, which may not contain the value.
	if p.ownRange {
		text += ", range = " + write(p.rangeKind, p.Range[:], p.RangeUnit, true)
	}
	// A range without a distribution implies this law.
	if l := p.Law; l != nil && !(p.ownRange && l.Kind == lawOfRange(p.Range[0], p.Range[1]).Kind) {
		text += ", distribution = " + quote(string(l.Kind))
		switch l.Kind {
		case Normal:
			text += ", sd = " + write(p.rangeKind.Steps(), []float64{l.Spread}, p.spreadUnit(), false)
		case Lognormal:
			text += ", sigma = " + write(KindNumber, []float64{l.Spread}, "1", false)
		case Discrete:
			text += ", cases = " + write(p.rangeKind, l.Cases, p.variedUnit(), true) + ", weights = " +
				write(KindNumber, l.Weights, "1", true)
		}
	}
	return fmt.Sprintf("%s, evidence = %s, source = %s }", text, quote(string(p.Evidence)),
		quote(p.Source))
}

// exact writes an SI value like Format, or with all digits if Format's text is read as another
// number.
func (k *Kind) exact(si float64, written string) string {
	text := k.Format(si, written)
	if again, _, err := k.Parse(text); err == nil && again == si {
		return text
	}
	u, err := parseUnit(written)
	if k.celsius || err != nil {
		return strconv.FormatFloat(si, 'g', -1, 64) + " degC"
	}
	return strings.TrimSpace(strconv.FormatFloat(si*u.den/u.num, 'g', -1, 64) + " " + written)
}

// openTable writes the lines that open the table with a path.
func (s *Scenario) openTable(path string) string {
	text := "[" + path + "]"
	for _, list := range lists {
		if id, ok := strings.CutPrefix(path, list+"."); ok {
			text = fmt.Sprintf("[[%s]]\nid = %s", list, quote(id))
		}
	}
	if slices.Contains(s.added, path) {
		text += "\nnew = true"
	}
	return text
}

// quote quotes a string for TOML. JSON strings are valid TOML strings.
func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic("model: a string cannot be quoted: " + err.Error())
	}
	return strings.TrimSuffix(b.String(), "\n")
}
