package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/model"
)

// variablePrefix begins the environment variables with defaults of flags.
const variablePrefix = "BUDGET_"

// ownVariables are environment variables with this prefix that are no flags.
var ownVariables = []string{configVariable, "BUDGET_DEBUG"}

// variable returns the environment variable with the default of a flag, for one command or, with
// "", for all that have the flag.
func variable(command, flag string) string {
	if command != "" {
		flag = command + "-" + flag
	}
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// applyDefaults gives the flags that are not on the command line the values that the environment
// or a file has for them. The environment comes before the file, and what is for this command
// before what is for all.
func (t Commands) applyDefaults(sys *System, c Command, fs *pflag.FlagSet) error {
	sys.verbose, _ = fs.GetBool(verboseFlag)
	if len(t.configurable(c.Name)) == 1 && !fs.Lookup(configFlag).Changed {
		return nil // it has no flag but --verbose
	}
	file, err := t.readConfig(sys, fs)
	if err != nil {
		return err
	}
	var given []string
	fs.VisitAll(func(f *pflag.Flag) {
		if err != nil || f.Changed || f.Name == configFlag || f.Name == "help" {
			return
		}
		for _, command := range []string{c.Name, ""} {
			name := variable(command, f.Name)
			text := sys.Getenv(name)
			if text == "" {
				continue
			}
			texts := []string{text}
			if repeatable(f) {
				texts = strings.Split(strings.TrimSpace(text), "\n")
			}
			var taken bool
			if taken, err = t.apply(c, f, command, setting{texts: texts, place: name}); err != nil {
				err = Usagef("%s: %v", name, err)
			}
			if taken || err != nil {
				given = append(given, origin(f))
				return
			}
		}
		for _, command := range []string{c.Name, ""} {
			if s, ok := file[command][f.Name]; ok {
				var taken bool
				if taken, err = t.apply(c, f, command, s); taken || err != nil {
					given = append(given, origin(f))
					return
				}
			}
		}
	})
	if err != nil {
		return err
	}
	sys.verbose, _ = fs.GetBool(verboseFlag)
	for _, line := range given {
		sys.Verbosef("%s", line)
	}
	if quiet, _ := fs.GetBool("quiet"); !quiet {
		t.warnOfVariables(sys)
	}
	return nil
}

// apply gives a flag its default, unless it is for all commands and this one does not take it.
func (t Commands) apply(c Command, f *pflag.Flag, command string, s setting) (taken bool,
	err error) {
	if err := t.takes(c.Name, f.Name, s.texts); err != nil {
		if command == "" && t.takes("", f.Name, s.texts) == nil {
			return false, nil
		}
		return false, err
	}
	if f.Annotations == nil {
		f.Annotations = map[string][]string{}
	}
	f.Annotations[defaultFrom] = []string{s.place, strings.Join(s.texts, ", ")}
	return true, setAll(f, s.texts)
}

// defaultFrom is the annotation of a flag with a default from outside the command line: its place
// and its value.
const defaultFrom = "budget_default_from"

func origin(f *pflag.Flag) string {
	from := f.Annotations[defaultFrom]
	if from == nil {
		return ""
	}
	return fmt.Sprintf("--%s is %q, from %s", f.Name, from[1], from[0])
}

// warnOfVariables warns of environment variables that look like mistyped ones of budget.
func (t Commands) warnOfVariables(sys *System) {
	if sys.Environ == nil {
		return
	}
	var unknown []string
	for _, pair := range sys.Environ() {
		name, text, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, variablePrefix) && !slices.Contains(ownVariables, name) && text != "" {
			unknown = append(unknown, name)
		}
	}
	if unknown == nil {
		return
	}
	known := slices.Clone(ownVariables)
	for _, c := range append(Commands{{}}, t...) {
		for flag := range t.configurable(c.Name) {
			known = append(known, variable(c.Name, flag))
		}
	}
	slices.Sort(known)
	for _, name := range unknown {
		if slices.Contains(known, name) {
			continue
		}
		if near := model.Nearest(name, known); near != "" {
			sys.Warn([]string{fmt.Sprintf("the environment variable %s is not used: did you mean %s?", name,
				near)})
		}
	}
}

// Given is a flag set that says which flags were given.
type Given struct{ *pflag.FlagSet }

// Changed reports whether a flag was given: on the command line, or as a default in the environment
// or in a file.
func (g Given) Changed(name string) bool {
	f := g.Lookup(name)
	return f.Changed || f.Annotations[defaultFrom] != nil
}
