package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// widthCases are commands that print tables, run in a directory with winter.toml, log.csv,
// plan.toml, a finished run, "ranged", two finished sweeps, "before" and "after", and exported
// caps, "caps".
var widthCases = []struct{ name, args string }{
	{"caps", "caps --session mindfulness,workout --tolerance 1%,5% --paths 1024 --no-uncertainty"},
	{"caps-documented", "caps --session mindfulness --reading documented --tolerance 5% --paths 512 " +
		"--no-uncertainty"},
	{"caps-few", "caps --session self-care --tolerance 1% --paths 512 --no-uncertainty"},
	{"caps-ranges", "caps ranged"},
	{"caps-sweep", "caps before"},
	{"run", "run mindfulness 45min --paths 2048"},
	{"cost", "cost mindfulness workout 20min,45min --paths 1024"},
	{"uncertainty", "uncertainty --session self-care,smart-alarm --sets 8 --plants 8 --paths 256"},
	{"sensitivity", "sensitivity --session self-care --vary policy.* --base 8 --sets 2 --paths 256 " +
		"--index-paths 64"},
	{"sensitivity-ends", "sensitivity --session self-care --vary policy.p* --base 0 --paths 256"},
	{"breakpoint", "breakpoint policy.suppress_low 45min --paths 512"},
	{"study", "study 20min --vary policy.suppress_base,policy.suppress_low --paths 2048 --plants 12 " +
		"--share 0.7 --studies 100"},
	{"compare", "compare defaults winter.toml --session self-care --paths 512"},
	{"compare-same", "compare defaults defaults --session self-care --paths 256"},
	{"compare-sweeps", "compare before after"},
	{"fit", "fit log.csv --paths 512"},
	{"sweep", "sweep plan.toml -o before"},
	{"sweep-dry-run", "sweep plan.toml --dry-run"},
	{"export", "export caps -o again"},
	{"show-sessions", "show sessions"},
	{"show-devices", "show devices"},
	{"show-environments", "show environments"},
	{"show-workloads", "show workloads"},
	{"show-parameters", "show parameters battery"},
	{"show-parameter", "show parameters policy.suppress_low"},
	{"check", "check winter.toml"},
}

// TestWidths compares what commands print without a terminal, at several values of COLUMNS.
func TestWidths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	budget := func(columns int, args ...string) string {
		c := exec.Command("budget", args...)
		c.Dir, c.Env = dir, append(os.Environ(), fmt.Sprintf("COLUMNS=%d", columns))
		out, err := c.CombinedOutput()
		if err != nil {
			if _, ended := err.(*exec.ExitError); !ended {
				t.Fatal(err)
			}
		}
		return string(out)
	}
	for from, name := range map[string]string{"../../docs/winter.toml": "winter.toml",
		"testdata/widths/plan.toml": "plan.toml"} {
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	log := budget(80, "log", "--sessions", "120", "--session", "mindfulness,workout")
	plan, err := os.ReadFile(filepath.Join(dir, "plan.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"log.csv": log,
		"later.toml": strings.Replace(string(plan), `"0.1 /h"`, `"0.2 /h"`, 1)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	ranged, err := rangedRun()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "ranged"), os.DirFS(ranged)); err != nil {
		t.Fatal(err)
	}
	budget(80, "sweep", "plan.toml", "-o", "before", "-q")
	budget(80, "sweep", "later.toml", "-o", "after", "-q")
	budget(80, "export", "--session", "self-care,smart-alarm", "--paths", "64", "-o", "caps", "-q")
	time := regexp.MustCompile(`About .* on .*`) // it is measured
	for _, c := range widthCases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, columns := range []int{80, 140} {
				got := time.ReplaceAllString(budget(columns, strings.Fields(c.args)...), "About …")
				Golden(t, fmt.Sprintf("widths/%s-%d.txt", c.name, columns),
					fmt.Sprintf("$ COLUMNS=%d budget %s\n%s", columns, c.args, got))
			}
		})
	}
}

// TestColours: what is bad is red and what is doubtful yellow on a terminal.
func TestColours(t *testing.T) {
	t.Parallel()
	for name, args := range map[string]string{
		"uncertainty": "uncertainty --session self-care --sets 8 --plants 8 --paths 256",
		"sensitivity": "sensitivity --session self-care --vary policy.* --base 0 --paths 256",
		"compare":     "compare defaults ../../docs/winter.toml --session mindfulness --paths 2048 -q",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := NewWorld(strings.Fields(args)...)
			w.OutWidth = 100
			run(&w.System)
			Golden(t, "widths/"+name+"-colour.txt", w.stdout.String())
		})
	}
}
