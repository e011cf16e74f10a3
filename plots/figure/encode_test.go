package figure

import "testing"

// TestWindows1252 codes characters of every part of the code page, and one that it lacks.
func TestWindows1252(t *testing.T) {
	for r, want := range map[rune]byte{'a': 'a', '€': 0x80, '‚': 0x82, '–': 0x96, '“': 0x93, 'Ÿ': 0x9f,
		'\u00a0': 0xa0, '°': 0xb0, '×': 0xd7, 'é': 0xe9, 'ÿ': 0xff, '→': '?', 'π': '?'} {
		if got := windows1252(r); got != want {
			t.Errorf("%q has the code %#x, want %#x", r, got, want)
		}
	}
}
