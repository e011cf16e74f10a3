package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/model"
)

// command is one of the program's commands. Help and shell completion are made
// from it.
type command struct {
	name     string
	args     string // arguments, as the usage line has them
	summary  string // one line
	help     string // what it does, in paragraphs
	examples []string
	// words completes the n-th argument; nil means none but files.
	words func(n int) []string
	// define adds the flags and returns what runs once they are read.
	define func(*pflag.FlagSet) action
}

// action runs a command with the arguments that are no flags.
type action func(ctx context.Context, sys *system, args []string) error

// commands lists the commands in the order of the help.
func commands() []command {
	return []command{capsCommand(), runCommand(), sweepCommand(), mergeCommand(), compareCommand(), plotCommand(), exportCommand(), reportCommand(),
		fitCommand(), logCommand(), uncertaintyCommand(), sensitivityCommand(), breakpointCommand(), checkCommand(), showCommand(),
		versionCommand(), completionCommand(), helpCommand()}
}

// newFlagSet returns a command's flag set, with its action.
func (c command) newFlagSet() (*pflag.FlagSet, action) {
	fs := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	fs.SortFlags = false
	fs.SetOutput(io.Discard)
	act := c.define(fs)
	fs.BoolP("help", "h", false, "show this help")
	return fs, act
}

// dispatch runs the command that the arguments name.
func dispatch(ctx context.Context, sys *system) error {
	if len(sys.args) == 0 {
		writeOverview(sys.stderr)
		return usagef("a command is missing")
	}
	name, args := sys.args[0], sys.args[1:]
	switch name {
	case "-h", "--help":
		name = "help"
	case "--version":
		name = "version"
	}
	if strings.HasPrefix(name, "-") {
		return usagef("expected a command before flags such as %s: one of %s", name, strings.Join(commandNames(), ", "))
	}
	c, err := findCommand(name)
	if err != nil {
		return err
	}
	fs, act := c.newFlagSet()
	if err := fs.Parse(args); err != nil {
		return flagError(c, fs, err)
	}
	if help, _ := fs.GetBool("help"); help {
		return writeHelp(sys.stdout, c)
	}
	return act(ctx, sys, fs.Args())
}

func commandNames() []string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return names
}

func findCommand(name string) (command, error) {
	all := commands()
	if i := slices.IndexFunc(all, func(c command) bool { return c.name == name }); i >= 0 {
		return all[i], nil
	}
	return command{}, usagef("unknown command %q%s", name, suggest(name, commandNames()))
}

// flagError says what is wrong with a flag.
func flagError(c command, fs *pflag.FlagSet, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		if short := unknown.GetSpecifiedShortnames(); short != "" {
			return usagef("unknown flag -%s: see 'budget help %s'", short, c.name)
		}
		name := "--" + unknown.GetSpecifiedName()
		var known []string
		fs.VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
		if near := model.Nearest(name, known); near != "" {
			return usagef("unknown flag %s: did you mean %s?", name, near)
		}
		return usagef("unknown flag %s: see 'budget help %s'", name, c.name)
	}
	if missing, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		f := missing.GetFlag()
		_, usage := pflag.UnquoteUsage(f)
		return usagef("--%s needs a value: %s", f.Name, usage)
	}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		f := invalid.GetFlag()
		if !takesValue(f) {
			return usagef("--%s takes no value", f.Name)
		}
		return usagef("--%s: %v", f.Name, invalid.Unwrap())
	}
	return usagef("%v: see 'budget help %s'", err, c.name)
}

// writeHelp writes the help of one command.
func writeHelp(w io.Writer, c command) error {
	fmt.Fprintf(w, "budget %s: %s\n\nUsage:\n  %s\n\n", c.name, c.summary, strings.TrimSpace("budget "+c.name+" [flags] "+c.args))
	fmt.Fprintf(w, "%s\n", strings.TrimSpace(c.help))
	fs, _ := c.newFlagSet()
	fmt.Fprintf(w, "\nFlags:\n%s", fs.FlagUsagesWrapped(plainWidth))
	if len(c.examples) > 0 {
		fmt.Fprintf(w, "\nExamples:\n")
		for _, example := range c.examples {
			fmt.Fprintf(w, "  %s\n", example)
		}
	}
	return nil
}

// overviewWidth is the width of commands and their arguments in the overview.
const overviewWidth = 40

// writeOverview writes what the program is for and its commands.
func writeOverview(w io.Writer) {
	fmt.Fprint(w, "budget tells how long a watch-app session may be so that it almost surely reaches its end.\n\nCommands:\n")
	for _, c := range commands() {
		usage := strings.TrimSpace(c.name + " " + c.args)
		if len(usage) > overviewWidth {
			usage += "\n" + strings.Repeat(" ", len("  budget ")+overviewWidth)
		}
		fmt.Fprintf(w, "  budget %-*s  %s\n", overviewWidth, usage, c.summary)
	}
	fmt.Fprint(w, "\nStart with 'budget caps'. 'budget help COMMAND' tells of flags and shows examples.\n")
}
