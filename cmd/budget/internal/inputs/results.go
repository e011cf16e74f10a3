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

// Resultsf is filef for results, which are several files: it names the one that failed.
func Resultsf(err error, format string, args ...any) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = fmt.Errorf("%s: %s", path.Path, path.Err)
	}
	return cli.Filef(err, format, args...)
}
