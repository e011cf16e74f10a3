package repo

import (
	"fmt"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// largest is the largest size of a file in the repository [bytes].
const largest = 500 << 10

// A rule is a pattern that no line of a file may match. The patterns are written so that they do
// not match themselves.
type rule struct {
	pattern *regexp.Regexp
	why     string
}

var rules = []rule{
	{regexp.MustCompile(`\bTODO(?:$|[^(]|\(\s*\))`), "a to-do without a reason: write TODO(why it has to wait)"},
	{regexp.MustCompile(`\b(?:FIXM[E]|XX[X]|HAC[K])\b`), "a mark of unfinished work: finish it, or write TODO(why it has to wait)"},
	{regexp.MustCompile(`^(?:<{7}|={7}|>{7})(?: |$)`), "a mark of a merge"},
	{regexp.MustCompile(`(?:^|[\s"'=(])/(?:home|Users|root|work|workspace|build|mnt|srv)/`), "a path of one machine"},
	{regexp.MustCompile(`\r$`), "a line that ends in CR LF"},
	{regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KE[Y]`), "a private key"},
}

// binary are the extensions of files that are not text.
var binary = map[string]bool{".png": true, ".pdf": true}

func TestFilesAreFitToKeep(t *testing.T) {
	t.Parallel()
	for _, path := range files(t) {
		info, err := os.Stat(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > largest {
			t.Errorf("%s: %d bytes, at most %d are kept here", path, info.Size(), largest)
		}
		if binary[filepath.Ext(path)] {
			continue
		}
		text := read(t, path)
		if !utf8.ValidString(text) {
			t.Errorf("%s: no UTF-8 text, and not known as binary", path)
		}
		if text != "" && !strings.HasSuffix(text, "\n") {
			t.Errorf("%s: the last line has no end", path)
		}
		for i, line := range strings.Split(text, "\n") {
			for _, r := range rules {
				if r.pattern.MatchString(line) {
					t.Errorf("%s:%d: %s", path, i+1, r.why)
				}
			}
		}
	}
}

// columns is the maximum width of a line of Go; a tab counts as one.
const columns = 100

// TestLinesAreNarrow checks the lines of Go files, including tests but not generated files.
func TestLinesAreNarrow(t *testing.T) {
	t.Parallel()
	generated := regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	for _, path := range files(t) {
		text := ""
		if filepath.Ext(path) == ".go" {
			text = read(t, path)
		}
		if generated.MatchString(text) {
			continue
		}
		for _, line := range tooWide(text) {
			t.Errorf("%s:%d: more than %d columns", path, line, columns)
		}
	}
}

// tooWide returns the numbers of the lines of Go source that are too wide. It allows a word or a
// literal that should not be broken: text to search for, such as the message that a test
// expects, or several lines in one literal.
func tooWide(source string) (wide []int) {
	lines := strings.Split(source, "\n")
	whole := map[int]bool{}
	fset := token.NewFileSet()
	var s scanner.Scanner
	file := fset.AddFile("", fset.Base(), len(source))
	s.Init(file, []byte(source), nil, scanner.ScanComments)
	for {
		pos, kind, text := s.Scan()
		if kind == token.EOF {
			break
		}
		first := file.Line(pos)
		long := kind == token.COMMENT && slices.ContainsFunc(strings.Fields(text), unbroken) ||
			kind == token.STRING && (unbroken(text) || strings.Contains(text, "\n"))
		for n := 0; long && n <= strings.Count(text, "\n"); n++ {
			whole[first+n] = true
		}
	}
	for i, line := range lines {
		if utf8.RuneCountInString(line) > columns && !whole[i+1] {
			wide = append(wide, i+1)
		}
	}
	return wide
}

// unbroken reports whether a line contains a word or literal so long that the line may be too
// wide.
func unbroken(text string) bool { return utf8.RuneCountInString(text) > columns/2 }

// TestWideLinesAreFound checks that TestLinesAreNarrow can fail.
func TestWideLinesAreFound(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 60)
	source := "package p\n\nvar a = f(" + strings.Repeat("1, ", 40) + ")\n" +
		"var b = " + strings.Repeat("1 + ", 15) + "g(\"" + long + "\")\n" +
		"// " + strings.Repeat("word ", 25) + "\n"
	if got, want := fmt.Sprint(tooWide(source)), "[3 5]"; got != want {
		t.Errorf("wide lines: got %s, want %s", got, want)
	}
}

// TestTheRulesRefuse checks that every rule can fail.
func TestTheRulesRefuse(t *testing.T) {
	t.Parallel()
	for _, line := range []struct {
		text    string
		refused bool
	}{
		{"// TO" + "DO: later", true},
		{"// TO" + "DO() later", true},
		{"// TODO(needs Go 1.27): later", false},
		{"// FIX" + "ME", true},
		{"<<<<" + "<<< HEAD", true},
		{"=======", true},
		{"==========", false},
		{"see /home" + "/me/notes", true},
		{`open("/Users` + `/me")`, true},
		{"github.com/home/page", false},
		{"text\r", true},
	} {
		refused := false
		for _, r := range rules {
			refused = refused || r.pattern.MatchString(line.text)
		}
		if refused != line.refused {
			t.Errorf("%q: refused %v, want %v", line.text, refused, line.refused)
		}
	}
}

// mostFiles is the largest number of Go files of a package, tests aside.
const mostFiles = 25

// TestPackagesHaveFewFiles checks that a package can be read as a whole.
func TestPackagesHaveFewFiles(t *testing.T) {
	t.Parallel()
	for dir, n := range goFiles(files(t)) {
		if n > mostFiles {
			t.Errorf("%s has %d files, at most %d are kept in a package: it has more than one idea",
				dir, n, mostFiles)
		}
	}
}

// goFiles returns the number of Go files, tests aside, in each directory.
func goFiles(paths []string) map[string]int {
	n := map[string]int{}
	for _, path := range paths {
		if filepath.Ext(path) == ".go" && !strings.HasSuffix(path, "_test.go") {
			n[filepath.Dir(path)]++
		}
	}
	return n
}

// TestFilesAreCounted checks that TestPackagesHaveFewFiles can fail.
func TestFilesAreCounted(t *testing.T) {
	t.Parallel()
	got := fmt.Sprint(goFiles([]string{"a/b.go", "a/b_test.go", "a/c.go", "a/c.md", "a/d/e.go"}))
	if want := "map[a:2 a/d:1]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestLinksOfPages checks that the pages' links within the repository have a target.
func TestLinksOfPages(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, page := range pages(t) {
		for _, match := range link.FindAllStringSubmatch(read(t, page), -1) {
			target, _, _ := strings.Cut(match[1], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(page), target)); err != nil {
				t.Errorf("%s points to %s, which is not there", page, match[1])
			}
		}
	}
}

// TestContinuousIntegrationHasTests checks that every test that the script names exists: go test
// reports no error for a missing one.
func TestContinuousIntegrationHasTests(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`-(?:run|fuzz) '?([^'\s]+)'?`)
	directory := regexp.MustCompile(`\s\./(\S+)`)
	test := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)`)
	asked := 0
	for i, line := range strings.Split(read(t, ".ci/run"), "\n") {
		names, dir := pattern.FindStringSubmatch(line), directory.FindStringSubmatch(line)
		if names == nil || dir == nil {
			continue
		}
		there := ""
		for _, path := range files(t) {
			if filepath.Dir(path) == dir[1] && strings.HasSuffix(path, "_test.go") {
				there += strings.Join(test.FindAllString(read(t, path), -1), "\n")
			}
		}
		for _, name := range strings.Split(strings.Trim(names[1], "^$"), "|") {
			asked++
			if !strings.Contains(there, name) {
				t.Errorf(".ci/run:%d: no test in %s is called %s", i+1, dir[1], name)
			}
		}
	}
	if asked < 20 {
		t.Errorf("found %d names of tests in .ci/run", asked)
	}
}

// TestContinuousIntegrationRuns checks that the script is executable.
func TestContinuousIntegrationRuns(t *testing.T) {
	t.Parallel()
	info, err := os.Stat(filepath.Join(root, ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode()&0o111 == 0 {
		t.Error(".ci/run is not executable")
	}
	const head = "#!/usr/bin/env bash\nset -euo pipefail\n"
	if text := read(t, ".ci/run"); !strings.HasPrefix(text, head) {
		t.Error(".ci/run does not start as a strict bash script")
	}
}

// TestAdditionsTouchWhatTheTableNames checks the table in CONTRIBUTING.md of files that an
// addition touches: they exist and contain the names that the table gives. The page's examples
// show that a device, a quantity and a hazard need nothing else.
func TestAdditionsTouchWhatTheTableNames(t *testing.T) {
	t.Parallel()
	_, table, ok := strings.Cut(read(t, "CONTRIBUTING.md"), "\n| addition | where |\n|---|---|\n")
	if !ok {
		t.Fatal("CONTRIBUTING.md has no such table")
	}
	table, _, _ = strings.Cut(table, "\n\n")
	place := regexp.MustCompile("\\]\\(([^)]+)\\): `([^`]+)`")
	var additions []string
	for row := range strings.Lines(table) {
		name, where, _ := strings.Cut(strings.TrimPrefix(row, "| "), " | ")
		additions = append(additions, name)
		places := place.FindAllStringSubmatch(where, -1)
		if len(places) != strings.Count(where, "](") || len(places) == 0 {
			t.Errorf("%s: %d places name what they hold, of %d", name, len(places),
				strings.Count(where, "]("))
		}
		for _, p := range places {
			if !strings.Contains(read(t, p[1]), p[2]) {
				t.Errorf("%s: %s does not hold %s", name, p[1], p[2])
			}
		}
	}
	want := "device, quantity, hazard, cause, command, chart kind, output column"
	if got := strings.Join(additions, ", "); got != want {
		t.Errorf("the table has the rows %s; want %s", got, want)
	}
}
