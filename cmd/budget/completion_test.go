package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

func completionScript(t *testing.T, shell string) string {
	t.Helper()
	code, script, stderr := invoke("completion", shell)
	if code != exitDone || stderr != "" {
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
	for _, test := range []struct {
		words []string // the last one is completed
		want  []string // some of the answers
		not   string
	}{
		{[]string{""}, commandNames(), "--session"},
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
		{[]string{"run", ""}, []string{"mindfulness", "workout"}, "all"},
		{[]string{"run", "--format", "csv", "work"}, []string{"workout"}, "audio"},
		{[]string{"show", "p"}, []string{"parameters"}, "sessions"},
		{[]string{"show", "parameters", "battery.v"}, []string{"battery.v_cut"}, "battery.ea"},
		{[]string{"help", "ca"}, []string{"caps"}, "run"},
		{[]string{"completion", ""}, shells(), "tcsh"},
	} {
		words := append([]string{"budget"}, test.words...)
		var quoted []string
		for _, w := range words {
			quoted = append(quoted, shellQuote(w))
		}
		program := script + "\nCOMP_WORDS=(" + strings.Join(quoted, " ") + ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_budget\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"
		out, err := exec.Command(bash, "--norc", "-c", program).CombinedOutput()
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

// TestCompletionSyntax has the shells that are there read their script.
func TestCompletionSyntax(t *testing.T) {
	t.Parallel()
	for _, shell := range shells() {
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
		if c.summary == "" || c.help == "" {
			t.Errorf("%s has no summary or help", c.name)
		}
		for _, f := range flagsOf(c) {
			if f.Usage == "" || takesValue(f) && !strings.Contains(f.Usage, "`") && f.Name != "scenario" {
				t.Errorf("%s --%s: usage %q does not name its value", c.name, f.Name, f.Usage)
			}
		}
	}
}
