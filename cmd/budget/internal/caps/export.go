package caps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/sessioncaps"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep/starts"
)

// appForm is a form of caps that an app reads.
type appForm string

const (
	appJSON  appForm = "json"
	appPlist appForm = "plist"
	appSwift appForm = "swift"
)

// Write writes caps in the form.
func (f appForm) write(w io.Writer, s *starts.Result) error {
	switch f {
	case appPlist:
		return sessioncaps.WritePlist(w, s)
	case appSwift:
		return sessioncaps.WriteSwift(w, s)
	}
	return sessioncaps.WriteJSON(w, s)
}

// exportFlags are the flags of budget export.
type exportFlags struct {
	*inputs.Options
	changed    func(flag string) bool
	sessions   []string
	tolerances []float64
	reading    solver.Reading
	form       appForm
}

func ExportCommand() cli.Command {
	return cli.Command{
		Name: "export", Args: "[scenario.toml | DIR]",
		Summary: "caps for an app to read, by what it can observe",
		Help: `
Prints caps for an app to look up when a session starts, by all that it can observe then: the battery
level, in bins, the thermal state, Low Power Mode and the class of the watch. Each is conditional:
of the sessions that start so, at most the tolerance fail. All hold together with the confidence.

Where the paths of a start are too few to carry a cap, it takes that of a lower battery level; and no
start is allowed more than one that is better off. Where there is no cap, the file says why.

On standard error it says what the table buys over one fixed cap for everyone. With -o, the caps go
to files in all forms, and to standard output only where --format is given.

A directory that -o has written is read in place of a scenario file, and nothing is simulated. A
scenario file overrides the catalog's defaults; - reads it from standard input.`,
		Examples: []string{
			`budget export --session mindfulness > session-caps.json`,
			`budget export --format swift --tolerance "1 %" > SessionCaps.swift`,
			`budget export -o caps && budget export caps --format plist`,
		},
		Words: func(int) []string { return nil },
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &exportFlags{Options: inputs.NewOptions(), changed: fs.Changed, sessions: []string{inputs.All}, tolerances: []float64{0.01},
				reading: solver.Cautious, form: appJSON}
			f.Paths = 8192
			cli.AddChoice(fs, &f.form, "format", []appForm{appJSON, appPlist, appSwift}, "`form` of the caps: json, plist or swift")
			cli.Complete(cli.AddList(fs, &f.sessions, "session", inputs.All, cli.Word, "session type `id`"),
				append([]string{inputs.All}, model.IDs(model.Default().Sessions)...))
			inputs.AddTolerances(fs, &f.tolerances)
			f.AddConfidence(fs, "`probability` that all caps hold together")
			cli.AddChoice(fs, &f.reading, "reading", solver.BothReadings(),
				"`reading` of the granted time: cautious (pressure uses it up faster) or documented (it does not)")
			f.AddOnResign(fs)
			cli.AddValue(fs, &f.Paths, "paths", fmt.Sprint(f.Paths), parseQuota,
				"largest `number` of simulated sessions for each kind of start; 256 times as many are drawn")
			f.AddSeed(fs)
			f.AddMachine(fs)
			f.AddFiles(fs, "starts.csv, starts.json and the caps in all forms")
			return f.run
		},
	}
}

// The least and the most paths of a kind of start. With fewer there is no interval; of more
// there would be no room for the draws.
const leastQuota, mostQuota = 64, 1 << 18

func parseQuota(text string) (int64, error) {
	n, err := inputs.ParsePaths(text)
	if err == nil && (n < leastQuota || n > mostQuota) {
		err = fmt.Errorf("%s is out of range: expected %d to %s for each kind of start", text, leastQuota, notation.Count(mostQuota))
	}
	return n, err
}

func (f *exportFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if len(args) == 1 && inputs.IsDirectory(args[0]) {
		return f.exportAgain(sys, args[0])
	}
	s, err := inputs.LoadScenario(sys, args)
	if err != nil {
		return err
	}
	sessions, err := inputs.Pick("session", f.sessions, "", model.IDs(s.Sessions))
	if err != nil {
		return err
	}
	f.Readings = []solver.Reading{f.reading}
	f.Sampling = solver.Independent
	q := f.Request(sessions)
	q.Tolerances, q.MaxPaths, q.Precision, q.RelativePrecision = f.tolerances, solver.DefaultMaxPaths, 60, 0.02
	if _, err := f.Cases(q, s); err != nil {
		return err
	}
	out, err := f.openFiles(sys)
	if err != nil {
		return err
	}
	if !f.Quiet {
		cli.Warn(sys, s.Warnings())
	}
	p := inputs.StartProgress(sys, f.Quiet, false)
	found, err := starts.Find(ctx, s, q, p.Control(f.Options))
	p.Finish()
	if err != nil {
		if ctx.Err() != nil {
			return cli.Failf(cli.ExitInterrupted, "interrupted: nothing is exported")
		}
		return err
	}
	found.Provenance = f.Provenance(s, q, fmt.Sprintf("%d paths of each kind of start at most, out of %d sessions drawn", found.Quota, found.Drawn), solver.Done)
	found.Provenance.Caps = found.Family
	return f.write(sys, out, found)
}

// exportAgain exports the caps of a directory that holds them.
func (f *exportFlags) exportAgain(sys *cli.System, dir string) error {
	for _, name := range []string{"confidence", "reading", "on-resign", "paths", "seed"} {
		if f.changed(name) {
			return cli.Usagef("--%s: the caps in %s are found already", name, dir)
		}
	}
	found, err := starts.Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return cli.Filef(errors.New("budget export -o DIR writes them"), "no %s and %s in directory %s", starts.CSVFile, starts.JSONFile, dir)
	}
	if err != nil {
		return cli.Failf(cli.ExitFile, "%v", err)
	}
	if err := f.narrow(found, dir); err != nil {
		return err
	}
	out, err := f.openFiles(sys)
	if err != nil {
		return err
	}
	return f.write(sys, out, found)
}

// narrow leaves the session types and tolerances that flags ask for.
func (f *exportFlags) narrow(found *starts.Result, dir string) error {
	var sessions []string
	var tolerances []float64
	for _, t := range found.Tables {
		if !slices.Contains(sessions, t.Session) {
			sessions = append(sessions, t.Session)
		}
		if !slices.Contains(tolerances, t.Tolerance) {
			tolerances = append(tolerances, t.Tolerance)
		}
	}
	wanted, err := inputs.Pick("session", f.sessions, "", sessions)
	if err != nil {
		return err
	}
	if f.changed("tolerance") {
		for _, t := range f.tolerances {
			if !slices.Contains(tolerances, t) {
				return cli.Usagef("--tolerance: %s is not in %s", notation.Percent(t), dir)
			}
		}
		tolerances = f.tolerances
	}
	found.Tables = slices.DeleteFunc(found.Tables, func(t starts.Table) bool {
		return !slices.Contains(wanted, t.Session) || !slices.Contains(tolerances, t.Tolerance)
	})
	return nil
}

// appFiles are the names of the forms in a directory.
var appFiles = []struct {
	name string
	form appForm
}{{"session-caps.json", appJSON}, {"session-caps.plist", appPlist}, {"SessionCaps.swift", appSwift}}

func (f *exportFlags) openFiles(sys *cli.System) (*cli.Output, error) {
	names := []string{starts.CSVFile, starts.JSONFile}
	for _, a := range appFiles {
		names = append(names, a.name)
	}
	return cli.OpenOutput(sys, f.Output, names)
}

// Write writes the files first: a reader of standard output may go away.
func (f *exportFlags) write(sys *cli.System, out *cli.Output, found *starts.Result) error {
	files := []cli.File{{Name: starts.CSVFile, Write: found.WriteCells}, {Name: starts.JSONFile, Write: found.WriteRest}}
	for _, a := range appFiles {
		files = append(files, cli.File{Name: a.name, Write: func(w io.Writer) error { return a.form.write(w, found) }})
	}
	if err := out.Write(files); err != nil {
		return err
	}
	// Files are there to be read, and nobody reads all of them on a terminal.
	if out == nil || f.changed("format") {
		if err := f.form.write(sys.Stdout, found); err != nil {
			return err
		}
	}
	if f.Quiet {
		return nil
	}
	return sayBought(sys, found)
}
