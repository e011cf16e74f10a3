package caps

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/plots"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/table"
)

// costPaths are the paths behind the costs of plans as long as caps.
const costPaths = 8192

// capsFlags are the flags of budget caps.
type capsFlags struct {
	shown
	maxPaths     int64
	precision    model.Duration
	relPrecision float64
}

// Command is budget caps.
func Command() cli.Command {
	return cli.Command{
		Name: "caps", Args: "[scenario.toml | DIR]",
		Summary: "how long a session of each type may be",
		Help: `
Prints, for every session type, the safe duration cap at each tolerance: the longest plan whose
probability of failing stays at or below the tolerance, with the stated confidence in all caps of
the table together. In brackets stands how long the best cap could be: more paths narrow it.

A plan fails when the system refuses it, suppresses it, ends it with an error or lets it expire, or
when the watch turns off, for a user who means to finish. A session that loses the front pauses and
does not fail, unless --on-resign end says so.

Without --paths, paths are added until every cap is as precise as --precision or
--relative-precision ask, whichever asks less, or until --max-paths or --max-time.

A directory that caps -o or sweep -o has left, in place of a scenario file, shows the caps found
there, of all cells or of the --session given; nothing is simulated. --tolerance and --confidence
may be any: the failure curves are there. Caps hold together with as many others as the run had.

A scenario file overrides the catalog's defaults; - reads it from standard input. Flags that take
lists may be given more than once, or with commas.`,
		Examples: []string{
			`budget caps`,
			`budget caps --session mindfulness --tolerance "1 %" --device all`,
			`budget caps --session workout --start-level "30 %" --environment shade winter.toml`,
			`budget caps --paths 1e6 --seed 7 -o out`,
			`budget caps out --tolerance "2 %" --confidence "99 %"`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &capsFlags{shown: shown{inputs.NewOptions(0), fs.Changed}, maxPaths: solver.DefaultMaxPaths,
				precision: solver.DefaultPrecision, relPrecision: solver.DefaultRelativePrecision}
			f.AddSessions(fs, "session type `id`")
			f.AddCases(fs)
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
			f.AddMethod(fs)
			f.AddOutput(fs,
				"caps.csv, caps.json, incidence.csv, cost.csv, provenance.json, curves and the charts")
			return f.run
		},
	}
}

func (f *capsFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if dir, ok := inputs.Directory(args); ok {
		return f.show(sys, dir)
	}
	s, q, err := f.Ask(sys, args)
	if err != nil {
		return err
	}
	q.MaxPaths, q.Precision, q.RelativePrecision = f.maxPaths, float64(f.precision), f.relPrecision
	q.Curves = f.Output != ""
	q.CapsOnly = !q.Curves
	cases, err := q.Cases(s)
	if err != nil {
		return err
	}
	var all sweep.Result
	for _, c := range cases {
		all.Incidences = append(all.Incidences, sweep.Incidence{Case: c})
	}
	var curves store.CurvesFile
	var costs []sweep.Cost
	out, err := f.Open(sys, s, f.files(&all, sweep.Provenance{}, &curves, nil))
	if err != nil {
		return err
	}
	var result *sweep.Result
	err = f.Simulate(sys, f.Paths == 0, func(control sweep.Control) (err error) {
		if f.MaxTime > 0 {
			control.TimePerCase = inputs.Timeout(f.MaxTime, len(cases))
		}
		control.Keep = curves.Add
		if result, err = sweep.Run(ctx, s, q, control); err != nil || f.Output == "" {
			return err
		}
		cost := q
		cost.Paths = costPaths
		control.Progress, control.Case = nil, nil // it takes little time
		costs, err = sweep.Costs(ctx, s, cost, sweep.CapDurations(result.Caps), control)
		if ctx.Err() != nil {
			return nil // caps without all costs are an answer
		}
		return err
	})
	if err != nil {
		return err
	}
	unanswered := complement(result, cases, q)
	p := f.Provenance(s, q, f.precisionText(), result.Outcome)
	p.IncidenceReading = p.Readings[0]
	p.CountPaths(result)

	t := newCapsTable(result.Caps, p, f.several())
	answer := t.answer(f.Basis(t.paths()+" a case", p.Scenario), inputs.Assumptions(s, p))
	return cmp.Or(f.Deliver(sys, out, f.files(result, p, &curves, costs), answer),
		f.verdict(ctx, result, unanswered))
}

// precisionText says for the provenance when the run was to end.
func (f *capsFlags) precisionText() string {
	if f.Paths > 0 {
		return fmt.Sprintf("%d paths a case", f.Paths)
	}
	return fmt.Sprintf("until every cap is known to %s or %s, at most %d paths a case",
		notation.Length(float64(f.precision)), notation.Percent(f.relPrecision), f.maxPaths)
}

// complement adds the rows of cases that no path was run for, which time or an
// interrupt took away, and returns their names.
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
	}
	return missing
}

// verdict says how the run ended, unless it ended as asked.
func (f *capsFlags) verdict(ctx context.Context, r *sweep.Result, unanswered []string) error {
	detail := ""
	if len(unanswered) > 0 {
		detail = "; not reached: " + strings.Join(unanswered, ", ")
	}
	imprecise := func(format string, args ...any) error {
		return cli.Failf(cli.ExitImprecise, "precision not reached"+format, args...)
	}
	if ctx.Err() != nil {
		return cli.Interruptedf("the answer rests on the paths done%s", detail)
	}
	switch r.Outcome {
	case solver.OutOfTime:
		return imprecise(": out of time%s; give a longer --max-time", detail)
	case solver.OutOfPaths:
		return imprecise(" with %s; give a larger --max-paths or a wider --precision",
			notation.Plural(f.maxPaths, "path"))
	}
	for _, c := range r.Caps {
		if c.Status == sweep.CapUnknown {
			return imprecise(": %s cannot carry every cap; give more --paths",
				notation.Plural(f.Paths, "path"))
		}
	}
	return nil
}

// several reports whether a session type has more than one case.
func (f *capsFlags) several() bool { return len(f.Devices)*len(f.Environments) > 1 }

// files lists what to write for a result. Charts are drawn of what it has.
func (f *capsFlags) files(r *sweep.Result, p sweep.Provenance,
	curves *store.CurvesFile, costs []sweep.Cost) []cli.File {
	files := []cli.File{
		{Name: "caps.csv", Write: func(w io.Writer) error { return table.WriteCaps(w, r.Caps) }},
		{Name: "caps.json", Write: func(w io.Writer) error {
			return table.WriteCapsJSON(w, r.Caps, p)
		}},
		{Name: "incidence.csv", Write: func(w io.Writer) error {
			return table.WriteIncidences(w, r.Incidences)
		}},
		{Name: "cost.csv", Write: func(w io.Writer) error { return table.WriteCosts(w, costs) }},
		{Name: "provenance.json", Write: cli.JSON(p)},
		{Name: "curves", Write: curves.Write},
	}
	draw := func(name string, chart func() (*plots.Chart, error)) {
		files = append(files, cli.ChartFiles(name, cli.ChartFormats(), chart)...)
	}
	seed := fmt.Sprintf("“%s” · seed %d", p.Scenario, p.Seed)
	draw("caps", func() (*plots.Chart, error) { return plots.CapsChart(r.Caps, seed) })
	for _, in := range r.Incidences {
		name := []string{"incidence", in.Session}
		if f.several() {
			name = append(name, in.Device, in.Environment)
		}
		draw(cli.FileName(name...), func() (*plots.Chart, error) {
			return plots.IncidenceChart(in, r.Caps, seed)
		})
	}
	return files
}
