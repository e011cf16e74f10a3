package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"budget/cmd/budget/internal/cli"
	"budget/internal/escape"
)

// hostile is a name that can be seen, and does something wherever it is not escaped.
const hostile = `=HYPERLINK("http://example.com") ](javascript:x) ![x](http://example.com/x.png) ` +
	`<script>alert(1)</script> "><img src=x onerror=y> $(rm) ` + "`rm` a|b @team www.example.com 🙂"

// unseen are parts of names that are refused.
var unseen = []string{"\x1b[2J", "\u202e", "\u200b", "\n", "\x7f", "\u2028"}

// namesPlace is a directory whose name has what names may not have.
func namesPlace(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "\xff\x1b[31m\u202e](javascript:x) <img src=x>")
	if os.Mkdir(dir, 0o755) != nil {
		t.Skip("the file system takes no such names")
	}
	return dir
}

func writeText(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestNamesAreData: whatever names, sources and paths hold, what every command prints and writes
// is shown, is well formed, and has nothing live.
func TestNamesAreData(t *testing.T) {
	t.Parallel()
	dir := namesPlace(t)
	in := func(name string) string { return filepath.Join(dir, name) }
	writeText(t, in("mine.toml"), fmt.Sprintf(`name = %s
[[session]]
id = "mine"
like = "self-care"
name = %[1]s
[policy]
error_base = { value = "0.01 /h", source = "\u001b[2J\u202e\n<script>alert(1)</script>" }
`, strconv.Quote(hostile)))
	writeText(t, in("plan.toml"), fmt.Sprintf(`name = %s
base = "mine.toml"
sessions = ["mine"]
paths = 256
tolerances = ["5 %%"]
[[axis]]
name = %[1]s
[[axis.case]]
name = %[1]s
set = { "policy.error_base" = "0.02 /h" }
[[axis.case]]
name = "@SUM(A1)"
set = { "policy.error_base" = "0.03 /h" }
[[axis.case]]
name = %[2]q
set = { "policy.error_base" = "0.04 /h" }
`, strconv.Quote(hostile), strings.Repeat("x", 10_000)))
	few := []string{"--paths", "256", "--quiet"}
	// A path is written {…}. With few paths, an answer goes to files in every form, too.
	for n, c := range []struct {
		args string
		few  bool
	}{
		{"caps {mine.toml} --session mine --tolerance 5% --no-uncertainty -o {caps}", true},
		{"run mine 5min {mine.toml} -o {run}", true},
		{"cost mine 5min {mine.toml}", true},
		{"compare defaults {mine.toml} --session self-care", true},
		{"sweep {plan.toml} -o {sweep}", false},
		{"sweep {plan.toml} --dry-run", false},
		{"caps {sweep}", false},
		{"check {mine.toml}", false},
		{"show sessions --scenario {mine.toml}", false},
		{"show parameters policy.error_base --scenario {mine.toml}", false},
		{"plot {sweep}", false},
		{"plot {run} --format svg,png", false},
		{"report {sweep} --format md -o {report.md}", false},
		{"report {sweep} -o {report.html}", false},
		{"export {mine.toml} --session mine --paths 256 --quiet -o {export}", false},
		{"log {mine.toml} --sessions 20 --session mine -o {.}", false},
		{"fit {log.csv} {mine.toml}", true},
		{"breakpoint policy.error_base 5min {mine.toml} --session mine --from 0/h --to 1/h", true},
		{"caps {nothing\x1b.toml} --session mine\u202e", false},
	} {
		args := strings.Fields(c.args)
		for i, arg := range args {
			if name, ok := strings.CutPrefix(arg, "{"); ok {
				args[i] = in(strings.TrimSuffix(name, "}"))
			}
		}
		if c.few {
			args = append(args, few...)
			for _, form := range []string{"csv", "json", "md"} {
				args = append(args, "--export-"+form, in(fmt.Sprintf("answer%d.%s", n, form)))
			}
		}
		code, stdout, stderr := invoke(args...)
		if code != cli.ExitDone && code != cli.ExitImprecise && !strings.Contains(c.args, "nothing") {
			t.Errorf("%s: exit code %d\n%.1000q", c.args, code, stderr)
		}
		t.Run(c.args, func(t *testing.T) {
			checkText(t, "stderr", stderr)
			checkText(t, "stdout", stdout)
		})
	}
	checkFiles(t, dir)
}

// checkFiles checks all files that commands have written.
func checkFiles(t *testing.T, dir string) {
	t.Helper()
	checked := map[string]bool{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Dir(path) == dir && filepath.Ext(path) == ".toml" {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		checked[filepath.Ext(path)] = true
		t.Run(name, func(t *testing.T) { checkForm(t, name, filepath.Ext(path), string(text)) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{".csv", ".json", ".md", ".svg", ".html", ".png", ".swift"} {
		if !checked[form] {
			t.Errorf("no command has written a file %s", form)
		}
	}
}

// checkForm checks a text in a form, by the end of a file's name.
func checkForm(t *testing.T, name, form, text string) {
	t.Helper()
	switch form {
	case ".png", ".pdf", ".parquet", ".paths", "":
		return
	case ".csv":
		checkTable(t, name, text)
	case ".json":
		if !json.Valid([]byte(text)) {
			t.Errorf("%s is no JSON: %.200s", name, text)
		}
	case ".svg", ".plist":
		checkXML(t, name, text)
	case ".md":
		code := regexp.MustCompile("`[^`\n]*`") // which Markdown shows as it is
		if live := regexp.MustCompile(`(?i)[^\\]\]\(|[^\\]\!\[|<script|<img|[a-z]://|[^\\]@team|www\.`).
			FindString(code.ReplaceAllString(text, "")); live != "" {
			t.Errorf("%s has %q, which Markdown obeys", name, live)
		}
	case ".html":
		if live := regexp.MustCompile(`(?i)<script>alert|<img src=x|href="?javascript`).
			FindString(text); live != "" {
			t.Errorf("%s has %q", name, live)
		}
	}
	if slices.Contains([]string{".html", ".svg", ".plist"}, form) { // laid out with tabs
		text = strings.ReplaceAll(text, "\t", " ")
	}
	checkText(t, name, text)
}

// checkText checks that a text can be seen.
func checkText(t *testing.T, name, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s is not UTF-8", name)
	}
	hidden := func(r rune) bool { return r != '\n' && escape.Hidden(r) }
	if i := strings.IndexFunc(text, hidden); i >= 0 {
		t.Errorf("%s has a hidden character: %q", name, text[max(i-60, 0):min(i+60, len(text))])
	}
}

// checkTable checks that a spreadsheet computes nothing of a table.
func checkTable(t *testing.T, name, text string) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
	for _, cell := range slices.Concat(rows...) {
		if computed.MatchString(cell) && !numeric.MatchString(cell) {
			t.Errorf("%s has the cell %q", name, cell)
		}
	}
}

// What a spreadsheet computes, and the numbers and quantities that it may have without an
// apostrophe.
var (
	computed = regexp.MustCompile(`^[=+@\t\r\n-]`)
	numeric  = regexp.MustCompile(`^[+-]?[0-9.]+(e[+-]?[0-9]+)?( [a-zA-Z/°%]+)?$`)
)

// checkXML checks that a chart is XML that only draws, and a property list XML.
func checkXML(t *testing.T, name, text string) {
	t.Helper()
	in := xml.NewDecoder(bytes.NewReader([]byte(text)))
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		element, ok := token.(xml.StartElement)
		if ok && strings.HasSuffix(name, ".svg") && !drawing(element.Name.Local) {
			t.Errorf("%s has an element %s", name, element.Name.Local)
		}
	}
}

// drawing reports whether an element of SVG draws, or names what is drawn.
func drawing(element string) bool {
	return slices.Contains([]string{"svg", "g", "path", "text", "title", "desc", "rect"}, element)
}

// TestUnseenNamesAreRefused: a name that cannot be seen whole is refused in every file, with its
// place.
func TestUnseenNamesAreRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	place := regexp.MustCompile(`^\S+\.toml:\d+:\d+: .*expected visible text on one line$`)
	for i, part := range unseen {
		name := strconv.QuoteToASCII("a" + part + "b")
		name = strings.ReplaceAll(name, `\x`, `\u00`)
		for kind, text := range map[string]string{
			"check":              "name = " + name + "\n",
			"check ":             "[[session]]\nid = \"mine\"\nlike = \"self-care\"\nname = " + name + "\n",
			"check  ":            "[workload." + name + "]\nlike = \"seated\"\n",
			"check   ":           "[[device]]\nid = " + name + "\nlike = \"s9-45\"\n",
			"sweep --dry-run":    "[[axis]]\nname = " + name + "\nkey = \"device\"\nvalues = [\"s9-45\"]\n",
			"sweep --dry-run ":   "[[axis]]\nname = \"a\"\ncase = [{ name = " + name + ", set = {} }]\n",
			"sweep --dry-run  ":  "[[axis]]\nkey = \"device\"\nvalues = [" + name + "]\n",
			"caps --config":      "[caps]\nsession = " + name + "\n",
			"sweep --dry-run   ": "name = " + name + "\n",
		} {
			path := writeText(t, filepath.Join(dir, fmt.Sprintf("f%d.toml", i)), text)
			code, stdout, stderr := invoke(append(strings.Fields(kind), path)...)
			line, _, _ := strings.Cut(strings.TrimPrefix(stderr, "budget: "), "\n")
			if code != cli.ExitScenario || stdout != "" || !place.MatchString(line) {
				t.Errorf("%s of %q: exit code %d\n%s", kind, text, code, stderr)
			}
		}
	}
}
