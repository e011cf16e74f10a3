package cli

import (
	"bytes"
	"io"
	"unicode/utf8"

	"budget/internal/escape"
)

// visibleWriter is standard error: all that is written to it is shown, and nothing is obeyed by
// the terminal. What a page writes to standard output is shown by the page, because other forms of
// an answer must pass as they are.
type visibleWriter struct {
	to   io.Writer
	rest []byte // the start of a character whose end has not come
}

func (w *visibleWriter) Write(data []byte) (int, error) {
	text := append(w.rest, data...)
	whole := len(text)
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if c := text[len(text)-n]; utf8.RuneStart(c) {
			if !utf8.FullRune(text[len(text)-n:]) {
				whole -= n
			}
			break
		}
	}
	w.rest = bytes.Clone(text[whole:])
	if _, err := io.WriteString(w.to, escape.Visible(string(text[:whole]))); err != nil {
		return 0, err
	}
	return len(data), nil
}

// terminal returns what a line that is rewritten goes to, which has control characters of its own.
func terminal(w io.Writer) io.Writer {
	if w, ok := w.(*visibleWriter); ok {
		return w.to
	}
	return w
}
