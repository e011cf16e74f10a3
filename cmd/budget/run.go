package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/table"
)

// runFlags are the flags of budget run.
type runFlags struct {
	*inputs.Options
	trace int64
}

func runCommand() cli.Command {
	return cli.Command{
		Name: "run", Args: "SESSION DURATION [scenario.toml]",
		Summary: "how a plan of one duration ends",
		Help: `
Prints the probability of every way a session of a type and duration can end, as people use the app,
with its interval and the reason that the app is told; then how often the plan fails for a user who
means to finish. Every interval holds with the stated confidence by itself.

The duration is a multiple of the time step (5 s by default) up to 24 h, such as "45 min"; it may be
longer than caps looks at.

--trace writes whole simulated sessions instead, as CSV, so that one can see why: a row for every
step with the state at its start and the hazards over it. The session ends with the first threshold
or with the plan; hazards end none of them. Fields of its last row are empty where the session ended
before there was a load to tell of. With -o the file is trace.csv, beside the table.`,
		Examples: []string{
			`budget run mindfulness "45 min"`,
			`budget run workout "1 h 30 min" --environment sun --device ultra2-49`,
			`budget run mindfulness "59 min" --start-level "25 %" --trace 3 > trace.csv`,
		},
		Words: func(n int) []string {
			if n == 0 {
				return model.IDs(model.Default().Sessions)
			}
			return nil
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &runFlags{Options: inputs.NewOptions()}
			f.Paths = sweep.DefaultPaths
			f.AddCases(fs)
			f.AddConfidence(fs, "`probability` that an interval holds")
			f.AddPaths(fs, "`number` of simulated sessions")
			cli.AddValue(fs, &f.MaxTime, "max-time", "", inputs.ParseLength,
				"`time` after which the run ends with the paths it has (default: none)")
			cli.AddValue(fs, &f.trace, "trace", "", parseTraces, "write this `number` of whole sessions as CSV")
			f.AddMethod(fs)
			f.AddOutput(fs, "outcomes.csv, outcomes.json, provenance.json and trace.csv")
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
	if len(args) < 2 {
		return cli.Usagef("expected a session type and a duration, such as: budget run mindfulness \"45 min\"")
	}
	id, rest := args[0], args[1:]
	plan, rest, err := inputs.LeadingDuration(rest)
	if err != nil {
		return err
	}
	s, err := f.Load(sys, rest)
	if err != nil {
		return err
	}
	if known := model.IDs(s.Sessions); !slices.Contains(known, id) {
		return cli.Usagef("unknown session type %q%s", id, cli.Suggest(id, known))
	}
	if err := inputs.CheckPlan(plan, s.Grid.Step); err != nil {
		return err
	}
	q := f.Request([]string{id})
	q.Duration = float64(plan)
	cases, err := f.Cases(q, s)
	if err != nil {
		return err
	}
	if f.trace > 0 && len(cases) > 1 {
		return cli.Usagef("--trace takes one device and one environment")
	}
	if f.trace > 0 && f.Output == "" {
		if f.Format != cli.FormatTable && f.Format != cli.FormatCSV {
			return cli.Usagef("--trace writes CSV, not --format %s", f.Format)
		}
		return f.writeTrace(ctx, sys.Stdout, s, cases[0], plan)
	}
	out, err := cli.OpenOutput(sys, f.Output, f.fileNames())
	if err != nil {
		return err
	}
	if !f.Quiet {
		cli.Warn(sys, s.Warnings())
	}
	o, err := f.simulate(ctx, sys, s, q)
	if err != nil {
		return err
	}
	provenance := f.Provenance(s, q, fmt.Sprintf("%d paths a case", f.Paths), o.outcome)
	for _, c := range cases {
		provenance.Paths = append(provenance.Paths, sweep.CasePaths{Session: c.Session, Device: c.Device,
			Environment: c.Environment, Paths: o.paths(c)})
	}
	fileErr := out.Write(f.files(ctx, s, o, provenance))
	if err := f.print(sys, s, o, provenance); err != nil {
		return err
	}
	return cmp.Or(fileErr, f.verdict(ctx, o))
}

// outcomes are the answers to a plan.
type outcomes struct {
	plan    float64 // [s]
	cases   []caseOutcomes
	outcome solver.Outcome
}

// Paths returns the number of paths behind a case.
func (o *outcomes) paths(c sweep.Case) int64 {
	for _, found := range o.cases {
		if found.Case == c {
			return found.paths
		}
	}
	return 0
}

// caseOutcomes are the answers for a case, by reading.
type caseOutcomes struct {
	sweep.Case
	readings []readingOutcomes
	paths    int64
}

// readingOutcomes holds the probability of every outcome, as people use the app,
// and of failing, for a user who means to finish.
type readingOutcomes struct {
	reading solver.Reading
	ends    []estimate.Estimate // by model.Cause, Completed included
	fails   estimate.Estimate
}

func (f *runFlags) simulate(ctx context.Context, sys *cli.System, s *model.Scenario, q sweep.Request) (*outcomes, error) {
	p := inputs.StartProgress(sys, f.Quiet, false)
	defer p.Finish()
	if f.MaxTime > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, inputs.Timeout(f.MaxTime, 1))
		defer cancel()
	}
	o := &outcomes{plan: q.Duration}
	var err error
	o.outcome, err = sweep.Each(ctx, s, q, p.Control(f.Options), func(c sweep.Case, _ *solver.Program, answer *solver.Answer) {
		o.cases = append(o.cases, f.readCase(c, answer.Estimates, q.Duration))
	})
	return o, err
}

// readCase reads the outcomes of a plan off estimates.
func (f *runFlags) readCase(c sweep.Case, e *solver.Estimates, plan float64) caseOutcomes {
	out := caseOutcomes{Case: c, paths: e.Paths}
	for _, reading := range f.Readings {
		found := readingOutcomes{reading: reading, fails: e.Failure(reading, plan)}
		for _, cause := range model.Ends {
			found.ends = append(found.ends, e.Ended(reading, solver.AsUsed, cause, plan))
		}
		found.ends = append(found.ends, e.Survival(reading, plan))
		out.readings = append(out.readings, found)
	}
	return out
}

func (f *runFlags) verdict(ctx context.Context, o *outcomes) error {
	nothing := ""
	if len(o.cases) == 0 {
		nothing = "; not one path was finished"
	}
	switch {
	case ctx.Err() != nil:
		return cli.Failf(cli.ExitInterrupted, "interrupted: the answer rests on the paths done%s", nothing)
	case o.outcome == solver.OutOfTime:
		return cli.Failf(cli.ExitImprecise, "out of time: the answer rests on the paths done%s; give a longer --max-time", nothing)
	}
	return nil
}

func (f *runFlags) fileNames() []string {
	names := []string{"outcomes.csv", "outcomes.json", "provenance.json"}
	if f.trace > 0 {
		names = append(names, "trace.csv")
	}
	return names
}

func (f *runFlags) files(ctx context.Context, s *model.Scenario, o *outcomes, p sweep.Provenance) []cli.File {
	files := []cli.File{
		{Name: "outcomes.csv", Write: f.records(o).WriteCSV},
		{Name: "outcomes.json", Write: func(w io.Writer) error { return f.writeJSON(w, o, p) }},
		{Name: "provenance.json", Write: func(w io.Writer) error { return table.WriteJSON(w, p) }},
	}
	if f.trace > 0 && len(o.cases) > 0 {
		files = append(files, cli.File{Name: "trace.csv", Write: func(w io.Writer) error {
			return f.writeTrace(ctx, w, s, o.cases[0].Case, model.Duration(o.plan))
		}})
	}
	return files
}

// Records lists the outcomes for programs.
func (f *runFlags) records(o *outcomes) *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "duration_s", "reading", "outcome",
		"probability", "standard_error", "lower", "upper", "reason", "estimator", "paths"}}
	for _, c := range o.cases {
		for _, found := range c.readings {
			add := func(outcome, reason string, e estimate.Estimate) {
				r.Add(c.Session, c.Device, c.Environment, o.plan, string(found.reading), outcome,
					e.Value, e.StandardError, e.Lower, e.Upper, reason, string(f.Estimator), c.paths)
			}
			for cause, e := range found.ends {
				cause := model.Cause(cause)
				add(cause.String(), cause.Reason(model.ExtendedRuntime), e)
			}
			add("failure", "", found.fails)
		}
	}
	return r
}

func (f *runFlags) writeJSON(w io.Writer, o *outcomes, p sweep.Provenance) error {
	return table.WriteJSON(w, struct {
		Schema     int              `json:"schema"`
		Provenance sweep.Provenance `json:"provenance"`
		Outcomes   *cli.Records     `json:"outcomes"`
	}{1, p, f.records(o)})
}

// print writes the outcomes to standard output.
func (f *runFlags) print(sys *cli.System, s *model.Scenario, o *outcomes, p sweep.Provenance) error {
	switch f.Format {
	case cli.FormatCSV:
		return f.records(o).WriteCSV(sys.Stdout)
	case cli.FormatJSON:
		return f.writeJSON(sys.Stdout, o, p)
	}
	if len(o.cases) == 0 {
		return nil
	}
	var dropped []string
	for i, c := range o.cases {
		if i > 0 {
			fmt.Fprintln(sys.Stdout)
		}
		title := []string{notation.Case(c.Case) + " for " + notation.Length(o.plan) + ":", limitText(c.Limit)}
		fmt.Fprintf(sys.Stdout, "%s %s\n\n", sys.Bold(title[0]), title[1])
		var err error
		if f.Format == cli.FormatMarkdown {
			err = f.markdown(sys.Stdout, c)
		} else {
			dropped, err = f.text(c).Write(sys.Stdout, sys.TableWidth(), sys.Colour())
		}
		if err != nil {
			return err
		}
	}
	if f.Quiet {
		return nil
	}
	notes := []string{fmt.Sprintf("The outcomes are those of people as they use the app; the last line is for a user who means to finish, and counts %s.", f.failureText())}
	if !f.differ(o.cases) && len(f.Readings) > 1 {
		notes = append(notes, "The cautious and the documented reading of the granted time agree here.")
	}
	notes = append(notes,
		fmt.Sprintf("%s, seed %d, %s, scenario %q.", notation.Plural(o.cases[0].paths, "path"), f.Seed, f.Method(), p.Scenario), inputs.Assumptions(s, p))
	return cli.WriteNotes(sys, f.Format, notes, dropped)
}

// failureText names the failure causes.
func (f *runFlags) failureText() string {
	if f.OnResign == inputs.ResignEnds {
		return "resigned, refused, suppressed, error, expired and power-off"
	}
	return "refused, suppressed, error, expired and power-off"
}

func limitText(limit float64) string {
	if limit == 0 {
		return "no documented limit"
	}
	return "documented limit " + notation.Length(limit)
}

// differ tells whether the readings differ by as much as the table shows.
func (f *runFlags) differ(cases []caseOutcomes) bool {
	for _, c := range cases {
		if len(c.readings) < 2 {
			continue
		}
		a, b := c.readings[0], c.readings[1]
		if estimateText(a.fails) != estimateText(b.fails) {
			return true
		}
		for i := range a.ends {
			if estimateText(a.ends[i]) != estimateText(b.ends[i]) {
				return true
			}
		}
	}
	return false
}

// estimateText writes an estimate with its interval.
func estimateText(e estimate.Estimate) [2]string {
	if e.Value == 0 {
		return [2]string{"none seen", "at most " + notation.Chance(max(e.Upper, 1e-5))}
	}
	return [2]string{notation.Chance(e.Value), notation.ChanceNumber(e.Lower) + " to " + notation.Chance(e.Upper)}
}

// lines lists the rows of a case's table: the outcome, each reading's estimate,
// the reason.
func (f *runFlags) lines(c caseOutcomes) [][]string {
	readings := c.readings[:1]
	if f.differ([]caseOutcomes{c}) {
		readings = c.readings
	}
	line := func(name, reason string, of func(readingOutcomes) estimate.Estimate) []string {
		cells := []string{name}
		for _, r := range readings {
			text := estimateText(of(r))
			cells = append(cells, text[0], text[1])
		}
		return append(cells, reason)
	}
	var lines [][]string
	for i := range c.readings[0].ends {
		cause := model.Cause(i)
		reason, _, _ := strings.Cut(cause.Reason(model.ExtendedRuntime), " (")
		lines = append(lines, line(cause.String(), reason, func(r readingOutcomes) estimate.Estimate { return r.ends[i] }))
	}
	return append(lines, line("fails", "", func(r readingOutcomes) estimate.Estimate { return r.fails }))
}

func (f *runFlags) text(c caseOutcomes) *texttab.Table {
	lines := f.lines(c)
	table := &texttab.Table{Columns: []texttab.Column{{Title: "Outcome"}}}
	for i := range (len(lines[0]) - 2) / 2 {
		heading := notation.Percent(f.Confidence) + " interval"
		first := string(c.readings[i].reading)
		if len(c.readings) > 1 && len(lines[0]) == 4 {
			first = "Probability"
		}
		table.Columns = append(table.Columns, texttab.Column{Title: strings.ToUpper(first[:1]) + first[1:], Right: true},
			texttab.Column{Title: heading, Drop: 1 + 2*i})
	}
	table.Columns = append(table.Columns, texttab.Column{Title: "The app is told", Drop: 2})
	for i, line := range lines {
		var cells []texttab.Cell
		last := i == len(lines)-1
		if last {
			table.Row()
		}
		for j, text := range line {
			style := texttab.Plain
			if last && j%2 == 1 && j < len(line)-1 {
				style = texttab.Bold
			}
			cells = append(cells, texttab.Cell{Text: text, Style: style})
		}
		table.Row(cells...)
	}
	return table
}

func (f *runFlags) markdown(w io.Writer, c caseOutcomes) error {
	lines := f.lines(c)
	titles := []string{"Outcome"}
	for i := range (len(lines[0]) - 2) / 2 {
		titles = append(titles, ">Probability, "+string(c.readings[i].reading), notation.Percent(f.Confidence)+" interval")
	}
	return texttab.Markdown(w, append(titles, "The app is told"), lines)
}
