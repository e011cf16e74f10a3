//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"budget/cmd/budget/internal/cli"
)

// hostileParts are parts of names that may leave a directory, move a cursor, end a quotation or be
// taken for a flag or a link.
var hostileParts = []string{"../", "/etc/", "\\", "..", "\x1b[2J", "\r", "\n", "\t",
	"\u202e", "\u200b", "\"", "'", "`", "$(id)", "<script>alert(1)</script>",
	"](http://example.org)", "|", ",", ";", "--force", "-o", "=cmd()", "%s%n", "é", "🜨", "CON",
	".", " ", "\x00", "\xff",
	strings.Repeat("long", 60)}

// hostileName joins a few of them.
func hostileName(r *rand.Rand) string {
	var name strings.Builder
	for range 1 + r.IntN(3) {
		name.WriteString(hostileParts[r.IntN(len(hostileParts))])
	}
	return name.String()
}

// names gives hostile names to scenarios, plans, axes, devices, files and directories. No file is
// written outside of the directory, and nothing that is printed has characters that a terminal
// obeys.
func (b *bench) names(t *testing.T) attack {
	quoted := func(text string) string { // as TOML
		var out strings.Builder
		for _, c := range strings.ToValidUTF8(text, "?") {
			fmt.Fprintf(&out, "\\U%08x", c)
		}
		return `"` + out.String() + `"`
	}
	try := func(files map[string]string, lines ...[]string) (ending, error) {
		dir, remove, err := b.scratch()
		if err != nil {
			return idle, err
		}
		defer remove()
		for name, text := range files {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				return idle, nil // no such name on this system
			}
		}
		how := refused
		for _, args := range lines {
			cmd := exec.Command("budget", args...)
			cmd.Dir = dir
			out, err := cmd.CombinedOutput()
			code := cmd.ProcessState.ExitCode()
			if !slices.Contains([]int{cli.ExitDone, cli.ExitScenario, cli.ExitFile, cli.ExitImprecise,
				cli.ExitUsage}, code) {
				return how, fmt.Errorf("budget %q: %v: %s", args, err, out)
			}
			if strings.ContainsAny(string(out), "\x1b\r\x00\u202e\u200b") {
				return how, fmt.Errorf("budget %q prints %q", args, out)
			}
			if written(code) {
				how = survived
			}
		}
		left, err := os.ReadDir(dir)
		if err != nil {
			return how, err
		}
		for _, e := range left {
			if _, ours := files[e.Name()]; !ours && e.Name() != "out" {
				return how, fmt.Errorf("%q is left outside", e.Name())
			}
		}
		return how, nil
	}
	caps := []string{"caps", "in.toml", "--no-uncertainty", "--session", "self-care", "--paths", "64",
		"-o", "out"}
	scenario := func(text string) map[string]string { return map[string]string{"in.toml": text} }
	return attack{"hostile names", 2, []target{
		{"scenario", true, func(r *rand.Rand) (ending, error) {
			return try(scenario("name = "+quoted(hostileName(r))), caps, []string{"report", "out", "-o",
				"out/page.html"}, []string{"plot", "out"}, []string{"check", "out"})
		}},
		{"device", false, func(r *rand.Rand) (ending, error) {
			return try(scenario("[[device]]\nid = "+quoted(hostileName(r))+"\nname = "+
				quoted(hostileName(r))+"\nlike = \"s9-41\"\n"), append(slices.Clone(caps), "--device", "all"),
				[]string{"plot", "out"}, []string{"show", "devices", "in.toml"})
		}},
		{"plan", false, func(r *rand.Rand) (ending, error) {
			plan := "name = " + quoted(hostileName(r)) + "\nsessions = [\"self-care\"]\npaths = 64\n" +
				"[[axis]]\nname = " + quoted(hostileName(r)) + "\nkey = \"start_level\"\n" +
				"values = [\"20 %\", \"60 %\"]\n"
			return try(scenario(plan), []string{"sweep", "in.toml", "-o", "out"}, []string{"caps", "out"},
				[]string{"plot", "out"}, []string{"report", "out", "-o", "out/page.html"})
		}},
		{"file", false, func(r *rand.Rand) (ending, error) {
			name := strings.ReplaceAll(hostileName(r), "/", "_")
			return try(map[string]string{name: "name = \"x\"\n"}, []string{"check", "--", name},
				[]string{"sweep", "--dry-run", "--", name}, []string{"fit", "--", name})
		}},
		{"flags", false, func(r *rand.Rand) (ending, error) {
			name := strings.ReplaceAll(hostileName(r), "\x00", "")
			return try(nil, []string{"caps", "--session", name}, []string{"caps", "--device", name},
				[]string{"run", "--", name, "5 min"}, []string{"show", "parameters", "--", name},
				[]string{"caps", "--set", name}, []string{"timer", "--", name}, []string{name})
		}},
	}}
}
