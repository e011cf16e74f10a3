package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/table"
)

// runFlags are the flags of budget run.
type runFlags struct {
	*inputs.Options
	trace              int64
	saveEvery, closing model.Duration
	above              float64 // largest failure of a row that a pipeline accepts, 0 for any
	changed            func(flag string) bool
}

func runCommand() cli.Command {
	return cli.Command{
		Name: "run", Args: "SESSIONS DURATION... [scenario.toml]",
		Summary: "how sessions of given lengths end, and what they cost",
		Help: `
Prints first how often a session of a type and length fails, for a user who means to finish. Then it
prints the probability of every way the session can end, as people use the app, with its interval and
the reason that the app is told. At last come the battery used and whether the watch gets hot; budget
cost has more. Every interval holds with the stated confidence by itself.

Give several session types with commas between them. With several session types, lengths, devices or
environments it prints a row for each. All lengths of a session type use the same simulated sessions.

--save-every and --closing show what is lost when a session ends early. If it expires: how often the
app's closing work fits between the warning and the end. At any other cause: the time since the last
save.

Of a timer (--timer, or timer.phases in the scenario) it prints a row for the end of each cycle; no
duration is given then.

A duration is a multiple of the time step (5 s by default) up to 48 h, such as "45 min". Give several
as separate arguments or with commas. 45 min works without quotes, "1 h 30 min" needs them.

--fail-above is for pipelines: the exit code is 7, and one line says why, if the upper bound of the
failure of a row is above it.

--trace writes simulated sessions as CSV instead, to see why they end: a row for every step with the
state at its start and the hazards over it. A traced session ends at its first threshold or at its
length, never by a hazard. Its last row has empty fields if it ended before the load was known. Where
users come back (--on-resign pause) it has their absences: position_s, the session's own clock, then
stands still. With -o the file is trace.csv, beside the tables.`,
		Examples: []string{
			`budget run mindfulness "45 min"`,
			`budget run mindfulness,workout 20min,45min,60min`,
			`budget run workout "1 h 30 min" --environment sun --device ultra2-49`,
			`budget run mindfulness "59 min" --start-level "25 %" --trace 3 > trace.csv`,
			`budget run mindfulness "45 min" --fail-above "1 %"`,
			`budget run mindfulness "60 min" --save-every "30 s" --closing "12 s"`,
			`budget run mindfulness --timer "4 x (25 min, rest 5 min)"`,
		},
		Words: cli.First(inputs.SessionIDs),
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &runFlags{Options: inputs.NewOptions(sweep.DefaultPaths),
				changed: cli.Given{FlagSet: fs}.Changed}
			f.Tolerances = nil // there are no caps
			f.AddCases(fs)
			f.AddTimer(fs)
			f.AddConfidence(fs, "an interval holds")
			f.AddPaths(fs, "")
			cli.AddValue(fs, &f.MaxTime, "max-time", inputs.ParseLength,
				"`time` after which the run ends with the paths it has (default: none)")
			cli.AddValue(fs, &f.trace, "trace", parseTraces, "write this `number` of whole sessions as CSV")
			cli.AddValue(fs, &f.saveEvery, "save-every", inputs.ParseLength,
				"`time` between two saves of the app (default: none before the end)")
			cli.AddValue(fs, &f.closing, "closing", parseSeconds,
				"`time` that the app's work at the end takes, such as a closing cue and a save")
			inputs.AddAbove(fs, &f.above, "a row of the answer")
			f.AddMethod(fs)
			f.AddOutput(fs, "outcomes.csv, outcomes.json, cost.csv, losses.csv, provenance.json and trace.csv")
			cli.AddForce(fs)
			return f.run
		},
	}
}

// maxTraces bounds what a trace writes: a path of a day is some 17 000 rows.
const maxTraces = 10_000

func parseTraces(text string) (int64, error) {
	n, err := inputs.ParsePaths(text)
	if err == nil && n > maxTraces {
		err = fmt.Errorf("%s is too many: expected at most %s", text, notation.Count(maxTraces))
	}
	return n, err
}

func (f *runFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	s, sessions, lengths, err := f.asked(sys, args)
	if err != nil {
		return err
	}
	q := f.Request(sessions)
	_, timer := s.TimerSequence()
	if !timer {
		q.Duration = lengths[len(lengths)-1]
	}
	if _, asked := f.saves(); asked && timer {
		return cli.Usagef("--save-every and --closing are for single sessions: leave them out, or --timer")
	}
	cases, err := q.Cases(s)
	if err != nil {
		return cli.Usagef("%v", err)
	}
	if f.trace > 0 && (len(cases) > 1 || len(lengths) > 1 && !timer) {
		return cli.Usagef("--trace takes one session type, one duration, one device and one environment")
	}
	trace := func(w io.Writer) error {
		return writeTrace(ctx, w, s, f.Readings, solver.Case{Session: sessions[0], Device: f.Devices[0],
			Environment: f.Environments[0], StartLevel: f.StartLevel, Duration: q.Duration,
			Pause: q.Pause}, f.Seed, f.trace)
	}
	if f.trace > 0 && f.Output == "" {
		if f.above > 0 {
			return cli.Usagef("--%s: --trace writes no failure: leave it out, or add -o", inputs.AboveFlag)
		}
		if f.Format != cli.FormatTable && f.Format != cli.FormatCSV {
			return cli.Usagef("--trace writes CSV, not --format %s", f.Format)
		}
		if flags := sys.Exports(); len(flags) > 0 {
			return cli.Usagef("%s: --trace alone has no such answer: leave it out, or add -o", flags[0])
		}
		return trace(sys.Stdout)
	}
	o := &outcomes{Options: f.Options, lengths: lengths}
	files := []cli.File{
		{Name: "outcomes.csv", Write: func(w io.Writer) error { return o.records().WriteCSV(w) }},
		{Name: "outcomes.json", Write: o.writeJSON},
		{Name: "provenance.json", Write: func(w io.Writer) error { return cli.JSON(o.provenance)(w) }},
		{Name: "cost.csv", Write: func(w io.Writer) error {
			return table.WriteCosts(w, o.costs, &o.provenance)
		}},
	}
	always := len(files)
	if _, asked := f.saves(); asked {
		files = append(files, cli.File{Name: "losses.csv",
			Write: func(w io.Writer) error { return o.losses.records().WriteCSV(w) }})
	}
	if f.trace > 0 {
		files = append(files, cli.File{Name: "trace.csv", Write: trace})
	}
	out, err := f.Open(sys, s, files)
	if err != nil {
		return err
	}
	out.Replace("losses.csv", "trace.csv")
	if err := f.simulate(ctx, sys, s, q, o); err != nil {
		return err
	}
	if len(o.cases) == 0 {
		files = files[:always]
	}
	o.provenance = f.Provenance(s, q, fmt.Sprintf("%d paths a case", f.Paths), o.outcome)
	for _, c := range cases {
		o.provenance.Paths = append(o.provenance.Paths, sweep.CasePaths{Session: c.Session,
			Device: c.Device, Environment: c.Environment, Paths: o.paths(c)})
	}
	notes, explain := o.notes(inputs.Assumptions(s, o.provenance))
	return cmp.Or(f.Deliver(sys, out, files, cli.Answer{
		CSV: o.records().WriteCSV, JSON: o.writeJSON, Page: o.page, Notes: notes, Explain: explain,
	}), f.verdict(ctx, o), f.check(o))
}

// asked reads the arguments: a scenario, session types and, in ascending order, the lengths
// of their sessions [s].
func (f *runFlags) asked(sys *cli.System, args []string) (s *model.Scenario, sessions []string,
	lengths []float64, err error) {
	fail := func(err error) (*model.Scenario, []string, []float64, error) { return nil, nil, nil, err }
	expected := cli.Usagef("expected a session type and a duration, such as: budget run " +
		"mindfulness \"45 min\"; or a session type and --timer")
	if len(args) == 0 {
		return fail(expected)
	}
	durations, rest, err := inputs.LeadingDurations(args[1:])
	if err != nil {
		return fail(err)
	}
	if len(durations) == 0 && len(rest) > 0 && !inputs.IsScenario(rest[0]) {
		_, err := model.ParseDuration(args[1])
		return fail(cli.Usagef("duration: %v", err))
	}
	if s, err = f.Load(sys, rest); err != nil {
		return fail(err)
	}
	_, timer := s.TimerSequence()
	switch {
	case timer && len(durations) > 0:
		return fail(cli.Usagef("the scenario has a timer, whose length is its own: leave out %s, or give "+
			"--set timer.phases=\"\" for single sessions", inputs.Lengths(durations)))
	case !timer && len(durations) == 0:
		return fail(expected)
	}
	known := model.IDs(s.Sessions)
	for id := range strings.SplitSeq(args[0], ",") {
		if id = strings.TrimSpace(id); !slices.Contains(known, id) {
			return fail(cli.Usagef("unknown session type %q%s", id, cli.Suggest(id, known)))
		}
		if !slices.Contains(sessions, id) {
			sessions = append(sessions, id)
		}
	}
	if s, err = f.With(s, sessions); err != nil {
		return fail(err)
	}
	if timer {
		if lengths = s.CycleEnds(); len(lengths) == 0 { // one phase
			lengths = []float64{float64(s.Longest(s.Session(sessions[0])))}
		}
	}
	for _, d := range durations {
		if err := inputs.CheckPlan(float64(d), float64(s.Grid.Step)); err != nil {
			return fail(err)
		}
		lengths = append(lengths, float64(d))
	}
	return s, sessions, lengths, nil
}

// saves returns what the app does against losses, and whether the flags ask for them.
func (f *runFlags) saves() (sweep.Saves, bool) {
	saves := sweep.Saves{Every: float64(f.saveEvery), Closing: float64(f.closing)}
	if f.saveEvery == 0 {
		saves.Every = math.Inf(1)
	}
	return saves, f.changed("save-every") || f.changed("closing")
}

// simulate finds the outcomes of every case that there is time for.
func (f *runFlags) simulate(ctx context.Context, sys *cli.System, s *model.Scenario,
	q sweep.Request, o *outcomes) error {
	if f.MaxTime > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, inputs.Timeout(f.MaxTime, 1))
		defer cancel()
	}
	return f.Simulate(sys, false, func(control sweep.Control) (err error) {
		o.outcome, err = sweep.Each(ctx, s, q, control,
			func(c sweep.Case, _ *solver.Program, answer *solver.Answer) {
				o.add(c, s.Session(c.Session).Interface(), answer.Estimates)
			})
		if err != nil {
			return err
		}
		if saves, asked := f.saves(); asked {
			var outcome solver.Outcome
			o.losses.saves = saves
			if o.losses.rows, outcome, err = sweep.Losses(ctx, s, q, o.lengths, saves,
				control); err != nil {
				return err
			}
			o.outcome = cmp.Or(o.outcome, outcome)
		}
		control.Progress, control.Case = nil, nil // it takes little time
		q.Paths = min(q.Paths, sweep.CostPaths)
		o.costs, err = sweep.Costs(ctx, s, q, func(sweep.Case) []float64 { return o.lengths }, control)
		if ctx.Err() != nil {
			return nil // an answer without them is one
		}
		return err
	})
}

// check returns an error if a row may fail more often than a pipeline accepts.
func (f *runFlags) check(o *outcomes) error {
	if f.above == 0 {
		return nil
	}
	var often []string
	for _, c := range o.cases {
		name := notation.Case(c.Case) + ", " + notation.Length(c.length)
		for _, r := range c.readings {
			if text := inputs.AboveText(name, r.fails, f.above); text != "" {
				often = append(often, text)
				break // the first reading is enough to name the row
			}
		}
	}
	return cli.Broken(often, inputs.AboveFlag, "above %s", notation.Percent(f.above))
}

func (f *runFlags) verdict(ctx context.Context, o *outcomes) error {
	detail := "the answer uses the paths done so far"
	if len(o.cases) == 0 {
		detail += "; no path was finished"
	}
	switch {
	case ctx.Err() != nil:
		return cli.Interruptedf("%s", detail)
	case o.outcome == solver.OutOfTime:
		return cli.Failf(cli.ExitImprecise, "out of time: %s; give a longer --max-time", detail)
	case o.unknown() > 0:
		return cli.Failf(cli.ExitImprecise, "precision not reached: %s for %s; %s",
			sweep.CapUnknown.Name(), notation.Plural(o.unknown(), "length"), inputs.MorePaths)
	}
	return nil
}
