package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
)

var shellNames = []string{"bash", "zsh", "fish"}

func completionScript(t *testing.T, shell string) string {
	t.Helper()
	code, script, stderr := invoke("completion", shell)
	if code != cli.ExitDone || stderr != "" {
		t.Fatalf("code %d, stderr %s", code, stderr)
	}
	return script
}

// TestBashCompletion asks a bash for completions.
func TestBashCompletion(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash to complete commands in")
	}
	script := completionScript(t, "bash")
	names := commandNames()
	for _, test := range []struct {
		words []string // the last one is completed
		want  []string // some of the answers
		not   string
	}{
		{[]string{""}, names, "--session"},
		{[]string{"c"}, []string{"caps", "check", "completion"}, "run"},
		{[]string{"caps", "--s"}, []string{"--session", "--start-level", "--seed", "--step"}, "--device"},
		{[]string{"caps", "--session", "mind"}, []string{"mindfulness"}, "workout"},
		{[]string{"caps", "--session", "workout,mind"}, []string{"workout,mindfulness"}, "mindfulness"},
		{[]string{"caps", "--session", "=", "mind"}, []string{"mindfulness"}, "workout"},
		{[]string{"caps", "--session", "="}, []string{"mindfulness", "all"}, "="},
		{[]string{"caps", "--device", ""}, []string{"fleet", "all", "ultra2-49"}, "mix"},
		{[]string{"caps", "--format", ""}, []string{"table", "csv", "json", "md"}, "xml"},
		{[]string{"caps", "--reading", "d"}, []string{"documented"}, "cautious"},
		{[]string{"caps", "--tolerance", "--s"}, nil, "--session"},
		{[]string{"export", "--format", ""}, []string{"json", "plist", "swift"}, "csv"},
		{[]string{"export", "--s"}, []string{"--session", "--seed"}, "--step"},
		{[]string{"caps", "--set", "policy.suppress_l"}, []string{"policy.suppress_low="}, "battery.ea="},
		{[]string{"caps", "--workload", "work"}, []string{"workout", "workout-lte"}, "seated"},
		{[]string{"caps", "../../docs/mine.toml", "--session", "m"}, []string{"mindfulness", "my-sit"},
			"my-watch"},
		{[]string{"run", ""}, []string{"mindfulness", "workout"}, "all"},
		{[]string{"run", "--format", "csv", "work"}, []string{"workout"}, "audio"},
		{[]string{"show", "p"}, []string{"parameters"}, "sessions"},
		{[]string{"show", "parameters", "battery.v"}, []string{"battery.v_cut"}, "battery.ea"},
		{[]string{"help", "ca"}, []string{"caps"}, "run"},
		{[]string{"completion", ""}, shellNames, "tcsh"},
	} {
		words := append([]string{"budget"}, test.words...)
		var quoted []string
		for _, w := range words {
			quoted = append(quoted, "'"+w+"'")
		}
		program := script + "\nCOMP_WORDS=(" + strings.Join(quoted, " ") +
			")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_budget\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"
		cmd := exec.Command(bash, "--norc", "-s")
		cmd.Stdin = strings.NewReader(program) // it is too long for an argument
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", test.words, err, out)
		}
		got := strings.Split(strings.TrimSpace(string(out)), "\n")
		for _, want := range test.want {
			if !slices.Contains(got, want) {
				t.Errorf("%q completes to %v, want %s among them", test.words, got, want)
			}
		}
		if slices.Contains(got, test.not) {
			t.Errorf("%q completes to %v, want no %s", test.words, got, test.not)
		}
	}
}

// commandNames lists the commands, with those that are made from the table.
func commandNames() []string {
	names := []string{"completion", "help"}
	for _, c := range commands() {
		names = append(names, c.Name)
	}
	return names
}

// TestCompletionSyntax has the shells that are there read their script.
func TestCompletionSyntax(t *testing.T) {
	t.Parallel()
	for _, shell := range shellNames {
		script := completionScript(t, shell)
		for _, want := range append(commandNames(), "mindfulness", "session", "ultra2-49", "counts") {
			if !strings.Contains(script, want) {
				t.Errorf("%s: the script does not know %s", shell, want)
			}
		}
		path, err := exec.LookPath(shell)
		if err != nil {
			continue
		}
		check := exec.Command(path, "-n")
		check.Stdin = strings.NewReader(script)
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("%s -n: %v\n%s", shell, err, out)
		}
	}
}

// TestFlagsOfHelp checks that every flag says what it is.
func TestFlagsOfHelp(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		fs := pflag.NewFlagSet(c.Name, pflag.ContinueOnError)
		c.Define(fs)
		if c.Summary == "" || c.Help == "" {
			t.Errorf("%s has no summary or help", c.Name)
		}
		fs.VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" || f.NoOptDefVal == "" && !strings.Contains(f.Usage, "`") &&
				f.Name != "scenario" {
				t.Errorf("%s --%s: usage %q does not name its value", c.Name, f.Name, f.Usage)
			}
		})
	}
}
