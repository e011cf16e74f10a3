package sweeps

import (
	"runtime"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/sweep/store"
)

// sweepFlags are the flags of budget sweep and budget merge.
type sweepFlags struct {
	output   string
	kernel   inputs.KernelName
	workers  int
	stale    store.Stale
	progress progressForm
	quiet    bool

	workersFlag *pflag.Flag

	dryRun bool
	format cli.Format
	shard  *store.Shard
	shards int
	engineFlags
}

func newSweepFlags() *sweepFlags {
	return &sweepFlags{kernel: inputs.Fastest, workers: runtime.GOMAXPROCS(0), stale: store.StaleRefuse, progress: progressLine, format: cli.FormatTable}
}

// workersGiven tells whether the number of processors is asked for, and not this machine's.
func (f *sweepFlags) workersGiven() bool { return f.workersFlag.Changed }

// addRun adds the flags that say how to run and where the results go.
func (f *sweepFlags) addRun(fs *pflag.FlagSet) {
	cli.AddShort(fs, &f.output, "output", "o", cli.ParseDirectory, "`directory` that holds the sweep; the same one goes on where it stopped")
	cli.AddChoice(fs, &f.stale, "stale", []store.Stale{store.StaleRefuse, store.StaleKeep, store.StaleRedo},
		"`what` to do with blocks of another version or catalog in the directory: refuse, keep or redo")
	cli.AddChoice(fs, &f.kernel, "kernel", inputs.KernelNames(), "`kernel` that steps the paths, of those this machine has; no result depends on it")
	f.workersFlag = cli.AddValue(fs, &f.workers, "workers", "", inputs.ParseWorkers, "`number` of processors to use; no result depends on it (default: all)")
	cli.AddChoice(fs, &f.progress, "progress", []progressForm{progressLine, progressJSON, progressNone},
		"`form` of the progress on standard error: line (on a terminal), json (a line for programs every second) or none")
	fs.BoolVarP(&f.quiet, "quiet", "q", false, "no progress, warnings or notes")
}
