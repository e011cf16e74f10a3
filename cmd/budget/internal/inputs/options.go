package inputs

import (
	"runtime"
	"slices"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// What happens when the app loses the front.
const (
	ResignLeaves = model.ResignLeave
	ResignPauses = model.ResignPause
	ResignEnds   = model.ResignEnd
)

// Options are the values of the flags of commands that simulate. Each command adds the
// flags that it has and sets defaults that differ.
type Options struct {
	Sessions, Devices, Environments []string // ids
	StartLevel                      *float64
	Readings                        []solver.Reading
	OnResign                        string // "" for what the scenario says
	CountRefused                    bool
	Settings
	step model.Duration

	Tolerances []float64
	Confidence float64
	Paths      int64
	MaxTime    model.Duration
	Seed       uint64
	Estimator  solver.Estimator
	Sampling   solver.Sampling
	Machine

	Format cli.Format
	Output string // directory
	Quiet  bool
}

// Machine holds the flags that do not affect results.
type Machine struct {
	Kernel  Kernel
	Workers int // 0 means all processors
}

// Kernel names one of the solver's kernels, or the fastest of them.
type Kernel string

// Fastest is the fastest kernel of the machine.
const Fastest Kernel = "fastest"

// Name returns the name of the kernel, also for Fastest.
func (k Kernel) Name() string {
	if k == Fastest {
		return solver.Kernel()
	}
	return string(k)
}

// Processors returns the number of processors to use.
func (m Machine) Processors() int {
	if m.Workers == 0 {
		return runtime.GOMAXPROCS(0)
	}
	return m.Workers
}

// NewOptions returns the default options for a number of paths.
func NewOptions(paths int64) *Options {
	return &Options{
		Sessions: []string{All}, Devices: []string{solver.Fleet}, Environments: []string{solver.Mix},
		Readings:   solver.BothReadings(),
		Tolerances: slices.Clone(solver.DefaultTolerances), Confidence: solver.DefaultConfidence,
		Paths: paths, Seed: sweep.DefaultSeed,
		Estimator: solver.Weights, Sampling: solver.Tilted, Machine: Machine{Kernel: Fastest},
		Format: cli.FormatTable,
	}
}

// AddSessions adds the flag for session types.
func (o *Options) AddSessions(fs *pflag.FlagSet, usage string) {
	cli.AddList(fs, &o.Sessions, "session", cli.Word, usage, append([]string{All}, SessionIDs()...)...)
}

// AddCases adds the flags that say what to simulate.
func (o *Options) AddCases(fs *pflag.FlagSet) {
	cli.AddList(fs, &o.Devices, "device", cli.Word,
		"watch model `id`; fleet: drawn by share; all: each separately",
		append([]string{solver.Fleet, All}, DeviceIDs()...)...)
	cli.AddList(fs, &o.Environments, "environment", cli.Word,
		"environment `id`; mix: drawn by share; all: each separately",
		append([]string{solver.Mix, All}, EnvironmentIDs()...)...)
	o.AddStartLevel(fs)
	cli.AddChoices(fs, &o.Readings, "reading", solver.BothReadings(),
		"`reading` of the granted time"+ReadingsMean)
	o.AddOnResign(fs)
	cli.AddValue(fs, &o.step, "step", ParseLength,
		"`time` step of the simulation (default: grid.step, 5 s)")
	o.AddWorkload(fs)
	o.AddSet(fs)
}

// AddCase adds the flags for device and environment, for commands with a single case.
func (o *Options) AddCase(fs *pflag.FlagSet) {
	cli.AddList(fs, &o.Devices, "device", cli.Word, "watch model `id`; fleet: drawn by share",
		append([]string{solver.Fleet}, DeviceIDs()...)...)
	cli.AddList(fs, &o.Environments, "environment", cli.Word,
		"environment `id`; mix: drawn by share",
		append([]string{solver.Mix}, EnvironmentIDs()...)...)
	o.AddSet(fs)
}

// AddStartLevel adds the flag for the battery level at the start.
func (o *Options) AddStartLevel(fs *pflag.FlagSet) {
	cli.AddValue(fs, &o.StartLevel, "start-level", parseLevel,
		"battery `level` at the start, such as \"12 %\" (default: drawn for each session)")
}

// ReadingsMean explains the readings in the usage of a flag.
const ReadingsMean = ": cautious (heat and a low battery use it up faster) " +
	"or documented (they do not)"

// AddReading adds a flag for one reading of the granted time.
func AddReading(fs *pflag.FlagSet, to *solver.Reading, of string) {
	cli.AddChoice(fs, to, "reading", solver.BothReadings(), "`reading` of the granted time"+of)
}

// AddOnResign adds the flags for what counts as failing.
func (o *Options) AddOnResign(fs *pflag.FlagSet) {
	cli.AddChoice(fs, &o.OnResign, "on-resign", model.Resigns,
		"`what` becomes of the session when the user switches to another app: leave (it ends, no failure), "+
			"end (a failure) or pause (the user comes back) (default: timer.resign, leave)")
	fs.BoolVar(&o.CountRefused, "count-refused", false,
		"count refused starts as failures; shares are then of all starts")
}

const toleranceUsage = "largest accepted `probability` of failing, such as \"1 %\" or 0.01"

// AddTolerances adds the flag for tolerances.
func (o *Options) AddTolerances(fs *pflag.FlagSet) {
	cli.AddList(fs, &o.Tolerances, "tolerance", ParseTolerance, toleranceUsage)
}

// AddTolerance adds the flag for a single tolerance.
func AddTolerance(fs *pflag.FlagSet, to *float64) {
	cli.AddValue(fs, to, "tolerance", ParseTolerance, toleranceUsage)
}

// AddConfidence adds the flag for the confidence; that says what holds with it.
func (o *Options) AddConfidence(fs *pflag.FlagSet, that string) {
	cli.AddValue(fs, &o.Confidence, "confidence", ParseConfidence, "`probability` that "+that)
}

// AddPaths adds the flag for the number of paths.
func (o *Options) AddPaths(fs *pflag.FlagSet, of string) {
	cli.AddValue(fs, &o.Paths, "paths", ParsePaths, "`number` of simulated sessions"+of)
}

// AddMethod adds the flags for the estimation.
func (o *Options) AddMethod(fs *pflag.FlagSet) {
	o.AddSeed(fs)
	cli.AddChoice(fs, &o.Estimator, "estimator", []solver.Estimator{solver.Weights, solver.Counts},
		"`estimator`: weights (each path counts by its probability to still run) or "+
			"counts (each path ends once, by chance)")
	cli.AddChoice(fs, &o.Sampling, "sampling",
		[]solver.Sampling{solver.Tilted, solver.Sobol, solver.Stratified, solver.Independent},
		"`way` to draw sessions: tilted (Sobol' nets, more at low levels), "+
			"sobol, stratified or independent")
	o.AddMachine(fs)
}

// AddSeed adds the flag for the seed.
func (o *Options) AddSeed(fs *pflag.FlagSet) {
	cli.AddValue(fs, &o.Seed, "seed", parseSeed, "`seed` of the random numbers")
}

// AddMachine adds the flags that do not affect results.
func (m *Machine) AddMachine(fs *pflag.FlagSet) {
	kernels := []Kernel{Fastest}
	for _, name := range solver.Kernels() {
		kernels = append(kernels, Kernel(name))
	}
	cli.AddChoice(fs, &m.Kernel, "kernel", kernels,
		"`kernel` that steps the paths; does not affect results")
	m.AddWorkers(fs)
}

// AddWorkers adds the flag for the number of processors.
func (m *Machine) AddWorkers(fs *pflag.FlagSet) {
	cli.AddValue(fs, &m.Workers, "workers", parseWorkers,
		"`number` of processors to use; does not affect results (default: all)")
}

// AddOutput adds the flags for the format and the directory of the answer.
func (o *Options) AddOutput(fs *pflag.FlagSet, files string) {
	cli.AddFormat(fs, &o.Format)
	o.AddFiles(fs, files)
}

// AddFiles adds the flags for a directory with files and for quiet.
func (o *Options) AddFiles(fs *pflag.FlagSet, files string) {
	cli.AddOutput(fs, &o.Output, cli.Directory, "write "+files+" to this `directory`")
	cli.AddQuiet(fs, &o.Quiet, "no progress, warnings or notes")
}
