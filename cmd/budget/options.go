package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// format is a form of a table.
type format string

const (
	formatTable    format = "table"
	formatCSV      format = "csv"
	formatJSON     format = "json"
	formatMarkdown format = "md"
)

func formats() []format { return []format{formatTable, formatCSV, formatJSON, formatMarkdown} }

// Words that stand for every device or environment, and what to do when the app
// loses the front.
const (
	everyID       = "all"
	resignPauses  = "pause"
	resignEnds    = "end"
	maxPlan       = 24 * 3600 // longest plan of budget run [s]
	standardPaths = 1 << 22   // most paths of a run until decided
)

// options are the flags that caps and run share.
type options struct {
	devices, environments []string
	startLevel            *float64
	step                  model.Duration
	readings              []solver.Reading
	confidence            float64
	paths                 int64
	maxTime               model.Duration
	seed                  uint64
	estimator             solver.Estimator
	sampling              solver.Sampling
	kernel                kernelName
	onResign              string
	workers               int
	format                format
	output                string
	quiet                 bool
}

// kernelName names one of the solver's kernels, or the fastest of them.
type kernelName string

const fastest kernelName = "fastest"

// kernelNames lists those of this machine.
func kernelNames() []kernelName {
	names := []kernelName{fastest}
	for _, name := range solver.Kernels() {
		names = append(names, kernelName(name))
	}
	return names
}

// name returns the kernel's own name.
func (k kernelName) name() string {
	if k == fastest {
		return solver.Kernel()
	}
	return string(k)
}

// method names the estimator, and the sampling where it is not the usual one.
func (o *options) method() string {
	if o.estimator == solver.Weights && o.sampling != solver.Tilted {
		return fmt.Sprintf("%s, %s sampling", o.estimator, o.sampling)
	}
	return string(o.estimator)
}

// readings lists the readings of the granted time in the order of every answer.
func readings() []solver.Reading { return []solver.Reading{solver.Cautious, solver.AsDocumented} }

func newOptions() *options {
	return &options{
		devices: []string{solver.Fleet}, environments: []string{solver.Mix},
		readings:   readings(),
		confidence: 0.95, seed: 1, estimator: solver.Weights, sampling: solver.Tilted, kernel: fastest, onResign: resignPauses,
		workers: runtime.GOMAXPROCS(0), format: formatTable,
	}
}

// addCases adds the flags that say what to simulate.
func (o *options) addCases(fs *pflag.FlagSet) {
	catalog := model.Default()
	complete(addList(fs, &o.devices, "device", solver.Fleet, word,
		"watch model `id`, the fleet drawn by share, or all: each by itself"),
		append([]string{solver.Fleet, everyID}, model.IDs(catalog.Devices)...))
	complete(addList(fs, &o.environments, "environment", solver.Mix, word,
		"environment `id`, the mix drawn by share, or all: each by itself"),
		append([]string{solver.Mix, everyID}, model.IDs(catalog.Environments)...))
	addValue(fs, &o.startLevel, "start-level", "", parseLevel,
		"battery `level` at the start, such as \"12 %\" (default: drawn for each session)")
	complete(addList(fs, &o.readings, "reading", "cautious,documented", oneOf(readings()),
		"`reading` of the granted time: cautious (pressure uses it up faster) or documented (it does not)"),
		texts(readings()))
	o.addOnResign(fs)
	addValue(fs, &o.step, "step", "", parseLength,
		"`time` step of the simulation (default: grid.step, 5 s)")
}

func (o *options) addOnResign(fs *pflag.FlagSet) {
	addChoice(fs, &o.onResign, "on-resign", []string{resignPauses, resignEnds},
		"`what` a session does when the app loses the front: pause, or end, which counts as failing")
}

// addMethod adds the flags that say how to estimate.
func (o *options) addMethod(fs *pflag.FlagSet) {
	o.addSeed(fs)
	addChoice(fs, &o.estimator, "estimator", []solver.Estimator{solver.Weights, solver.Counts},
		"`estimator`: weights (each path carries its survival) or counts (0/1 events)")
	addChoice(fs, &o.sampling, "sampling", []solver.Sampling{solver.Tilted, solver.Sobol, solver.Stratified, solver.Independent},
		"`way` to draw sessions for weights: tilted (Sobol' nets, more of them at low levels), sobol, stratified or independent")
	o.addMachine(fs)
}

func (o *options) addSeed(fs *pflag.FlagSet) {
	addValue(fs, &o.seed, "seed", "1", parseSeed, "`seed` of the random numbers")
}

// addMachine adds the flags that no result depends on.
func (o *options) addMachine(fs *pflag.FlagSet) {
	addChoice(fs, &o.kernel, "kernel", kernelNames(),
		"`kernel` that steps the paths, of those this machine has; no result depends on it")
	addValue(fs, &o.workers, "workers", "", parseWorkers,
		"`number` of processors to use; no result depends on it (default: all)")
}

// addOutput adds the flags that say where the answer goes.
func (o *options) addOutput(fs *pflag.FlagSet, files string) {
	addChoice(fs, &o.format, "format", formats(), "`form` of the answer: table, csv, json or md")
	o.addFiles(fs, files)
}

func (o *options) addFiles(fs *pflag.FlagSet, files string) {
	fs.VarP(&value[string]{&o.output, "", parseDirectory}, "output", "o", "write "+files+" to this `directory`")
	fs.BoolVarP(&o.quiet, "quiet", "q", false, "no progress, warnings or notes")
}

// load reads the scenario that a command's last argument may name, and applies
// the flags to it.
func (o *options) load(sys *system, args []string) (*model.Scenario, error) {
	s, err := loadScenario(sys, args)
	if err != nil {
		return nil, err
	}
	o.readings = slices.DeleteFunc(readings(), func(r solver.Reading) bool { return !slices.Contains(o.readings, r) })
	if o.step > 0 {
		if err := s.SetStep(o.step); err != nil {
			return nil, &failure{exitUsage, err.Error()}
		}
	}
	if o.devices, err = pick("device", o.devices, solver.Fleet, model.IDs(s.Devices)); err != nil {
		return nil, err
	}
	o.environments, err = pick("environment", o.environments, solver.Mix, model.IDs(s.Environments))
	return s, err
}

// pick checks the ids given to a flag and replaces "all" by every one.
func pick(flag string, words []string, together string, known []string) ([]string, error) {
	var ids []string
	for _, w := range words {
		switch {
		case w == everyID:
			ids = append(ids, known...)
		case together != "" && w == together, slices.Contains(known, w):
			ids = append(ids, w)
		default:
			special := []string{everyID}
			if together != "" {
				special = []string{together, everyID}
			}
			return nil, usagef("--%s: %q is unknown%s", flag, w, suggest(w, append(special, known...)))
		}
	}
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			return nil, usagef("--%s: %q is given twice", flag, id)
		}
	}
	return ids, nil
}

// request is the part of a sweep's request that caps and run share.
func (o *options) request(sessions []string) sweep.Request {
	return sweep.Request{
		Sessions: sessions, Devices: o.devices, Environments: o.environments, StartLevel: o.startLevel,
		Readings: o.readings, Confidence: o.confidence, Estimator: o.estimator, Sampling: o.sampling,
		EndOnResign: o.onResign == resignEnds, Seed: o.seed, Paths: o.paths,
	}
}

// cases lists the cases of a request. What keeps them from being simulated is a
// mistake on the command line: a scenario file was checked when it was read.
func (o *options) cases(q sweep.Request, s *model.Scenario) ([]sweep.Case, error) {
	cases, err := q.Cases(s)
	if err != nil {
		return nil, usagef("%v", err)
	}
	return cases, nil
}

// timeout returns a limit on time, or its n-th part, as the clock takes it: some
// three centuries at most.
func timeout(limit model.Duration, n int) time.Duration {
	ns := float64(limit) / float64(n) * float64(time.Second)
	if ns >= math.MaxInt64 {
		return math.MaxInt64
	}
	return max(time.Duration(ns), 1)
}

// loadScenario reads the one scenario file that may be among the arguments; "-"
// is standard input, none the catalog's defaults.
func loadScenario(sys *system, args []string) (*model.Scenario, error) {
	switch len(args) {
	case 0:
		return model.Default(), nil
	case 1:
		return readScenario(sys, args[0])
	}
	return nil, usagef("expected one scenario file, not %d: %s", len(args), strings.Join(args, ", "))
}

func readScenario(sys *system, file string) (*model.Scenario, error) {
	if file == "-" {
		data, err := io.ReadAll(sys.stdin)
		if err != nil {
			return nil, filef(err, "cannot read standard input")
		}
		return model.Parse("stdin", data)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		hint := ""
		if slices.Contains(model.IDs(model.Default().Sessions), file) {
			hint = " (a session type is given as --session " + file + ")"
		}
		return nil, filef(err, "cannot read scenario %s%s", file, hint)
	}
	return model.Parse(file, data)
}
