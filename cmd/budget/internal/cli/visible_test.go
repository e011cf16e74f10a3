package cli

import (
	"strings"
	"testing"
)

// TestVisibleWriter: what reaches standard error is shown, also where a character comes in two
// writes; a line that is rewritten goes past it.
func TestVisibleWriter(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	w := &visibleWriter{to: &out}
	for _, part := range []string{"a\x1b[2J\xe2", "\x80", "\xae5 \xc2", "\xb0C\n", "\xff\x9b.\n"} {
		if n, err := w.Write([]byte(part)); n != len(part) || err != nil {
			t.Errorf("writing %q: %d, %v", part, n, err)
		}
	}
	if want := "a\\u001b[2J\\u202e5 °C\n\\xff\\x9b.\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
	if terminal(w) != &out || terminal(&out) != &out {
		t.Error("a line goes to another place")
	}
}

// TestPageShowsNames: what a page prints of a name moves no cursor, in a style or without.
func TestPageShowsNames(t *testing.T) {
	t.Parallel()
	const name = "\x1b[2Ja\nb\u202e[x](y)"
	for _, page := range []*Page{{width: 80}, {width: 80, colour: true}, {width: 80, Markdown: true}} {
		var out strings.Builder
		page.to = &out
		page.Printf("%s %v %d %.1f\n", page.Bold(name), struct{ s string }{name}, 5, 1.5)
		page.Wrap(name)
		page.notes([]string{name})
		left := strings.NewReplacer("\x1b[1m", "", "\x1b[2m", "", "\x1b[0m", "").Replace(out.String())
		if strings.ContainsAny(left, "\x1b\u202e") || strings.Contains(left, "a\nb") ||
			!strings.Contains(left, `\u001b[2Ja b`) || !strings.Contains(left, "5 1.5\n") {
			t.Errorf("colour %v, Markdown %v: %q", page.colour, page.Markdown, out.String())
		}
		if page.Markdown && !strings.Contains(left, `[x\](y)`) {
			t.Errorf("a live link in %q", out.String())
		}
	}
}
