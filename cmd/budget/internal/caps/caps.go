package caps

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/escape"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// costPaths is the number of paths for the costs of sessions as long as their caps.
const costPaths = 8192

// capsFlags are the flags of budget caps.
type capsFlags struct {
	shown
	maxPaths      int64
	precision     model.Duration
	relPrecision  float64
	gate          inputs.Level // displayed; 0 for none
	noUncertainty bool
	chart         bool // draw curves of failure in text
}

// Command is budget caps.
func Command() cli.Command {
	return cli.Command{
		Name: "caps", Args: "[scenario.toml | DIR]",
		Summary: "how long a session of each type may be",
		Help: `
Answers first which session length to offer, of those on a menu (--offer): the longest that fails at
most 1 % of the time, or the first --tolerance given where 1 % is not among them. Beside it stands
the cap as assumed, and how uncertain inputs move it: 5, 50 and 95 % of draws of them have a shorter
cap, and the robust cap holds for 95 % of the draws. --no-uncertainty leaves that out.

Then the table of caps: for each tolerance the longest session that fails at most that often. All
caps of the table hold together with the confidence. The bracket is the upper end of a cap's
interval: more paths narrow it. "From 20 % shown" is the cap of the sessions that start while the
watch shows 20 % or more (--gate): a few low starts decide most caps.

A session fails when the system suppresses it, ends it with an error or lets it expire, or when the
watch turns off, for a user who means to finish. Users who switch to another app end it without
failing; with --on-resign end that is a failure, and with --on-resign pause they come back.

Without --paths, paths are added until every cap is as precise as --precision or
--relative-precision ask, whichever asks less, or until --max-paths or --max-time.

Given a directory that caps -o or sweep -o has written, in place of a scenario file, it shows the
caps found there and simulates nothing. --offer, --tolerance and --confidence may be any. Flags
that would change the simulation are errors then.

--fail-if-shorter and --fail-above are for pipelines: the exit code is 7, and one line says why, if a
cap at the headline's tolerance is too short or a length of --offer fails too often.

A scenario file overrides the catalog's defaults; - reads it from standard input. Flags that take
lists may be given more than once, or with commas.`,
		Examples: []string{
			`budget caps`,
			`budget caps --session mindfulness --offer 10,20,45,75 --gate "15 %"`,
			`budget caps --session mindfulness --tolerance "1 %" --device all`,
			`budget caps --session workout --start-level "30 %" --environment shade winter.toml`,
			`budget caps --paths 1e6 --seed 7 -o out`,
			`budget caps out --tolerance "2 %" --confidence "99 %"`,
			`budget caps --session mindfulness --fail-if-shorter "45 min"`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &capsFlags{shown: shown{Options: inputs.NewOptions(0), given: cli.Given{FlagSet: fs},
				offer: inputs.DefaultMenu()}, maxPaths: solver.DefaultMaxPaths,
				precision: solver.DefaultPrecision, relPrecision: solver.DefaultRelativePrecision,
				gate: inputs.DefaultGate}
			f.AddSessions(fs, "session type `id`")
			f.AddCases(fs)
			f.AddTimer(fs)
			cli.AddList(fs, &f.offer, "offer", inputs.ParseOffered,
				"session `lengths` to choose from, in minutes or with a unit")
			cli.AddValue(fs, &f.gate, "gate", inputs.ParseGate,
				"`level` shown at the start from which the app would let a session start, in "+
					"whole per cent; 0 leaves that column out")
			fs.BoolVar(&f.noUncertainty, "no-uncertainty", false,
				"do not examine how uncertain inputs move the caps")
			f.AddTolerances(fs)
			f.AddConfidence(fs, "all caps of the table hold together")
			cli.AddValue(fs, &f.Paths, "paths", inputs.ParsePaths,
				"fixed `number` of simulated sessions for each case (default: until decided)")
			cli.AddValue(fs, &f.maxPaths, "max-paths", inputs.ParsePaths,
				"`number` of sessions after which a run until decided ends")
			cli.AddValue(fs, &f.MaxTime, "max-time", inputs.ParseLength,
				"`time` for the whole run, such as \"10 min\", in equal parts for the cases (default: none)")
			cli.AddValue(fs, &f.precision, "precision", inputs.ParseLength,
				"`duration` that a cap is to be precise to")
			cli.AddValue(fs, &f.relPrecision, "relative-precision", inputs.ParseShare,
				"`share` of itself that a cap is to be precise to")
			fs.BoolVar(&f.chart, "chart", false, "draw how many fail by length, with the caps, in text below "+
				"the answer")
			f.limits.addFlags(fs)
			f.AddMethod(fs)
			f.AddUnchecked(fs)
			f.AddOutput(fs,
				"caps.csv, caps.json, incidence.csv, cost.csv, columns.md, uncertainty.json, "+
					"provenance.json, curves "+
					"and the charts")
			cli.AddForce(fs)
			return f.run
		},
	}
}

func (f *capsFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if f.chart && f.Format != cli.FormatTable {
		return cli.Usagef("--chart is for text: leave out --format %s", f.Format)
	}
	if dir, ok := inputs.Directory(args); ok {
		if f.chart {
			return cli.Usagef("--chart is for caps that are simulated: budget plot %s --kind failure draws "+
				"those of a directory", escape.Visible(dir))
		}
		return f.show(sys, dir)
	}
	if f.given.Changed(inputs.UncheckedFlag) {
		return cli.Usagef("--%s is for a directory of results", inputs.UncheckedFlag)
	}
	s, q, err := f.Ask(sys, args)
	if err != nil {
		return err
	}
	q.MaxPaths, q.Precision, q.RelativePrecision = f.maxPaths, float64(f.precision), f.relPrecision
	q.Offered = f.offered()
	if ends := s.CycleEnds(); len(ends) > 0 && !f.given.Changed("offer") {
		q.Offered = ends
	}
	if q.StartLevel == nil || f.given.Changed("gate") {
		q.Gate = int(f.gate)
	}
	q.Curves = f.Output != "" || f.chart
	q.CapsOnly = !q.Curves
	cases, err := q.Cases(s)
	if err != nil {
		return err
	}
	var all sweep.Result
	for _, c := range cases {
		all.Incidences = append(all.Incidences, sweep.Incidence{Case: c})
	}
	found := &findings{Result: &all, spread: &uncertainty.Spread{}} // every file that it may write
	out, err := f.Open(sys, s, found.files(sweep.Provenance{}, f.several()))
	if err != nil {
		return err
	}
	begun := sys.Now()
	found.spread = nil
	out.Replace(earlierFiles(f.Output)...)
	err = f.Simulate(sys, f.Paths == 0, func(control sweep.Control) (err error) {
		if f.MaxTime > 0 {
			control.TimePerCase = inputs.Timeout(f.MaxTime, len(cases))
		}
		control.Keep = found.curves.Add
		if found.Result, err = sweep.Run(ctx, s, q, control); err != nil {
			return err
		}
		err = f.examine(ctx, sys, s, q, found, control, sys.Now().Sub(begun))
		if err != nil || f.Output == "" {
			return err
		}
		cost := q
		cost.Paths = costPaths
		control.Progress, control.Case = nil, nil // it is quick
		found.costs, err = sweep.Costs(ctx, s, cost, sweep.CapDurations(found.Caps), control)
		if ctx.Err() != nil {
			return nil // caps without all costs are still an answer
		}
		return err
	})
	if err != nil {
		return err
	}
	unanswered := complement(found.Result, cases, q)
	p := f.Provenance(s, q, f.precisionText(), found.Outcome)
	p.IncidenceReading = p.Readings[0]
	p.CountPaths(found.Result)

	t := newCapsTable(found.Result, p, f.several())
	t.unexamined = found.unexamined
	answer := t.answer(f.Basis(t.paths()+" a case", p.Scenario), inputs.Assumptions(s, p))
	delivered := f.Deliver(sys, out, found.files(p, f.several()), answer)
	if f.chart {
		for line := range strings.Lines(textCharts(found.Result, p.Readings[0], sys.Columns())) {
			sys.Printf("%s\n", strings.TrimSuffix(line, "\n"))
		}
	}
	return cmp.Or(delivered,
		f.verdict(ctx, found.Result, unanswered),
		f.check(found.Caps, found.Offers, headlineTolerance(q.Tolerances), func(i int) string {
			return notation.Case(found.Caps[i].Case)
		}))
}

// examine finds how uncertain inputs move the caps of the headline. Its time limit is
// --max-time minus spent.
func (f *capsFlags) examine(ctx context.Context, sys *cli.System, s *model.Scenario,
	q sweep.Request, found *findings, control sweep.Control, spent time.Duration) (err error) {
	switch {
	case f.noUncertainty:
		found.unexamined = "not examined (--no-uncertainty)"
		return nil
	case ctx.Err() != nil:
		found.unexamined = "not examined (interrupted)"
		return nil
	case len(q.Sessions)*len(q.Devices)*len(q.Environments) > uncertainty.MostRanges:
		found.unexamined = fmt.Sprintf("not examined (more than %d cases)", uncertainty.MostRanges)
		return nil
	}
	limited := ctx
	if f.MaxTime > 0 {
		var cancel context.CancelFunc
		limited, cancel = context.WithTimeout(ctx, inputs.Timeout(f.MaxTime, 1)-spent)
		defer cancel()
	}
	control.Keep = nil
	defer sys.Stage("uncertain inputs")()
	tolerance := headlineTolerance(q.Tolerances)
	found.spread, err = uncertainty.AddRanges(limited, s, q, tolerance, found.Caps, control)
	switch {
	case ctx.Err() != nil:
		found.unexamined = "not examined (interrupted)"
		return nil // caps without ranges are still an answer
	case limited.Err() != nil:
		found.unexamined = "not examined (out of time)"
		return nil
	case found.spread == nil && !slices.ContainsFunc(found.Caps, known):
		found.unexamined = "not examined (" + sweep.CapUnknown.Name() + ")"
	case found.spread == nil:
		found.unexamined = "none that matters"
	}
	return err
}

// precisionText describes for the provenance when the run should end.
func (f *capsFlags) precisionText() string {
	if f.Paths > 0 {
		return fmt.Sprintf("%d paths a case", f.Paths)
	}
	return fmt.Sprintf("until every cap is known to %s or %s, at most %d paths a case",
		notation.Length(float64(f.precision)), notation.Percent(f.relPrecision), f.maxPaths)
}

// complement adds caps and offers for cases without any path, because of the time limit or an
// interrupt. It returns the names of these cases.
func complement(r *sweep.Result, cases []sweep.Case, q sweep.Request) []string {
	answered := map[sweep.Case]bool{}
	for _, c := range r.Caps {
		answered[c.Case] = true
	}
	var missing []string
	for _, c := range cases {
		if answered[c] {
			continue
		}
		missing = append(missing, notation.Case(c))
		for _, reading := range q.Readings {
			for _, tolerance := range q.Tolerances {
				r.Caps = append(r.Caps, sweep.Unanswered(c, reading, tolerance, q.Confidence))
			}
		}
		for _, d := range q.Offered {
			r.Offers = append(r.Offers, sweep.Offer{Case: c, Reading: string(q.Readings[0]), Duration: d,
				Failure: estimate.Missing})
		}
	}
	return missing
}

// verdict returns an error that describes how the run ended, or nil if it ended as requested.
func (f *capsFlags) verdict(ctx context.Context, r *sweep.Result, unanswered []string) error {
	detail := ""
	if len(unanswered) > 0 {
		detail = "; not reached: " + strings.Join(unanswered, ", ")
	}
	imprecise := func(format string, args ...any) error {
		return cli.Failf(cli.ExitImprecise, "precision not reached"+format, args...)
	}
	if ctx.Err() != nil {
		return cli.Interruptedf("the answer uses the paths done so far%s", detail)
	}
	switch r.Outcome {
	case solver.OutOfTime:
		return imprecise(": out of time%s; give a longer --max-time", detail)
	case solver.OutOfPaths:
		return imprecise(" with %s; give a larger --max-paths or a wider --precision",
			notation.Plural(f.maxPaths, "path"))
	}
	unknown := 0
	for _, c := range r.Caps {
		if c.Status == sweep.CapUnknown {
			unknown++
		}
	}
	return inputs.TooFew(unknown, len(r.Caps), inputs.MorePaths)
}

// several reports whether a session type has more than one case.
func (f *capsFlags) several() bool { return len(f.Devices)*len(f.Environments) > 1 }
