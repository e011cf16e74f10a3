package inputs

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// AddDevice adds the flags that say on which watches and where.
func (o *Options) AddDevice(fs *pflag.FlagSet) {
	catalog := model.Default()
	cli.Complete(cli.AddList(fs, &o.Devices, "device", solver.Fleet, cli.Word, "watch model `id`, or the fleet drawn by share"),
		append([]string{solver.Fleet}, model.IDs(catalog.Devices)...))
	cli.Complete(cli.AddList(fs, &o.Environments, "environment", solver.Mix, cli.Word, "environment `id`, or the mix drawn by share"),
		append([]string{solver.Mix}, model.IDs(catalog.Environments)...))
}

// One wants a single device and environment.
func (o *Options) One() error {
	switch {
	case len(o.Devices) > 1:
		return cli.Usagef("--device: expected one watch model, or the %s", solver.Fleet)
	case len(o.Environments) > 1:
		return cli.Usagef("--environment: expected one, or the %s", solver.Mix)
	}
	return nil
}

// What a session does when the app loses the front.
const (
	ResignPauses = "pause"
	ResignEnds   = "end"
)

// Options are the flags that caps and run share.
type Options struct {
	Devices, Environments []string
	StartLevel            *float64
	step                  model.Duration
	Readings              []solver.Reading
	Confidence            float64
	Paths                 int64
	MaxTime               model.Duration
	Seed                  uint64
	Estimator             solver.Estimator
	Sampling              solver.Sampling
	Kernel                KernelName
	OnResign              string
	Workers               int
	Format                cli.Format
	Output                string
	Quiet                 bool
}

// KernelName names one of the solver's kernels, or the fastest of them.
type KernelName string

const Fastest KernelName = "fastest"

// KernelNames lists those of this machine.
func KernelNames() []KernelName {
	names := []KernelName{Fastest}
	for _, name := range solver.Kernels() {
		names = append(names, KernelName(name))
	}
	return names
}

// Name returns the kernel's own name.
func (k KernelName) Name() string {
	if k == Fastest {
		return solver.Kernel()
	}
	return string(k)
}

// Method names the estimator, and the sampling where it is not the usual one.
func (o *Options) Method() string {
	if o.Estimator == solver.Weights && o.Sampling != solver.Tilted {
		return fmt.Sprintf("%s, %s sampling", o.Estimator, o.Sampling)
	}
	return string(o.Estimator)
}

func NewOptions() *Options {
	return &Options{
		Devices: []string{solver.Fleet}, Environments: []string{solver.Mix},
		Readings:   solver.BothReadings(),
		Confidence: solver.DefaultConfidence, Seed: sweep.DefaultSeed, Estimator: solver.Weights, Sampling: solver.Tilted, Kernel: Fastest, OnResign: ResignPauses,
		Workers: runtime.GOMAXPROCS(0), Format: cli.FormatTable,
	}
}

// AddCases adds the flags that say what to simulate.
func (o *Options) AddCases(fs *pflag.FlagSet) {
	catalog := model.Default()
	cli.Complete(cli.AddList(fs, &o.Devices, "device", solver.Fleet, cli.Word,
		"watch model `id`, the fleet drawn by share, or all: each by itself"),
		append([]string{solver.Fleet, All}, model.IDs(catalog.Devices)...))
	cli.Complete(cli.AddList(fs, &o.Environments, "environment", solver.Mix, cli.Word,
		"environment `id`, the mix drawn by share, or all: each by itself"),
		append([]string{solver.Mix, All}, model.IDs(catalog.Environments)...))
	cli.AddValue(fs, &o.StartLevel, "start-level", "", ParseLevel,
		"battery `level` at the start, such as \"12 %\" (default: drawn for each session)")
	cli.Complete(cli.AddList(fs, &o.Readings, "reading", strings.Join(cli.Texts(solver.BothReadings()), ","), cli.OneOf(solver.BothReadings()),
		"`reading` of the granted time: cautious (pressure uses it up faster) or documented (it does not)"),
		cli.Texts(solver.BothReadings()))
	o.AddOnResign(fs)
	cli.AddValue(fs, &o.step, "step", "", ParseLength,
		"`time` step of the simulation (default: grid.step, 5 s)")
}

func (o *Options) AddOnResign(fs *pflag.FlagSet) {
	cli.AddChoice(fs, &o.OnResign, "on-resign", []string{ResignPauses, ResignEnds},
		"`what` a session does when the app loses the front: pause, or end, which counts as failing")
}

// AddConfidence adds the flag of the confidence, which is that of what usage says.
func (o *Options) AddConfidence(fs *pflag.FlagSet, usage string) {
	cli.AddValue(fs, &o.Confidence, "confidence", notation.Percent(o.Confidence), ParseConfidence, usage)
}

// AddPaths adds the flag of the number of paths; 0 leaves its default to usage.
func (o *Options) AddPaths(fs *pflag.FlagSet, usage string) {
	standard := ""
	if o.Paths > 0 {
		standard = fmt.Sprint(o.Paths)
	}
	cli.AddValue(fs, &o.Paths, "paths", standard, ParsePaths, usage)
}

const toleranceUsage = "`probability` of failing that is accepted at most, such as \"1 %\" or 0.01"

// AddTolerances adds the flag of tolerances, whose defaults to holds.
func AddTolerances(fs *pflag.FlagSet, to *[]float64) {
	var texts []string
	for _, t := range *to {
		texts = append(texts, notation.Percent(t))
	}
	cli.AddList(fs, to, "tolerance", strings.Join(texts, ","), ParseTolerance, toleranceUsage)
}

// AddTolerance adds the flag of one tolerance, whose default to holds.
func AddTolerance(fs *pflag.FlagSet, to *float64) {
	cli.AddValue(fs, to, "tolerance", notation.Percent(*to), ParseTolerance, toleranceUsage)
}

// AddMethod adds the flags that say how to estimate.
func (o *Options) AddMethod(fs *pflag.FlagSet) {
	o.AddSeed(fs)
	cli.AddChoice(fs, &o.Estimator, "estimator", []solver.Estimator{solver.Weights, solver.Counts},
		"`estimator`: weights (each path carries its survival) or counts (0/1 events)")
	cli.AddChoice(fs, &o.Sampling, "sampling", []solver.Sampling{solver.Tilted, solver.Sobol, solver.Stratified, solver.Independent},
		"`way` to draw sessions for weights: tilted (Sobol' nets, more of them at low levels), sobol, stratified or independent")
	o.AddMachine(fs)
}

func (o *Options) AddSeed(fs *pflag.FlagSet) {
	cli.AddValue(fs, &o.Seed, "seed", fmt.Sprint(o.Seed), ParseSeed, "`seed` of the random numbers")
}

// AddMachine adds the flags that no result depends on.
func (o *Options) AddMachine(fs *pflag.FlagSet) {
	cli.AddChoice(fs, &o.Kernel, "kernel", KernelNames(),
		"`kernel` that steps the paths, of those this machine has; no result depends on it")
	cli.AddValue(fs, &o.Workers, "workers", "", ParseWorkers,
		"`number` of processors to use; no result depends on it (default: all)")
}

// AddOutput adds the flags that say where the answer goes.
func (o *Options) AddOutput(fs *pflag.FlagSet, files string) {
	cli.AddChoice(fs, &o.Format, "format", cli.Formats(), "`form` of the answer: table, csv, json or md")
	o.AddFiles(fs, files)
}

func (o *Options) AddFiles(fs *pflag.FlagSet, files string) {
	cli.AddShort(fs, &o.Output, "output", "o", cli.ParseDirectory, "write "+files+" to this `directory`")
	fs.BoolVarP(&o.Quiet, "quiet", "q", false, "no progress, warnings or notes")
}

// Load reads the scenario that a command's last argument may name, and applies
// the flags to it.
func (o *Options) Load(sys *cli.System, args []string) (*model.Scenario, error) {
	s, err := LoadScenario(sys, args)
	if err != nil {
		return nil, err
	}
	o.Readings = slices.DeleteFunc(solver.BothReadings(), func(r solver.Reading) bool { return !slices.Contains(o.Readings, r) })
	if o.step > 0 {
		if err := s.SetStep(o.step); err != nil {
			return nil, cli.Failf(cli.ExitUsage, "%v", err)
		}
	}
	if o.Devices, err = Pick("device", o.Devices, solver.Fleet, model.IDs(s.Devices)); err != nil {
		return nil, err
	}
	o.Environments, err = Pick("environment", o.Environments, solver.Mix, model.IDs(s.Environments))
	return s, err
}

// Request is the part of a sweep's request that caps and run share.
func (o *Options) Request(sessions []string) sweep.Request {
	return sweep.Request{
		Sessions: sessions, Devices: o.Devices, Environments: o.Environments, StartLevel: o.StartLevel,
		Readings: o.Readings, Confidence: o.Confidence, Estimator: o.Estimator, Sampling: o.Sampling,
		EndOnResign: o.OnResign == ResignEnds, Seed: o.Seed, Paths: o.Paths,
	}
}

// Cases lists the cases of a request. What keeps them from being simulated is a
// mistake on the command line: a scenario file was checked when it was read.
func (o *Options) Cases(q sweep.Request, s *model.Scenario) ([]sweep.Case, error) {
	cases, err := q.Cases(s)
	if err != nil {
		return nil, cli.Usagef("%v", err)
	}
	return cases, nil
}

// Timeout returns a limit on time, or its n-th part, as the clock takes it: some
// three centuries at most.
func Timeout(limit model.Duration, n int) time.Duration {
	ns := float64(limit) / float64(n) * float64(time.Second)
	if ns >= math.MaxInt64 {
		return math.MaxInt64
	}
	return max(time.Duration(ns), 1)
}
