package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep/field"
)

// logFlags are the flags of budget log.
type logFlags struct {
	*options
	types    []string
	sessions int
	bare     bool
}

// maxLogged bounds the sessions of a simulated log, each of which is traced.
const maxLogged = 1_000_000

func logCommand() command {
	return command{
		name: "log", args: "[scenario.toml]",
		summary: "a log of simulated sessions, for budget fit",
		help: `
Prints a log as a fleet of watches would have left it, as CSV: a row for every session with its type,
planned and actual minutes, how it ended, the level shown at start and end, the worst thermal state
and the minutes spent at serious and critical. Every session is a path of its own of the scenario's
watches and hazards, under the cautious reading.

Plans are of whole minutes, each as likely, from a tenth of the longest to the longest: a minute less
than the documented limit, or the horizon where there is none.

budget fit reads it: with a known truth, one sees what a log of some size can tell.`,
		examples: []string{
			`budget log --sessions 500 --session mindfulness --seed 3 > log.csv`,
			`budget log docs/winter.toml --reasons -o winter`,
		},
		words: func(int) []string { return nil },
		define: func(fs *pflag.FlagSet) action {
			f := &logFlags{options: newOptions(), types: []string{"mindfulness"}, sessions: 500}
			complete(addList(fs, &f.types, "session", "mindfulness", word, "session type `id`, or all"),
				append([]string{everyID}, model.IDs(model.Default().Sessions)...))
			addValue(fs, &f.sessions, "sessions", "500", parseSessions, "`number` of sessions of each type")
			f.addDevice(fs)
			addValue(fs, &f.startLevel, "start-level", "", parseLevel,
				"battery `level` at the start, such as \"12 %\" (default: drawn for each session)")
			fs.BoolVar(&f.bare, "reasons", false, "how a session ended as the app is told: suppressedBySystem, whatever the cause")
			addValue(fs, &f.seed, "seed", "1", parseSeed, "`seed` of the random numbers")
			fs.VarP(&value[string]{&f.output, "", parseLogDirectory}, "output", "o", "write log.csv to this `directory`, and not to standard output")
			return f.run
		},
	}
}

func parseSessions(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxLogged {
		return 0, fmt.Errorf("%q is not a number of sessions: expected 1 to %s", text, count(maxLogged))
	}
	return n, nil
}

// parseLogDirectory reads the name of a directory, and knows that of a file.
func parseLogDirectory(text string) (string, error) {
	if strings.HasSuffix(text, ".csv") {
		return "", fmt.Errorf("%q is the name of a file: expected a directory, which %s is written to", text, logFile)
	}
	return parseDirectory(text)
}

// addDevice adds the flags that say on which watches and where.
func (o *options) addDevice(fs *pflag.FlagSet) {
	catalog := model.Default()
	complete(addList(fs, &o.devices, "device", solver.Fleet, word, "watch model `id`, or the fleet drawn by share"),
		append([]string{solver.Fleet}, model.IDs(catalog.Devices)...))
	complete(addList(fs, &o.environments, "environment", solver.Mix, word, "environment `id`, or the mix drawn by share"),
		append([]string{solver.Mix}, model.IDs(catalog.Environments)...))
}

// one wants a single device and environment.
func (o *options) one() error {
	switch {
	case len(o.devices) > 1:
		return usagef("--device: expected one watch model, or the %s", solver.Fleet)
	case len(o.environments) > 1:
		return usagef("--environment: expected one, or the %s", solver.Mix)
	}
	return nil
}

func (f *logFlags) run(ctx context.Context, sys *system, args []string) error {
	s, err := f.load(sys, args)
	if err != nil {
		return err
	}
	if err := f.one(); err != nil {
		return err
	}
	types, err := pick("session", f.types, "", model.IDs(s.Sessions))
	if err != nil {
		return err
	}
	var cases []solver.Case
	for _, id := range types {
		cases = append(cases, solver.Case{Session: id, Device: f.devices[0], Environment: f.environments[0], StartLevel: f.startLevel})
		if err := s.Grid.Hold(s.Session(id).Horizon + model.Duration(math.Max(60, float64(s.Grid.Step)))); err != nil {
			return usagef("%v", err)
		}
	}
	out, err := openOutput(sys, f.output, []string{logFile})
	if err != nil {
		return err
	}
	write := func(w io.Writer) error { return field.WriteLog(ctx, w, s, cases, f.seed, f.sessions, f.bare) }
	if out == nil {
		err = write(sys.stdout)
	} else if err = out.write([]file{{logFile, write}}); err == nil {
		fmt.Fprintf(sys.stdout, "%s of %s: %s\n", notation.Plural(f.sessions*len(types), "session"), strings.Join(types, ", "), filepath.Join(f.output, logFile))
	}
	if ctx.Err() != nil {
		return &failure{exitInterrupted, "interrupted: the log is not whole"}
	}
	return err
}

// logFile is the name of a simulated log.
const logFile = "log.csv"
