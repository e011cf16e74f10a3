package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"budget/internal/notation"
	"budget/model"
	"budget/sweep"
)

// sweepFlags are the flags of budget sweep and budget merge.
type sweepFlags struct {
	output   string
	kernel   kernelName
	workers  int
	stale    sweep.Stale
	progress progressForm
	quiet    bool

	workersFlag *pflag.Flag

	dryRun bool
	format format
	shard  *sweep.Shard
	shards int
	engineFlags
}

func newSweepFlags() *sweepFlags {
	return &sweepFlags{kernel: fastest, workers: runtime.GOMAXPROCS(0), stale: sweep.StaleRefuse, progress: progressLine, format: formatTable}
}

// workersGiven tells whether the number of processors is asked for, and not this machine's.
func (f *sweepFlags) workersGiven() bool { return f.workersFlag.Changed }

// addRun adds the flags that say how to run and where the results go.
func (f *sweepFlags) addRun(fs *pflag.FlagSet) {
	fs.VarP(&value[string]{&f.output, "", parseDirectory}, "output", "o", "`directory` that holds the sweep; the same one goes on where it stopped")
	addChoice(fs, &f.stale, "stale", []sweep.Stale{sweep.StaleRefuse, sweep.StaleKeep, sweep.StaleRedo},
		"`what` to do with blocks of another version or catalog in the directory: refuse, keep or redo")
	addChoice(fs, &f.kernel, "kernel", kernelNames(), "`kernel` that steps the paths, of those this machine has; no result depends on it")
	f.workersFlag = addValue(fs, &f.workers, "workers", "", parseWorkers, "`number` of processors to use; no result depends on it (default: all)")
	addChoice(fs, &f.progress, "progress", []progressForm{progressLine, progressJSON, progressNone},
		"`form` of the progress on standard error: line (on a terminal), json (a line for programs every second) or none")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "no progress, warnings or notes")
}

func sweepCommand() command {
	return command{
		name: "sweep", args: "plan.toml",
		summary: "many scenarios, interrupted anywhere",
		help: `
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
		examples: []string{
			`budget sweep docs/plans/meditation.toml -o out`,
			`budget sweep docs/plans/meditation.toml --dry-run`,
			`budget sweep plan.toml -o out --shard 3/8`,
			`budget sweep plan.toml -o out --slurm --shards 8 --sbatch --partition=short --submit`,
		},
		define: func(fs *pflag.FlagSet) action {
			f := newSweepFlags()
			f.addRun(fs)
			fs.BoolVar(&f.dryRun, "dry-run", false, "show the cells and what they take, and run nothing")
			addChoice(fs, &f.format, "format", []format{formatTable, formatCSV}, "`form` of --dry-run: table, or csv with every cell")
			addValue(fs, &f.shard, "shard", "", parseShard, "run the i-th `part` of n alone, as i/n or env/n")
			addValue(fs, &f.shards, "shards", "", parseShards, "`number` of shards that an engine is to run")
			f.engineFlags.add(fs)
			return f.run
		},
	}
}

func mergeCommand() command {
	return command{
		name: "merge", args: "plan.toml",
		summary: "make one sweep of its shards",
		help: `
Takes the parts that budget sweep --shard has left in a directory and writes the tables of the whole
sweep, the same bytes that a single run leaves. It may be run by hand at any time: it names the
shards whose parts are missing, damaged, or of another plan or version, and takes nothing then.`,
		examples: []string{`budget merge plan.toml -o out --shards 8`},
		define: func(fs *pflag.FlagSet) action {
			f := newSweepFlags()
			addValue(fs, &f.shards, "shards", "", parseShards, "`number` of shards that the work was dealt to")
			f.addRun(fs)
			return f.merge
		},
	}
}

// shardFromEnvironment stands for the index that an engine gives its tasks.
const shardFromEnvironment = -1

// shardVariables hold the index of a task, from 0, by engine.
var shardVariables = []string{"SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX", "BATCH_TASK_INDEX", "PBS_ARRAY_INDEX"}

func parseShard(text string) (*sweep.Shard, error) {
	first, last, ok := strings.Cut(text, "/")
	of, err := strconv.Atoi(last)
	if !ok || err != nil || of < 1 || of > maxShards {
		return nil, fmt.Errorf("%q is not a shard: expected i/n, such as 3/8, or env/n, with n from 1 to %d", text, maxShards)
	}
	if first == "env" {
		return &sweep.Shard{Index: shardFromEnvironment, Of: of}, nil
	}
	i, err := strconv.Atoi(first)
	if err != nil || i < 0 || i >= of {
		return nil, fmt.Errorf("%q is not a shard: expected 0/%d to %d/%d", text, of, of-1, of)
	}
	return &sweep.Shard{Index: i, Of: of}, nil
}

// maxShards bounds the parts of a sweep.
const maxShards = 100_000

func parseShards(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxShards {
		return 0, fmt.Errorf("%q is not a number of shards: expected 1 to %d", text, maxShards)
	}
	return n, nil
}

// ownShard returns the shard to run, with the index that the environment gives where it
// is to.
func (f *sweepFlags) ownShard(sys *system) (sweep.Shard, error) {
	if f.shard.Index != shardFromEnvironment {
		return *f.shard, nil
	}
	for _, name := range shardVariables {
		if text := sys.getenv(name); text != "" {
			i, err := strconv.Atoi(text)
			if err != nil || i < 0 || i >= f.shard.Of {
				return sweep.Shard{}, usagef("--shard env/%d: %s is %q: expected 0 to %d", f.shard.Of, name, text, f.shard.Of-1)
			}
			return sweep.Shard{Index: i, Of: f.shard.Of}, nil
		}
	}
	return sweep.Shard{}, usagef("--shard env/%d: no engine has set an index: expected one of %s", f.shard.Of, strings.Join(shardVariables, ", "))
}

// readPlan reads the plan that the arguments name.
func readPlan(command string, args []string) (*sweep.Plan, []byte, error) {
	if len(args) != 1 {
		return nil, nil, usagef("expected one plan, such as: budget %s docs/plans/meditation.toml -o out", command)
	}
	text, err := os.ReadFile(args[0])
	if err != nil {
		return nil, nil, filef(err, "cannot read plan %s", args[0])
	}
	plan, err := sweep.ParsePlan(args[0], text)
	return plan, text, err
}

func (f *sweepFlags) run(ctx context.Context, sys *system, args []string) error {
	plan, text, err := readPlan("sweep", args)
	if err != nil {
		return err
	}
	if f.dryRun {
		return f.forecast(ctx, sys, plan)
	}
	if f.output == "" {
		return usagef("expected a directory for the sweep: -o out (or --dry-run)")
	}
	if f.engineFlags.any() {
		return f.engine(ctx, sys, plan)
	}
	if f.shards > 0 {
		return usagef("--shards says how many an engine is to run: expected --slurm, --kubernetes or --aws-batch, or --shard i/%d to run one here", f.shards)
	}
	if f.shard != nil {
		return f.runShard(ctx, sys, plan)
	}
	// A sweep allocates much that it soon lets go of: half as many collections take a tenth
	// less time, and some 50 MB more for a thousand cells at once.
	debug.SetGCPercent(200)
	store, err := f.open(sys)
	if err != nil {
		return err
	}
	defer store.Close()
	units, there, missing, err := store.Missing(plan)
	if err != nil {
		return err
	}
	f.note(sys, f.goingOn(there, missing))
	if err := f.fill(ctx, sys, missing, func(control sweep.FillControl) error { return store.Fill(ctx, plan, units, control) }); err != nil {
		return err
	}
	return f.write(sys, store, plan, text)
}

// goingOn says what is there already.
func (f *sweepFlags) goingOn(there, missing int) string {
	switch {
	case there == 0:
		return ""
	case missing == 0:
		return fmt.Sprintf("all %s of the plan are in %s", notation.Plural(int64(there), "block"), f.output)
	}
	return fmt.Sprintf("%s of the plan are in %s, %s to go", notation.Plural(int64(there), "block"), f.output, count(int64(missing)))
}

// note writes a remark to standard error.
func (f *sweepFlags) note(sys *system, text string) {
	if text != "" && !f.quiet {
		fmt.Fprintf(sys.stderr, "budget: %s\n", text)
	}
}

func (f *sweepFlags) writer() sweep.Writer {
	return sweep.Writer{Version: version(), Catalog: model.CatalogDigest(), Go: runtime.Version(), Kernel: f.kernel.name()}
}

// open opens the store, and says what was wrong with it.
func (f *sweepFlags) open(sys *system) (*sweep.Store, error) {
	store, err := sweep.OpenStore(f.output, f.writer(), f.stale)
	if stale, ok := errors.AsType[*sweep.StaleError](err); ok {
		return nil, &failure{exitUsage, stale.Error()}
	}
	if errors.Is(err, sweep.ErrBusy) {
		return nil, &failure{exitAgain, fmt.Sprintf("another budget is at work in %s: wait for it, or choose another directory", f.output)}
	}
	if err != nil {
		return nil, filef(err, "cannot open the sweep in %s", f.output)
	}
	for _, place := range store.Mended.Broken {
		f.note(sys, fmt.Sprintf("the journal in %s was damaged at byte %d: what stood there is found anew", f.output, place))
	}
	return store, nil
}

// fill runs work that finds so many blocks, with its progress shown.
func (f *sweepFlags) fill(ctx context.Context, sys *system, blocks int, work func(sweep.FillControl) error) error {
	if blocks == 0 {
		return nil
	}
	p := startSweepProgress(sys, f.form(), blocks)
	err := work(sweep.FillControl{Workers: f.workers, Kernel: f.kernel.name(), Progress: &p.counter})
	done := p.finish()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return &failure{exitAgain, fmt.Sprintf("interrupted: %s of %s are kept; the same command goes on", count(done), notation.Plural(int64(blocks), "block"))}
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
		return filef(err, "cannot %s %s", verb, f.output)
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

func (f *sweepFlags) runShard(ctx context.Context, sys *system, plan *sweep.Plan) error {
	shard, err := f.ownShard(sys)
	if err != nil {
		return err
	}
	units := plan.Units()
	if shard.Of > len(units) {
		return usagef("--shard: there are %d shards of %s of work: expected at most as many", shard.Of, notation.Plural(int64(len(units)), "unit"))
	}
	blocks := 0
	for _, u := range shard.Units(units) {
		blocks += len(u.Cells)
	}
	ran := false
	err = f.fill(ctx, sys, blocks, func(control sweep.FillControl) (err error) {
		ran, err = sweep.RunShard(ctx, f.output, plan, shard, f.writer(), control)
		return err
	})
	if err != nil {
		return err
	}
	if !ran {
		f.note(sys, fmt.Sprintf("the part of shard %v is in %s already", shard, f.output))
	}
	return nil
}

func (f *sweepFlags) merge(ctx context.Context, sys *system, args []string) error {
	plan, text, err := readPlan("merge", args)
	if err != nil {
		return err
	}
	if f.output == "" || f.shards == 0 {
		return usagef("expected the directory with the parts and their number: -o out --shards 8")
	}
	if _, err := os.Stat(f.output); err != nil {
		return filef(err, "cannot read %s", f.output)
	}
	store, err := f.open(sys)
	if err != nil {
		return err
	}
	defer store.Close()
	others, err := store.Merge(plan, f.shards)
	if len(others) > 0 {
		f.note(sys, fmt.Sprintf("left alone, as no part of %d: %s", f.shards, strings.Join(others, ", ")))
	}
	if parts, ok := errors.AsType[*sweep.PartsError](err); ok {
		return &failure{exitAgain, parts.Error()}
	}
	if err != nil {
		return f.fileFailure(err)
	}
	return f.write(sys, store, plan, text)
}

// write writes the tables of a sweep that is whole, and says what is in them.
func (f *sweepFlags) write(sys *system, store *sweep.Store, plan *sweep.Plan, text []byte) error {
	summary := capsSummary{}
	if err := store.Write(plan, text, f.workers, summary.add); err != nil {
		return f.fileFailure(err)
	}
	if f.quiet {
		return nil
	}
	if _, err := summary.table(plan).Write(sys.stdout, sys.tableWidth(), sys.colour()); err != nil {
		return err
	}
	return writeNotes(sys, formatTable, []string{
		fmt.Sprintf("%s of %q, %s a cell and session type, seed %d. All %s hold together with %s confidence.",
			notation.Plural(int64(len(plan.Cells())), "cell"), plan.Name, notation.Plural(plan.Paths, "path"), plan.Seed, notation.Plural(int64(plan.Family()), "cap"), percent(plan.Confidence)),
		fmt.Sprintf("Tables: %s and incidence.csv, the same as .parquet; %s says what the columns mean.",
			filepath.Join(f.output, "caps.csv"), filepath.Join(f.output, "columns.md"))}, nil)
}
