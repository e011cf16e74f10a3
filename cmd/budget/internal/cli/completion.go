package cli

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/spf13/pflag"

	"budget/model"
)

// scripts are the templates of the scripts, one for each shell. That for bash works without
// the bash-completion package; its lists with commas complete their last entry.
//
//go:embed completion
var scripts embed.FS

func shells() []string { return []string{"bash", "zsh", "fish", "powershell"} }

// completionCommand is budget completion.
func completionCommand(all *Commands) Command {
	return Command{
		Name: "completion", Args: strings.Join(shells(), "|"),
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
		Words:  First(shells),
		Define: func(*pflag.FlagSet) Action { return all.writeCompletion },
	}
}

func (t Commands) writeCompletion(_ context.Context, sys *System, args []string) error {
	if len(args) == 3 && args[0] == addedWord {
		writeAdded(sys, args[1], args[2])
		return nil
	}
	if len(args) != 1 {
		return Usagef("expected one shell: %s", strings.Join(shells(), ", "))
	}
	shell := args[0]
	if !slices.Contains(shells(), shell) {
		return Usagef("unknown shell %q%s", shell, Suggest(shell, shells()))
	}
	var commands []completedCommand
	for _, c := range t {
		commands = append(commands, c.completed())
	}
	script, err := template.New(shell+".tmpl").Funcs(template.FuncMap{
		"sh": func(parts ...any) string {
			return "'" + strings.ReplaceAll(fmt.Sprint(parts...), "'", `'\''`) + "'"
		},
		"fish": func(parts ...any) string {
			return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(fmt.Sprint(parts...)) + "'"
		},
		"ps": func(parts ...any) string {
			return "'" + strings.ReplaceAll(fmt.Sprint(parts...), "'", "''") + "'"
		},
	}).ParseFS(scripts, "completion/"+shell+".tmpl")
	if err != nil {
		return err
	}
	return script.Execute(sys.Stdout, commands)
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

// completedCommand is what scripts know of a command.
type completedCommand struct {
	Command
	Flags     []completedFlag
	Arguments []completedArgument
	Files     bool // whether arguments may be files
}

// completedArgument is the n-th argument of a command, which takes words.
type completedArgument struct {
	N     int
	Words string
	Added string // flag whose words scenario files add; "" for none
}

// After returns the place of the argument after so many words.
func (a completedArgument) After(words int) int { return a.N + words }

// completedFlag is what scripts know of a flag.
type completedFlag struct {
	*pflag.Flag
	Command         string
	Value, Meaning  string // of the usage
	Words           string // that it takes
	Added           string // its name if scenario files add words; "" if not
	Directory, File bool
}

func (c Command) completed() completedCommand {
	out := completedCommand{Command: c, Files: regexp.MustCompile("toml|FILE|DIR").MatchString(c.Args)}
	fs, _ := c.newFlagSet()
	fs.VisitAll(func(f *pflag.Flag) {
		value, usage := pflag.UnquoteUsage(f)
		flag := completedFlag{Flag: f, Command: c.Name, Value: value, Meaning: usage,
			Words:     strings.Join(f.Annotations[completions], " "),
			Directory: value == "directory", File: value == "file"}
		if slices.Contains(addedTo, f.Name) {
			flag.Added = f.Name
		}
		out.Flags = append(out.Flags, flag)
	})
	for n := 0; n < 2 && c.Words != nil; n++ {
		if words := c.Words(n); len(words) > 0 {
			a := completedArgument{N: n, Words: strings.Join(words, " ")}
			if n == 0 && slices.Contains(takeSessions, c.Name) {
				a.Added = "session"
			}
			out.Arguments = append(out.Arguments, a)
		}
	}
	return out
}

// TakesValue reports whether the flag needs a value.
func (f completedFlag) TakesValue() bool { return takesValue(f.Flag) }

// Pattern matches the command with the flag, in bash.
func (f completedFlag) Pattern() string {
	pattern := "'" + f.Command + " --" + f.Name + "'"
	if f.Shorthand != "" {
		pattern += "|'" + f.Command + " -" + f.Shorthand + "'"
	}
	return pattern
}

// kind is how words complete: "list" with commas, "key" as KEY=, or "one".
func (f completedFlag) kind() string {
	switch {
	case f.Name == "set":
		return "key"
	case f.Flag.Value.Type() == listType:
		return "list"
	}
	return "one"
}

// Fish is the command that lists the words.
func (f completedFlag) Fish() string { return fishWords(f.Added, f.Words) }

// Fish is the command that lists the words.
func (a completedArgument) Fish() string { return fishWords(a.Added, a.Words) }

func fishWords(added, words string) string {
	return "(__budget_words '" + added + "' '" + words + "')"
}

// Zsh is the action that completes the words.
func (a completedArgument) Zsh() string {
	return "{_budget_words one " + cmp.Or(a.Added, "none") + " " + a.Words + "}"
}

// Zsh is the flag as _arguments takes it.
func (f completedFlag) Zsh() string {
	text := strings.NewReplacer("[", "(", "]", ")", ":", "\\:").Replace(f.Meaning)
	text = "[" + text + "]"
	if f.TakesValue() {
		action := ""
		switch {
		case f.Words != "":
			action = "{_budget_words " + f.kind() + " " + cmp.Or(f.Added, "none") + " " + f.Words + "}"
		case f.Directory:
			action = "_files -/"
		case f.File:
			action = "_files"
		}
		text = "=" + text + ":" + f.Value + ":" + action
	}
	text = "--" + f.Name + text
	if f.Flag.Value.Type() == listType {
		text = "*" + text
	}
	return text
}
