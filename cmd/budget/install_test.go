package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
)

// TestInstall runs the commands of docs/install.md in an empty directory. In place of the go
// command, which takes seconds to link, it copies the program of this test.
func TestInstall(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/install.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := regexp.MustCompile("(?s)```sh\n(prefix=.*?)```").FindSubmatch(page)
	if commands == nil {
		t.Fatal("docs/install.md has no commands that begin with prefix=")
	}
	program, err := exec.LookPath("budget")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	stub := "#!/bin/sh\n[ \"$*\" = 'install ./cmd/budget' ] || exit 1\n" +
		"mkdir -p \"$GOBIN\" && ln -s \"" + program + "\" \"$GOBIN/budget\"\n"
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte(stub), 0o755); err != nil {
		t.Fatal(err)
	}
	prefix := filepath.Join(dir, "a prefix")
	cmd := exec.Command("sh", "-e", "-c", string(commands[1]))
	cmd.Env = append(os.Environ(), "PATH="+dir+":"+os.Getenv("PATH"), "prefix="+prefix)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for name, want := range map[string]string{
		"share/man/man1/budget-caps.1":                ".SH OPTIONS",
		"share/bash-completion/completions/budget":    "complete -o filenames -F _budget budget",
		"share/zsh/site-functions/_budget":            "#compdef budget",
		"share/fish/vendor_completions.d/budget.fish": "complete -c budget",
	} {
		text, err := os.ReadFile(filepath.Join(prefix, name))
		if err != nil || !strings.Contains(string(text), want) {
			t.Errorf("%s has no %q (%v)", name, want, err)
		}
	}
	if out, err := exec.Command(filepath.Join(prefix, "bin/budget"), "version").Output(); err != nil ||
		!strings.HasPrefix(string(out), "budget ") {
		t.Errorf("the program prints %q (%v)", out, err)
	}
}

// TestManual: every flag is on its command's page, and a formatter that is there has nothing to
// complain of.
func TestManual(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if code, _, stderr := invoke("man", dir); code != cli.ExitDone || stderr != "" {
		t.Fatalf("code %d, stderr %s", code, stderr)
	}
	if n, want := len(listing(t, dir)), len(commandNames())+1; n != want {
		t.Errorf("%d pages, want %d", n, want)
	}
	groff, missing := exec.LookPath("groff")
	for _, c := range commands() {
		path := filepath.Join(dir, "budget-"+c.Name+".1")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			continue
		}
		fs := pflag.NewFlagSet(c.Name, pflag.ContinueOnError)
		c.Define(fs)
		fs.VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(string(text), `\fB\-\-`+strings.ReplaceAll(f.Name, "-", `\-`)+`\fR`) {
				t.Errorf("%s has no --%s", path, f.Name)
			}
		})
		if missing != nil || c.Name != "caps" && c.Name != "plot" {
			continue // two pages are enough for every request
		}
		format := exec.Command(groff, "-man", "-Tutf8", "-ww")
		format.Stdin = strings.NewReader(string(text))
		format.Stdout = io.Discard
		var complaints strings.Builder
		format.Stderr = &complaints
		if err := format.Run(); err != nil || complaints.Len() > 0 {
			t.Errorf("%s: %v\n%s", path, err, &complaints)
		}
	}
}
