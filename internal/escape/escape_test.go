package escape

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestVisible(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Größe 5 °C 🙂":          "Größe 5 °C 🙂",
		"two\nlines":            "two\nlines",
		"\x1b[31mred\x07":       `\u001b[31mred\u0007`,
		"\u202egnirts\u2066\r":  `\u202egnirts\u2066\u000d`,
		"zero\u200bwidth\u2028": `zero\u200bwidth\u2028`,
		"\u009b2J":              `\u009b2J`,
		"\x9b2J":                `\x9b2J`,
		"tag\U000e0041\u3164":   `tag\U000e0041\u3164`,
	} {
		if got := Visible(text); got != want {
			t.Errorf("Visible(%q) = %q, want %q", text, got, want)
		}
	}
	if got := Line("a\r\nb\nc\td"); got != `a b c\u0009d` {
		t.Errorf("on one line: %q", got)
	}
}

func TestInName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Größe 5 °C 🙂": "",
		"a\nb":         "an end of line",
		"a\x1b[2J":     "the control character U+001B",
		"a\u202eb":     "U+202E, which changes the direction of text",
		"a\u200bb":     "U+200B, which cannot be seen",
		"a\xffb":       "the byte 0xff, which is not UTF-8",
	} {
		if got := InName(name); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("InName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestCell(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"=HYPERLINK(\"x\")": "'=HYPERLINK(\"x\")", "+1 day or two": "'+1 day or two",
		"@SUM(A1)": "'@SUM(A1)",
		"-2+3":     "'-2+3", "＝1": "'＝1", "-Inf": "'-Inf", "'=1": "''=1", "-0x10": "'-0x10",
		"-2.5": "-2.5", "-8 degC": "-8 degC", "-8 =A1": "'-8 =A1",
		"-1+cmd|' /C calc'!A0": "'-1+cmd|' /C calc'!A0",
		"+1e3":                 "+1e3", "-1e-300": "-1e-300", "'tis": "'tis", "": "", "a=b": "a=b",
	} {
		if got := Cell(text); got != want || Uncell(got) != text {
			t.Errorf("Cell(%q) = %q, want %q; it is read as %q", text, got, want, Uncell(got))
		}
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"start_level is 5 % - of 7 (a.b): 1.5 > 1": "start_level is 5 % - of 7 (a.b): 1.5 > 1",
		"_a_ https://b.c":                          `\_a\_ https\://b.c`,
		"a@b.c":                                    "a@<!-- -->b.c",
		"# 1":                                      `\# 1`,
		"12. a":                                    `12\. a`,
		"12.5":                                     "12.5",
		"-5 °C":                                    "-5 °C",
		"- 5":                                      `\- 5`,
		"-:":                                       `\-:`,
		" :- ":                                     ` \:- `,
	} {
		if got := Markdown(text); got != want {
			t.Errorf("Markdown(%q) = %q, want %q", text, got, want)
		}
	}
}

// checkShown fails for hidden characters besides ends of lines.
func checkShown(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) || strings.ContainsFunc(text,
		func(r rune) bool { return r != '\n' && Hidden(r) }) {
		t.Fatalf("%q has hidden characters", text)
	}
}

// FuzzEscapers: no output has a hidden character, and CSV and JSON give back what was written.
// That Markdown shows the text and nothing else is tested in internal/acceptance/markdown, with a
// parser.
func FuzzEscapers(f *testing.F) {
	for _, text := range []string{"\x1b[31m", "\u202e", "a\nb", "=1", "''-1", "\xff", "- a", "a|b",
		"\U000e0041", "![x](http://example.com)", "``b`", "@team"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, shown := range []string{Visible(s), Line(s), Cell(s), Markdown(s), MarkdownCode(s)} {
			checkShown(t, shown)
		}
		if strings.Contains(Line(s), "\n") {
			t.Errorf("Line(%q) has two lines", s)
		}
		if InName(s) == "" && (Visible(s) != s || strings.Contains(s, "\n")) {
			t.Errorf("%q is a good name, but shown as %q", s, Visible(s))
		}
		checkCSV(t, s)
		checkJSON(t, s)
	})
}

func checkCSV(t *testing.T, s string) {
	t.Helper()
	var b bytes.Buffer
	records := [][]string{{"name", s}, {s, "2"}}
	if err := NewCSVWriter(&b).WriteAll(records); err != nil {
		t.Fatal(err)
	}
	read, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, record := range read {
		for j, cell := range record {
			if strings.IndexAny(cell, "=+-@\t\r\n＝＋－＠") == 0 && !isNumber(cell) {
				t.Fatalf("%q is written as %q, which is computed", s, cell)
			}
			if got := Uncell(cell); got != Visible(records[i][j]) {
				t.Fatalf("%q is read as %q", records[i][j], got)
			}
		}
	}
}

func checkJSON(t *testing.T, s string) {
	t.Helper()
	text, err := json.MarshalIndent([]string{s}, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	escaped := JSON(text)
	checkShown(t, string(escaped))
	var want, got []string
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(escaped, &got); err != nil || !slices.Equal(got, want) {
		t.Fatalf("%q is %q in JSON: %v", s, got, err)
	}
}
