package cli

import (
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

func shells() []string { return []string{"bash", "zsh", "fish"} }

// completionCommand is budget completion.
func completionCommand(all *Commands) Command {
	return Command{
		Name: "completion", Args: "bash|zsh|fish",
		Summary: "a script that completes commands, flags and ids in a shell",
		Help: `
Prints a script for a shell to read when it starts. In bash, ids that a scenario file adds are
completed too, once the file stands in the line; the script asks budget completion added FLAG FILE.`,
		Examples: []string{
			`source <(budget completion bash)`,
			`budget completion zsh > "${fpath[1]}/_budget"`,
			`budget completion fish > ~/.config/fish/completions/budget.fish`,
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
			fmt.Fprintln(sys.Stdout, id)
		}
		for _, p := range s.Overrides() {
			switch {
			case !strings.HasPrefix(p.Key, path+"."):
			case flag == "set":
				fmt.Fprintln(sys.Stdout, p.Key+"=")
			case flag == "vary" && p.Law != nil, flag == "fix" && p.Law != nil:
				fmt.Fprintln(sys.Stdout, p.Key)
			}
		}
	}
}

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
}

// After returns the place of the argument after so many words.
func (a completedArgument) After(words int) int { return a.N + words }

// completedFlag is what scripts know of a flag.
type completedFlag struct {
	*pflag.Flag
	Command         string
	Value, Meaning  string // of the usage
	Words           string // that it takes
	Directory, File bool
}

func (c Command) completed() completedCommand {
	out := completedCommand{Command: c, Files: regexp.MustCompile("toml|FILE|DIR").MatchString(c.Args)}
	fs, _ := c.newFlagSet()
	fs.VisitAll(func(f *pflag.Flag) {
		value, usage := pflag.UnquoteUsage(f)
		out.Flags = append(out.Flags, completedFlag{f, c.Name, value, usage,
			strings.Join(f.Annotations[completions], " "), f.Name == "output", f.Name == "scenario"})
	})
	for n := 0; n < 2 && c.Words != nil; n++ {
		if words := c.Words(n); len(words) > 0 {
			out.Arguments = append(out.Arguments, completedArgument{n, strings.Join(words, " ")})
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

// Zsh is the flag as _arguments takes it.
func (f completedFlag) Zsh() string {
	text := strings.NewReplacer("[", "(", "]", ")", ":", "\\:").Replace(f.Meaning)
	text = "[" + text + "]"
	list := f.Flag.Value.Type() == listType
	if f.TakesValue() {
		action := ""
		switch {
		case f.Words != "" && list:
			action = "_values -s , " + f.Value + " " + f.Words
		case f.Words != "":
			action = "(" + f.Words + ")"
		case f.Directory:
			action = "_files -/"
		case f.File:
			action = "_files"
		}
		text = "=" + text + ":" + f.Value + ":" + action
	}
	text = "--" + f.Name + text
	if list {
		text = "*" + text
	}
	return text
}
