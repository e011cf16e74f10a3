package sessioncaps

import (
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"unicode"

	"budget/internal/escape"
	"budget/internal/notation"
	"budget/sweep"
	"budget/sweep/starts"
)

//go:embed swift.tmpl
var swiftText string

// swiftTemplate returns the parsed template of the source.
var swiftTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("swift").Funcs(template.FuncMap{
		"line": oneLine, "doc": comment, "percent": percent, "quote": quoted,
	}).Parse(swiftText))
})

// swift is what the Swift source holds: the document, with the names of its cases.
type swift struct {
	*document
	Types      []swiftType
	Classes    []swiftClass
	Tolerances []swiftTolerance
}

type (
	swiftType struct {
		session
		Case, LimitName string
		Tables          []swiftTable
	}
	swiftClass     struct{ Case, ID, Devices string }
	swiftTolerance struct {
		Case  string
		Value float64
	}
	swiftTable struct {
		toleranceTable
		Case, Constant string
	}
)

// WriteSwift writes caps as Swift source: an enumeration SessionCaps with a function that
// looks a cap up. Whatever it does not know, it answers with nil.
func WriteSwift(w io.Writer, s *starts.Result) error {
	d := newDocument(s)
	out := swift{document: d}
	tolerances := d.Sessions[0].Tables // every session has the same
	for i, name := range identifiers(tolerances, func(t toleranceTable) string {
		return "percent" + strings.ReplaceAll(percent(t.Tolerance), ".", "_")
	}) {
		out.Tolerances = append(out.Tolerances, swiftTolerance{name, tolerances[i].Tolerance})
	}
	for i, name := range identifiers(d.Watches, func(c starts.WatchClass) string { return c.ID }) {
		var devices []string
		for _, device := range d.Watches[i].Devices {
			devices = append(devices, oneLine(device.Name))
		}
		if devices == nil {
			devices = []string{"No watch of the scenario's fleet"}
		}
		out.Classes = append(out.Classes, swiftClass{name, d.Watches[i].ID, strings.Join(devices, ", ")})
	}
	for i, name := range identifiers(d.Sessions, func(s session) string { return s.ID }) {
		t := swiftType{session: d.Sessions[i], Case: name}
		t.LimitName = notation.LimitName(sweep.Case{Session: t.ID, Limit: float64(t.Limit)})
		for j, table := range d.Sessions[i].Tables {
			t.Tables = append(t.Tables, swiftTable{table, out.Tolerances[j].Case,
				fmt.Sprintf("caps%dOf%d", j+1, i+1)})
		}
		out.Types = append(out.Types, t)
	}
	return swiftTemplate().Execute(w, out)
}

// percent writes a share in per cent, without the sign.
func percent(share float64) string { return strconv.FormatFloat(100*share, 'g', 6, 64) }

// oneLine makes text fit for a comment.
func oneLine(text string) string {
	return strings.Join(strings.Fields(escape.Line(text)), " ")
}

// comment writes text as a documentation comment, on lines of at most 96 bytes where words
// allow it.
func comment(indent int, text string) string {
	begin := strings.Repeat(" ", indent) + "///"
	var b strings.Builder
	line := begin
	for _, word := range strings.Fields(escape.Line(text)) {
		if line != begin && len(line)+1+len(word) > 96 {
			b.WriteString(line + "\n")
			line = begin
		}
		line += " " + word
	}
	return b.String() + line
}

// quoted writes a string literal.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case escape.Hidden(r):
			fmt.Fprintf(&b, "\\u{%X}", r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// identifiers makes the names of an enumeration's cases from ids: "self-care" is selfCare.
func identifiers[T any](of []T, id func(T) string) []string {
	var names []string
	for _, x := range of {
		name := identifier(id(x))
		if slices.Contains(members, name) {
			name += "_"
		}
		unique := name
		for number := 2; slices.Contains(names, unique); number++ {
			unique = fmt.Sprintf("%s_%d", name, number)
		}
		names = append(names, unique)
	}
	for i, name := range names {
		if slices.Contains(reserved, name) {
			names[i] = "`" + name + "`"
		}
	}
	return names
}

func identifier(id string) string {
	var b strings.Builder
	upper := false
	for _, r := range id {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_':
			if b.Len() == 0 && r >= '0' && r <= '9' {
				b.WriteByte('_')
			}
			if upper && b.Len() > 0 {
				r = unicode.ToUpper(r)
			}
			b.WriteRune(r)
			upper = false
		default:
			upper = true
		}
	}
	if b.Len() == 0 {
		return "other"
	}
	return b.String()
}

// reserved are words that name a case only in back quotes, members what no case may be
// named, since every such enumeration has it or the language means something else by it.
var (
	reserved = strings.Fields("associatedtype class deinit enum extension fileprivate func import " +
		"inout internal let open operator private precedencegroup protocol public rethrows static " +
		"struct subscript typealias var break case catch continue default defer do else fallthrough " +
		"for guard if in repeat return throw switch where while Any as await false is nil super throws " +
		"true try")
	members = strings.Fields("allCases rawValue hashValue hash self Self Type Protocol init")
)
