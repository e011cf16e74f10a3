package fit

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/field"
	"budget/sweep/table"
)

// fitFlags are the flags of budget fit.
type fitFlags struct {
	*inputs.Options
	prior   field.Prior
	reading solver.Reading
	strict  bool
}

func Command() cli.Command {
	return cli.Command{
		Name: "fit", Args: "LOG.csv [scenario.toml]",
		Summary: "what a log of real sessions says of the model",
		Help: `
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
		Examples: []string{
			`budget fit log.csv`,
			`budget fit log.csv -o out && budget caps out/fitted.toml`,
			`budget fit next.csv out/fitted.toml --strict`,
		},
		Words: func(int) []string { return nil },
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &fitFlags{Options: inputs.NewOptions(), prior: field.RangePrior, reading: solver.Cautious}
			f.Paths = 65536
			cli.AddChoice(fs, &f.prior, "prior", []field.Prior{field.RangePrior, field.JeffreysPrior},
				"`prior` of rates: range (the scenario's range or value) or jeffreys (the log speaks alone)")
			fs.BoolVar(&f.strict, "strict", false, "end with exit code 3 if a row was left out")
			f.AddDevice(fs)
			cli.AddChoice(fs, &f.reading, "reading", solver.BothReadings(), "`reading` of the granted time to predict with: cautious or documented")
			f.AddConfidence(fs, "`probability` that an interval holds")
			f.AddPaths(fs, "`number` of simulated sessions of each type to predict from")
			f.AddMethod(fs)
			f.AddOutput(fs, "fitted.toml, rates.csv, incidence.csv, rows.csv, fit.json and provenance.json")
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

func (f *fitFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if len(args) == 0 {
		return cli.Usagef("expected a log of sessions, such as: budget fit log.csv")
	}
	if len(args) == 2 && args[0] == "-" && args[1] == "-" {
		return cli.Usagef("log and scenario cannot both be read from standard input")
	}
	s, err := f.Load(sys, args[1:])
	if err != nil {
		return err
	}
	if err := f.One(); err != nil {
		return err
	}
	l, err := readLog(sys, args[0], s)
	if err != nil {
		return err
	}
	if len(l.Sessions) == 0 {
		f.listRemarks(sys, l)
		if l.Rows == 0 {
			return cli.Failf(cli.ExitScenario, "%s has no sessions: it ends after the line of column names", l.File)
		}
		return cli.Failf(cli.ExitScenario, "%s has no session that could be used: %s left out", l.File, notation.Plural(int64(l.Rows), "row"))
	}
	out, err := cli.OpenOutput(sys, f.Output, []string{"fitted.toml", "rates.csv", "incidence.csv", "rows.csv", "fit.json", "provenance.json"})
	if err != nil {
		return err
	}
	if !f.Quiet {
		cli.Warn(sys, s.Warnings())
	}
	f.listRemarks(sys, l)

	a := &fitted{fitFlags: f, log: l, base: s, observed: field.Observe(l, s, f.Confidence), rates: field.Fit(l, s, f.prior, f.Confidence)}
	if a.scenario, err = field.Scenario(l, s, a.rates); err != nil {
		return err
	}
	for i := range a.observed {
		agreement, err := field.Check(ctx, s, &a.observed[i], field.Prediction{
			Device: f.Devices[0], Environment: f.Environments[0], Reading: f.reading, Paths: f.Paths,
			Settings: solver.Settings{Seed: f.Seed, Estimator: f.Estimator, Sampling: f.Sampling, Workers: f.Workers, Kernel: f.Kernel.Name()},
		}, f.Confidence)
		if ctx.Err() != nil {
			return cli.Failf(cli.ExitInterrupted, "interrupted: nothing is known yet")
		}
		if err != nil {
			return cli.Usagef("%v", err)
		}
		a.agreement = append(a.agreement, agreement)
	}
	p := a.provenance()
	fileErr := out.Write(a.files(p))
	if err := a.print(sys, p); err != nil {
		return err
	}
	if fileErr == nil && f.strict && l.LeftOut() > 0 {
		fileErr = cli.Failf(cli.ExitScenario, "%s of %s left out, and --strict allows none", notation.Plural(int64(l.LeftOut()), "row"), l.File)
	}
	return fileErr
}

func readLog(sys *cli.System, file string, s *model.Scenario) (*field.Log, error) {
	name, data, err := file, []byte(nil), error(nil)
	if file == "-" {
		name = "stdin"
		data, err = io.ReadAll(sys.Stdin)
	} else {
		data, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, cli.Filef(err, "cannot read log %s", file)
	}
	return field.Read(name, data, s)
}

// shownRemarks is the number of remarks of a kind that are listed; rows.csv has all.
const shownRemarks = 20

// listRemarks lists what is wrong with rows, with their places.
func (f *fitFlags) listRemarks(sys *cli.System, l *field.Log) {
	shown := map[field.RemarkKind]int{}
	for _, r := range l.Remarks {
		if shown[r.Kind]++; shown[r.Kind] > shownRemarks || r.Kind == field.Note && f.Quiet {
			continue
		}
		problem := r.Problem
		problem.Message = string(r.Kind) + ": " + problem.Message
		fmt.Fprintln(sys.Stderr, problem)
	}
	for _, kind := range remarkKinds {
		if more := shown[kind] - shownRemarks; more > 0 && !(kind == field.Note && f.Quiet) {
			fmt.Fprintf(sys.Stderr, "%s: %s: %s more, of %s in all; rows.csv of -o lists every one\n", l.File, kind, notation.Count(int64(more)), notation.Count(int64(shown[kind])))
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
			parts = append(parts, fmt.Sprintf("%s %s", notation.Count(int64(n)), word))
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
	q := a.Request(nil)
	for _, o := range a.observed {
		q.Sessions = append(q.Sessions, o.Type)
	}
	q.Readings = []solver.Reading{a.reading}
	p := a.Options.Provenance(a.base, q, fmt.Sprintf("%d paths a session type", a.Paths), solver.Done)
	for _, g := range a.agreement {
		p.Paths = append(p.Paths, sweep.CasePaths{Session: g.Type, Device: a.Devices[0], Environment: a.Environments[0], Paths: g.Paths})
	}
	return fitProvenance{p, a.log.File, a.log.Digest, a.log.Rows, a.log.LeftOut(), a.prior}
}

func (a *fitted) files(p fitProvenance) []cli.File {
	return []cli.File{
		{Name: "fitted.toml", Write: a.scenario.Write},
		{Name: "rates.csv", Write: a.rateRecords().WriteCSV},
		{Name: "incidence.csv", Write: a.incidenceRecords().WriteCSV},
		{Name: "rows.csv", Write: a.rowRecords().WriteCSV},
		{Name: "fit.json", Write: func(w io.Writer) error { return a.writeJSON(w, p) }},
		{Name: "provenance.json", Write: func(w io.Writer) error { return table.WriteJSON(w, p) }},
	}
}
