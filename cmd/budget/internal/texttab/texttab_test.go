package texttab_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"budget/cmd/budget/internal/texttab"
)

func sample() *texttab.Table {
	t := &texttab.Table{Columns: []texttab.Column{
		{Title: "Name"}, {Title: "Size", Right: true}, {Title: "Between", Span: 2, Drop: 1}, {Drop: 2},
		{Title: "Source", Wrap: 8},
	}}
	t.Heading(texttab.Cell{Text: "The first:"},
		texttab.Cell{Text: "a heading that is longer than its table"})
	t.Texts("one", "1", "0", "(to 2)", "the first of them all")
	t.Row(texttab.Cell{Text: "eleven"}, texttab.Cell{Text: "11"},
		texttab.Cell{Text: "everything", Span: 2}, texttab.Cell{Text: "a list"})
	return t
}

func ExampleTable() {
	sample().Write(os.Stdout, 60, false)
	// Output:
	// Name    Size  Between     Source
	// The first: a heading that is longer than its table
	// one        1  0  (to 2)   the first of them all
	// eleven    11  everything  a list
}

func ExampleTable_narrow() {
	dropped, _ := sample().Write(os.Stdout, 24, false)
	os.Stdout.WriteString("no room for " + strings.Join(dropped, ", ") + "\n")
	// Output:
	// Name    Size  Source
	// The first: a heading
	// that is longer than its
	// table
	// one        1  the first
	//               of them
	//               all
	// eleven    11  a list
	// no room for Between
}

func ExampleTable_Markdown() {
	t := texttab.New("Name", ">Size")
	t.Texts("a|b", "1")
	t.Texts("c", "11 %")
	t.Markdown(os.Stdout)
	// Output:
	// | Name | Size |
	// | ---- | ---: |
	// | a\|b |    1 |
	// | c    | 11 % |
}

// TestWrap checks that wrapping keeps the width and loses nothing but spaces.
func TestWrap(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`([a-zäö]{0,12} ?){0,12}`).Draw(t, "text")
		width := rapid.IntRange(1, 30).Draw(t, "width")
		lines := texttab.Wrap(text, width)
		for _, line := range lines {
			if n := len([]rune(line)); n > width {
				t.Fatalf("line %q has %d characters, want at most %d", line, n, width)
			}
		}
		got := strings.ReplaceAll(strings.Join(lines, ""), " ", "")
		if want := strings.ReplaceAll(text, " ", ""); got != want {
			t.Fatalf("wrapped to %q, lost of %q", lines, text)
		}
	})
}

func TestColour(t *testing.T) {
	t.Parallel()
	table := &texttab.Table{Columns: []texttab.Column{{Title: "A"}, {Title: "B"}}}
	table.Row(texttab.Cell{Text: "x", Style: texttab.Bold}, texttab.Cell{Text: "y"})
	var plain, painted strings.Builder
	table.Write(&plain, 40, false)
	table.Write(&painted, 40, true)
	if strings.Contains(plain.String(), "\x1b") ||
		!strings.Contains(painted.String(), "\x1b[1mx\x1b[0m") {
		t.Errorf("plain %q, painted %q", plain.String(), painted.String())
	}
	stripped := strings.NewReplacer("\x1b[0m", "", "\x1b[1m", "", "\x1b[2m",
		"").Replace(painted.String())
	if stripped != plain.String() {
		t.Errorf("colour moves the text: %q, want %q", stripped, plain.String())
	}
	if lines := strings.Split(plain.String(), "\n"); slices.ContainsFunc(lines,
		func(l string) bool { return strings.HasSuffix(l, " ") }) {
		t.Errorf("trailing spaces in %q", lines)
	}
}
