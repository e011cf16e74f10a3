package inputs

import (
	"errors"
	"fmt"
	"io/fs"

	"budget/cmd/budget/internal/cli"
	"budget/sweep/store"
)

// ReadResults reads the results of a command in a directory.
func ReadResults(dir string) (*store.Results, error) {
	r, err := store.Read(dir)
	if err != nil {
		return nil, Resultsf(err, "cannot read the results in %s", dir)
	}
	return r, nil
}

// Resultsf is cli.Filef for results, which are several files: it names the file that failed
// and says how to make missing results.
func Resultsf(err error, format string, args ...any) error {
	switch path, ok := errors.AsType[*fs.PathError](err); {
	case ok:
		err = fmt.Errorf("%s: %s", path.Path, path.Err)
	case errors.Is(err, store.ErrNoResults):
		err = fmt.Errorf("%w: expected a directory of budget caps -o or budget sweep -o, with caps.json "+
			"or blocks.csv", err)
	case errors.Is(err, store.ErrNoCurves):
		err = fmt.Errorf("%w: expected a run of this version of budget caps -o", err)
	}
	return cli.Filef(err, format, args...)
}
