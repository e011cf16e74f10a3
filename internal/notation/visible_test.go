package notation

import "testing"

func TestVisible(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Größe 5 °C":            "Größe 5 °C",
		"two\nlines":            "two\nlines",
		"\x1b[31mred\x07":       `\u001b[31mred\u0007`,
		"\u202egnirts\u2066\r":  `\u202egnirts\u2066\u000d`,
		"zero\u200bwidth\u2028": `zero\u200bwidth\u2028`,
		"\u009b2J":              `\u009b2J`,
	} {
		if got := Visible(text); got != want {
			t.Errorf("Visible(%q) = %q, want %q", text, got, want)
		}
	}
}
