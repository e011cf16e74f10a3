package optimize

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"budget/cmd/budget/internal/cli"
	"budget/internal/disk"
	"budget/sweep/optimize"
)

// journalName is the file in the directory of -o from which an interrupted race goes on.
const journalName = "optimize.journal"

// journal returns the journal in the directory of -o, nil without one.
func (f *optimizeFlags) journal(sys *cli.System, d *optimize.Design) (*optimize.Journal, error) {
	if f.Output == "" {
		return nil, nil
	}
	path := filepath.Join(f.Output, journalName)
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, cli.Filef(err, "cannot read %s", path)
	}
	j := &optimize.Journal{Save: func(state []byte) error {
		if err := disk.Replace(path, func(w io.Writer) error {
			_, err := w.Write(append([]byte(digest(state)+"\n"), state...))
			return err
		}); err != nil {
			return cli.Filef(err, "cannot write %s", path)
		}
		return nil
	}}
	sum, state, _ := bytes.Cut(text, []byte("\n"))
	switch {
	case len(text) == 0:
	case string(sum) != digest(state):
		sys.Remarkf("%s is damaged: the race begins anew", path)
	case !d.Continues(state):
		sys.Remarkf("%s is of another design, or of other code: the race begins anew", path)
	default:
		j.State = state
		if !f.Quiet {
			sys.Remarkf("%s: an interrupted race goes on", path)
		}
	}
	return j, nil
}

func digest(state []byte) string {
	sum := sha256.Sum256(state)
	return hex.EncodeToString(sum[:])
}

// closeJournal removes the journal of a race that is over.
func (f *optimizeFlags) closeJournal() error {
	if f.Output == "" {
		return nil
	}
	if err := disk.Remove(f.Output, journalName); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cli.Filef(err, "cannot remove %s", filepath.Join(f.Output, journalName))
	}
	return nil
}
