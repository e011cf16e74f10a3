package completion

import (
	"cmp"
	"fmt"
	"strings"
)

// Command is what scripts know of a command.
type Command struct {
	Name, Summary string
	Flags         []Flag
	Arguments     []Argument
	Files         bool // whether arguments may be files
}

// Argument is the n-th argument of a command, from 0, which takes words.
type Argument struct {
	N     int
	Words string // with spaces between them
	Added string // flag whose words scenario files add; "" for none
}

// Flag is what scripts know of a flag of a command.
type Flag struct {
	Command         string
	Name, Shorthand string
	TakesValue      bool
	Value, Meaning  string // of the usage
	Words           string // that it takes, with spaces between them
	Added           string // its name if scenario files add words; "" if not
	List            bool   // it takes several values with commas, and may be repeated
	Directory, File bool
}

// names lists the commands, with spaces between them.
func names(commands []Command) string {
	var all []string
	for _, c := range commands {
		all = append(all, c.Name)
	}
	return strings.Join(all, " ")
}

// flags lists the flags of a command, with spaces between them.
func (c Command) flags() string {
	var all []string
	for _, f := range c.Flags {
		all = append(all, "--"+f.Name)
	}
	return strings.Join(all, " ")
}

// place names an argument of the command, in PowerShell.
func (c Command) place(a Argument) string { return fmt.Sprint(c.Name, " ", a.N) }

// valuePatterns matches the commands with their flags that take values, in bash.
func valuePatterns(commands []Command) string {
	var all []string
	for _, c := range commands {
		for _, f := range c.Flags {
			if f.TakesValue {
				all = append(all, f.pattern())
			}
		}
	}
	return strings.Join(all, "|")
}

// pattern matches the command with the flag, in bash.
func (f Flag) pattern() string {
	pattern := sh(f.Command + " --" + f.Name)
	if f.Shorthand != "" {
		pattern += "|" + sh(f.Command+" -"+f.Shorthand)
	}
	return pattern
}

// switches lists the flags without a value, in PowerShell.
func switches(commands []Command) string {
	var all []string
	for _, c := range commands {
		for _, f := range c.Flags {
			if !f.TakesValue {
				all = append(all, ps(f.Command+" --"+f.Name))
			}
		}
	}
	return strings.Join(all, ", ")
}

// fish is what the value of the flag may be, in fish.
func (f Flag) fish() string {
	switch {
	case !f.TakesValue:
		return ""
	case f.Words != "":
		return " -x -a " + fishQuote(fishWords(f.Added, f.Words))
	case f.Directory, f.File:
		return " -r -F"
	}
	return " -x"
}

// fishPlace is true where the argument comes next, in fish.
func (a Argument) fishPlace() string {
	return fmt.Sprint("; and test (count (commandline -opc)) -eq ", a.N+2)
}

// fishWords is the command that lists words, in fish.
func fishWords(added, words string) string {
	return "(__budget_words '" + added + "' '" + words + "')"
}

// zsh is the argument as _arguments takes it.
func (a Argument) zsh() string {
	return fmt.Sprint(a.N+1, ":argument:", zshWords("one", a.Added, a.Words))
}

// zsh is the flag as _arguments takes it.
func (f Flag) zsh() string {
	text := strings.NewReplacer("[", "(", "]", ")", ":", "\\:").Replace(f.Meaning)
	text = "[" + text + "]"
	if f.TakesValue {
		action := ""
		switch {
		case f.Words != "":
			action = zshWords(f.kind(), f.Added, f.Words)
		case f.Directory:
			action = "_files -/"
		case f.File:
			action = "_files"
		}
		text = "=" + text + ":" + f.Value + ":" + action
	}
	text = "--" + f.Name + text
	if f.List {
		text = "*" + text
	}
	return text
}

// kind is how words complete, in zsh: "list" with commas, "key" as KEY=, or "one".
func (f Flag) kind() string {
	switch {
	case f.Name == "set":
		return "key"
	case f.List:
		return "list"
	}
	return "one"
}

// zshWords is the action that completes words, in zsh.
func zshWords(kind, added, words string) string {
	return "{_budget_words " + kind + " " + cmp.Or(added, "none") + " " + words + "}"
}
