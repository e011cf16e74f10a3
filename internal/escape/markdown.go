package escape

import (
	"strings"
	"unicode"
)

// Markdown returns a text that Markdown shows as it is, on one line: in a paragraph, a list, a
// heading or a cell of a table, with no markup, HTML or link, and nobody mentioned.
func Markdown(text string) string {
	text = Line(text)
	for strings.HasPrefix(text, "    ") { // which would make it code
		text = text[1:]
	}
	var b strings.Builder
	start := startOfBlock(text)
	opens := len(text) - len(strings.TrimLeft(text, " "))
	before := ' '
	for i, r := range text {
		rest := text[i+len(string(r)):]
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '@' && (word(before) || startsWord(rest)):
			// An empty comment keeps it from being an address of mail or a mention of somebody;
			// a backslash does not.
			b.WriteString("@<!-- -->")
		case i == start, strings.ContainsRune("\\`*|~$", r),
			r == '[' && (i == opens || before == '!' || strings.HasPrefix(rest, "^")),
			r == ']' && rest != "" && strings.ContainsRune("([:", rune(rest[0])),
			r == '_' && !(word(before) && startsWord(rest)), // start_level emphasizes nothing
			r == ':' && strings.HasPrefix(rest, "//"),       // http://… is a link by itself
			r == '#' && before == ' ',                       // at the end of a heading it would close it
			r == '.' && i >= 3 && strings.EqualFold(text[i-3:i], "www"):
			b.WriteByte('\\')
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

func word(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// startsWord reports whether a text begins with a letter or a digit.
func startsWord(text string) bool {
	for _, r := range text {
		return word(r)
	}
	return false
}

// startOfBlock returns the place of the character that would make a heading, a quotation, a list
// or a rule of the line, or of the line above it the head of a table, or -1.
func startOfBlock(text string) int {
	line := strings.TrimLeft(text, " ")
	rest := strings.TrimLeft(line, "0123456789")
	if rest == "" {
		return -1
	}
	ends := len(rest) == 1 || rest[1] == ' '
	switch marks := rest[0]; {
	case len(rest) == len(line) && (marks == '#' || marks == '>' || marks == '=' ||
		(marks == '+' || marks == '-') && (ends || rest[1] == '-') ||
		strings.Trim(rest, "-: ") == ""),
		len(rest) < len(line) && (marks == '.' || marks == ')') && ends:
		return len(text) - len(rest)
	}
	return -1
}

// MarkdownCode returns a text as code in Markdown; with a bar, which code cannot have in tables, as
// other text.
func MarkdownCode(text string) string {
	text = Line(text)
	if strings.Contains(text, "|") || strings.Trim(text, " ") == "" {
		return Markdown(text)
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		text = " " + text + " "
	}
	return fence + text + fence
}
