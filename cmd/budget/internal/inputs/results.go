package inputs

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/sweep/store"
)

// ReadResults reads the results of a command in a directory.
func ReadResults(sys *cli.System, dir string) (*store.Results, error) {
	defer sys.Stage("read the results in " + dir)()
	r, err := store.Read(dir)
	if err != nil {
		return nil, Resultsf(err, "cannot read the results in %s", dir)
	}
	return r, nil
}

// CheckGiven returns a usage error if a flag was given that results cannot honour, because they
// are simulated already. fits are the flags that they honour; remedy says what to type instead.
func CheckGiven(fs *pflag.FlagSet, dir, remedy string, fits ...string) (err error) {
	fs.Visit(func(f *pflag.Flag) {
		if err == nil && !cli.Presents(f) && !slices.Contains(fits, f.Name) {
			err = cli.Usagef("--%s: the results in %s are simulated already: leave the flag out, or %s",
				f.Name, dir, remedy)
		}
	})
	return err
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
