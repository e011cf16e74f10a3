package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"budget/cmd/budget/internal/cli"
)

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
	return shareRun("report", [][]string{
		{"caps", "--no-uncertainty", "--session", "self-care,mindfulness", "--paths", "4096"},
		{"export", "--session", "self-care", "--paths", "64"},
		{"uncertainty", "--session", "self-care", "--sets", "4", "--plants", "2", "--paths", "512"},
		{"sensitivity", "--session", "self-care", "--vary", "policy.suppress_l*",
			"--base", "8", "--sets", "2", "--paths", "512", "--index-paths", "128"},
	})
})

// rangedRun makes a directory of caps with their ranges over uncertain inputs, which take a second.
// All tests share it and change nothing in it.
var rangedRun = sync.OnceValues(func() (string, error) {
	return shareRun("ranged",
		[][]string{{"caps", "--session", "self-care", "--paths", "2048"}})
})

// shareRun returns the shared directory that commands have written, one after the other.
func shareRun(name string, commands [][]string) (string, error) {
	dir := filepath.Join(shared, name)
	for _, command := range commands {
		// So few paths find every cap of the first command alone.
		code, _, stderr := invoke(append(command, "-o", dir, "--quiet")...)
		if code != cli.ExitDone && (code != cli.ExitImprecise || command[0] == "caps") {
			return "", errors.New(stderr)
		}
	}
	return dir, nil
}

// TestReportIsTheSameBytes for any number of workers, in every form but PDF, which is as
// a browser prints it.
func TestReportIsTheSameBytes(t *testing.T) {
	t.Parallel()
	dir := reportDirectory(t)
	for _, form := range []string{"html", "md"} {
		var first string
		for _, workers := range []string{"1", "7"} {
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
	if code, _, stderr := invoke("caps", "--no-uncertainty", "--session", "self-care,mindfulness",
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
