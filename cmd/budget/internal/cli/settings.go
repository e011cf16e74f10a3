package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// setting is a default of a flag from outside the command line.
type setting struct {
	texts []string // several for a flag that may be given more than once
	place string   // an environment variable, or a file and its line
}

// settings are defaults by command and flag; "" is every command that has the flag.
type settings map[string]map[string]setting

// configurable returns the flags of a command, or with "" of all, that may have a default from
// outside the command line.
func (t Commands) configurable(command string) map[string]*pflag.Flag {
	all := map[string]*pflag.Flag{}
	for _, c := range t {
		if command != "" && c.Name != command {
			continue
		}
		fs, _ := c.newFlagSet()
		fs.VisitAll(func(f *pflag.Flag) {
			if f.Name != configFlag && f.Name != "help" {
				all[f.Name] = f
			}
		})
	}
	return all
}

// takes returns an error unless a command takes values of a flag; with "" one of the commands has
// to.
func (t Commands) takes(command, flag string, texts []string) (err error) {
	for _, c := range t {
		if command != "" && c.Name != command {
			continue
		}
		fs, _ := c.newFlagSet()
		f := fs.Lookup(flag)
		if f == nil {
			continue
		}
		if err = setAll(f, texts); err == nil {
			return nil
		}
	}
	return err
}

func setAll(f *pflag.Flag, texts []string) error {
	if len(texts) > 1 && !repeatable(f) {
		return fmt.Errorf("--%s takes one value, not %d", f.Name, len(texts))
	}
	for _, text := range texts {
		if err := f.Value.Set(text); err != nil {
			if !takesValue(f) {
				return fmt.Errorf("%q is unknown: expected true or false", text)
			}
			return err
		}
	}
	return nil
}

// repeatable reports whether a flag may be given more than once.
func repeatable(f *pflag.Flag) bool {
	return f.Value.Type() == listType || strings.HasSuffix(f.Value.Type(), "Array")
}
