package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
)

// onResults says, for every flag of the commands that read results, what a directory makes of
// it: the value to give, and whether the command honours it. A new flag is to be added here.
var onResults = map[string]map[string]struct {
	value    string
	honoured bool
}{
	"caps": {
		"session": {"self-care", true}, "reading": {"cautious", true}, "offer": {"5", true},
		"tolerance": {"20 %", true}, "confidence": {"90 %", true}, "format": {"csv", true},
		"explain": {"true", true}, "quiet": {"true", true},
		"fail-if-shorter": {"5 s", true}, "fail-above": {"99.9 %", true},
		"device": {"fleet", false}, "environment": {"mix", false}, "start-level": {"12 %", false},
		"on-resign": {"pause", false}, "count-refused": {"true", false}, "step": {"5 s", false},
		"workload": {"workout", false}, "timer": {"2 x 5 min", false},
		"set":  {"policy.cpu_limit=0.2", false},
		"gate": {"30 %", false}, "no-uncertainty": {"true", false}, "paths": {"500", false},
		"max-paths": {"500", false}, "max-time": {"1 min", false}, "precision": {"5 s", false},
		"relative-precision": {"1 %", false}, "seed": {"1", false},
		"estimator": {"counts", false}, "sampling": {"sobol", false}, "kernel": {"portable", false},
		"workers": {"1", false}, "output": {"other", false}, "force": {"true", false},
		"unchecked": {"true", true}, "export-csv": {"own.csv", true},
		"export-json": {"own.json", true}, "export-md": {"own.md", true},
		"chart": {"true", false},
	},
	"export": {
		"session": {"self-care", true}, "tolerance": {"20 %", true}, "format": {"swift", true},
		"explain": {"true", true}, "quiet": {"true", true}, "output": {"exported", true},
		"confidence": {"90 %", false}, "reading": {"cautious", false},
		"on-resign": {"pause", false}, "count-refused": {"true", false},
		"workload": {"workout", false}, "timer": {"2 x 5 min", false},
		"set":   {"policy.cpu_limit=0.2", false},
		"paths": {"64", false}, "seed": {"1", false}, "kernel": {"portable", false},
		"workers": {"1", false}, "unchecked": {"true", true},
	},
	"compare": {
		"confidence": {"90 %", true}, "format": {"csv", true}, "explain": {"true", true},
		"quiet": {"true", true}, "fail-if": {"shorter", true},
		"session": {"self-care", false}, "device": {"fleet", false}, "environment": {"mix", false},
		"start-level": {"12 %", false}, "reading": {"cautious", false},
		"on-resign": {"pause", false}, "count-refused": {"true", false}, "step": {"5 s", false},
		"workload": {"workout", false}, "timer": {"2 x 5 min", false},
		"set":       {"policy.cpu_limit=0.2", false},
		"tolerance": {"20 %", false}, "paths": {"500", false}, "seed": {"1", false},
		"estimator": {"weights", false}, "sampling": {"sobol", false},
		"kernel": {"portable", false}, "workers": {"1", false}, "unchecked": {"true", true},
		"export-csv": {"own.csv", true}, "export-json": {"own.json", true},
		"export-md": {"own.md", true},
	},
	"plot": {
		"kind": {"caps", true}, "format": {"png", true}, "session": {"self-care", true},
		"tolerance": {"20 %", true}, "confidence": {"90 %", true}, "reading": {"cautious", true},
		"only": {"device=fleet", true}, "output": {"drawn", true}, "quiet": {"true", true},
		"x": {"device", true}, "y": {"start_level", false}, "duration": {"5 min", false},
		"unchecked": {"true", true}, "offer": {"5", true}, "aspect": {"16:9", true},
		"scale": {"2", true}, "theme": {"dark", true},
	},
	"report": {
		"format": {"md", true}, "output": {"page.html", true}, "workers": {"1", true},
		"unchecked": {"true", true}, "summary": {"true", true},
	},
}

// TestGivenWithResults: a flag that changes nothing of what a directory holds is an error that
// names it, for every flag of every command that reads results.
func TestGivenWithResults(t *testing.T) {
	t.Parallel()
	temp := t.TempDir()
	run, exported, swept := filepath.Join(temp, "run"), filepath.Join(temp, "export"),
		filepath.Join(temp, "swept")
	plan := planFile(t, "sessions = [\"self-care\"]\ntolerances = [\"20 %\"]\npaths = 200\n")
	for _, args := range [][]string{
		{"caps", "--session", "self-care", "--tolerance", "20 %", "--paths", "500", "--no-uncertainty",
			"-q", "-o", run},
		{"export", "--session", "self-care", "--tolerance", "20 %", "--paths", "64", "-q",
			"-o", exported},
		{"sweep", plan, "-q", "-o", swept},
	} {
		if code, _, stderr := invoke(args...); code != cli.ExitDone && code != cli.ExitImprecise {
			t.Fatalf("%v: code %d: %s", args, code, stderr)
		}
	}
	of := map[string][]string{"caps": {run}, "export": {exported}, "compare": {swept, swept},
		"plot": {run, "--kind=tolerance"}, "report": {run}}
	for _, command := range commands() {
		table, ok := onResults[command.Name]
		if !ok {
			continue
		}
		fs := pflag.NewFlagSet(command.Name, pflag.ContinueOnError)
		command.Define(fs)
		for name := range table {
			if fs.Lookup(name) == nil {
				t.Errorf("%s has no flag --%s", command.Name, name)
			}
		}
		fs.VisitAll(func(f *pflag.Flag) {
			given, ok := table[f.Name]
			if !ok {
				t.Errorf("%s --%s: say in onResults whether results honour it", command.Name, f.Name)
				return
			}
			value := given.value
			if f.Name == "output" || strings.HasPrefix(f.Name, "export-") {
				value = filepath.Join(temp, value)
			}
			args := append([]string{command.Name, "--" + f.Name + "=" + value}, of[command.Name]...)
			if command.Name == "plot" && f.Name != "output" {
				args = append(args, "--output", filepath.Join(temp, "charts"))
			}
			code, _, stderr := invoke(args...)
			name := "--" + f.Name
			if f.Name == "output" || strings.HasPrefix(f.Name, "export-") {
				name = "-o"
			}
			switch {
			case given.honoured && code != cli.ExitDone && code != cli.ExitImprecise:
				t.Errorf("%v: code %d, want the answer: %s", args, code, stderr)
			case !given.honoured && (code != cli.ExitUsage ||
				!strings.HasPrefix(stderr, "budget: "+name)):
				t.Errorf("%v: code %d, want %d and an error about %s: %s", args, code, cli.ExitUsage,
					name, stderr)
			}
		})
	}
}
