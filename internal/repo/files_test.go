package repo

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// largest is the size up to which a file may be kept in the repository [bytes].
const largest = 500 << 10

// A rule is what no line of a file may hold. The patterns are written so that
// they do not match themselves.
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

// columns is where a line of Go ends at the latest; a tab counts as one.
const columns = 100

// wide are directories in which lines are still longer: TODO(until each is wrapped): none
// may be added.
var wide = map[string]bool{
	"benchmarks": true, "cmd/budget": true, "cmd/budget/internal/caps": true,
	"cmd/budget/internal/cli": true, "cmd/budget/internal/fit": true,
	"cmd/budget/internal/inputs": true, "cmd/budget/internal/report": true,
	"cmd/budget/internal/sessioncaps": true, "cmd/budget/internal/sweeps": true,
	"cmd/budget/internal/texttab": true, "cmd/budget/internal/uncertain": true,
	"internal/parallel": true, "internal/repo": true, "model": true, "model/document": true,
	"plots": true, "plots/figure": true, "plots/report": true, "plots/selection": true,
	"solver": true, "solver/plant": true, "sweep": true,
	"sweep/cluster": true, "sweep/compare": true, "sweep/field": true, "sweep/plan": true,
	"sweep/starts": true, "sweep/store": true, "sweep/table": true, "sweep/uncertainty": true,
}

// TestLinesAreNarrow checks lines of Go, those of tests too; generated files excepted.
func TestLinesAreNarrow(t *testing.T) {
	t.Parallel()
	generated := regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)
	for _, path := range files(t) {
		if filepath.Ext(path) != ".go" || wide[filepath.Dir(path)] {
			continue
		}
		text := read(t, path)
		if generated.MatchString(text) {
			continue
		}
		for i, line := range strings.Split(text, "\n") {
			if n := utf8.RuneCountInString(line); n > columns {
				t.Errorf("%s:%d: %d columns, at most %d", path, i+1, n, columns)
			}
		}
	}
}

// TestTheRulesRefuse checks that the test above can fail.
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

// TestLinksOfPages checks that what the pages point to within the repository is
// there.
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

// TestContinuousIntegrationHasTests checks that each name of a test that the script asks
// for is that of a test: go test says nothing of one that is not there.
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

// TestContinuousIntegrationRuns checks that the script can be run as it is.
func TestContinuousIntegrationRuns(t *testing.T) {
	t.Parallel()
	info, err := os.Stat(filepath.Join(root, ".ci", "run"))
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode()&0o111 == 0 {
		t.Error(".ci/run is not executable")
	}
	if text := read(t, ".ci/run"); !strings.HasPrefix(text, "#!/usr/bin/env bash\nset -euo pipefail\n") {
		t.Error(".ci/run does not start as a strict bash script")
	}
}

// TestAdditionsTouchWhatTheTableNames checks the table of CONTRIBUTING that says which files
// an addition touches: they are there, and hold what it names in them. That nothing else is
// needed for a device, a quantity and a hazard, the page's examples show.
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
			t.Errorf("%s: %d places name what they hold, of %d", name, len(places), strings.Count(where, "]("))
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
