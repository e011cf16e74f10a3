package notation

import (
	"fmt"
	"strings"
	"unicode"
)

// Visible returns a text that others gave, such as a name or a path, as a terminal may show it:
// characters that move the cursor, change the direction of text or cannot be seen stand as \u and
// their number. Ends of lines stay.
func Visible(text string) string {
	if strings.IndexFunc(text, hidden) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if hidden(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hidden reports whether a character is a control character, or one of format, such as those for
// the direction of text and without width.
func hidden(r rune) bool {
	return r != '\n' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}
