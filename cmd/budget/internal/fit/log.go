package fit

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
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
	types    []string
	sessions int
	bare     bool
}

// maxLogged bounds the sessions of a simulated log, each of which is traced.
const maxLogged = 1_000_000

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
		Words: func(int) []string { return nil },
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &logFlags{Options: inputs.NewOptions(), types: []string{"mindfulness"}, sessions: 500}
			cli.Complete(cli.AddList(fs, &f.types, "session", "mindfulness", cli.Word, "session type `id`, or all"),
				append([]string{inputs.All}, model.IDs(model.Default().Sessions)...))
			cli.AddValue(fs, &f.sessions, "sessions", "500", parseSessions, "`number` of sessions of each type")
			f.AddDevice(fs)
			cli.AddValue(fs, &f.StartLevel, "start-level", "", inputs.ParseLevel,
				"battery `level` at the start, such as \"12 %\" (default: drawn for each session)")
			fs.BoolVar(&f.bare, "reasons", false, "how a session ended as the app is told: suppressedBySystem, whatever the cause")
			cli.AddValue(fs, &f.Seed, "seed", "1", inputs.ParseSeed, "`seed` of the random numbers")
			cli.AddShort(fs, &f.Output, "output", "o", parseLogDirectory, "write log.csv to this `directory`, and not to standard output")
			return f.run
		},
	}
}

func parseSessions(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxLogged {
		return 0, fmt.Errorf("%q is not a number of sessions: expected 1 to %s", text, notation.Count(maxLogged))
	}
	return n, nil
}

// parseLogDirectory reads the name of a directory, and knows that of a file.
func parseLogDirectory(text string) (string, error) {
	if strings.HasSuffix(text, ".csv") {
		return "", fmt.Errorf("%q is the name of a file: expected a directory, which %s is written to", text, logFile)
	}
	return cli.ParseDirectory(text)
}

func (f *logFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	s, err := f.Load(sys, args)
	if err != nil {
		return err
	}
	if err := f.One(); err != nil {
		return err
	}
	types, err := inputs.Pick("session", f.types, "", model.IDs(s.Sessions))
	if err != nil {
		return err
	}
	var cases []solver.Case
	for _, id := range types {
		cases = append(cases, solver.Case{Session: id, Device: f.Devices[0], Environment: f.Environments[0], StartLevel: f.StartLevel})
		if err := s.Grid.Hold(s.Session(id).Horizon + model.Duration(math.Max(60, float64(s.Grid.Step)))); err != nil {
			return cli.Usagef("%v", err)
		}
	}
	out, err := cli.OpenOutput(sys, f.Output, []string{logFile})
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return field.WriteLog(ctx, w, s, cases, f.Seed, f.sessions, f.bare) }
	if out == nil {
		err = write(sys.Stdout)
	} else if err = out.Write([]cli.File{{Name: logFile, Write: write}}); err == nil {
		fmt.Fprintf(sys.Stdout, "%s of %s: %s\n", notation.Plural(f.sessions*len(types), "session"), strings.Join(types, ", "), filepath.Join(f.Output, logFile))
	}
	if ctx.Err() != nil {
		return cli.Failf(cli.ExitInterrupted, "interrupted: the log is not whole")
	}
	return err
}

// logFile is the name of a simulated log.
const logFile = "log.csv"
