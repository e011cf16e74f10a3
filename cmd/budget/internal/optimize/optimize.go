package optimize

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/solver"
	"budget/solver/ranking"
	"budget/sweep"
	"budget/sweep/optimize"
	"budget/sweep/store"
)

// Command is budget optimize.
func Command() cli.Command {
	return cli.Command{
		Name: "optimize", Args: "design.toml",
		Summary: "choose the best of many designs, with a guarantee",
		Help: `
Chooses the best of many designs. A design file is a plan for budget sweep whose axes are either knobs
(choose = true), which are ours to set, or circumstances, which are not. Knobs are any keys of a
scenario, named cases of them, timers, the session type, the device or the battery level from which on
the app starts a session (gate). The goal is the longest cap, the longest session of a menu, or the most
minutes completed, times what a minute is worth at each level; for the mean, the worst or a quantile of
the circumstances, as assumed or for draws of the uncertain inputs; among the designs that meet the
requirements.

With the confidence of the file, 95 % by default, the design that it prints meets the requirements, and
no other that meets them is better by more than the file's within, 1 min or 2 % by default. Designs race
on the same simulated sessions: all start with few, and those that are surely worse leave.

It also prints the other designs that are as good, and the price list: the minutes that the next step of
each knob gains or costs, and the front: the longest cap for so many cues per minute, for so much power
of the watch, or for so many starts that the gate leaves out. budget plot draws both. best.toml is a scenario with the chosen values, for all other commands.

With -o, an interrupted race goes on when the command is run again, and ends with the same bytes. A race
cannot run in shards: after every look it compares all designs that are left. Of more than 1000 designs,
some that fill the space and others near the leaders are evaluated.

docs/optimize.md describes the file.`,
		Examples: []string{
			`budget optimize docs/designs/meditation.toml`,
			`budget optimize docs/designs/meditation.toml -o out`,
			`budget optimize docs/designs/alarm-robust.toml`,
			`budget optimize design.toml --set "policy.suppress_low=0.3 /h"`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &optimizeFlags{inputs.NewOptions(0)}
			f.AddSet(fs)
			f.AddMachine(fs)
			f.AddOutput(fs, "designs.csv, prices.csv, front.csv, optimize.json, best.toml and "+
				"provenance.json")
			cli.AddForce(fs)
			return f.run
		},
	}
}

func (f *optimizeFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if len(args) != 1 {
		return cli.Usagef("expected a design file, such as: budget optimize docs/designs/meditation.toml")
	}
	name, text, err := sys.ReadFile(args[0])
	if err != nil {
		return cli.Filef(err, "cannot read design %s", name)
	}
	d, err := optimize.Parse(name, text, f.Over)
	if err != nil {
		return err
	}
	for i := range d.Axes {
		axis := &d.Axes[i]
		for _, key := range f.SetKeys() {
			if axis.Sets(key) {
				return cli.Usagef("--set %s: %s sets it in every design, by the axis %s: leave it out, or change "+
					"the file", key, d.File, axis.Name)
			}
		}
	}
	a := &answer{optimizeFlags: f}
	files := []cli.File{
		{Name: "designs.csv", Write: func(w io.Writer) error { return a.designs().WriteCSV(w) }},
		{Name: "prices.csv", Write: func(w io.Writer) error { return a.prices().WriteCSV(w) }},
		{Name: "front.csv", Write: func(w io.Writer) error { return a.frontRecords().WriteCSV(w) }},
		{Name: store.DesignsName, Write: a.writeJSON},
	}
	best := cli.File{Name: "best.toml", Write: a.writeBest}
	provenance := cli.File{Name: "provenance.json",
		Write: func(w io.Writer) error { return cli.JSON(a.provenance)(w) }}
	out, err := f.Open(sys, d.Base, append(files, best, provenance))
	if err != nil {
		return err
	}
	out.Replace(best.Name)
	journal, err := f.journal(sys, d)
	if err != nil {
		return err
	}
	err = f.Simulate(sys, true, func(control sweep.Control) (err error) {
		a.Result, err = optimize.Continue(ctx, d, control, journal)
		return err
	})
	if _, failed := errors.AsType[*cli.Failure](err); failed {
		return err // the journal cannot be written
	}
	if a.Result == nil || err != nil && (ctx.Err() == nil || a.Looks == 0) {
		return inputs.Unfinished(ctx, err)
	}
	a.provenance = f.origin(d, a.Result)
	if a.Best != nil {
		files = append(files, best)
	}
	verdict := a.verdict(ctx)
	delivered := f.Deliver(sys, out, append(files, provenance), cli.Answer{
		CSV: a.designs().WriteCSV, JSON: a.writeJSON,
		Page: func(p *cli.Page) {
			a.page(p)
			if text := a.screened(); text != "" {
				p.Printf("\n")
				p.Wrap(text)
			}
			a.frontPage(p)
		},
		Notes: []string{
			fmt.Sprintf("%s simulated in %s, seed %d, scenario %q.",
				notation.Plural(a.Sessions, "session"), notation.Plural(a.Looks, "look"), d.Seed, d.Base.Name),
			inputs.Assumptions(d.Base, a.provenance),
		},
		Explain: a.explain(),
	})
	if delivered == nil && ctx.Err() == nil {
		delivered = f.closeJournal()
	}
	return cmp.Or(delivered, verdict)
}

// verdict returns the error that ends the command after its answer, nil if all is decided.
func (a *answer) verdict(ctx context.Context) error {
	d := a.Design
	switch {
	case ctx.Err() != nil:
		what := "the best design so far"
		if a.Best == nil {
			what = "no design is sure to meet the requirements yet"
		}
		again := ""
		if a.Output != "" {
			again = "; run it again and it goes on"
		}
		return cli.Interruptedf("%s, after %s; %s still in question%s", what,
			notation.Plural(a.Looks, "look"),
			notation.Plural(a.count(ranking.Open), "design is", "designs are"), again)
	case a.Outcome == ranking.Infeasible:
		return cli.Failf(cli.ExitLimit, "no design of %s meets its requirements", d.File)
	case a.Outcome == ranking.OutOfPaths:
		return cli.Failf(cli.ExitImprecise, "precision not reached: %s still in question; give the "+
			"design more paths, or a larger within",
			notation.Plural(a.count(ranking.Open), "design is", "designs are"))
	}
	return nil
}

// origin returns the provenance of an answer.
func (f *optimizeFlags) origin(d *optimize.Design, r *optimize.Result) sweep.Provenance {
	q := sweep.Request{Sessions: d.Sessions, Devices: []string{solver.Fleet},
		Environments: []string{solver.Mix}, Readings: d.Readings[:1], Tolerances: d.Tolerances,
		Confidence: d.Confidence, Estimator: solver.Weights, Sampling: d.Sampling,
		EndOnResign: d.EndOnResign, CountRefused: d.CountRefused, Seed: d.Seed, Paths: d.Paths,
		Duration: d.Goal.Longest}
	f.OnResign = inputs.ResignLeaves
	if d.EndOnResign {
		f.OnResign = inputs.ResignEnds
	}
	f.CountRefused = d.CountRefused
	outcome := map[ranking.Outcome]solver.Outcome{ranking.OutOfPaths: solver.OutOfPaths,
		ranking.Interrupted: solver.Interrupted}[r.Outcome]
	p := f.Provenance(d.Base, q, fmt.Sprintf("at most %d paths a design", d.Paths), outcome)
	for i := range r.Standings {
		p.Paths = append(p.Paths, sweep.CasePaths{Session: fmt.Sprint("design ", i+1),
			Device: solver.Fleet, Environment: solver.Mix, Paths: r.Standings[i].Paths})
	}
	return p
}
