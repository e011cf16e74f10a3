package sweeps

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/sweep/plan"
	"budget/sweep/store"
)

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
			f := newSweepFlags()
			f.addRun(fs)
			fs.BoolVar(&f.dryRun, "dry-run", false, "show the cells and what they take, and run nothing")
			cli.AddChoice(fs, &f.format, "format", []cli.Format{cli.FormatTable, cli.FormatCSV}, "`form` of --dry-run: table, or csv with every cell")
			cli.AddValue(fs, &f.shard, "shard", "", parseShard, "run the i-th `part` of n alone, as i/n or env/n")
			cli.AddValue(fs, &f.shards, "shards", "", parseShards, "`number` of shards that an engine is to run")
			f.engineFlags.add(fs)
			return f.run
		},
	}
}

// readPlan reads the plan that the arguments name.
func readPlan(command string, args []string) (*plan.Plan, []byte, error) {
	if len(args) != 1 {
		return nil, nil, cli.Usagef("expected one plan, such as: budget %s docs/plans/meditation.toml -o out", command)
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return nil, nil, cli.Filef(err, "cannot read plan %s", args[0])
	}
	p, err := plan.Parse(args[0], text)
	return p, text, err
}

func (f *sweepFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	p, text, err := readPlan("sweep", args)
	if err != nil {
		return err
	}
	if f.dryRun {
		return f.forecast(ctx, sys, p)
	}
	if f.output == "" {
		return cli.Usagef("expected a directory for the sweep: -o out (or --dry-run)")
	}
	if f.engineFlags.any() {
		return f.engine(ctx, sys, p)
	}
	if f.shards > 0 {
		return cli.Usagef("--shards says how many an engine is to run: expected --slurm, --kubernetes or --aws-batch, or --shard i/%d to run one here", f.shards)
	}
	if f.shard != nil {
		return f.runShard(ctx, sys, p)
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
	f.note(sys, f.goingOn(there, missing))
	if err := f.fill(ctx, sys, missing, func(control store.Control) error { return s.Fill(ctx, p, units, control) }); err != nil {
		return err
	}
	return f.write(sys, s, p, text)
}

// goingOn says what is there already.
func (f *sweepFlags) goingOn(there, missing int) string {
	switch {
	case there == 0:
		return ""
	case missing == 0:
		return fmt.Sprintf("all %s of the plan are in %s", notation.Plural(int64(there), "block"), f.output)
	}
	return fmt.Sprintf("%s of the plan are in %s, %s to go", notation.Plural(int64(there), "block"), f.output, notation.Count(int64(missing)))
}

// note writes a remark to standard error.
func (f *sweepFlags) note(sys *cli.System, text string) {
	if text != "" && !f.quiet {
		fmt.Fprintf(sys.Stderr, "budget: %s\n", text)
	}
}

func (f *sweepFlags) writer() store.Writer {
	return store.Writer{Version: inputs.Version(), Catalog: model.CatalogDigest(), Go: runtime.Version(), Kernel: f.kernel.Name()}
}

// open opens the store, and says what was wrong with it.
func (f *sweepFlags) open(sys *cli.System) (*store.Store, error) {
	s, err := store.Open(f.output, f.writer(), f.stale)
	if stale, ok := errors.AsType[*store.StaleError](err); ok {
		return nil, cli.Failf(cli.ExitUsage, "%v: say --stale keep to use them beside new ones, or --stale redo to find all anew", stale)
	}
	if errors.Is(err, store.ErrBusy) {
		return nil, cli.Failf(cli.ExitAgain, "another budget is at work in %s: wait for it, or choose another directory", f.output)
	}
	if err != nil {
		return nil, cli.Filef(err, "cannot open the sweep in %s", f.output)
	}
	for _, place := range s.Mended.Broken {
		f.note(sys, fmt.Sprintf("the journal in %s was damaged at byte %d: what stood there is found anew", f.output, place))
	}
	return s, nil
}

// fill runs work that finds so many blocks, with its progress shown.
func (f *sweepFlags) fill(ctx context.Context, sys *cli.System, blocks int, work func(store.Control) error) error {
	if blocks == 0 {
		return nil
	}
	p := startSweepProgress(sys, f.form(), blocks)
	err := work(store.Control{Workers: f.workers, Kernel: f.kernel.Name(), Progress: &p.counter})
	done := p.finish()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return cli.Failf(cli.ExitAgain, "interrupted: %s of %s are kept; the same command goes on", notation.Count(done), notation.Plural(int64(blocks), "block"))
	}
	return f.fileFailure(err)
}

// fileFailure reports what keeps a sweep from being read or written.
func (f *sweepFlags) fileFailure(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		verb := "write to"
		if path.Op == "read" {
			verb = "read"
		}
		return cli.Filef(err, "cannot %s %s", verb, f.output)
	}
	if problems, ok := errors.AsType[model.Problems](err); ok {
		return problems
	}
	return err
}

func (f *sweepFlags) form() progressForm {
	if f.quiet {
		return progressNone
	}
	return f.progress
}

// Write writes the tables of a sweep that is whole, and says what is in them.
func (f *sweepFlags) write(sys *cli.System, s *store.Store, p *plan.Plan, text []byte) error {
	summary := capsSummary{}
	if err := s.Write(p, text, f.workers, summary.add); err != nil {
		return f.fileFailure(err)
	}
	if f.quiet {
		return nil
	}
	if _, err := summary.table(p).Write(sys.Stdout, sys.TableWidth(), sys.Colour()); err != nil {
		return err
	}
	return cli.WriteNotes(sys, cli.FormatTable, []string{
		fmt.Sprintf("%s of %q, %s a cell and session type, seed %d. All %s hold together with %s confidence.",
			notation.Plural(int64(len(p.Cells())), "cell"), p.Name, notation.Plural(p.Paths, "path"), p.Seed, notation.Plural(int64(p.Family()), "cap"), notation.Percent(p.Confidence)),
		fmt.Sprintf("Tables: %s and incidence.csv, the same as .parquet; %s says what the columns mean.",
			filepath.Join(f.output, "caps.csv"), filepath.Join(f.output, "columns.md"))}, nil)
}
