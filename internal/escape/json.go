package escape

import (
	"bytes"
	"fmt"
	"unicode/utf16"
)

// JSON returns a document of JSON whose texts are the same, with their hidden characters escaped.
// encoding/json escapes only those that JSON does not allow.
func JSON(document []byte) []byte {
	hidden := func(r rune) bool { return r > ' ' && Hidden(r) } // below are those of its layout
	if bytes.IndexFunc(document, hidden) < 0 {
		return document
	}
	var b bytes.Buffer
	for _, r := range string(document) {
		switch high, low := utf16.EncodeRune(r); {
		case !hidden(r):
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.Bytes()
}
