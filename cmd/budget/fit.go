package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/texttab"
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

func (a *fitted) provenance() sweep.Provenance {
	q := a.request(nil)
	for _, o := range a.observed {
		q.Sessions = append(q.Sessions, o.Type)
	}
	q.Readings = []solver.Reading{a.reading}
	p := a.options.provenance(a.base, q, fmt.Sprintf("%d paths a session type", a.paths), solver.Done)
	p.Go = runtime.Version()
	for _, g := range a.agreement {
		p.Paths = append(p.Paths, sweep.CasePaths{Session: g.Type, Device: a.devices[0], Environment: a.environments[0], Paths: g.Paths})
	}
	return p
}

func (a *fitted) files(p sweep.Provenance) []file {
	return []file{
		{"fitted.toml", a.scenario.Write},
		{"rates.csv", a.rateRecords().writeCSV},
		{"incidence.csv", a.incidenceRecords().writeCSV},
		{"rows.csv", a.rowRecords().writeCSV},
		{"fit.json", func(w io.Writer) error { return a.writeJSON(w, p) }},
		{"provenance.json", p.Write},
	}
}

// rateRecords lists the posteriors for programs, in 1/h.
func (a *fitted) rateRecords() *records {
	r := &records{fields: []string{"key", "events", "exposure_h", "sessions", "prior", "prior_shape", "prior_exposure_h",
		"log_share", "told", "mean_per_h", "median_per_h", "lower_per_h", "upper_per_h", "at_most_per_h"}}
	for _, x := range a.rates {
		row := []any{x.Key, int64(x.Events), x.Exposure / 3600, int64(x.Sessions), string(x.Prior), x.Before.Shape, x.Before.Exposure / 3600, x.Share, x.Told}
		for _, rate := range []float64{x.Mean, x.Median, x.Interval[0], x.Interval[1], x.AtMost} {
			if !x.Known {
				rate = math.NaN()
			}
			row = append(row, rate*3600)
		}
		r.add(row...)
	}
	return r
}

// incidenceRecords lists what was observed by duration, with what was predicted.
func (a *fitted) incidenceRecords() *records {
	r := &records{fields: []string{"session", "duration_s", "outcome", "at_risk", "observed", "lower", "upper",
		"band_lower", "band_upper", "predicted", "inside"}}
	for i, o := range a.observed {
		for _, in := range o.Incidences {
			row := []any{o.Type, in.Duration, in.Outcome, int64(in.AtRisk), in.Value, in.Lower, in.Upper}
			var compared []any = []any{nil, nil, nil, nil}
			for _, c := range a.agreement[i].Comparisons {
				if c.Duration == in.Duration && c.Outcome == in.Outcome {
					compared = []any{c.Lower, c.Upper, c.Predicted, c.Inside}
				}
			}
			r.add(append(row, compared...)...)
		}
	}
	return r
}

// rowRecords lists every remark.
func (a *fitted) rowRecords() *records {
	r := &records{fields: []string{"line", "column", "key", "kind", "left_out", "message"}}
	for _, x := range a.log.Remarks {
		r.add(int64(x.Line), int64(x.Column), x.Key, string(x.Kind), x.LeftOut(), x.Message)
	}
	return r
}

// drainRecords lists drain and how many sessions there are, by session type.
func (a *fitted) drainRecords() *records {
	r := &records{fields: []string{"session", "sessions", "time_h", "shortest_plan_s", "longest_plan_s"}}
	for _, c := range append(model.Ends, model.Completed) {
		r.fields = append(r.fields, c.String())
	}
	r.fields = append(r.fields, "drain_sessions", "drain_p10_per_h", "drain_median_per_h", "drain_p90_per_h", "drain_pooled_per_h", "agrees")
	for i, o := range a.observed {
		row := []any{o.Type, int64(o.Sessions), o.Time / 3600, o.Shortest, o.Longest}
		for _, n := range o.Ended {
			row = append(row, int64(n))
		}
		d := o.Drain
		r.add(append(row, int64(d.Sessions), d.Tenth, d.Median, d.Most, d.Pooled, a.agreement[i].Agrees)...)
	}
	return r
}

func (a *fitted) writeJSON(w io.Writer, p sweep.Provenance) error {
	return sweep.WriteJSON(w, struct {
		Schema     int              `json:"schema"`
		Provenance sweep.Provenance `json:"provenance"`
		Log        string           `json:"log"`
		Rows       int              `json:"rows"`
		LeftOut    int              `json:"left_out"`
		Sessions   json.Marshaler   `json:"sessions"`
		Rates      json.Marshaler   `json:"rates"`
		Incidence  json.Marshaler   `json:"incidence"`
		Remarks    json.Marshaler   `json:"remarks"`
	}{1, p, a.log.File, a.log.Rows, a.log.LeftOut(), a.drainRecords(), a.rateRecords(), a.incidenceRecords(), a.rowRecords()})
}

func (a *fitted) print(sys *system, p sweep.Provenance) error {
	switch a.format {
	case formatCSV:
		return a.rateRecords().writeCSV(sys.stdout)
	case formatJSON:
		return a.writeJSON(sys.stdout, p)
	}
	fmt.Fprintf(sys.stdout, "%s %s; %s\n\n", sys.bold(a.log.File+":"), notation.Plural(int64(a.log.Rows), "row"), leftOut(a.log))
	for i := range a.observed {
		if err := a.printType(sys, &a.observed[i], a.agreement[i]); err != nil {
			return err
		}
	}
	dropped, err := a.table(sys, a.rateTable())
	if err != nil || a.quiet {
		return err
	}
	return writeNotes(sys, a.format, a.notes(), dropped)
}

// table writes a table as text or Markdown.
func (a *fitted) table(sys *system, t plainTable) (dropped []string, err error) {
	if a.format == formatMarkdown {
		return nil, t.markdown(sys.stdout)
	}
	return t.text().Write(sys.stdout, sys.tableWidth(), sys.colour())
}

// printType tells of a session type: how its sessions ended, beside the prediction.
func (a *fitted) printType(sys *system, o *field.Observed, g *field.Agreement) error {
	verdict := "does not contradict the scenario"
	if !g.Agrees {
		verdict = "contradicts the scenario"
	}
	fmt.Fprintf(sys.stdout, "%s %s, %.4g h, plans of %s to %s; %s\n", sys.bold(a.base.Session(o.Type).Name+":"),
		notation.Plural(int64(o.Sessions), "session"), o.Time/3600, length(o.Shortest), length(o.Longest), verdict)
	var ended []string
	for i := range o.Ended {
		if n := o.Ended[i]; n > 0 {
			ended = append(ended, fmt.Sprintf("%s %s", count(int64(n)), model.Cause(i)))
		}
	}
	text := "Ended: " + strings.Join(ended, ", ") + "."
	if d := o.Drain; d.Sessions > 0 {
		text += fmt.Sprintf(" Drain: %.3g %%/h (median; 10 to 90 %%: %.3g to %.3g) in %s of 10 min or more.",
			100*d.Median, 100*d.Tenth, 100*d.Most, notation.Plural(int64(d.Sessions), "session"))
	}
	for _, line := range texttab.Wrap(text, sys.tableWidth()) {
		fmt.Fprintln(sys.stdout, line)
	}
	fmt.Fprintln(sys.stdout)
	t := plainTable{titles: []string{"Plan of", "Outcome", ">Observed", percent(a.confidence) + " band", ">Predicted", ""}}
	before := 0.0
	for _, c := range g.Comparisons {
		plan, where := "", ""
		if c.Duration != before {
			plan, before = length(c.Duration), c.Duration
		}
		if !c.Inside {
			where = "outside"
		}
		t.rows = append(t.rows, []string{plan, c.Outcome, cmp.Or(map[bool]string{c.Value == 0: "none seen"}[true], chance(c.Value)), bandText(c.Lower, c.Upper), chance(c.Predicted), where})
	}
	if len(t.rows) == 0 {
		return nil
	}
	_, err := a.table(sys, t)
	fmt.Fprintln(sys.stdout)
	return err
}

func bandText(lower, upper float64) string {
	if lower == 0 {
		return "at most " + chance(upper)
	}
	return chanceNumber(lower) + " to " + chance(upper)
}

// rateTable shows the posteriors.
func (a *fitted) rateTable() plainTable {
	t := plainTable{titles: []string{"Rate", "Prior", ">Events", ">Hours", ">Log", ">Fitted", percent(a.confidence) + " interval"}}
	for _, r := range a.rates {
		row := []string{r.Key, string(r.Prior), count(int64(r.Events)), fmt.Sprintf("%.4g", r.Exposure/3600), fmt.Sprintf("%.0f %%", 100*r.Share)}
		switch r.Prior {
		case field.RangePrior:
			row[1] = rangeText(a.base.Parameter(r.Key))
		case field.ValuePrior:
			row[1] = "about " + perHour(r.Before.Mean()) + " /h"
		}
		switch {
		case !r.Known:
			row = append(row, "unknown", "")
		case r.Events == 0:
			row = append(row, perHour(r.Mean)+" /h", "at most "+perHour(r.AtMost)+" /h")
		default:
			row = append(row, perHour(r.Mean)+" /h", perHour(r.Interval[0])+" to "+perHour(r.Interval[1])+" /h")
		}
		t.rows = append(t.rows, row)
	}
	return t
}

// perHour writes a rate [1/s] for people.
func perHour(rate float64) string { return fmt.Sprintf("%.3g", rate*3600) }

func (a *fitted) notes() []string {
	notes := []string{
		fmt.Sprintf("Plans fail as people use the app: their own stop and the loss of the front compete. Bands hold together for a session type with %s confidence (Bonferroni); predicted from %s a type, seed %d, %s reading, scenario %q.",
			percent(a.confidence), notation.Plural(a.paths, "path"), a.seed, a.reading, a.base.Name),
		"A fitted rate is the mean of its posterior. Intervals hold by themselves; without an event, the upper bound is one-sided. Log is the log's part in what is known: a rate with half or more is in fitted.toml of -o.",
	}
	return append(notes, a.limits()...)
}

// limits says what the log could not tell, and what was assumed in its place.
func (a *fitted) limits() []string {
	var bare, heat, power, resigned int64
	for i := range a.log.Sessions {
		x := &a.log.Sessions[i]
		if x.Bare {
			bare++
		}
		if _, _, known := x.Heat(); !known {
			heat++
		}
		if x.Cause == model.SuppressedBattery && x.End > float64(a.base.Policy.LowBattery)+0.005 {
			power++
		}
		if x.Cause == model.Resigned {
			resigned++
		}
	}
	var notes []string
	if resigned > 0 {
		notes = append(notes, fmt.Sprintf("Losing the front: hazards differ between sessions, gamma with shape %g (population.frailty_shape).", float64(a.base.Population.FrailtyShape)))
	}
	if bare > 0 {
		notes = append(notes, notation.Plural(bare, "end")+" suppressedBySystem without a cause: by heat where the worst thermal state is serious or critical, by the battery where the level is low, else other.")
	}
	if heat > 0 {
		notes = append(notes, notation.Plural(heat, "session")+" without known time at serious and critical: left out of the rates of suppression for heat.")
	}
	if power > 0 {
		notes = append(notes, notation.Plural(power, "session")+" suppressed for the battery above the low level: by Low Power Mode, whose rate the log cannot tell.")
	}
	return notes
}
