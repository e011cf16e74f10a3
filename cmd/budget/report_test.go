package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"budget/cmd/budget/internal/cli"
)

// reported makes a report of a directory and returns its file.
func reported(t *testing.T, dir string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "report.html")
	if code, _, stderr := invoke("report", dir, "-o", file); code != cli.ExitDone {
		t.Fatal(stderr)
	}
	return file
}

// reportDirectory is a small run to report, with caps by the start. All tests share it and
// change nothing in it.
func reportDirectory(t *testing.T) string {
	t.Helper()
	dir, err := smallRun()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// smallRun makes what reportDirectory returns.
var smallRun = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(shared, "report")
	for _, command := range [][]string{
		{"caps", "--no-uncertainty", "--session", "mindfulness,workout", "--paths", "4096"},
		{"export", "--session", "mindfulness", "--paths", "64"},
		{"uncertainty", "--session", "mindfulness", "--sets", "4", "--plants", "2", "--paths", "512"},
		{"sensitivity", "--session", "mindfulness", "--vary", "policy.suppress_l*",
			"--base", "8", "--sets", "2", "--paths", "512", "--index-paths", "128"},
	} {
		// So few paths find every cap of the first command alone.
		code, _, stderr := invoke(append(command, "-o", dir, "--quiet")...)
		if code != cli.ExitDone && (code != cli.ExitImprecise || command[0] == "caps") {
			return "", errors.New(stderr)
		}
	}
	return dir, nil
})

// TestReportIsWellFormed: every element that begins ends where it should, every id is
// there once, and every link within the page leads somewhere.
func TestReportIsWellFormed(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(reported(t, reportDirectory(t)))
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range malformed(string(page)) {
		t.Error(problem)
	}
	if strings.Contains(string(page), "ZgotmplZ") {
		t.Error("a value was not fit for its place in the page")
	}
	for _, id := range []string{"answer", "charts", "what-if", "starts", "uncertain", "assumptions",
		"inputs", "overrides", "provenance", "method", "glossary"} {
		if !strings.Contains(string(page), `id="`+id+`"`) {
			t.Errorf("the page has no part %q", id)
		}
	}
}

// void elements have no end.
var void = []string{"meta", "link", "br", "hr", "img", "input"}

// malformed lists what is wrong with the structure of a page.
func malformed(page string) (problems []string) {
	var open []string
	ids := map[string]int{}
	pointed := map[string]string{}
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				problems = append(problems, fmt.Sprintf("not ended: %v", open))
			}
			for id, n := range ids {
				if n > 1 {
					problems = append(problems, fmt.Sprintf("id %q stands %d times", id, n))
				}
			}
			for target, what := range pointed {
				if ids[target] == 0 {
					problems = append(problems, fmt.Sprintf("%s leads to %q, which is not there", what, target))
				}
			}
			slices.Sort(problems)
			return problems
		case html.StartTagToken:
			token := z.Token()
			if !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
			for _, a := range token.Attr {
				switch a.Key {
				case "id":
					ids[a.Val]++
				case "for", "aria-labelledby", "aria-describedby":
					pointed[a.Val] = a.Key
				case "href":
					if target, ok := strings.CutPrefix(a.Val, "#"); ok {
						pointed[target] = a.Key
					} else {
						problems = append(problems, "a link leaves the page: "+a.Val)
					}
				case "src":
					problems = append(problems, "the page asks for "+a.Val)
				}
			}
		case html.EndTagToken:
			token := z.Token()
			if n := len(open); n == 0 || open[n-1] != token.Data {
				problems = append(problems, fmt.Sprintf("</%s> within %v", token.Data, open))
				return problems
			}
			open = open[:len(open)-1]
		}
	}
}

// TestMalformedPagesAreFound checks that the test above can fail.
func TestMalformedPagesAreFound(t *testing.T) {
	t.Parallel()
	for page, want := range map[string]string{
		`<p id="a"><b>x</p>`:                     "</p> within [p b]",
		`<p>x`:                                   "not ended: [p]",
		`<p id="a"></p><p id="a"></p>`:           `id "a" stands 2 times`,
		`<a href="#b">x</a>`:                     `href leads to "b", which is not there`,
		`<img src="x.png">`:                      "the page asks for x.png",
		`<label for="c">x</label>`:               `for leads to "c", which is not there`,
		`<a href="https://example.org">away</a>`: "a link leaves the page: https://example.org",
	} {
		if got := malformed(page); len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %q", page, got, want)
		}
	}
}

// TestReportIsTheSameBytes for any number of workers, in every form but PDF, which is as
// a browser prints it.
func TestReportIsTheSameBytes(t *testing.T) {
	t.Parallel()
	dir := reportDirectory(t)
	for _, form := range []string{"html", "md"} {
		var first string
		for _, workers := range []string{"1", "2", "7"} {
			code, stdout, stderr := invoke("report", dir, "--format", form, "--workers", workers)
			if code != cli.ExitDone {
				t.Fatal(stderr)
			}
			if first == "" {
				first = stdout
			}
			if stdout != first {
				t.Errorf("%s with %s workers is different", form, workers)
			}
		}
	}
}

// TestReportMarkdown is for a pull request. What tells machines and versions apart is left
// out of the comparison.
func TestReportMarkdown(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "out")
	file := filepath.Join(t.TempDir(), "winter.toml")
	if err := os.WriteFile(file,
		[]byte("name = \"Winter | snow\"\n[[environment]]\nid = \"shade\"\nambient_mean = \"-2 degC\"\n"),
		0o600); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := invoke("caps", "--no-uncertainty", "--session", "mindfulness,workout",
		"--tolerance", "1 %,5 %", "--environment", "shade", "--paths", "4096", "--quiet", "-o", dir,
		file); code != cli.ExitDone {
		t.Fatal(stderr)
	}
	_, stdout, _ := invoke("report", dir)
	stdout = strings.ReplaceAll(stdout, file, "winter.toml")
	for _, line := range []string{"Version", "Go", "Kernel", "Digest of the scenario",
		"Digest of the catalog"} {
		stdout = regexp.MustCompile(`(?m)^- `+line+`: .*$`).ReplaceAllString(stdout, "- "+line+": …")
	}
	Golden(t, "report.md", stdout)
}

// TestReportWithoutBrowser: what is missing is said, and nothing is left.
func TestReportWithoutBrowser(t *testing.T) {
	dir := reportDirectory(t)
	t.Setenv("PATH", t.TempDir())
	file := filepath.Join(t.TempDir(), "report.pdf")
	code, _, stderr := invoke("report", dir, "-o", file)
	if want := "cannot print to PDF: found none of chromium"; code != cli.ExitFile ||
		!strings.Contains(stderr, want) {
		t.Errorf("exit code %d, %q, want %d and %q", code, stderr, cli.ExitFile, want)
	}
	if left := listing(t, filepath.Dir(file)); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
