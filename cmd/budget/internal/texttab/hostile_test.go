package texttab

import (
	"strings"
	"testing"
)

// TestHostileTexts: a text in a table moves no cursor, and makes no link or image in Markdown.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	table := New("Name")
	table.Texts("\x1b[2J![x](http://example.org/y)\u202e<img>")
	table.Row(Cell{Text: "a\rb\u200b"})
	table.Title("\u009b31m")
	var text, markdown strings.Builder
	table.Write(&text, 80, false)
	if err := table.Markdown(&markdown); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(text.String()+markdown.String(), "\x1b\r\u202e\u200b\u009b") {
		t.Errorf("raw characters:\n%q\n%q", text.String(), markdown.String())
	}
	if !strings.Contains(markdown.String(), `!\[x\](http\://`) ||
		strings.Contains(markdown.String(), "<img") {
		t.Errorf("live Markdown: %s", markdown.String())
	}
}
