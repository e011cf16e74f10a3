package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/field"
)

// fitFlags are the flags of budget fit.
type fitFlags struct {
	*options
	prior   field.Prior
	reading solver.Reading
	strict  bool
}

func fitCommand() command {
	return command{
		name: "fit", args: "LOG.csv [scenario.toml]",
		summary: "what a log of real sessions says of the model",
		help: `
Reads a log of sessions, a row for each, and prints how they ended, beside what the scenario predicts;
how fast they drained the battery; and the posterior of every hazard rate that the log can tell of.
With -o it writes fitted.toml, a scenario with the rates that the log says more of than the prior, in
place of the assumed ones, which budget caps takes.

Columns, by name in any order: session, planned_min, actual_min, end, start_level, end_level, and
optionally thermal (the worst state seen), serious_min, critical_min, low_min, very_low_min, device
and start. docs/fit.md tells what they hold. Rows that are malformed, twice there or contradict themselves are listed with
their places and left out.

Incidence is that of Aalen and Johansen: sessions that reached their plan are censored. Bands hold
together for all durations and outcomes of a session type, so that "outside" is evidence against the
scenario. Priors of rates are gamma laws with the scenario's range as their central 95 %, or with its
value as mean and the weight of half an event where there is no range.`,
		examples: []string{
			`budget fit log.csv`,
			`budget fit log.csv -o out && budget caps out/fitted.toml`,
			`budget fit next.csv out/fitted.toml --strict`,
		},
		words: func(int) []string { return nil },
		define: func(fs *pflag.FlagSet) action {
			f := &fitFlags{options: newOptions(), prior: field.RangePrior, reading: solver.Cautious}
			f.paths = 65536
			addChoice(fs, &f.prior, "prior", []field.Prior{field.RangePrior, field.JeffreysPrior},
				"`prior` of rates: range (the scenario's range or value) or jeffreys (the log speaks alone)")
			fs.BoolVar(&f.strict, "strict", false, "end with exit code 3 if a row was left out")
			f.addDevice(fs)
			addChoice(fs, &f.reading, "reading", readings(), "`reading` of the granted time to predict with: cautious or documented")
			addValue(fs, &f.confidence, "confidence", "95 %", parseConfidence, "`probability` that an interval holds")
			addValue(fs, &f.paths, "paths", "65536", parsePaths, "`number` of simulated sessions of each type to predict from")
			f.addMethod(fs)
			f.addOutput(fs, "fitted.toml, rates.csv, incidence.csv, rows.csv, fit.json and provenance.json")
			return f.run
		},
	}
}

// fitted is what a log says.
type fitted struct {
	*fitFlags
	log       *field.Log
	base      *model.Scenario
	scenario  *model.Scenario // with the fitted rates
	observed  []field.Observed
	agreement []*field.Agreement // by observed
	rates     []field.Rate
}

func (f *fitFlags) run(ctx context.Context, sys *system, args []string) error {
	if len(args) == 0 {
		return usagef("expected a log of sessions, such as: budget fit log.csv")
	}
	if len(args) == 2 && args[0] == "-" && args[1] == "-" {
		return usagef("log and scenario cannot both be read from standard input")
	}
	s, err := f.load(sys, args[1:])
	if err != nil {
		return err
	}
	if err := f.one(); err != nil {
		return err
	}
	l, err := readLog(sys, args[0], s)
	if err != nil {
		return err
	}
	if len(l.Sessions) == 0 {
		f.listRemarks(sys, l)
		if l.Rows == 0 {
			return &failure{exitScenario, fmt.Sprintf("%s has no sessions: it ends after the line of column names", l.File)}
		}
		return &failure{exitScenario, fmt.Sprintf("%s has no session that could be used: %s left out", l.File, notation.Plural(int64(l.Rows), "row"))}
	}
	out, err := openOutput(sys, f.output, []string{"fitted.toml", "rates.csv", "incidence.csv", "rows.csv", "fit.json", "provenance.json"})
	if err != nil {
		return err
	}
	if !f.quiet {
		warn(sys, s.Warnings())
	}
	f.listRemarks(sys, l)

	a := &fitted{fitFlags: f, log: l, base: s, observed: field.Observe(l, s, f.confidence), rates: field.Fit(l, s, f.prior, f.confidence)}
	if a.scenario, err = field.Scenario(l, s, a.rates); err != nil {
		return err
	}
	for i := range a.observed {
		agreement, err := field.Check(ctx, s, &a.observed[i], field.Prediction{
			Device: f.devices[0], Environment: f.environments[0], Reading: f.reading, Paths: f.paths,
			Settings: solver.Settings{Seed: f.seed, Estimator: f.estimator, Sampling: f.sampling, Workers: f.workers, Kernel: f.kernel.name()},
		}, f.confidence)
		if ctx.Err() != nil {
			return &failure{exitInterrupted, "interrupted: nothing is known yet"}
		}
		if err != nil {
			return usagef("%v", err)
		}
		a.agreement = append(a.agreement, agreement)
	}
	p := a.provenance()
	fileErr := out.write(a.files(p))
	if err := a.print(sys, p); err != nil {
		return err
	}
	if fileErr == nil && f.strict && l.LeftOut() > 0 {
		fileErr = &failure{exitScenario, fmt.Sprintf("%s of %s left out, and --strict allows none", notation.Plural(int64(l.LeftOut()), "row"), l.File)}
	}
	return fileErr
}

func readLog(sys *system, file string, s *model.Scenario) (*field.Log, error) {
	name, data, err := file, []byte(nil), error(nil)
	if file == "-" {
		name = "stdin"
		data, err = io.ReadAll(sys.stdin)
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, filef(err, "cannot read log %s", file)
	}
	return field.Read(name, data, s)
}

// shownRemarks is the number of remarks of a kind that are listed; rows.csv has all.
const shownRemarks = 20

// listRemarks lists what is wrong with rows, with their places.
func (f *fitFlags) listRemarks(sys *system, l *field.Log) {
	shown := map[field.RemarkKind]int{}
	for _, r := range l.Remarks {
		if shown[r.Kind]++; shown[r.Kind] > shownRemarks || r.Kind == field.Note && f.quiet {
			continue
		}
		problem := r.Problem
		problem.Message = string(r.Kind) + ": " + problem.Message
		fmt.Fprintln(sys.stderr, problem)
	}
	for _, kind := range remarkKinds {
		if more := shown[kind] - shownRemarks; more > 0 && !(kind == field.Note && f.quiet) {
			fmt.Fprintf(sys.stderr, "%s: %s: %s more, of %s in all; rows.csv of -o lists every one\n", l.File, kind, count(int64(more)), count(int64(shown[kind])))
		}
	}
}

var remarkKinds = []field.RemarkKind{field.Malformed, field.Contradictory, field.Duplicate, field.Note}

// leftOut says how many rows take no part, and why.
func leftOut(l *field.Log) string {
	rows := map[field.RemarkKind]map[int]bool{}
	for _, r := range l.Remarks {
		if rows[r.Kind] == nil {
			rows[r.Kind] = map[int]bool{}
		}
		rows[r.Kind][r.Line] = true
	}
	var parts []string
	for _, kind := range remarkKinds {
		if n := len(rows[kind]); n > 0 && kind != field.Note {
			word := string(kind)
			if kind == field.Duplicate {
				word = "twice there"
			}
			parts = append(parts, fmt.Sprintf("%s %s", count(int64(n)), word))
		}
	}
	if len(parts) == 0 {
		return "none left out"
	}
	return "left out: " + strings.Join(parts, ", ")
}

// fitProvenance says what a fit rests on: that of its predictions, and the log.
type fitProvenance struct {
	sweep.Provenance
	Log     string      `json:"log"`
	Digest  string      `json:"log_sha256"`
	Rows    int         `json:"rows"`
	LeftOut int         `json:"left_out"`
	Prior   field.Prior `json:"prior"`
}

func (a *fitted) provenance() fitProvenance {
	q := a.request(nil)
	for _, o := range a.observed {
		q.Sessions = append(q.Sessions, o.Type)
	}
	q.Readings = []solver.Reading{a.reading}
	p := a.options.provenance(a.base, q, fmt.Sprintf("%d paths a session type", a.paths), solver.Done)
	for _, g := range a.agreement {
		p.Paths = append(p.Paths, sweep.CasePaths{Session: g.Type, Device: a.devices[0], Environment: a.environments[0], Paths: g.Paths})
	}
	return fitProvenance{p, a.log.File, a.log.Digest, a.log.Rows, a.log.LeftOut(), a.prior}
}

func (a *fitted) files(p fitProvenance) []file {
	return []file{
		{"fitted.toml", a.scenario.Write},
		{"rates.csv", a.rateRecords().writeCSV},
		{"incidence.csv", a.incidenceRecords().writeCSV},
		{"rows.csv", a.rowRecords().writeCSV},
		{"fit.json", func(w io.Writer) error { return a.writeJSON(w, p) }},
		{"provenance.json", func(w io.Writer) error { return sweep.WriteJSON(w, p) }},
	}
}
