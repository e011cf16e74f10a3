package figure

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestWrapBreaksLongWords(t *testing.T) {
	t.Parallel()
	const width = 60
	for _, text := range []string{"a session-whose-name-is-one-word of its own", strings.Repeat("ü",
		80), "short words alone"} {
		lines := Note.Wrap(text, width)
		for _, line := range lines {
			if Note.Width(line) > width || !utf8.ValidString(line) {
				t.Errorf("%q is too wide, or no text", line)
			}
		}
		if got, want := strings.Join(lines, ""), strings.ReplaceAll(text, " ",
			""); strings.ReplaceAll(got, " ", "") != want {
			t.Errorf("%q became %q", text, lines)
		}
	}
}
