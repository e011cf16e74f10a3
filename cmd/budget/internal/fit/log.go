package fit

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep/field"
)

// logFlags are the flags of budget log.
type logFlags struct {
	*inputs.Options
	sessions int
	bare     bool
}

// LogCommand is budget log.
func LogCommand() cli.Command {
	return cli.Command{
		Name: "log", Args: "[scenario.toml]",
		Summary: "a log of simulated sessions, for budget fit",
		Help: `
Prints a log as a fleet of watches would have left it, as CSV: a row for every session with its type,
planned and actual minutes, how it ended, the level shown at start and end, the worst thermal state
and the minutes spent at serious and critical. Every session is a path of its own of the scenario's
watches and hazards, under the cautious reading.

Plans are of whole minutes, each as likely, from a tenth of the longest to the longest: a minute less
than the documented limit, or the horizon where there is none.

budget fit reads it: with a known truth, one sees what a log of some size can tell.`,
		Examples: []string{
			`budget log --sessions 500 --session mindfulness --seed 3 > log.csv`,
			`budget log docs/winter.toml --reasons -o winter`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &logFlags{Options: inputs.NewOptions(0), sessions: 500}
			f.Sessions = []string{"mindfulness"}
			f.AddSessions(fs, "session type `id`, or all")
			cli.AddValue(fs, &f.sessions, "sessions", parseSessions, "`number` of sessions of each type")
			f.AddCase(fs)
			f.AddStartLevel(fs)
			fs.BoolVar(&f.bare, "reasons", false,
				"how a session ended as the app is told: suppressedBySystem, whatever the cause")
			f.AddSeed(fs)
			cli.AddOutput(fs, &f.Output, parseLogDirectory,
				"write log.csv to this `directory`, and not to standard output")
			return f.run
		},
	}
}

// parseSessions bounds the sessions of a simulated log, each of which is traced.
var parseSessions = cli.Whole(1, 1_000_000, "not a number of sessions", "1 to 1 000 000")

// parseLogDirectory reads the name of a directory, and knows that of a file.
func parseLogDirectory(text string) (string, error) {
	if strings.HasSuffix(text, ".csv") {
		return "", fmt.Errorf("%q is the name of a file: expected a directory, which %s is written to",
			text, logFile)
	}
	return cli.Directory(text)
}

func (f *logFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	s, err := f.Load(sys, args)
	if err != nil {
		return err
	}
	if err := f.SingleCase(); err != nil {
		return err
	}
	types, err := inputs.Pick("session", f.Sessions, "", model.IDs(s.Sessions))
	if err != nil {
		return err
	}
	var cases []solver.Case
	for _, id := range types {
		cases = append(cases, solver.Case{Session: id, Device: f.Devices[0],
			Environment: f.Environments[0], StartLevel: f.StartLevel})
		longest := s.Session(id).Horizon + max(60, s.Grid.Step)
		if err := s.Grid.Hold(longest); err != nil {
			return cli.Usagef("%v", err)
		}
	}
	log := cli.File{Name: logFile, Write: func(w io.Writer) error {
		return field.WriteLog(ctx, w, s, cases, f.Seed, f.sessions, f.bare)
	}}
	out, err := cli.OpenOutput(sys, f.Output, []cli.File{log})
	if err != nil {
		return err
	}
	if out == nil {
		err = log.Write(sys.Stdout)
	} else if err = out.Write([]cli.File{log}); err == nil {
		fmt.Fprintf(sys.Stdout, "%s of %s: %s\n", notation.Plural(f.sessions*len(types), "session"),
			strings.Join(types, ", "), filepath.Join(f.Output, logFile))
	}
	if ctx.Err() != nil {
		return cli.Interruptedf("the log is not whole")
	}
	return err
}

// logFile is the name of a simulated log.
const logFile = "log.csv"
