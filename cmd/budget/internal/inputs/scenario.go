package inputs

import (
	"io"
	"os"
	"slices"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/model"
)

// All stands for every session type, device or environment.
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
			return nil, cli.Usagef("--%s: %q is unknown%s", flag, w, cli.Suggest(w, append(special, known...)))
		}
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return nil, cli.Usagef("--%s: %q is given twice", flag, id)
		}
	}
	return ids, nil
}

// LoadScenario reads the one scenario file that may be among the arguments; "-"
// is standard input, none the catalog's defaults.
func LoadScenario(sys *cli.System, args []string) (*model.Scenario, error) {
	switch len(args) {
	case 0:
		return model.Default(), nil
	case 1:
		return ReadScenario(sys, args[0])
	}
	return nil, cli.Usagef("expected one scenario file, not %d: %s", len(args), strings.Join(args, ", "))
}

func ReadScenario(sys *cli.System, file string) (*model.Scenario, error) {
	if file == "-" {
		data, err := io.ReadAll(sys.Stdin)
		if err != nil {
			return nil, cli.Filef(err, "cannot read standard input")
		}
		return model.Parse("stdin", data)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		hint := ""
		if slices.Contains(model.IDs(model.Default().Sessions), file) {
			hint = " (a session type is given as --session " + file + ")"
		}
		return nil, cli.Filef(err, "cannot read scenario %s%s", file, hint)
	}
	return model.Parse(file, data)
}
