package sessioncaps

import (
	"fmt"
	"strconv"
	"strings"

	"budget/internal/escape"
)

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
