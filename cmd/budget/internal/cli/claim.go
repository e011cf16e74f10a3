package cli

import (
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"
)

// claims say whose results a directory holds: mark is a file that only this command writes,
// shared one that others write, too, and that they would replace.
var claims = []struct{ command, mark, shared string }{
	{"caps", "caps.json", provenanceFile},
	{"run", "outcomes.json", provenanceFile},
	{"cost", "cost.json", provenanceFile},
	{"fit", "fit.json", provenanceFile},
	{"timer", "timer.json", provenanceFile},
	{"optimize", "optimize.json", provenanceFile},
	{sweepCommand, "journal", provenanceFile},
	{sweepCommand, "parts", provenanceFile},
	{"uncertainty", "uncertainty.csv", "uncertainty.json"},
}

const (
	provenanceFile = "provenance.json"
	sweepCommand   = "sweep"
)

const forceFlag = "force"

// AddForce adds the flag for replacing another command's results. OpenOutput reads it by
// itself.
func AddForce(fs *pflag.FlagSet) {
	fs.Bool(forceFlag, false, "replace the results of another command in the directory; never a sweep")
}

// ClaimSweep returns an error if a directory holds results that a sweep would replace.
func (s *System) ClaimSweep(dir string) error {
	_, err := claim(dir, sweepCommand, []string{provenanceFile}, false, "")
	return err
}

// claim returns an error if a directory holds another command's results that some files would
// replace. With force it returns the marks of these results, which are to go.
func claim(dir, command string, names []string, force bool, hint string) (gone []string,
	err error) {
	for _, c := range claims {
		if c.command == command || !slices.Contains(names, c.shared) {
			continue
		}
		if _, err := os.Stat(filepath.Join(dir, c.mark)); err != nil {
			continue // not there
		}
		switch {
		case c.command == sweepCommand:
			return nil, Filef(errors.New("choose another directory"), "%s holds a sweep", dir)
		case !force:
			return nil, Filef(errors.New("choose another directory"+hint),
				"%s holds the results of budget %s", dir, c.command)
		}
		gone = append(gone, c.mark)
	}
	return gone, nil
}

// holds reports whether a directory holds results of a command.
func holds(dir, command string) bool {
	for _, c := range claims {
		if _, err := os.Stat(filepath.Join(dir, c.mark)); err == nil && c.command == command {
			return true
		}
	}
	return false
}
