package main

import (
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
)

var shellNames = []string{"bash", "zsh", "fish", "powershell"}

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

// completed has a shell that is there complete the last of some words, by a program in its
// language.
func completed(t *testing.T, shell string, program func(words []string) string, args ...string) {
	path, err := exec.LookPath(shell)
	if err != nil {
		t.Logf("there is no %s to complete commands in", shell)
		return
	}
	for _, test := range []struct {
		words []string
		want  []string
		not   string
	}{
		{[]string{"caps", "--session", "mind"}, []string{"mindfulness"}, "my-sit"},
		{[]string{"caps", "--session", "workout,mind"}, []string{"workout,mindfulness"}, "mindfulness"},
		{[]string{"caps", "../../docs/mine.toml", "--session", "m"}, []string{"mindfulness", "my-sit"},
			"my-watch"},
		{[]string{"caps", "../../docs/mine.toml", "--set", "device.my"},
			[]string{"device.my-watch.capacity="}, "device.s9-45.capacity="},
		{[]string{"caps", "--set", "policy.suppress_l"}, []string{"policy.suppress_low="}, "my-sit"},
		{[]string{"caps", "--format", "c"}, []string{"csv"}, "table,"},
	} {
		cmd := exec.Command(path, args...)
		cmd.Stdin = strings.NewReader(completionScript(t, shell) + "\n" + program(test.words))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v: %v\n%s", shell, test.words, err, out)
		}
		var got []string
		for line := range strings.Lines(string(out)) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t") // fish says what it means behind it
			got = append(got, word)
		}
		for _, want := range test.want {
			if !slices.Contains(got, want) {
				t.Errorf("%s: %q completes to %v, want %s among them", shell, test.words, got, want)
			}
		}
		if slices.Contains(got, test.not) {
			t.Errorf("%s: %q completes to %v, want no %s", shell, test.words, got, test.not)
		}
	}
}

// TestFishCompletion asks a fish for completions.
func TestFishCompletion(t *testing.T) {
	t.Parallel()
	completed(t, "fish", func(words []string) string {
		return "complete -C 'budget " + strings.Join(words, " ") + "'\n"
	}, "--no-config")
}

// TestZshCompletion has a zsh complete the value of a flag. What its completion system does with
// the words stands in for it here.
func TestZshCompletion(t *testing.T) {
	t.Parallel()
	completed(t, "zsh", func(words []string) string {
		n := len(words) - 1
		return `
compadd() { print -l -- ${(M)${(P)@[-1]}:#$current*} }
_sequence() { local -a found=(${(M)${@[5,-1]}:#${current##*,}*}); print -l -- ${current%${current##*,}}$^found }
_arguments() {
    local spec
    for spec in "$@"; do
        if [[ $spec == (\*|)$flag=* && $spec == *'{'*'}' ]]; then eval "${${spec##*:\{}%\}}"; fi
    done
}
flag=` + words[n-1] + ` current=` + words[n] + ` CURRENT=` + strconv.Itoa(n+2) + `
words=(budget ` + strings.Join(words, " ") + `)
_budget
`
	}, "-f", "-s")
}

// TestPowerShellCompletion checks the tables of the script against the commands: there need not be
// a PowerShell to run it.
func TestPowerShellCompletion(t *testing.T) {
	t.Parallel()
	script := completionScript(t, "powershell")
	depth := map[rune]int{}
	quoted := false
	for _, r := range script {
		switch {
		case r == '\'': // doubled within a text: out and in again
			quoted = !quoted
		case quoted:
		case strings.ContainsRune("({[", r):
			depth[r]++
		case strings.ContainsRune(")}]", r):
			depth[map[rune]rune{')': '(', '}': '{', ']': '['}[r]]--
		}
	}
	if quoted || depth['('] != 0 || depth['{'] != 0 || depth['['] != 0 {
		t.Errorf("quotes or brackets do not match: %v, in quotes: %v", depth, quoted)
	}
	table := func(name string) map[string]string {
		_, rest, ok := strings.Cut(script, "    $"+name+" = ")
		body, _, closed := strings.Cut(rest, "\n    }\n")
		if !ok || !closed {
			t.Fatalf("the script has no table %s", name)
		}
		rows := map[string]string{}
		for _, m := range regexp.MustCompile(`(?m)^ +'([^']+)' = '((?:[^']|'')*)'$`).
			FindAllStringSubmatch(body, -1) {
			rows[m[1]] = strings.ReplaceAll(m[2], "''", "'")
		}
		return rows
	}
	summaries, words, added := table("commands"), table("words"), table("added")
	for _, c := range commands() {
		if summaries[c.Name] != c.Summary {
			t.Errorf("%s is %q, want %q", c.Name, summaries[c.Name], c.Summary)
		}
		_, flags, _ := strings.Cut(script, "\n        '"+c.Name+"' = [ordered]@{\n")
		flags, _, _ = strings.Cut(flags, "\n        }\n")
		fs := pflag.NewFlagSet(c.Name, pflag.ContinueOnError)
		c.Define(fs)
		fs.VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(flags, "\n            '--"+f.Name+"' = '") &&
				!strings.HasPrefix(flags, "            '--"+f.Name+"' = '") {
				t.Errorf("%s has no --%s", c.Name, f.Name)
			}
		})
	}
	if words["caps --format"] != "table csv json md" ||
		!strings.Contains(words["caps --set"], "policy.suppress_low=") ||
		!strings.Contains(table("arguments")["run 0"], "mindfulness") {
		t.Errorf("the words of flags and arguments are not there: %v", words["caps --format"])
	}
	if added["caps --session"] != "session" || added["run 0"] != "session" ||
		added["caps --format"] != "" {
		t.Errorf("scenario files add to %v", added)
	}
}

// commandNames lists the commands, with those that are made from the table.
func commandNames() []string {
	names := []string{"completion", "man", "help"}
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
		if err != nil || shell == "powershell" { // which has no such flag
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
