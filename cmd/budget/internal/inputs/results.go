package inputs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/internal/disk"
	"budget/sweep/store"
)

// Reading holds the flag for reading results that were changed since they were written.
type Reading struct{ unchecked bool }

// UncheckedFlag is the name of that flag.
const UncheckedFlag = "unchecked"

// AddUnchecked adds the flag.
func (r *Reading) AddUnchecked(fs *pflag.FlagSet) {
	fs.BoolVar(&r.unchecked, UncheckedFlag, false,
		"read results even if a file was changed since budget wrote it, and say so")
}

// Results reads the results of a command in a directory.
func (r *Reading) Results(sys *cli.System, dir string) (*store.Results, error) {
	defer sys.Stage("read the results in " + dir)()
	read := store.Read
	if r.unchecked {
		read = store.ReadUnchecked
	}
	found, err := read(dir)
	if err != nil {
		return nil, Resultsf(err, "cannot read the results in %s", dir)
	}
	if found.Changed != "" {
		sys.Warn([]string{UncheckedNote(found.Changed)})
	}
	return found, nil
}

// Run reads the results of budget run in a directory.
func (r *Reading) Run(sys *cli.System, dir string) (*store.Run, error) {
	found, err := store.ReadRun(dir, r.unchecked)
	if err != nil {
		return nil, Resultsf(err, "cannot read the results in %s", dir)
	}
	if found.Changed != "" {
		sys.Warn([]string{UncheckedNote(found.Changed)})
	}
	return found, nil
}

// Timer reads the results of budget timer in a directory.
func (r *Reading) Timer(sys *cli.System, dir string) (*store.Timer, error) {
	found, err := store.ReadTimer(dir, r.unchecked)
	if err != nil {
		return nil, Resultsf(err, "cannot read the results in %s", dir)
	}
	if found.Changed != "" {
		sys.Warn([]string{UncheckedNote(found.Changed)})
	}
	return found, nil
}

// Designs reads the results of budget optimize in a directory.
func (r *Reading) Designs(sys *cli.System, dir string) (*store.Designs, error) {
	found, err := store.ReadDesigns(dir, r.unchecked)
	if err != nil {
		return nil, Resultsf(err, "cannot read the results in %s", dir)
	}
	if found.Changed != "" {
		sys.Warn([]string{UncheckedNote(found.Changed)})
	}
	return found, nil
}

// Check returns an error if files of a directory, which a command is about to read, are not as
// they were written, and warns of it instead where the flag is given.
func (r *Reading) Check(sys *cli.System, dir string, needed ...string) error {
	err := disk.Check(dir, needed...)
	if changed, ok := errors.AsType[*disk.Changed](err); ok && r.unchecked {
		sys.Warn([]string{UncheckedNote(changed.Error())})
		return nil
	}
	if err != nil {
		return Resultsf(err, "cannot read the results in %s", dir)
	}
	return nil
}

// UncheckedNote says in an answer that it rests on changed files.
func UncheckedNote(changed string) string {
	return "unchecked, the numbers may be wrong: " + changed
}

// CheckDirectory returns an error unless every file in a directory is as budget wrote it.
func CheckDirectory(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, disk.SealName)); errors.Is(err, fs.ErrNotExist) {
		return cli.Failf(cli.ExitFile,
			"cannot check %s: it has no %s: expected a directory that budget wrote with -o", dir,
			disk.SealName)
	}
	err := disk.Verify(dir)
	if journal := store.CheckJournal(dir); err == nil && !errors.Is(journal, fs.ErrNotExist) {
		err = journal
	}
	if err == nil {
		err = store.CheckPaths(dir)
	}
	if isChanged(err) {
		return cli.Failf(cli.ExitFile, "%v; run the command that wrote it again", err)
	}
	if err != nil {
		return cli.Filef(err, "cannot read %s", dir)
	}
	return nil
}

func isChanged(err error) bool {
	_, changed := errors.AsType[*disk.Changed](err)
	return changed
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
	case isChanged(err):
		err = fmt.Errorf("%w; run the command that wrote it again (a sweep computes only what is "+
			"damaged), or give --%s to read it as it is", err, UncheckedFlag)
	case errors.Is(err, store.ErrNoResults):
		err = fmt.Errorf("%w: expected a directory of budget caps -o or budget sweep -o, with caps.json "+
			"or blocks.csv (budget report and budget plot also take that of budget run -o and of budget "+
			"optimize -o, budget plot that of budget timer -o)", err)
	case errors.Is(err, store.ErrNoCurves):
		err = fmt.Errorf("%w: expected a run of this version of budget caps -o", err)
	}
	return cli.Filef(err, format, args...)
}
