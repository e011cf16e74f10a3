package sweeps

import (
	"context"
	"os"
	"runtime/debug"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/sweep/store"
)

// sweepFlags are the flags of budget sweep.
type sweepFlags struct {
	directory
	dryRun bool
	format cli.Format
	shard  *store.Shard
	engine engine
}

// Command is budget sweep.
func Command() cli.Command {
	return cli.Command{
		Name: "sweep", Args: "plan.toml",
		Summary: "simulate the scenarios of a plan; can be resumed",
		Help: `
Simulates many scenarios. A plan is a file with a base scenario and axes that vary it; every
combination of levels is a cell. The directory then holds the caps and the incidence of every cell
as CSV and Parquet tables, a description of their columns, and a journal of finished work.

After an interruption run the same command again: it resumes and produces identical files. After a
change of the plan it simulates only what has changed. Cells that differ only in policy share one
run of the watch, so they cost little.

--set changes the base scenario, as a line of its file would. The results say so; give it again to
resume the sweep, for every shard and for budget merge.

To see the cells and the expected time first, use --dry-run.

To split the work between machines, run each part with --shard i/n, i from 0 to n-1, in a shared
directory, then budget merge. env/n reads i from the environment of Slurm, Kubernetes, AWS Batch,
Google Batch or PBS. A part that exists already is not computed again. --slurm, --kubernetes and
--aws-batch write the files that run all shards and the merge; see docs/cluster.md.`,
		Examples: []string{
			`budget sweep docs/plans/meditation.toml -o out`,
			`budget sweep docs/plans/meditation.toml --dry-run`,
			`budget sweep plan.toml -o out --shard 3/8`,
			`budget sweep plan.toml --set "policy.suppress_low=0.3 /h" -o often`,
			`budget sweep plan.toml -o out --slurm --shards 8 --sbatch --partition=short --submit`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &sweepFlags{directory: newDirectory(), format: cli.FormatTable}
			f.addFlags(fs)
			fs.BoolVar(&f.dryRun, "dry-run", false,
				"show the cells and the expected time, and simulate nothing")
			cli.AddChoice(fs, &f.format, "format", []cli.Format{cli.FormatTable, cli.FormatCSV},
				"`form` of --dry-run: table, or csv with every cell")
			cli.AddExplain(fs)
			cli.AddValue(fs, &f.shard, "shard", parseShard,
				"run only this `part` of the work: i/n, or env/n for the index of a cluster task")
			cli.AddValue(fs, &f.engine.shards, "shards", parseShards,
				"`number` of parts to split the work into, for a cluster engine")
			f.engine.addFlags(fs)
			return f.run
		},
	}
}

// mostMemory is what a sweep should use at most [bytes]; a million cells take half of it at least.
const mostMemory = 768 << 20

func (f *sweepFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	p, text, err := f.readPlan(sys, "sweep", args)
	if err != nil {
		return err
	}
	switch {
	case f.dryRun:
		return f.forecast(ctx, sys, p, f.format)
	case f.path == "":
		return cli.Usagef("expected a directory for the sweep: -o out (or --dry-run)")
	case f.engine.asked() > 0 && args[0] == cli.Stdin:
		return cli.Usagef("the tasks read the plan, too: expected a file in place of -")
	case f.engine.asked() > 0:
		if err := f.engine.check(len(p.Units()), f.shard != nil); err != nil {
			return err
		}
		return f.engine.handOver(ctx, sys, &f.directory, p)
	case f.engine.shards > 0:
		return cli.Usagef("--shards is for a cluster engine: add --slurm, --kubernetes "+
			"or --aws-batch, or use --shard i/%d to run one part here", f.engine.shards)
	case f.shard != nil:
		return f.runShard(ctx, sys, p, *f.shard)
	}
	// A sweep allocates much short-lived memory: half as many collections save a tenth of
	// the time and take about 50 MB more for a thousand cells. The reserve of package main counts,
	// too, so that this is also enough for few cells. Near the limit it collects more often.
	debug.SetGCPercent(100)
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(mostMemory)
	}
	s, err := f.open(sys)
	if err != nil {
		return err
	}
	defer s.Close()
	units, there, missing, err := s.Missing(p)
	if err != nil {
		return err
	}
	f.remarkDamage(sys, s)
	found := notation.Plural(there, "block")
	switch {
	case there > 0 && missing == 0:
		f.remarkf(sys, "all %s of the plan are in %s", found, f.path)
	case there > 0:
		f.remarkf(sys, "%s of the plan are in %s, %s to go", found, f.path,
			notation.Count(int64(missing)))
	}
	shown := newProgress(sys, p, units, missing, there+missing, f.Processors())
	err = f.fill(ctx, sys, shown, func(control store.Control) error {
		return s.Fill(ctx, p, units, control)
	})
	if err != nil {
		return err
	}
	return f.write(ctx, sys, s, p, text, shown)
}
