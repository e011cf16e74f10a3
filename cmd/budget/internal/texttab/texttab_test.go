package texttab_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"budget/cmd/budget/internal/texttab"
)

func sample() *texttab.Table {
	t := &texttab.Table{Columns: []texttab.Column{
		{Title: "Name"}, {Title: "Size", Right: true}, {Title: "Between", Span: 2}, {},
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
	sample().Write(os.Stdout, 24, false)
	// Output:
	// Name    Size  Between
	// The first: a heading
	// that is longer than its
	// table
	// one        1  0  (to 2)
	// eleven    11  everything
	//
	// Name    Source
	// The first:
	// one     the first of
	//         them all
	// eleven  a list
}

func ExampleTable_titles() {
	t := texttab.New("Length", ">Safe cap in min", ">Sessions that fail, %")
	t.Texts("5 min", "30", "0.98")
	for _, width := range []int{50, 30, 20} {
		t.Write(os.Stdout, width, false)
		os.Stdout.WriteString("---\n")
	}
	// Output:
	// Length  Safe cap in min  Sessions that fail, %
	// 5 min                30                   0.98
	// ---
	//         Safe cap      Sessions
	// Length    in min  that fail, %
	// 5 min         30          0.98
	// ---
	//          Safe cap in
	// Length           min
	// 5 min             30
	//
	//             Sessions
	// Length  that fail, %
	// 5 min           0.98
	// ---
}

func ExampleTable_Markdown() {
	t := texttab.New("Name", ">Size", "", "Note")
	t.Heading(texttab.Cell{Text: "Letters:"}, texttab.Cell{Text: "some"})
	t.Texts("a|b", "1", "(to 2)", "fits")
	t.Row(texttab.Cell{Text: "c"}, texttab.Cell{Text: "none", Span: 2}, texttab.Cell{Text: "two wide"})
	t.Markdown(os.Stdout)
	// Output:
	// | Name | Size |        | Note     |
	// | ---- | ---: | ------ | -------- |
	// | Letters: some |
	// | a\|b |    1 | (to 2) | fits     |
	// | c    | none |        | two wide |
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

// drawn is a table in which no word stands twice.
type drawn struct {
	texttab.Table
	words   []string
	longest []int  // word of a column
	joined  []bool // whether a column stays with the one before it
	spanned int    // width of the longest words of all cells that span
}

func (d *drawn) text(t *rapid.T, most int) string {
	var own []string
	for range rapid.IntRange(0, most).Draw(t, "words") {
		pad := strings.Repeat("x", rapid.IntRange(0, 10).Draw(t, "pad"))
		own = append(own, fmt.Sprintf("w%d%s", len(d.words), pad))
		d.words = append(d.words, own[len(own)-1])
	}
	return strings.Join(own, " ")
}

// cell draws a cell of the columns from at on and returns where the next one begins.
func (d *drawn) cell(t *rapid.T, at int) (c texttab.Cell, next int) {
	span := rapid.SampledFrom([]int{0, 0, 0, 0, 2, 3}).Draw(t, "span")
	c = texttab.Cell{Text: d.text(t, 3), Span: min(span, len(d.Columns)-at)}
	next = at + max(c.Span, 1)
	longest := 0
	for _, word := range strings.Fields(c.Text) {
		longest = max(longest, len(word))
	}
	if c.Span > 1 {
		d.spanned += longest
	} else {
		d.longest[at] = max(d.longest[at], longest)
	}
	for i := at + 1; i < next; i++ {
		d.joined[i] = true
	}
	return c, next
}

func drawTable(t *rapid.T) *drawn {
	n := rapid.IntRange(1, 8).Draw(t, "columns")
	d := &drawn{longest: make([]int, n), joined: make([]bool, n)}
	d.Columns, d.Keys = make([]texttab.Column, n), rapid.IntRange(0, 2).Draw(t, "keys")
	for i := 1; i < min(d.Keys, n); i++ {
		d.joined[i] = true
	}
	for at := 0; at < n; {
		title, next := d.cell(t, at)
		d.Columns[at] = texttab.Column{Title: title.Text, Span: title.Span,
			Right: rapid.Bool().Draw(t, "right"), Wrap: rapid.SampledFrom([]int{0, 8}).Draw(t, "wrap")}
		at = next
	}
	for range rapid.IntRange(0, 5).Draw(t, "rows") {
		if rapid.IntRange(0, 4).Draw(t, "kind") == 0 {
			d.Heading(texttab.Cell{Text: d.text(t, 3)}, texttab.Cell{Text: d.text(t, 8)})
			continue
		}
		var cells []texttab.Cell
		for at := 0; at < n; {
			var c texttab.Cell
			c, at = d.cell(t, at)
			cells = append(cells, c)
		}
		d.Row(cells...)
	}
	return d
}

// narrowest bounds the width of the keys with one column, or several that stay together, with
// a word on a line of each.
func (d *drawn) narrowest() int {
	var widths []int
	for i, longest := range d.longest {
		if d.joined[i] {
			widths[len(widths)-1] += 2 + longest
		} else {
			widths = append(widths, longest)
		}
	}
	others := 0
	for _, w := range widths[1:] {
		others = max(others, 2+w)
	}
	return widths[0] + others + d.spanned
}

// TestFits: at every width every word stands in the output, and only a line that could not be
// shorter is longer than the width.
func TestFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := drawTable(t)
		width := rapid.IntRange(20, 200).Draw(t, "width")
		var out strings.Builder
		if err := d.Write(&out, width, false); err != nil {
			t.Fatal(err)
		}
		shown := strings.Fields(out.String())
		for _, word := range d.words {
			if !slices.Contains(shown, word) {
				t.Fatalf("%s is not there at width %d:\n%s", word, width, out.String())
			}
		}
		for line := range strings.Lines(out.String()) {
			if n := len(line) - 1; n > max(width, d.narrowest()) {
				t.Fatalf("line of %d at width %d, could be %d:\n%s", n, width, d.narrowest(), out.String())
			}
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
