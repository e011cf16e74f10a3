package cli

import (
	"context"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/completion"
	"budget/model"
)

// completionCommand is budget completion.
func completionCommand(all *Commands) Command {
	return Command{
		Name: "completion", Args: strings.Join(completion.Shells(), "|"),
		Summary: "a script that completes commands, flags and ids in a shell",
		Help: `
Prints a script for a shell to read when it starts. Ids and keys that a scenario file adds are
completed too, once the file stands in the line; the script asks budget completion added FLAG FILE.`,
		Examples: []string{
			`source <(budget completion bash)`,
			`budget completion zsh > "${fpath[1]}/_budget"`,
			`budget completion fish > ~/.config/fish/completions/budget.fish`,
			`budget completion powershell | Out-String | Invoke-Expression`,
		},
		Words:  First(completion.Shells),
		Define: func(*pflag.FlagSet) Action { return all.writeCompletion },
	}
}

func (t Commands) writeCompletion(_ context.Context, sys *System, args []string) error {
	if len(args) == 3 && args[0] == addedWord {
		writeAdded(sys, args[1], args[2])
		return nil
	}
	shells := completion.Shells()
	if len(args) != 1 {
		return Usagef("expected one shell: %s", strings.Join(shells, ", "))
	}
	shell := args[0]
	if !slices.Contains(shells, shell) {
		return Usagef("unknown shell %q%s", shell, Suggest(shell, shells))
	}
	var commands []completion.Command
	for _, c := range t {
		commands = append(commands, c.completed())
	}
	_, err := io.WriteString(sys.Stdout, completion.Script(shell, commands))
	return err
}

// addedWord asks for what a scenario adds, in place of a shell.
const addedWord = "added"

// writeAdded prints the words that a scenario file adds to those of a flag, one a line;
// nothing where the file has problems, which the command itself will report.
func writeAdded(sys *System, flag, file string) {
	data, err := os.ReadFile(file)
	if err != nil {
		return
	}
	s, err := model.Parse(file, data)
	if err != nil {
		return
	}
	for _, path := range s.Added() {
		kind, id, _ := strings.Cut(path, ".")
		if kind == flag {
			sys.Printf("%s\n", id)
		}
		for _, p := range s.Overrides() {
			switch {
			case !strings.HasPrefix(p.Key, path+"."):
			case flag == "set":
				sys.Printf("%s=\n", p.Key)
			case flag == "vary" && p.Law != nil, flag == "fix" && p.Law != nil:
				sys.Printf("%s\n", p.Key)
			}
		}
	}
}

// addedTo lists the flags whose words scenario files add to, takeSessions the commands whose first
// argument is a session type.
var (
	addedTo      = []string{"session", "device", "environment", "workload", "set", "vary", "fix"}
	takeSessions = []string{"run", "cost"}
)

// completed returns what scripts know of a command.
func (c Command) completed() completion.Command {
	out := completion.Command{Name: c.Name, Summary: c.Summary,
		Files: regexp.MustCompile("toml|FILE|DIR").MatchString(c.Args)}
	fs, _ := c.newFlagSet()
	fs.VisitAll(func(f *pflag.Flag) {
		value, usage := pflag.UnquoteUsage(f)
		flag := completion.Flag{Command: c.Name, Name: f.Name, Shorthand: f.Shorthand,
			TakesValue: takesValue(f), Value: value, Meaning: usage,
			Words: strings.Join(f.Annotations[completions], " "), List: f.Value.Type() == listType,
			Directory: value == "directory", File: value == "file"}
		if slices.Contains(addedTo, f.Name) {
			flag.Added = f.Name
		}
		out.Flags = append(out.Flags, flag)
	})
	for n := 0; n < 2 && c.Words != nil; n++ {
		if words := c.Words(n); len(words) > 0 {
			a := completion.Argument{N: n, Words: strings.Join(words, " ")}
			if n == 0 && slices.Contains(takeSessions, c.Name) {
				a.Added = "session"
			}
			out.Arguments = append(out.Arguments, a)
		}
	}
	return out
}
