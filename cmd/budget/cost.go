package main

import (
	"context"
	"fmt"
	"io"
	"math"
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

// costFlags are the flags of budget cost.
type costFlags struct {
	*inputs.Options
}

func costCommand() cli.Command {
	return cli.Command{
		Name: "cost", Args: "[SESSION... [DURATION]] [scenario.toml]",
		Summary: "how much battery a session uses, and how hot the watch gets",
		Help: `
Shows what a session costs the watch: the battery that it uses, the highest skin-side temperature,
and how often it reaches thermal level serious or triggers the Low Power prompt.

Without session types it shows all types, without session lengths 5 to 90 min up to the horizon of
each type. Separate several lengths by commas. Of a timer (--timer, or timer.phases in the scenario)
it shows the end of each cycle.

The numbers are for users who mean to finish, over the sessions that start and complete. A range
covers nine sessions in ten: from the 5 % to the 95 % quantile.

With -o, cost.csv has every quantity with its mean, standard error and quantiles.`,
		Examples: []string{
			"budget cost mindfulness",
			`budget cost workout "1 h" --environment sun`,
			`budget cost mindfulness workout "20 min, 45 min"`,
			"budget cost --device ultra2-49 --format csv",
		},
		Words: func(n int) []string {
			if n == 0 {
				return inputs.SessionIDs()
			}
			return nil
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &costFlags{Options: inputs.NewOptions(sweep.CostPaths)}
			f.Tolerances = nil // there are no caps
			f.AddCases(fs)
			f.AddTimer(fs)
			f.AddPaths(fs, "")
			f.AddSeed(fs)
			f.AddOutput(fs, "cost.csv, cost.json and provenance.json")
			cli.AddForce(fs)
			return f.run
		},
	}
}

func (f *costFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	s, args, named, err := f.scenario(sys, args)
	if err != nil {
		return err
	}
	known := model.IDs(s.Sessions)
	n := 0
	for n < len(args) && slices.Contains(known, args[n]) {
		n++
	}
	sessions, args := args[:n], args[n:]
	if n == 0 && len(args) > 1 {
		return cli.Usagef("unknown session type %q%s", args[0], cli.Suggest(args[0], known))
	}
	lengths, args, err := inputs.LeadingDurations(args)
	if err != nil {
		return err
	}
	var durations []float64
	for _, d := range lengths {
		durations = append(durations, float64(d))
	}
	switch {
	case len(args) > 0 && named:
		return cli.Usagef("unknown session type %q%s", args[0], cli.Suggest(args[0], known))
	case len(args) > 0: // meant as a scenario
		_, err := inputs.LoadScenario(sys, args)
		return err
	}
	for _, d := range durations {
		if err := inputs.CheckPlan(d, float64(s.Grid.Step)); err != nil {
			return err
		}
	}
	if len(sessions) == 0 {
		sessions = model.IDs(s.Sessions)
	}
	if s, err = f.With(s, sessions); err != nil {
		return err
	}
	q := f.Request(sessions)
	ends := s.CycleEnds()
	switch {
	case len(durations) > 0:
		q.Duration = durations[len(durations)-1] // it may be longer than the horizon
	case len(ends) > 0:
		durations = ends
	default:
		durations = sweep.CostDurations
	}
	cases, err := q.Cases(s)
	if err != nil {
		return cli.Usagef("%v", err)
	}
	o := &costs{Options: f.Options}
	files := []cli.File{
		{Name: "cost.csv", Write: func(w io.Writer) error {
			return table.WriteCosts(w, o.rows, &o.provenance)
		}},
		{Name: "cost.json", Write: o.writeJSON},
		{Name: "provenance.json", Write: func(w io.Writer) error { return cli.JSON(o.provenance)(w) }},
	}
	out, err := f.Open(sys, s, files)
	if err != nil {
		return err
	}
	if err := f.Simulate(sys, false, func(control sweep.Control) (err error) {
		at := func(sweep.Case) []float64 { return durations }
		o.rows, err = sweep.Costs(ctx, s, q, at, control)
		return err
	}); err != nil {
		return inputs.Unfinished(ctx, err)
	}
	o.provenance = f.Provenance(s, q, fmt.Sprintf("%d paths a case", f.Paths), solver.Done)
	for _, c := range cases {
		o.provenance.Paths = append(o.provenance.Paths, sweep.CasePaths{Session: c.Session,
			Device: c.Device, Environment: c.Environment, Paths: f.Paths})
	}
	return f.Deliver(sys, out, files, cli.Answer{
		CSV:  func(w io.Writer) error { return table.WriteCosts(w, o.rows, &o.provenance) },
		JSON: o.writeJSON, Page: o.page,
		Notes: []string{
			"Of sessions that start and reach their end; the user means to finish.",
			"90 % of sessions: from the 5 % to the 95 % quantile.",
			fmt.Sprintf("%s a case, seed %d, scenario %q.", notation.Plural(f.Paths, "path"), f.Seed,
				o.provenance.Scenario),
		},
		Explain: []string{
			"Fair, serious, critical: share of sessions that reach this thermal level. Prompt: share that " +
				"sees the Low Power prompt. Shown: by how much the displayed battery level falls.",
			o.Basis(notation.Plural(f.Paths, "path")+" a case", o.provenance.Scenario),
			inputs.Assumptions(s, o.provenance),
		},
	})
}

// scenario reads the scenario that the last argument may name, says whether it does, and
// returns the arguments before it.
func (f *costFlags) scenario(sys *cli.System, args []string) (s *model.Scenario, before []string,
	named bool, err error) {
	n := len(args)
	if named = n > 0 && inputs.IsScenario(args[n-1]); named {
		n--
	}
	s, err = f.Load(sys, args[n:])
	return s, args[:n], named, err
}

// costs are the answers.
type costs struct {
	*inputs.Options
	rows       []sweep.Cost
	provenance sweep.Provenance
}

// costRow, spentRow and costEstimate are a cost in JSON. Bounds that there are none of, as
// with a single block of paths, are null.
type costRow struct {
	sweep.Case
	StartLevel *float64     `json:"start_level"`
	Duration   float64      `json:"duration_s"`
	Level      spentRow     `json:"level_used"`
	Shown      spentRow     `json:"shown_level_used"`
	Hottest    spentRow     `json:"hottest_skin_degC"`
	Fair       costEstimate `json:"reached_fair"`
	Serious    costEstimate `json:"reached_serious"`
	Critical   costEstimate `json:"reached_critical"`
	Prompted   costEstimate `json:"prompted"`
	Paths      int64        `json:"paths"`
}

type spentRow struct {
	Mean costEstimate `json:"mean"`
	P5   costEstimate `json:"p5"`
	P50  costEstimate `json:"p50"`
	P95  costEstimate `json:"p95"`
}

type costEstimate struct {
	Value float64  `json:"value"`
	Lower *float64 `json:"lower"`
	Upper *float64 `json:"upper"`
}

// costRows lists costs for JSON, without those of plans that no session reaches the end of.
func costRows(costs []sweep.Cost) []costRow {
	bound := func(x float64) *float64 {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return nil
		}
		return &x
	}
	of := func(e estimate.Estimate) costEstimate {
		return costEstimate{e.Value, bound(e.Lower), bound(e.Upper)}
	}
	spent := func(s solver.Spent) spentRow {
		return spentRow{of(s.Mean), of(s.P5), of(s.P50), of(s.P95)}
	}
	rows := []costRow{}
	for _, c := range costs {
		if c.Paths > 0 {
			rows = append(rows, costRow{c.Case, c.StartLevel, c.Duration, spent(c.Level), spent(c.Shown),
				spent(c.Hottest), of(c.Fair), of(c.Serious), of(c.Critical), of(c.Prompted), c.Paths})
		}
	}
	return rows
}

func (o *costs) writeJSON(w io.Writer) error {
	return cli.JSON(struct {
		Schema     int              `json:"schema"`
		Provenance sweep.Provenance `json:"provenance"`
		Costs      []costRow        `json:"costs"`
	}{1, o.provenance, costRows(o.rows)})(w)
}

// page shows a table for each case.
func (o *costs) page(p *cli.Page) {
	for i := 0; i < len(o.rows); {
		n := i + 1
		for n < len(o.rows) && o.rows[n].Case == o.rows[i].Case {
			n++
		}
		if i > 0 {
			p.Printf("\n")
		}
		p.WrapStyled(texttab.Bold, takes(o.rows[i:n]))
		p.Printf("\n")
		p.Table(costTable(o.rows[i:n]))
		i = n
	}
}

// takes says what a session of a case takes of the battery, and whether the watch gets hot: of
// the longest length that sessions reach the end of.
func takes(rows []sweep.Cost) string {
	name := notation.Case(rows[0].Case)
	for i := len(rows) - 1; i >= 0; i-- {
		if c := &rows[i]; c.Paths > 0 {
			what := fmt.Sprintf("a %s session", notation.Length(c.Duration))
			if c.Cycles != "" {
				what = "a timer to the end of " + notation.EndOf(c.Case, c.Duration) + ","
			}
			return fmt.Sprintf("%s: %s takes %.1f %% of the battery. %s: %s.", name, what,
				100*c.Level.Mean.Value, howHot(c.Serious.Value), reaches(&c.Cost))
		}
	}
	return fmt.Sprintf("%s: no simulated session reaches its end.", name)
}

func costTable(rows []sweep.Cost) *texttab.Table {
	length := "Length"
	if rows[0].Cycles != "" {
		length = "By the end of"
	}
	t := texttab.New(length, ">Battery used, %", ">90 % of sessions", ">Shown, %",
		">Hottest skin, °C", ">90 % of sessions", ">Fair, %", ">Serious, %", ">Critical, %", ">Prompt, %")
	part := func(x float64) string { return fmt.Sprintf("%.1f", 100*x) }
	degrees := func(x float64) string { return fmt.Sprintf("%.1f", x) }
	share := func(e estimate.Estimate) string { return strings.TrimSuffix(chanceOf(e), " %") }
	for _, c := range rows {
		if c.Paths == 0 {
			t.Row(texttab.Cell{Text: notation.EndOf(c.Case, c.Duration)},
				texttab.Cell{Text: "not reached", Style: texttab.Bad})
			continue
		}
		row := []texttab.Cell{{Text: notation.EndOf(c.Case, c.Duration)}}
		for _, text := range []string{part(c.Level.Mean.Value),
			part(c.Level.P5.Value) + " to " + part(c.Level.P95.Value), part(c.Shown.Mean.Value),
			degrees(c.Hottest.Mean.Value),
			degrees(c.Hottest.P5.Value) + " to " + degrees(c.Hottest.P95.Value), share(c.Fair),
			share(c.Serious), share(c.Critical), share(c.Prompted)} {
			row = append(row, texttab.Cell{Text: text})
		}
		t.Row(row...)
	}
	return t
}
