package inputs

import (
	"os"
	"slices"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/internal/disk"
	"budget/model"
)

// All means every session type, device or environment.
const All = "all"

// Pick checks the ids given to a flag and replaces "all" by every one.
func Pick(flag string, words []string, together string, known []string) ([]string, error) {
	var ids []string
	for _, w := range words {
		switch {
		case w == All:
			ids = append(ids, known...)
		case together != "" && w == together, slices.Contains(known, w):
			ids = append(ids, w)
		default:
			special := []string{All}
			if together != "" {
				special = []string{together, All}
			}
			return nil, cli.Usagef("--%s: %q is unknown%s", flag, w,
				cli.Suggest(w, append(special, known...)))
		}
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return nil, cli.Usagef("--%s: %q is given twice", flag, id)
		}
	}
	return ids, nil
}

// Directory returns the directory with results if one is given instead of a scenario
// file.
func Directory(args []string) (dir string, ok bool) {
	if len(args) != 1 || !IsDirectory(args[0]) {
		return "", false
	}
	return args[0], true
}

// IsDirectory reports whether a path is a directory.
func IsDirectory(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// IsScenario reports whether an argument names a scenario file: by its name, or because the file
// exists.
func IsScenario(arg string) bool {
	info, err := os.Stat(arg)
	return arg == cli.Stdin || strings.HasSuffix(arg, ".toml") || err == nil && !info.IsDir()
}

// LoadScenario reads the scenario file named by the arguments, or returns the catalog's
// defaults without one.
func LoadScenario(sys *cli.System, args []string) (*model.Scenario, error) {
	switch len(args) {
	case 0:
		return model.Default(), nil
	case 1:
		return ReadScenario(sys, args[0])
	}
	return nil, cli.Usagef("expected one scenario file, not %d: %s", len(args),
		strings.Join(args, ", "))
}

// warnEdited warns of scenario files that budget has written, and that were changed since.
func warnEdited(sys *cli.System, files []string) {
	for _, file := range files {
		if file != cli.Stdin && disk.Edited(file) {
			sys.Warn([]string{file + " is not as budget wrote it"})
		}
	}
}

// ReadScenario reads a scenario file; "-" is standard input.
func ReadScenario(sys *cli.System, file string) (*model.Scenario, error) {
	name, data, err := ReadText(sys, file)
	if err != nil {
		return nil, err
	}
	return model.Parse(name, data)
}

// ReadText reads the file of a scenario, with its name for messages; "-" is standard input.
func ReadText(sys *cli.System, file string) (name string, data []byte, err error) {
	name, data, err = sys.ReadFile(file)
	if err != nil && file == cli.Stdin {
		return "", nil, cli.Filef(err, "cannot read standard input")
	}
	if err != nil {
		hint := ""
		if slices.Contains(SessionIDs(), file) {
			hint = " (a session type is given as --session " + file + ")"
		}
		return "", nil, cli.Filef(err, "cannot read scenario %s%s", file, hint)
	}
	return name, data, nil
}
