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

// TestWindows1252 codes characters of every part of the code page, and one that it lacks.
func TestWindows1252(t *testing.T) {
	for r, want := range map[rune]byte{'a': 'a', '€': 0x80, '‚': 0x82, '–': 0x96, '“': 0x93, 'Ÿ': 0x9f,
		'\u00a0': 0xa0, '°': 0xb0, '×': 0xd7, 'é': 0xe9, 'ÿ': 0xff, '→': '?', 'π': '?'} {
		if got := windows1252(r); got != want {
			t.Errorf("%q has the code %#x, want %#x", r, got, want)
		}
	}
}

func TestRoundUp(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]float64{0.0135: 0.015, 0.09: 0.1, 1: 1, 61: 80} {
		if got := RoundUp(v); got != want {
			t.Errorf("RoundUp(%g) = %g, want %g", v, got, want)
		}
	}
}
