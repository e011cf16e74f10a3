package uncertain

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/plots"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/study"
	"budget/sweep/uncertainty"
)

// studyFlags are the flags of budget study.
type studyFlags struct {
	flags
	tolerance, share, assurance float64
	truth                       study.Truth
	logged                      model.Duration
	plants, studies, most       int
}

// StudyCommand is budget study.
func StudyCommand() cli.Command {
	return cli.Command{
		Name: "study", Args: "DURATION [scenario.toml]",
		Summary: "how many sessions to log so that a session length becomes safe",
		Help: `
Prints how many sessions a field study must log so that the robust cap afterwards reaches a session
length. The robust cap is that of budget uncertainty: safe for a share of all possible values of the
inputs (--share). Before the study they have the ranges of the catalog or of the scenario. A log narrows
the hazard rates, as budget fit does; all else keeps its range, unless --fix takes it as known.

The command simulates many studies (--studies) of each size, fits each, and finds the share of them
after which the robust cap reaches the length: the assurance. It prints the smallest number of sessions
with the assurance asked for. --truth says what is taken as true: the scenario's values (assumed), or
for every study rates drawn from their present distributions (prior). The sessions have lengths as in
budget log, or that of --logged, and start as people use the app.

If even a log without end is not enough, the command says which other inputs would have to be known,
and the exit code is 6. See docs/study.md. With all inputs it takes about half a minute on two processors.`,
		Examples: []string{
			`budget study "15 min"`,
			`budget study "30 min" --vary 'policy.suppress_*,session.*' --assurance "90 %" -o out`,
			`budget study "20 min" fitted.toml --logged "20 min" --truth prior`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &studyFlags{flags: newFlags("mindfulness", 32_768), tolerance: 0.01, share: 0.95,
				assurance: 0.8, truth: study.Assumed, studies: 1000, most: 100_000}
			f.AddSessions(fs, "session type `id`")
			f.addVarying(fs)
			inputs.AddTolerance(fs, &f.tolerance)
			cli.AddValue(fs, &f.assurance, "assurance", parseAssurance,
				"`share` of the studies after which the length is to be safe")
			cli.AddChoice(fs, &f.truth, "truth", study.Truths(),
				"what is `true`: the scenario's values (assumed), or rates drawn for each study (prior)")
			cli.AddValue(fs, &f.logged, "logged", inputs.ParseLength,
				"`length` of the sessions logged (default: all lengths, as in budget log)")
			cli.AddValue(fs, &f.share, "share", parseShare,
				"`share` of the inputs' possible values that the robust cap is safe for")
			cli.AddValue(fs, &f.plants, "plants", parseSets, "`number` of independent draws of the "+
				"inputs (default as in budget uncertainty: 64; 256 if only rules vary)")
			cli.AddValue(fs, &f.studies, "studies", cli.Whole(100, 100_000, "out of range",
				"a whole number from 100 to 100000"), "`number` of studies to simulate of each size")
			cli.AddValue(fs, &f.most, "most", cli.Whole(100, 1_000_000, "out of range",
				"a whole number from 100 to 1000000"), "`number` of sessions to look up to")
			f.AddConfidence(fs, "an interval or a robust cap holds, each by itself")
			f.AddPaths(fs, " for each set of values")
			f.addCases(fs)
			f.AddMethod(fs)
			f.AddOutput(fs, "study.json, study.csv, rates.csv and a chart")
			return f.run
		},
	}
}

var parseAssurance = inputs.Share(func(x float64) bool { return x >= 0.5 && x <= 0.99 },
	"50 % to 99 %")

func (f *studyFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if len(args) == 0 {
		return cli.Usagef(`expected a session length, such as: budget study "15 min"`)
	}
	length, rest, err := inputs.LeadingDuration(args)
	if err != nil {
		return err
	}
	f.Tolerances = []float64{f.tolerance}
	s, q, err := f.ask(sys, rest)
	if err != nil {
		return err
	}
	if len(q.Sessions)*len(q.Readings)*len(q.Devices)*len(q.Environments) > 1 {
		return cli.Usagef("expected one session type, reading, device and environment")
	}
	if err := inputs.CheckPlan(float64(length), float64(s.Grid.Step)); err != nil {
		return err
	}
	session := s.Session(q.Sessions[0])
	q.Duration = float64(max(session.Horizon, length))
	if session.Limit > 0 {
		q.Duration = max(min(q.Duration, float64(session.Limit)), float64(length))
	}
	a := &study.Answer{}
	out, err := cli.OpenOutput(sys, f.Output, append(studyFiles(a), cli.File{Name: "study.svg"}))
	if err != nil {
		return err
	}
	err = f.Simulate(sys, false, func(control sweep.Control) (err error) {
		a, err = study.Find(ctx, s, study.Request{SpreadRequest: uncertainty.SpreadRequest{Request: q,
			Varying: f.varying, Sets: max(256, f.plants), Plants: f.plants, Design: uncertainty.LatinRules,
			Share: f.share}, Length: float64(length), Assurance: f.assurance, Truth: f.truth,
			Logged: float64(f.logged), Studies: f.studies, Most: f.most}, control)
		return err
	})
	if errors.Is(err, study.ErrNothingShown) {
		return cli.Usagef("%v: vary a hazard rate that budget fit fits, such as policy.suppress_low", err)
	}
	if err != nil {
		return unfinished(ctx, err)
	}
	a.Provenance = f.Provenance(s, q, fmt.Sprintf("%d paths a set, %d studies", f.Paths, f.studies),
		solver.Done)
	draw := func() ([]plots.Named, error) { return plots.DrawStudy(a) }
	return cmp.Or(f.deliver(sys, out, studyFiles(a), draw, cli.Answer{
		CSV: studyRecords(a).WriteCSV, JSON: cli.JSON(a), Page: func(p *cli.Page) { studyPage(p, a) },
		Notes: f.notes(a), Explain: f.explain(a),
	}), cannot(a))
}

// cannot returns the error of an answer without a number of sessions, nil if it has one or needs
// none.
func cannot(a *study.Answer) error {
	length := notation.Length(a.Length)
	switch a.Status {
	case study.TooFew:
		return inputs.TooFew(1, 1, inputs.MorePaths)
	case study.Never:
		return cli.Failf(cli.ExitImprecise, "precision not reached: no log makes %s a robust cap", length)
	case study.Beyond:
		return cli.Failf(cli.ExitImprecise, "precision not reached: %s are not enough; --most looks further",
			notation.Plural(a.Curve[len(a.Curve)-1].Sessions, "session"))
	case study.Unsafe:
		return cli.Failf(cli.ExitImprecise, "precision not reached: %s is not safe even as assumed", length)
	}
	return nil
}

// studyFiles lists the files to write except the chart.
func studyFiles(a *study.Answer) []cli.File {
	return []cli.File{
		{Name: study.File, Write: cli.JSON(a)},
		{Name: "study.csv", Write: studyRecords(a).WriteCSV},
		{Name: "rates.csv", Write: rateRecords(a).WriteCSV},
	}
}

// studyRecords lists the assurance by number of sessions for programs.
func studyRecords(a *study.Answer) *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "length_s", "tolerance",
		"quantity", "sessions", "assurance", "lower", "upper"}}
	for _, p := range a.Curve {
		r.Add(a.Session, a.Device, a.Environment, a.Length, a.Tolerance, p.Quantity, p.Sessions, p.Value,
			p.Lower, p.Upper)
	}
	return r
}

// rateRecords lists the rates for programs. A number of sessions that is not known is empty.
func rateRecords(a *study.Answer) *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "key", "known_alone_cap_s",
		"others_known_cap_s", "sessions", "events", "hours"}}
	for _, x := range a.Rates {
		var sessions any
		if x.Sessions >= 0 {
			sessions = x.Sessions
		}
		r.Add(a.Session, a.Device, a.Environment, x.Key, x.Alone, x.Without, sessions, x.Events, x.Hours)
	}
	return r
}

// notes explain how to read the table.
func (f *studyFlags) notes(a *study.Answer) []string {
	notes := []string{fmt.Sprintf("Robust cap: safe for at least %.3g %% of the inputs' possible values at %s.",
		100*a.Share, notation.Percent(a.Tolerance))}
	if a.Status == study.Found {
		notes = append(notes, "Sessions needed: if all other rates in the table were known. Events and "+
			"hours in its condition: means of the studies.")
	}
	return append(notes, fmt.Sprintf("%s of each size, %s a set, %s of the inputs, seed %d, scenario %q.",
		notation.Plural(f.studies, "study", "studies"), notation.Plural(f.Paths, "path"),
		notation.Plural(a.Draws, "draw"), f.Seed, a.Provenance.Scenario))
}

// explain says how the number was found.
func (f *studyFlags) explain(a *study.Answer) []string {
	truth := "The assumed values are true in every study."
	if a.Truth == study.Drawn {
		truth = "In every study the rates are drawn from their present distributions; the watch is as assumed."
	}
	return []string{truth + " Each study is fitted as budget fit does. Then the rates have their " +
		"posteriors, and all other inputs their present distributions.",
		fmt.Sprintf("The bracket is a %s interval for chance among the studies simulated.",
			notation.Percent(f.Confidence)),
		f.Basis(notation.Plural(f.Paths, "path")+" a set", a.Provenance.Scenario)}
}
