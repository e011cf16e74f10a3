package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"budget/cmd/budget/internal/cli"
)

// TestJSONOfFewPaths: every command's JSON is JSON, also where so few paths are simulated that
// numbers are missing.
func TestJSONOfFewPaths(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plan := filepath.Join(dir, "plan.toml")
	if err := os.WriteFile(plan, []byte("sessions = [\"self-care\"]\npaths = 2\n[[axis]]\n"+
		"key = \"start_level\"\nvalues = [\"5 %\", \"50 %\"]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, paths := range []string{"1", "3"} {
		out, swept := filepath.Join(dir, "caps"+paths), filepath.Join(dir, "sweep"+paths)
		for _, line := range [][]string{
			{"caps", "--session", "self-care", "--no-uncertainty", "-o", out},
			{"caps", "--session", "self-care", "--no-uncertainty", "--estimator", "counts"},
			{"caps", "--session", "self-care", "--start-level", "1 %", "--no-uncertainty"},
			{"caps", out, "--tolerance", "3 %"},
			{"sweep", plan, "-o", swept},
			{"caps", swept},
			{"caps", swept, "--tolerance", "3 %"},
			{"run", "self-care", "5 min"},
			{"run", "self-care,workout", "5 min, 90 min", "--save-every", "30 s", "--closing", "12 s"},
			{"cost", "self-care", "5 min, 90 min"},
			{"compare", "defaults", "../../docs/winter.toml", "--session", "self-care"},
			{"uncertainty", "--session", "self-care", "--plants", "2"},
			{"sensitivity", "--session", "self-care", "--base", "0",
				"--vary", "policy.suppress_low"},
			{"breakpoint", "start_level", "5 min"},
		} {
			if paths != "1" && line[1] == "--session" && line[0] != "caps" {
				continue // they take long
			}
			if line[0] == "sweep" {
				line = append(line, "--quiet")
			} else {
				line = append(line, "--format", "json", "--quiet")
			}
			if of := strings.HasPrefix(line[1], dir); !of {
				line = append(line, "--paths", paths)
			}
			w := NewWorld(line...)
			code := run(&w.System)
			if !slices.Contains([]int{cli.ExitDone, cli.ExitImprecise}, code) {
				t.Errorf("%q: code %d: %s", line, code, w.stderr.String())
			} else if line[0] != "sweep" && !json.Valid([]byte(w.stdout.String())) {
				t.Errorf("%q: no JSON:\n%s", line, w.stdout.String())
			}
		}
		files, err := filepath.Glob(filepath.Join(dir, "*"+paths, "*.json"))
		if err != nil || len(files) < 3 {
			t.Fatalf("%d files: %v", len(files), err)
		}
		for _, file := range files {
			if text, err := os.ReadFile(file); err != nil || !json.Valid(text) {
				t.Errorf("%s: no JSON: %v", file, err)
			}
		}
	}
}
