package cli

import (
	"fmt"
	"io"
	"reflect"
	"slices"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/escape"
	"budget/internal/finite"
)

// Format is a form of an answer.
type Format string

// The forms. Table and Markdown are for people.
const (
	FormatTable    Format = "table"
	FormatCSV      Format = "csv"
	FormatJSON     Format = "json"
	FormatMarkdown Format = "md"
)

// Formats lists the forms in the order of the help.
func Formats() []Format { return []Format{FormatTable, FormatCSV, FormatJSON, FormatMarkdown} }

// Answer is what a command prints on standard output, in every form that its flags allow.
type Answer struct {
	CSV, JSON func(io.Writer) error
	Page      func(*Page)
	// Markdown, if not nil, stands in place of the page.
	Markdown func(io.Writer) error
	// Notes are the small print under the page, at most three: how to read it and what it
	// rests on.
	Notes []string
	// Explain are further notes, printed after the others with --explain.
	Explain []string
}

// Rows is an answer for programs: the same rows as CSV, JSON and Markdown.
func Rows(r *Records) Answer {
	return Answer{CSV: r.WriteCSV, JSON: JSON(r), Markdown: r.writeMarkdown}
}

// JSON returns what writes a document, indented. Numbers that are not finite are null.
func JSON(document any) func(io.Writer) error {
	return func(w io.Writer) error { return finite.Write(w, document) }
}

// write writes an answer in a form for programs or in Markdown.
func (a *Answer) write(w io.Writer, form Format, width int, explain, quiet bool) error {
	switch {
	case form == FormatCSV:
		return a.CSV(w)
	case form == FormatJSON:
		return a.JSON(w)
	case a.Markdown != nil:
		return a.Markdown(w)
	}
	a.print(&Page{to: w, width: width, Markdown: true}, explain, quiet)
	return nil
}

func (a *Answer) print(p *Page, explain, quiet bool) {
	a.Page(p)
	if notes := a.notes(explain); !quiet && notes != nil {
		p.notes(notes)
	}
}

// notes returns the notes to print: all of them, or the first with a word on the others.
func (a *Answer) notes(explain bool) []string {
	switch {
	case explain:
		return slices.Concat(a.Notes, a.Explain)
	case len(a.Explain) == 0:
		return a.Notes
	case len(a.Notes) == 0:
		return []string{explainMore}
	}
	notes := slices.Clone(a.Notes)
	notes[len(notes)-1] += " " + explainMore
	return notes
}

// explainMore ends notes of which some are left out.
const explainMore = "--explain says more."

// Page is an answer for people: lines and tables. Nothing that writes to it reports
// errors: the program keeps the first one of standard output.
type Page struct {
	to       io.Writer
	width    int
	colour   bool
	Markdown bool
}

// Printf writes text. Its arguments are shown, whatever they hold; the format is taken as it is.
func (p *Page) Printf(format string, args ...any) {
	shown := make([]any, len(args))
	for i, arg := range args {
		shown[i] = p.shown(arg)
	}
	fmt.Fprintf(p.to, format, shown...)
}

// shown returns an argument of Printf: numbers as they are, texts as the page may have them.
func (p *Page) shown(arg any) any {
	if painted, ok := arg.(Painted); ok {
		return painted.text
	}
	switch kind := reflect.ValueOf(arg).Kind(); {
	case kind == reflect.Bool, kind >= reflect.Int && kind <= reflect.Float64:
		return arg
	}
	return p.text(fmt.Sprint(arg))
}

// text returns a text as the page may have it, on one line.
func (p *Page) text(text string) string {
	if p.Markdown {
		return escape.Markdown(text)
	}
	return escape.Line(text)
}

// Painted is text in a style, as a page has it.
type Painted struct{ text string }

// Bold makes text stand out where the terminal can.
func (p *Page) Bold(text string) Painted { return p.Paint(texttab.Bold, text) }

// Paint gives text a style where the terminal can show it.
func (p *Page) Paint(style texttab.Style, text string) Painted {
	text = p.text(text)
	if p.colour {
		text = style.Paint(text)
	}
	return Painted{text}
}

// Wrap writes text on lines of the terminal's width.
func (p *Page) Wrap(text string) { p.WrapStyled(texttab.Plain, text) }

// WrapStyled is Wrap in a style.
func (p *Page) WrapStyled(style texttab.Style, text string) {
	for _, line := range texttab.Wrap(escape.Line(text), p.width) {
		p.Printf("%s\n", p.Paint(style, line))
	}
}

// Table writes a table.
func (p *Page) Table(t *texttab.Table) {
	if p.Markdown {
		t.Markdown(p.to)
		return
	}
	t.Write(p.to, p.width, p.colour)
}

func (p *Page) notes(notes []string) {
	p.Printf("\n")
	for _, note := range notes {
		if p.Markdown {
			p.Printf("%s\n\n", note)
		} else {
			p.WrapStyled(texttab.Dim, note)
		}
	}
}
