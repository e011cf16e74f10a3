package cli

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/model"
)

// Command is one of the program's commands. Help and shell completion are made
// from it.
type Command struct {
	Name     string
	Args     string // arguments, as the usage line has them
	Summary  string // one line
	Help     string // what it does, in paragraphs
	Examples []string
	// Words completes the n-th argument; nil means none but files.
	Words func(n int) []string
	// Define adds the flags and returns what runs once they are read.
	Define func(*pflag.FlagSet) Action
}

// Action runs a command with the arguments that are no flags.
type Action func(ctx context.Context, sys *System, args []string) error

// newFlagSet returns a command's flag set, with its action.
func (c Command) newFlagSet() (*pflag.FlagSet, Action) {
	fs := pflag.NewFlagSet(c.Name, pflag.ContinueOnError)
	fs.SortFlags = false
	fs.SetOutput(io.Discard)
	act := c.Define(fs)
	addGlobal(fs)
	return fs, act
}

func (t Commands) names() []string {
	var names []string
	for _, c := range t {
		names = append(names, c.Name)
	}
	return names
}

func (t Commands) find(name string) (Command, error) {
	if i := slices.IndexFunc(t, func(c Command) bool { return c.Name == name }); i >= 0 {
		return t[i], nil
	}
	return Command{}, Usagef("unknown command %q%s", name, Suggest(name, t.names()))
}

// with returns the names of the commands that have a flag.
func (t Commands) with(flag string) (names []string) {
	for _, c := range t {
		if fs, _ := c.newFlagSet(); fs.Lookup(flag) != nil {
			names = append(names, c.Name)
		}
	}
	return names
}

// flagError says what is wrong with a flag of a command.
func (t Commands) flagError(c Command, fs *pflag.FlagSet, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		if short := unknown.GetSpecifiedShortnames(); short != "" {
			return Usagef("unknown flag -%s: see 'budget help %s'", short, c.Name)
		}
		name := unknown.GetSpecifiedName()
		var known []string
		fs.VisitAll(func(f *pflag.Flag) { known = append(known, f.Name) })
		others := t.with(name)
		switch near := model.Nearest(name, known); {
		case near != "":
			return Usagef("unknown flag --%s: did you mean --%s?", name, near)
		case len(others) > 0:
			return Usagef("unknown flag --%s: it is a flag of %s; see 'budget help %s'", name,
				strings.Join(others, ", "), c.Name)
		}
		return Usagef("unknown flag --%s: see 'budget help %s'", name, c.Name)
	}
	if missing, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		f := missing.GetFlag()
		_, usage := pflag.UnquoteUsage(f)
		return Usagef("--%s needs a value: %s", f.Name, usage)
	}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		f := invalid.GetFlag()
		if !takesValue(f) {
			return Usagef("--%s takes no value", f.Name)
		}
		return Usagef("--%s: %v", f.Name, invalid.Unwrap())
	}
	return Usagef("%v: see 'budget help %s'", err, c.Name)
}

// Commands is a table of commands, in the order of the help.
type Commands []Command

// First completes the first argument.
func First(words func() []string) func(n int) []string {
	return func(n int) []string {
		if n > 0 {
			return nil
		}
		return words()
	}
}
