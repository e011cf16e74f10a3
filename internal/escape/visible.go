package escape

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Hidden reports whether a character is a control character, or one that cannot be seen: of the
// direction of text, without width, a separator of lines or paragraphs, or none of Unicode, which
// XML does not allow. Ends of lines and tabs are control characters.
func Hidden(r rune) bool {
	if r < unicode.MaxASCII {
		return r < ' '
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point)
}

// Visible returns a text as it may be shown: hidden characters stand as \u and their number, bytes
// that are no UTF-8 as \x and theirs. Ends of lines stay.
func Visible(text string) string {
	if !needs(text) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case r != '\n' && Hidden(r) && r > 0xffff:
			fmt.Fprintf(&b, `\U%08x`, r)
		case r != '\n' && Hidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteString(text[i : i+size])
		}
		i += size
	}
	return b.String()
}

// needs reports whether Visible changes a text.
func needs(text string) bool {
	plain := true
	for i := range len(text) {
		plain = plain && ' ' <= text[i] && text[i] < unicode.MaxASCII
	}
	return !plain && (!utf8.ValidString(text) ||
		strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && Hidden(r) }))
}

// Document is Visible of a whole document, such as HTML or SVG, which may have tabs.
func Document(text string) string {
	parts := strings.Split(text, "\t")
	for i := range parts {
		parts[i] = Visible(parts[i])
	}
	return strings.Join(parts, "\t")
}

// Line returns a text as it may be shown on one line, in the cell of a table for instance: as
// Visible, with spaces in place of ends of lines.
func Line(text string) string {
	return strings.ReplaceAll(Visible(strings.ReplaceAll(text, "\r\n", "\n")), "\n", " ")
}

// InName says what is wrong with a name, "" if nothing is: it has to be UTF-8 without hidden
// characters. The text follows the subject of a message.
func InName(name string) string {
	for i := 0; i < len(name); {
		r, size := utf8.DecodeRuneInString(name[i:])
		what := ""
		switch {
		case r == utf8.RuneError && size == 1:
			return fmt.Sprintf("has the byte %#02x, which is not UTF-8: expected text in UTF-8", name[i])
		case r == '\n' || r == '\r':
			what = "an end of line"
		case unicode.Is(unicode.Cc, r):
			what = fmt.Sprintf("the control character U+%04X", r)
		case unicode.Is(unicode.Bidi_Control, r):
			what = fmt.Sprintf("U+%04X, which changes the direction of text", r)
		case Hidden(r):
			what = fmt.Sprintf("U+%04X, which cannot be seen", r)
		}
		if what != "" {
			return "has " + what + ": expected visible text on one line"
		}
		i += size
	}
	return ""
}
