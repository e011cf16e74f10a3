package measure

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/solver"
	"budget/sweep/measure"
)

// Command is budget measure.
func Command() cli.Command {
	return cli.Command{
		Name: "measure", Args: "LOG.csv [scenario.toml]",
		Summary: "turn a log of battery levels into a workload",
		Help: `
Finds the mean power of a watch from a log of its battery level, with an interval that allows for
the gauge's steps and error and for the capacity and health of the cell, where you do not give
them. With -o it writes measured.toml, a scenario with the workload "measured", for --workload of
budget caps, run and others.

The log is a table with a line of column names: time (ISO 8601, seconds, or milliseconds since
1970), level (per cent, or 0 to 1) and optionally charging, separated by commas, semicolons or
tabs. A column "state" with unplugged, charging and full is one, too. Time on the charger and gaps
are left out. docs/measure.md describes it all.

--from-percent does it without a log, from one number that you know: "12 % in 45 min".`,
		Examples: []string{
			`budget measure levels.csv --device s10-46`,
			`budget measure levels.csv --device s10-46 --split state`,
			`budget measure --from-percent "12 % in 45 min" --device s9-41 --health "83 %"`,
			`budget measure levels.csv -o out && budget caps out/measured.toml --workload measured`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &flags{Options: inputs.NewOptions(0), device: solver.Fleet, like: "seated"}
			cli.AddValue(fs, &f.device, "device", cli.Word,
				"watch model `id`, for its capacity; fleet: unknown, drawn by share",
				append([]string{solver.Fleet}, inputs.DeviceIDs()...)...)
			cli.AddValue(fs, &f.health, "health", parseHealth,
				"`health` of the battery, such as \"83 %\" (default: unknown, drawn by age)")
			cli.AddValue(fs, &f.from, "from-percent", parseFall,
				"use this `fall` of the level instead of a log: \"12 % in 45 min\"")
			f.AddStartLevel(fs)
			cli.AddValue(fs, &f.gap, "gap", inputs.ParseLength,
				"`time` between two rows that is a gap (default: 20 times the usual one, at least 30 min)")
			cli.AddValue(fs, &f.split, "split", cli.Word,
				"`column` of states, such as state or screen: also the load in each of them")
			cli.AddValue(fs, &f.like, "like", cli.Word,
				"workload `id` whose states and cues the measured one keeps", inputs.WorkloadIDs()...)
			f.AddSet(fs)
			f.AddSeed(fs)
			f.AddOutput(fs, fileName+" and measure.json")
			return f.run
		},
	}
}

func (f *flags) run(ctx context.Context, sys *cli.System, args []string) error {
	if err := f.consistent(args); err != nil {
		return err
	}
	scenarioArgs := args
	if f.from == nil {
		scenarioArgs = args[1:]
	}
	s, err := f.Load(sys, scenarioArgs)
	if err != nil {
		return err
	}
	q, err := f.question(s)
	if err != nil {
		return err
	}
	a := &answer{flags: f, base: s}
	if f.from != nil {
		err = a.fromFall(q)
	} else {
		err = a.fromLog(sys, args[0], q)
	}
	if err != nil {
		return err
	}
	files := []cli.File{
		{Name: fileName, Write: func(w io.Writer) error { return measure.Write(w, s, a.workloads()) }},
		{Name: "measure.json", Write: cli.JSON(a.records())},
	}
	out, err := cli.OpenOutput(sys, f.Output, files)
	if err != nil {
		return err
	}
	return f.Deliver(sys, out, files, cli.Answer{
		CSV: a.records().WriteCSV, JSON: cli.JSON(a.records()), Page: a.page,
		Notes: a.notes(), Explain: a.explain(),
	})
}

// fromFall measures a single fall of the level.
func (a *answer) fromFall(q measure.Question) (err error) {
	start := math.NaN()
	if a.StartLevel != nil {
		start = *a.StartLevel
	}
	a.load, err = measure.Of(a.base, a.from.share, a.from.time, start, q)
	return err
}

// fromLog measures a log.
func (a *answer) fromLog(sys *cli.System, file string, q measure.Question) error {
	name, data, err := sys.ReadFile(file)
	if err != nil {
		return cli.Filef(err, "cannot read log %s", file)
	}
	if a.log, err = measure.Read(name, data); err != nil {
		return err
	}
	if !a.Quiet {
		listRemarks(sys, a.log)
	}
	a.stretches = a.log.Stretches(float64(a.gap))
	a.load, err = a.log.Estimate(a.base, a.stretches.Kept, q)
	if err != nil {
		return cli.Failf(cli.ExitScenario, "%s: %v (%s): expected a longer log, or levels of a watch in use",
			a.log.File, err, cmp.Or(a.leftOut(), "nothing was left out"))
	}
	if a.split == "" {
		return nil
	}
	if a.states, err = a.log.Split(a.base, a.stretches.Kept, a.split, q); err != nil {
		return cli.Usagef("--split: %v", err)
	}
	return nil
}

// shownRemarks is the largest number of listed remarks.
const shownRemarks = 10

func listRemarks(sys *cli.System, l *measure.Log) {
	for i, r := range l.Remarks {
		if i == shownRemarks {
			fmt.Fprintf(sys.Stderr, "%s: %d more rows are left out\n", l.File, len(l.Remarks)-i)
			return
		}
		fmt.Fprintln(sys.Stderr, r)
	}
}
