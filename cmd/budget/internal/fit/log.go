package fit

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime/debug"
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
		Summary: "simulate a log of sessions for budget fit",
		Help: `
Simulates a log of sessions and prints it as CSV, with a row for every session: its type, planned
and actual minutes, how it ended, the displayed level at start and end, the worst thermal state and
the minutes at serious and critical. Each session runs on its own watch of the scenario. Grants
are cut by heat and a low battery (the cautious reading).

Session lengths are whole minutes, all equally likely, from a tenth of the longest to the longest:
a minute less than the documented limit, or the horizon if there is no limit.

Use it with budget fit to see what a log of a given size can tell about known rates.`,
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
			f.AddWorkload(fs)
			fs.BoolVar(&f.bare, "reasons", false,
				"write only the reason that an app gets: suppressedBySystem for any such cause")
			f.AddSeed(fs)
			cli.AddOutput(fs, &f.Output, parseLogDirectory,
				"write log.csv to this `directory` instead of standard output")
			return f.run
		},
	}
}

// parseSessions parses the number of sessions of a simulated log. Every session
// is traced, so it is limited.
var parseSessions = cli.Whole(1, 1_000_000, "not a number of sessions", "1 to 1 000 000")

// parseLogDirectory parses the name of a directory and rejects that of a file.
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
	if s, err = f.With(s, types); err != nil {
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
	// Each session leaves a trace of up to a megabyte: collecting them seldom takes a third off the
	// processor time.
	defer debug.SetGCPercent(debug.SetGCPercent(150))
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
		sys.Printf("%s of %s: %s\n", notation.Plural(f.sessions*len(types), "session"),
			strings.Join(types, ", "), filepath.Join(f.Output, logFile))
	}
	if ctx.Err() != nil {
		return cli.Interruptedf("the log is not whole")
	}
	return err
}

// logFile is the name of a simulated log.
const logFile = "log.csv"
