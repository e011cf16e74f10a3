package document

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"budget/internal/escape"
)

// Problem is an error in a file with its place.
type Problem struct {
	File         string
	Line, Column int    // from 1; 0 if it concerns the whole file
	Key          string // the offending key's path, such as "environment.shade.share"
	Message      string // what is wrong and what is expected

	more int // of the entry that stands for further problems: their number
}

// Error writes the problem as "file:line:column: key: message", on one line that can be seen.
func (p Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	b.WriteString(": ")
	if p.Key != "" {
		b.WriteString(p.Key + ": ")
	}
	b.WriteString(p.Message)
	return escape.Line(b.String())
}

// Problems lists all errors in a file, in the file's order.
type Problems []Problem

// Error writes one problem per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// MostListed is the number of problems that a list names.
const MostListed = 20

// ManyProblems is the number of problems after which a reader need not say what is wrong with
// further ones, but may count them.
const ManyProblems = 5 * MostListed

// Listed returns problems in the order of places, each once: the first most of them, and then an
// entry that says how many more there are, with those that were only counted.
func (ps Problems) Listed(most, counted int) Problems {
	var out Problems
	for _, p := range ps {
		if counted += p.more; p.more == 0 {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	out = slices.Compact(out)
	if len(out) > most {
		counted += len(out) - most
		out = out[:most]
	}
	if counted > 0 {
		message := fmt.Sprintf("and %d more problems", counted)
		if counted == 1 {
			message = "and 1 more problem"
		}
		out = append(out, Problem{File: ps[0].File, Message: message, more: counted})
	}
	return out
}
