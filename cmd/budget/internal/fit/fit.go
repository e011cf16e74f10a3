package fit

import (
	"cmp"
	"context"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/internal/parallel"
	"budget/solver"
	"budget/sweep/field"
	"budget/sweep/sessionlog"
)

// Command is budget fit.
func Command() cli.Command {
	return cli.Command{
		Name: "fit", Args: "LOG... [scenario.toml]",
		Summary: "compare a log of real sessions with the model, and fit rates and laws",
		Help: `
Compares a log of real sessions with a scenario: how sessions of each type ended and what the
scenario predicts, how fast they drained the battery, and the posterior of every hazard rate that
the log has data on; also of the share of starts in Low Power Mode, refusals, the levels at the
start, the load, and the shape of the frailty. With -o it writes fitted.toml, a scenario for budget
caps. It replaces a quantity if the log has at least half of the evidence on it.

A log is a table with a row for each session, as text, packed by gzip or as a Parquet file, or
HealthKit's export.xml. Several are read as one. --reduce writes a small file that stands for a log: reduced parts of a log
give the same result as the whole. Columns, in any order:
session, planned_min, actual_min, end, start_level, end_level, and optionally thermal (the worst
state), serious_min, critical_min, low_min, very_low_min, device, start, finish (a time stamp, with
start instead of actual_min) and lpm (Low Power Mode). Units in names (planned_s), other delimiters,
UTF-16 and decimal commas are fine; --map gives columns of other names. docs/fit.md describes it all.
Every deviation is noted once. Malformed, duplicate and contradictory rows are listed with their
places and left out; if these are most rows, the exit code is 3.

Incidence is estimated by Aalen and Johansen: sessions that reached their planned length are
censored. Bands hold together for all lengths and outcomes of a session type, so "outside" is
evidence against the scenario. The prior of a rate is a gamma law with the scenario's range as its
central 95 %, or, without a range, with the value as mean and the weight of half an event.`,
		Examples: []string{
			`budget fit log.csv`,
			`budget fit log.tsv --map planned=length_min,end=reason --slack "10 s"`,
			`budget fit log.csv -o out && budget caps out/fitted.toml`,
			`budget fit next.csv out/fitted.toml --strict`,
			`budget fit part1.csv.gz --reduce > part1.reduced`,
			`budget fit *.reduced late.csv -o out`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &fitFlags{Options: inputs.NewOptions(65_536), prior: field.RangePrior,
				reading: solver.Cautious, slack: sessionlog.DefaultSlack}
			f.Tolerances = nil // there are no caps
			cli.AddChoice(fs, &f.prior, "prior", []field.Prior{field.RangePrior, field.JeffreysPrior},
				"`prior` of rates: range (the scenario's range or value) or jeffreys (the log alone)")
			fs.BoolVar(&f.strict, "strict", false, "exit with code 3 if a row was left out")
			cli.AddEach(fs, &f.maps, "map", parseMap,
				"`columns` of other names: planned=length_min, several with commas, or a TOML file of them")
			cli.AddValue(fs, &f.slack, "slack", sessionlog.ParseSlack,
				"how much `shorter` than planned a completed session may be, the larger of a time and a share")
			fs.BoolVar(&f.reduce, "reduce", false,
				"write a small file of the sums that a fit needs, instead of a fit; several make one fit")
			f.AddCase(fs)
			f.AddWorkload(fs)
			inputs.AddReading(fs, &f.reading, " for the predictions: cautious or documented")
			f.AddConfidence(fs, "an interval holds")
			f.AddPaths(fs, " of each type for the predictions")
			f.AddMethod(fs)
			f.AddOutput(fs, "fitted.toml, rates.csv, laws.csv, incidence.csv, rows.csv, fit.json, "+
				"provenance.json and agreement.svg")
			cli.AddForce(fs)
			return f.run
		},
	}
}

func (f *fitFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	logs, scenario, err := sortArgs(args)
	if err != nil {
		return err
	}
	if err := f.checkReduce(sys); err != nil {
		return err
	}
	s, err := f.Load(sys, scenario)
	if err != nil {
		return err
	}
	if err := f.SingleCase(); err != nil {
		return err
	}
	l, done, err := f.readLogs(ctx, sys, logs, s)
	defer done()
	if err != nil {
		return err
	}
	a := &fitted{fitFlags: f, log: l, base: s}
	if f.reduce {
		return a.writeReduced(sys)
	}
	if l.Used() == 0 {
		listRemarks(sys, l, f.Quiet)
		if l.Rows == 0 {
			return cli.Failf(cli.ExitScenario,
				"%s has no sessions: it ends after the line of column names", l.File)
		}
		return cli.Failf(cli.ExitScenario, "%s has no usable session: %s left out", l.File,
			notation.Plural(l.Rows, "row"))
	}
	if f.Workload != "" {
		if s, err = f.With(s, l.Types(s)); err != nil {
			return err
		}
		a.base = s
	}
	out, err := f.Open(sys, s, a.files())
	if err != nil {
		return err
	}
	listRemarks(sys, l, f.Quiet)

	f.SayMachine(sys)
	defer sys.Stage("fit and compare")()
	var checked error
	parallel.For(f.Processors(), 2, func(_, i int) {
		if i == 0 {
			a.rates, a.laws = field.FitAll(l, s, f.device(), f.prior, f.Confidence)
		} else {
			a.observed = field.Observe(l, s, f.Confidence)
			checked = a.check(ctx)
		}
	})
	if a.scenario, err = field.Scenario(l, s, a.rates, a.laws); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return cli.Interruptedf("no result yet")
	}
	if checked != nil {
		return cli.Usagef("%v", checked)
	}
	err = f.Deliver(sys, out, a.files(), cli.Answer{
		CSV: a.rateRecords().WriteCSV, JSON: a.writeJSON, Page: a.page, Notes: a.notes(),
		Explain: a.explain(),
	})
	return cmp.Or(err, a.tooMany())
}

// check compares what was observed with the predictions.
func (a *fitted) check(ctx context.Context) error {
	for i := range a.observed {
		agreement, err := field.Check(ctx, a.base, &a.observed[i], a.prediction(), a.Confidence)
		if err != nil {
			return err
		}
		a.agreement = append(a.agreement, agreement)
	}
	return nil
}

// prediction returns what to simulate for the predictions.
func (f *fitFlags) prediction() field.Prediction {
	return field.Prediction{
		Device: f.Devices[0], Environment: f.Environments[0], Reading: f.reading, Paths: f.Paths,
		Settings: solver.Settings{Seed: f.Seed, Estimator: f.Estimator, Sampling: f.Sampling,
			Workers: f.Processors(), Kernel: f.Kernel.Name()},
	}
}

// device returns the watch that was asked for, "" for the fleet.
func (f *fitFlags) device() string {
	if f.Devices[0] == solver.Fleet {
		return ""
	}
	return f.Devices[0]
}

// parseMap checks pairs of columns; a file is read later.
func parseMap(text string) (string, error) {
	if !strings.Contains(text, "=") {
		return text, nil
	}
	return text, sessionlog.AddMap(map[string]string{}, text)
}
