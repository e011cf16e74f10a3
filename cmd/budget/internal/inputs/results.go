package inputs

import (
	"errors"
	"fmt"
	"io/fs"

	"budget/cmd/budget/internal/cli"
	"budget/sweep/store"
)

// ReadResults reads what a command has left in a directory.
func ReadResults(dir string) (*store.Results, error) {
	r, err := store.Read(dir)
	if err != nil {
		return nil, Resultsf(err, "cannot read the results in %s", dir)
	}
	return r, nil
}

// Resultsf is cli.Filef for results, which are several files: it names the one that failed,
// and says what to do about results that lack something.
func Resultsf(err error, format string, args ...any) error {
	switch path, ok := errors.AsType[*fs.PathError](err); {
	case ok:
		err = fmt.Errorf("%s: %s", path.Path, path.Err)
	case errors.Is(err, store.ErrNoResults):
		err = fmt.Errorf("%w: expected what budget caps -o or budget sweep -o leaves, with caps.json or "+
			"blocks.csv in it", err)
	case errors.Is(err, store.ErrNoCurves):
		err = fmt.Errorf("%w: expected a run of this version of budget caps -o", err)
	}
	return cli.Filef(err, format, args...)
}
