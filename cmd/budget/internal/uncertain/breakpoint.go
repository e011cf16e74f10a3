package uncertain

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/plan"
	"budget/sweep/uncertainty"
)

// breakpointFlags are the flags of budget breakpoint.
type breakpointFlags struct {
	flags
	session   string
	named     bool // by the key
	tolerance float64
	from, to  *string
	plan      string // file of a sweep plan; each of its cells gets an answer
	changed   func(flag string) bool
}

// BreakpointCommand is budget breakpoint.
func BreakpointCommand() cli.Command {
	return cli.Command{
		Name: "breakpoint", Args: "KEY DURATION [scenario.toml]",
		Summary: "how far an input may move before a session length stops being safe",
		Help: `
Finds the values of one input for which a session length stays within the tolerance, with everything
else as the scenario has it. The input is one of

  start_level   battery level at the start: the true one, and as the watch shows it, so that the app
                knows below which level to warn
  load          factor on the power of the session's workload
  air           mean air temperature
  KEY           any quantity of the catalog (budget show parameters), such as policy.suppress_low. A
                share, such as environment.sun.share, moves the others in proportion. A list, such as
                policy.levels, moves by an offset, or by a factor if it has no offset.

Of a timer (--timer, or timer.phases in the scenario) it answers for the whole of it, and no DURATION
is given. A length may be safe below a value, above one, or between two. The interval covers chance in the
simulation. --from and --to limit the search; the default is the whole range.

With --plan, it answers for every cell and session type of a plan for budget sweep, with a row for
each.`,
		Examples: []string{
			`budget breakpoint start_level "45 min"`,
			`budget breakpoint air "30 min" --session workout --environment shade`,
			`budget breakpoint load "45 min" --tolerance "5 %"`,
			`budget breakpoint policy.suppress_low "45 min"`,
			`budget breakpoint start_level --timer "4 x (25 min, rest 5 min)"`,
			`budget breakpoint start_level "45 min" --plan docs/plans/meditation.toml`,
			`budget breakpoint environment.sun.share "45 min" --session physical-therapy`,
		},
		Words: cli.First(func() []string { return append(uncertainty.Levers(), inputs.Keys()...) }),
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &breakpointFlags{flags: newFlags("", 0), session: "mindfulness", tolerance: 0.01,
				changed: fs.Changed}
			cli.AddValue(fs, &f.session, "session", cli.Word, "session type `id`", inputs.SessionIDs()...)
			inputs.AddTolerance(fs, &f.tolerance)
			text := func(text string) (*string, error) { return &text, nil }
			cli.AddValue(fs, &f.from, "from", text,
				"lowest `value` to try (default: that of the input's range)")
			cli.AddValue(fs, &f.to, "to", text, "highest `value` to try")
			cli.AddValue(fs, &f.plan, "plan", cli.Word, "`file` of a sweep plan: answer in each of its cells")
			f.AddConfidence(fs, "the interval holds")
			f.AddPaths(fs, " for each value (default 65536, or 16384 for an input that acts on the watch)")
			f.addCases(fs)
			f.AddTimer(fs)
			f.AddMethod(fs)
			cli.AddFormat(fs, &f.Format)
			cli.AddQuiet(fs, &f.Quiet, "no progress, warnings or notes")
			return f.run
		},
	}
}

func (f *breakpointFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	expected := cli.Usagef("expected an input and a session length, such as: budget breakpoint " +
		"start_level \"45 min\"; or an input and --timer. Inputs are start_level, load, air and the keys " +
		"of budget show parameters")
	if len(args) == 0 {
		return expected
	}
	key, rest := args[0], args[1:]
	var length model.Duration // 0 if there is none, as of timers
	if len(rest) > 0 && !inputs.IsScenario(rest[0]) {
		var err error
		if length, rest, err = inputs.LeadingDuration(rest); err != nil {
			return err
		}
	}
	if session, rest := uncertainty.SplitSession(key); session != "" {
		if f.changed("session") && f.session != session {
			return cli.Usagef("--session: %s asks for session type %s", key, session)
		}
		key, f.session, f.named = rest, session, true
	}
	f.Sessions, f.Tolerances = []string{f.session}, []float64{f.tolerance}
	if f.plan != "" {
		if length == 0 {
			return expected
		}
		return f.cells(ctx, sys, key, float64(length), rest)
	}
	s, q, err := f.ask(sys, rest)
	if err != nil {
		return err
	}
	switch _, timer := s.TimerSequence(); {
	case timer && length > 0:
		return cli.Usagef("the scenario has a timer, whose length is its own: leave out %s, or give "+
			"--set timer.phases=\"\" for single sessions", notation.Length(float64(length)))
	case !timer && length == 0:
		return expected
	case !timer:
		q.Duration = float64(length)
		if err := inputs.CheckPlan(q.Duration, float64(s.Grid.Step)); err != nil {
			return err
		}
	}
	if key == uncertainty.KeyStartLevel && q.StartLevel != nil {
		return cli.Usagef("--start-level fixes what %s moves: leave it out", uncertainty.KeyStartLevel)
	}
	if len(q.Sessions)*len(q.Readings)*len(q.Devices)*len(q.Environments) > 1 {
		return cli.Usagef("expected one session type, reading, device and environment: " +
			"--plan answers for several")
	}
	var b *uncertainty.Breakpoint
	err = f.Simulate(sys, false, func(control sweep.Control) (err error) {
		b, err = uncertainty.FindBreakpoint(ctx, s, uncertainty.BreakpointRequest{Request: q,
			Key: key, From: f.from, To: f.to}, control)
		return err
	})
	if err != nil {
		return unfinished(ctx, err)
	}
	b.Provenance = f.Provenance(s, q, fmt.Sprintf("%d paths a value", b.Paths), solver.Done)
	var tooFew error
	if !b.Decided() {
		tooFew = cli.Failf(cli.ExitImprecise, "precision not reached: %s; %s", sweep.CapUnknown.Name(),
			inputs.MorePaths)
	}
	_, many := planned(b)
	one := breakpointRecords(&plan.Plan{}, []cellBreakpoint{{Cell: 1, Breakpoint: b}})
	return cmp.Or(sys.Print(cli.Answer{
		CSV: one.WriteCSV, JSON: cli.JSON(b),
		Page: func(p *cli.Page) { p.WrapStyled(texttab.Bold, holds(b)) },
		Notes: []string{
			fmt.Sprintf("The scenario has %s: %s; %s of %s fail there. The brackets are %s intervals.",
				named(b.Quantity.Key), strings.ReplaceAll(b.Quantity.Value, "degC", "°C"),
				notation.Chance(b.Failure), many, notation.Percent(f.Confidence)),
			f.Basis(notation.Plural(b.Paths, "path")+" a value", b.Provenance.Scenario),
		}}, f.Format, f.Quiet), tooFew)
}

// cells finds the answer in every cell of a plan, for the plan's session types or the flag's.
// After an interrupt it prints the cells that are done.
func (f *breakpointFlags) cells(ctx context.Context, sys *cli.System, key string, length float64,
	rest []string) error {
	if len(rest) > 0 {
		return cli.Usagef("--plan names the base scenario: leave %s out", rest[0])
	}
	for _, flag := range []string{"device", "environment", "start-level", "workload", "step"} {
		if f.changed(flag) {
			return cli.Usagef("--%s: the cells of the plan say it: leave it out, or change the plan", flag)
		}
	}
	p, _, err := f.ReadPlan(sys, f.plan)
	if err != nil {
		return err
	}
	sessions := p.Sessions
	if f.named || f.changed("session") {
		sessions = f.Sessions
	}
	cells := p.Cells()
	var found []cellBreakpoint
	err = f.Simulate(sys, false, func(control sweep.Control) error {
		begin := control.Case
		for n, cell := range cells {
			s, on, err := p.Scenario(cell)
			if err != nil {
				return err
			}
			for i, session := range sessions {
				q := f.Request([]string{session})
				q.Devices, q.Environments = []string{on.Device}, []string{on.Environment}
				q.StartLevel, q.Duration = on.StartLevel, length
				if key == uncertainty.KeyStartLevel {
					q.StartLevel = nil // the lever sets it
				}
				cases, err := q.Cases(s)
				if err != nil {
					return cli.Usagef("%v", err)
				}
				begin(n*len(sessions)+i, len(cells)*len(sessions), cases[0])
				b, err := uncertainty.FindBreakpoint(ctx, s, uncertainty.BreakpointRequest{Request: q,
					Key: key, From: f.from, To: f.to}, control)
				if err != nil {
					return fmt.Errorf("cell %d: %w", cell.Number, err)
				}
				row := cellBreakpoint{Cell: cell.Number, Breakpoint: b}
				for _, level := range p.Levels(cell) {
					row.Levels = append(row.Levels, level.Label)
				}
				found = append(found, row)
			}
		}
		return nil
	})
	interrupted := ctx.Err() != nil
	if err != nil && (!interrupted || len(found) == 0) {
		return unfinished(ctx, err)
	}
	unknown := 0
	for _, row := range found {
		if !row.Decided() {
			unknown++
		}
	}
	verdict := inputs.TooFew(unknown, len(found), inputs.MorePaths)
	if interrupted {
		verdict = cli.Interruptedf("%d of %d cells are answered", len(found)/len(sessions), len(cells))
	}
	answer := cli.Rows(breakpointRecords(p, found))
	answer.JSON = cli.JSON(found)
	answer.Page = func(page *cli.Page) {
		page.WrapStyled(texttab.Bold, fmt.Sprintf("Where %s sessions are safe at %s, by %s:",
			notation.Length(length), notation.Percent(f.tolerance), named(key)))
		page.Table(breakpointTable(p, found))
	}
	answer.Notes = []string{
		fmt.Sprintf("The brackets are %s intervals for chance in the simulation. Each holds by itself.",
			notation.Percent(f.Confidence)),
		f.Basis(notation.Plural(found[0].Paths, "path")+" a value", p.Name),
	}
	return cmp.Or(sys.Print(answer, f.Format, f.Quiet), verdict)
}
