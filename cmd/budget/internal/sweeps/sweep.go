package sweeps

import (
	"context"
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
		Summary: "many scenarios, interrupted anywhere",
		Help: `
Runs a plan: a base scenario that axes vary, every combination of their levels a cell. It leaves a
directory with the caps and the incidence of every cell as tables, CSV and Parquet, a dictionary of
their columns, and a journal of all that is finished.

The same command goes on where it stopped, whatever stopped it, and ends with the same bytes. A plan
that has changed runs what has changed. Cells that differ in policy alone share one run of the watch.

--dry-run shows the cells, what they share and how long they may take, and runs nothing.

--shard i/n finds every n-th unit of work from the i-th on, from 0, and leaves it as a part in the
directory, for budget merge; env/n takes i from the environment of Slurm, Kubernetes, AWS Batch,
Google Batch or PBS. A part that is there already is left alone. --slurm, --kubernetes and --aws-batch
write what these need to run all shards and the merge; docs/cluster.md tells how to go about it.`,
		Examples: []string{
			`budget sweep docs/plans/meditation.toml -o out`,
			`budget sweep docs/plans/meditation.toml --dry-run`,
			`budget sweep plan.toml -o out --shard 3/8`,
			`budget sweep plan.toml -o out --slurm --shards 8 --sbatch --partition=short --submit`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &sweepFlags{directory: newDirectory(), format: cli.FormatTable}
			f.addFlags(fs)
			fs.BoolVar(&f.dryRun, "dry-run", false, "show the cells and what they take, and run nothing")
			cli.AddChoice(fs, &f.format, "format", []cli.Format{cli.FormatTable, cli.FormatCSV},
				"`form` of --dry-run: table, or csv with every cell")
			cli.AddExplain(fs)
			cli.AddValue(fs, &f.shard, "shard", parseShard,
				"run the i-th `part` of n alone, as i/n or env/n")
			cli.AddValue(fs, &f.engine.shards, "shards", parseShards,
				"`number` of shards that an engine is to run")
			f.engine.addFlags(fs)
			return f.run
		},
	}
}

func (f *sweepFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	p, text, err := readPlan("sweep", args)
	if err != nil {
		return err
	}
	switch {
	case f.dryRun:
		return f.forecast(ctx, sys, p, f.format)
	case f.path == "":
		return cli.Usagef("expected a directory for the sweep: -o out (or --dry-run)")
	case f.engine.asked() > 0:
		if err := f.engine.check(len(p.Units()), f.shard != nil); err != nil {
			return err
		}
		return f.engine.handOver(ctx, sys, &f.directory, p)
	case f.engine.shards > 0:
		return cli.Usagef("--shards says how many an engine is to run: expected --slurm, --kubernetes "+
			"or --aws-batch, or --shard i/%d to run one here", f.engine.shards)
	case f.shard != nil:
		return f.runShard(ctx, sys, p, *f.shard)
	}
	// A sweep allocates much that it soon lets go of: half as many collections take a tenth
	// less time, and some 50 MB more for a thousand cells at once.
	debug.SetGCPercent(200)
	s, err := f.open(sys)
	if err != nil {
		return err
	}
	defer s.Close()
	units, there, missing, err := s.Missing(p)
	if err != nil {
		return err
	}
	found := notation.Plural(there, "block")
	switch {
	case there > 0 && missing == 0:
		f.remarkf(sys, "all %s of the plan are in %s", found, f.path)
	case there > 0:
		f.remarkf(sys, "%s of the plan are in %s, %s to go", found, f.path,
			notation.Count(int64(missing)))
	}
	err = f.fill(ctx, sys, missing, func(control store.Control) error {
		return s.Fill(ctx, p, units, control)
	})
	if err != nil {
		return err
	}
	return f.write(sys, s, p, text)
}
