package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/pflag"

	"budget/model"
	"budget/model/document"
)

// configPath returns the file with defaults of flags, and whether it was asked for. Without one it
// returns "".
func (s *System) configPath(flags *pflag.FlagSet) (path string, asked bool) {
	if f := flags.Lookup(configFlag); f.Changed {
		return f.Value.String(), true
	}
	if path := s.Getenv(configVariable); path != "" {
		return path, true
	}
	dir := s.Getenv("XDG_CONFIG_HOME")
	if !filepath.IsAbs(dir) { // as the XDG specification has it
		home := s.Getenv("HOME")
		if home == "" {
			return "", false
		}
		dir = filepath.Join(home, ".config")
	}
	return filepath.Join(dir, "budget", "config.toml"), false
}

// readConfig reads the file with defaults of flags and checks all of it, what other commands take
// too.
func (t Commands) readConfig(sys *System, flags *pflag.FlagSet) (settings, error) {
	path, asked := sys.configPath(flags)
	if path == "" {
		return nil, nil
	}
	name, data, err := sys.ReadFile(path)
	switch {
	case err != nil && !asked && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, Filef(err, "cannot read the defaults of flags in %s", name)
	}
	root, err := document.Parse(name, data)
	if err != nil {
		return nil, err
	}
	c := config{commands: t, file: name, found: settings{"": {}}}
	for _, e := range root.Entries {
		i, _ := t.find(e.Key)
		switch {
		case e.Value.Kind != document.Table:
			c.add("", e)
		case i.Name == "":
			hint := ": 'budget help' lists them"
			if near := model.Nearest(e.Key, t.names()); near != "" {
				hint = ": did you mean " + near + "?"
			}
			c.problem(e, e.Key, "unknown command%s", hint)
		default:
			c.found[e.Key] = map[string]setting{}
			for _, inner := range e.Value.Entries {
				c.add(e.Key, inner)
			}
		}
	}
	if c.problems != nil {
		return nil, c.problems
	}
	return c.found, nil
}

// config is a file with defaults as it is read.
type config struct {
	commands Commands
	file     string
	found    settings
	problems model.Problems
}

func (c *config) problem(e document.Entry, key, format string, args ...any) {
	c.problems = append(c.problems, model.Problem{File: c.file, Line: e.At.Line, Column: e.At.Column,
		Key: key, Message: fmt.Sprintf(format, args...)})
}

// add adds the entry of a command, or of all commands, if it is right.
func (c *config) add(command string, e document.Entry) {
	key := document.Join(command, e.Key)
	known := c.commands.configurable(command)
	if known[e.Key] == nil {
		has := "no command has"
		if command != "" {
			has = "budget " + command + " does not have"
		}
		c.problem(e, key, "%s this flag%s", has, nearest(e.Key, known))
		return
	}
	texts, err := settingTexts(e.Value)
	if err == nil {
		err = c.commands.takes(command, e.Key, texts)
	}
	if err != nil {
		c.problem(e, key, "%v", err)
		return
	}
	c.found[command][e.Key] = setting{texts: texts,
		place: fmt.Sprintf("%s:%d", c.file, e.At.Line)}
}

// nearest ends an error on an unknown flag with the nearest known one.
func nearest(name string, known map[string]*pflag.Flag) string {
	var names []string
	for name := range known {
		names = append(names, name)
	}
	if near := model.Nearest(name, names); near != "" {
		return ": did you mean " + near + "?"
	}
	return ": expected a flag's long name without --, such as tolerance"
}

// settingTexts returns the values of a flag in an element.
func settingTexts(e *document.Element) ([]string, error) {
	switch e.Kind {
	case document.String, document.Integer, document.Float, document.Bool:
		return []string{e.Text}, nil
	case document.Array:
		var texts []string
		for _, item := range e.Items {
			switch item.Kind {
			case document.String, document.Integer, document.Float:
				texts = append(texts, item.Text)
			default:
				return nil, errors.New("expected strings or numbers in the list")
			}
		}
		if len(texts) == 0 {
			return nil, errors.New("the list is empty: expected values, or no line")
		}
		return texts, nil
	}
	return nil, errors.New("expected a string, a number, true, false or a list of strings")
}
