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

	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
)

// runFlags are the flags of budget run.
type runFlags struct {
	*options
	trace int64
}

func runCommand() command {
	return command{
		name: "run", args: "SESSION DURATION [scenario.toml]",
		summary: "how a plan of one duration ends",
		help: `
Prints the probability of every way a session of a type and duration can end, as people use the app,
with its interval and the reason that the app is told; then how often the plan fails for a user who
means to finish. Every interval holds with the stated confidence by itself.

The duration is a multiple of the time step (5 s by default) up to 24 h, such as "45 min"; it may be
longer than caps looks at.

--trace writes whole simulated sessions instead, as CSV, so that one can see why: a row for every
step with the state at its start and the hazards over it. The session ends with the first threshold
or with the plan; hazards end none of them. Fields of its last row are empty where the session ended
before there was a load to tell of. With -o the file is trace.csv, beside the table.`,
		examples: []string{
			`budget run mindfulness "45 min"`,
			`budget run workout "1 h 30 min" --environment sun --device ultra2-49`,
			`budget run mindfulness "59 min" --start-level "25 %" --trace 3 > trace.csv`,
		},
		words: func(n int) []string {
			if n == 0 {
				return model.IDs(model.Default().Sessions)
			}
			return nil
		},
		define: func(fs *pflag.FlagSet) action {
			f := &runFlags{options: newOptions()}
			f.paths = 200_000
			f.addCases(fs)
			addValue(fs, &f.confidence, "confidence", "95 %", parseConfidence, "`probability` that an interval holds")
			addValue(fs, &f.paths, "paths", "200000", parsePaths, "`number` of simulated sessions")
			addValue(fs, &f.maxTime, "max-time", "", parseLength,
				"`time` after which the run ends with the paths it has (default: none)")
			addValue(fs, &f.trace, "trace", "", parseTraces, "write this `number` of whole sessions as CSV")
			f.addMethod(fs)
			f.addOutput(fs, "outcomes.csv, outcomes.json, provenance.json and trace.csv")
			return f.run
		},
	}
}

// maxTraces bounds what a trace writes: a path of a day is some 17 000 rows.
const maxTraces = 10_000

func parseTraces(text string) (int64, error) {
	n, err := parsePaths(text)
	if err == nil && n > maxTraces {
		err = fmt.Errorf("%s is too many: expected at most %s", text, count(maxTraces))
	}
	return n, err
}

func (f *runFlags) run(ctx context.Context, sys *system, args []string) error {
	if len(args) < 2 {
		return usagef("expected a session type and a duration, such as: budget run mindfulness \"45 min\"")
	}
	id, rest := args[0], args[1:]
	plan, rest, err := leadingDuration(rest)
	if err != nil {
		return err
	}
	s, err := f.load(sys, rest)
	if err != nil {
		return err
	}
	if known := model.IDs(s.Sessions); !slices.Contains(known, id) {
		return usagef("unknown session type %q%s", id, suggest(id, known))
	}
	if err := checkPlan(plan, s.Grid.Step); err != nil {
		return err
	}
	q := f.request([]string{id})
	q.Duration = float64(plan)
	cases, err := f.cases(q, s)
	if err != nil {
		return err
	}
	if f.trace > 0 && len(cases) > 1 {
		return usagef("--trace takes one device and one environment")
	}
	if f.trace > 0 && f.output == "" {
		if f.format != formatTable && f.format != formatCSV {
			return usagef("--trace writes CSV, not --format %s", f.format)
		}
		return f.writeTrace(ctx, sys.stdout, s, cases[0], plan)
	}
	out, err := openOutput(sys, f.output, f.fileNames())
	if err != nil {
		return err
	}
	if !f.quiet {
		warn(sys, s.Warnings())
	}
	o, err := f.simulate(ctx, sys, s, q)
	if err != nil {
		return err
	}
	provenance := f.provenance(s, q, fmt.Sprintf("%d paths a case", f.paths), o.outcome)
	for _, c := range cases {
		provenance.Paths = append(provenance.Paths, sweep.CasePaths{Session: c.Session, Device: c.Device,
			Environment: c.Environment, Paths: o.paths(c)})
	}
	fileErr := out.write(f.files(ctx, s, o, provenance))
	if err := f.print(sys, s, o, provenance); err != nil {
		return err
	}
	return cmp.Or(fileErr, f.verdict(ctx, o))
}

// leadingDuration reads a duration off the front of the arguments, also where a
// shell has split it at its spaces.
func leadingDuration(args []string) (model.Duration, []string, error) {
	for n := len(args); n > 1; n-- {
		if d, err := model.ParseDuration(strings.Join(args[:n], " ")); err == nil {
			return d, args[n:], nil
		}
	}
	d, err := model.ParseDuration(args[0])
	if err != nil {
		return 0, nil, usagef("duration: %v", err)
	}
	return d, args[1:], nil
}

// checkPlan wants a duration on the time grid.
func checkPlan(plan, step model.Duration) error {
	n := float64(plan / step)
	below, above := math.Floor(n), math.Ceil(n)
	switch {
	case plan < step*(1-1e-9):
		return usagef("duration: %s is shorter than a step: expected at least %s", length(float64(plan)), length(float64(step)))
	case plan > maxPlan:
		return usagef("duration: %s is too long: expected at most %s", length(float64(plan)), length(maxPlan))
	case math.Abs(n-math.Round(n)) > 1e-9*n:
		return usagef("duration: %s is not a multiple of the step, %s: expected %s or %s", length(float64(plan)), length(float64(step)),
			length(below*float64(step)), length(above*float64(step)))
	}
	return nil
}

// outcomes are the answers to a plan.
type outcomes struct {
	plan    float64 // [s]
	cases   []caseOutcomes
	outcome solver.Outcome
}

// paths returns the number of paths behind a case.
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

func (f *runFlags) simulate(ctx context.Context, sys *system, s *model.Scenario, q sweep.Request) (*outcomes, error) {
	p := startProgress(sys, f.quiet, false)
	defer p.finish()
	if f.maxTime > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, timeout(f.maxTime, 1))
		defer cancel()
	}
	q.Tolerances = []float64{0.5} // the solver wants one; nobody reads its cap
	o := &outcomes{plan: q.Duration}
	var err error
	o.outcome, err = sweep.Each(ctx, s, q, p.control(f.options), func(c sweep.Case, program *solver.Program, answer *solver.Answer) {
		o.cases = append(o.cases, f.readCase(c, answer, len(program.Durations())-1))
	})
	return o, err
}

// readCase reads the outcomes of the i-th duration off an answer.
func (f *runFlags) readCase(c sweep.Case, a *solver.Answer, i int) caseOutcomes {
	out := caseOutcomes{Case: c, paths: a.Paths()}
	for r, reading := range f.readings {
		found := readingOutcomes{reading: reading, fails: a.Failure(r, i)}
		for _, cause := range model.Ends {
			found.ends = append(found.ends, a.Ended(r, solver.AsUsed, cause, i))
		}
		found.ends = append(found.ends, a.Survival(r, i))
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
		return &failure{exitInterrupted, "interrupted: the answer rests on the paths done" + nothing}
	case o.outcome == solver.OutOfTime:
		return &failure{exitImprecise, "out of time: the answer rests on the paths done" + nothing + "; give a longer --max-time"}
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

func (f *runFlags) files(ctx context.Context, s *model.Scenario, o *outcomes, p sweep.Provenance) []file {
	files := []file{
		{"outcomes.csv", f.records(o).writeCSV},
		{"outcomes.json", func(w io.Writer) error { return f.writeJSON(w, o, p) }},
		{"provenance.json", p.Write},
	}
	if f.trace > 0 && len(o.cases) > 0 {
		files = append(files, file{"trace.csv", func(w io.Writer) error {
			return f.writeTrace(ctx, w, s, o.cases[0].Case, model.Duration(o.plan))
		}})
	}
	return files
}

// records lists the outcomes for programs.
func (f *runFlags) records(o *outcomes) *records {
	r := &records{fields: []string{"session", "device", "environment", "duration_s", "reading", "outcome",
		"probability", "standard_error", "lower", "upper", "reason", "estimator", "paths"}}
	for _, c := range o.cases {
		for _, found := range c.readings {
			add := func(outcome, reason string, e estimate.Estimate) {
				r.add(c.Session, c.Device, c.Environment, o.plan, string(found.reading), outcome,
					e.Value, e.StandardError, e.Lower, e.Upper, reason, string(f.estimator), c.paths)
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
	return sweep.WriteJSON(w, struct {
		Schema     int              `json:"schema"`
		Provenance sweep.Provenance `json:"provenance"`
		Outcomes   *records         `json:"outcomes"`
	}{1, p, f.records(o)})
}

// print writes the outcomes to standard output.
func (f *runFlags) print(sys *system, s *model.Scenario, o *outcomes, p sweep.Provenance) error {
	switch f.format {
	case formatCSV:
		return f.records(o).writeCSV(sys.stdout)
	case formatJSON:
		return f.writeJSON(sys.stdout, o, p)
	}
	if len(o.cases) == 0 {
		return nil
	}
	var dropped []string
	for i, c := range o.cases {
		if i > 0 {
			fmt.Fprintln(sys.stdout)
		}
		title := []string{notation.Case(c.Case) + " for " + length(o.plan) + ":", limitText(c.Limit)}
		fmt.Fprintf(sys.stdout, "%s %s\n\n", sys.bold(title[0]), title[1])
		var err error
		if f.format == formatMarkdown {
			err = f.markdown(sys.stdout, c)
		} else {
			dropped, err = f.text(c).Write(sys.stdout, sys.tableWidth(), sys.colour())
		}
		if err != nil {
			return err
		}
	}
	if f.quiet {
		return nil
	}
	notes := []string{fmt.Sprintf("The outcomes are those of people as they use the app; the last line is for a user who means to finish, and counts %s.", f.failureText())}
	if !f.differ(o.cases) && len(f.readings) > 1 {
		notes = append(notes, "The cautious and the documented reading of the granted time agree here.")
	}
	notes = append(notes,
		fmt.Sprintf("%s, seed %d, %s, scenario %q.", notation.Plural(o.cases[0].paths, "path"), f.seed, f.method(), p.Scenario), assumptions(s, p))
	return writeNotes(sys, f.format, notes, dropped)
}

// failureText names the failure causes.
func (f *runFlags) failureText() string {
	if f.onResign == resignEnds {
		return "resigned, refused, suppressed, error, expired and power-off"
	}
	return "refused, suppressed, error, expired and power-off"
}

func limitText(limit float64) string {
	if limit == 0 {
		return "no documented limit"
	}
	return "documented limit " + length(limit)
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
		return [2]string{"none seen", "at most " + chance(max(e.Upper, 1e-5))}
	}
	return [2]string{chance(e.Value), chanceNumber(e.Lower) + " to " + chance(e.Upper)}
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
		heading := percent(f.confidence) + " interval"
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
		titles = append(titles, ">Probability, "+string(c.readings[i].reading), percent(f.confidence)+" interval")
	}
	return texttab.Markdown(w, append(titles, "The app is told"), lines)
}
