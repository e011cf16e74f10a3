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
	"budget/solver"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// breakpointFlags are the flags of budget breakpoint.
type breakpointFlags struct {
	flags
	session   string
	tolerance float64
	from, to  *string
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
                policy.levels, moves by an offset, and where it has none by a factor.

A length may hold below a value, above one, or between two. The interval is for chance in the
simulation. --from and --to say where to look, if not over the whole range.`,
		Examples: []string{
			`budget breakpoint start_level "45 min"`,
			`budget breakpoint air "30 min" --session workout --environment shade`,
			`budget breakpoint load "45 min" --tolerance "5 %"`,
			`budget breakpoint policy.suppress_low "45 min"`,
			`budget breakpoint environment.sun.share "45 min" --session physical-therapy`,
		},
		Words: cli.First(func() []string { return append(uncertainty.Levers(), inputs.Keys()...) }),
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &breakpointFlags{flags: newFlags("", 0), session: "mindfulness", tolerance: 0.01}
			cli.AddValue(fs, &f.session, "session", cli.Word, "session type `id`", inputs.SessionIDs()...)
			inputs.AddTolerance(fs, &f.tolerance)
			text := func(text string) (*string, error) { return &text, nil }
			cli.AddValue(fs, &f.from, "from", text,
				"least `value` to look at (default: that of the quantity's range)")
			cli.AddValue(fs, &f.to, "to", text, "greatest `value` to look at")
			f.AddConfidence(fs, "the interval holds")
			f.AddPaths(fs, " for each value (default 65536, or 16384 where the watch is touched)")
			f.addCases(fs)
			f.AddMethod(fs)
			cli.AddChoice(fs, &f.Format, "format", []cli.Format{cli.FormatTable, cli.FormatJSON},
				"`form` of the answer: table (a line) or json")
			cli.AddExplain(fs)
			cli.AddQuiet(fs, &f.Quiet, "no progress, warnings or notes")
			return f.run
		},
	}
}

func (f *breakpointFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if len(args) < 2 {
		return cli.Usagef("expected what to move and a session length, such as: budget breakpoint " +
			"start_level \"45 min\"; what may be start_level, load, air or a key of budget show parameters")
	}
	plan, rest, err := inputs.LeadingDuration(args[1:])
	if err != nil {
		return err
	}
	f.Sessions, f.Tolerances = []string{f.session}, []float64{f.tolerance}
	s, q, err := f.ask(sys, rest)
	if err != nil {
		return err
	}
	q.Duration = float64(plan)
	if err := inputs.CheckPlan(q.Duration, float64(s.Grid.Step)); err != nil {
		return err
	}
	if args[0] == uncertainty.KeyStartLevel && q.StartLevel != nil {
		return cli.Usagef("--start-level fixes what %s moves: leave it out", uncertainty.KeyStartLevel)
	}
	if len(q.Sessions)*len(q.Readings)*len(q.Devices)*len(q.Environments) > 1 {
		return cli.Usagef("expected one session type, reading, device and environment")
	}
	var b *uncertainty.Breakpoint
	err = f.Simulate(sys, false, func(control sweep.Control) (err error) {
		b, err = uncertainty.FindBreakpoint(ctx, s, uncertainty.BreakpointRequest{Request: q,
			Key: args[0], From: f.from, To: f.to}, control)
		return err
	})
	if err != nil {
		return unfinished(ctx, err)
	}
	b.Provenance = f.Provenance(s, q, fmt.Sprintf("%d paths a value", b.Paths), solver.Done)
	var tooFew error
	if !b.Known {
		tooFew = cli.Failf(cli.ExitImprecise, "precision not reached: %s; %s", sweep.CapUnknown.Name(),
			inputs.MorePaths)
	}
	return cmp.Or(sys.Print(cli.Answer{
		JSON: cli.JSON(b),
		Page: func(p *cli.Page) { p.WrapStyled(texttab.Bold, holds(b)) },
		Notes: []string{
			fmt.Sprintf("The scenario has %s: %s; %s of %s sessions fail there. The brackets are %s intervals.",
				b.Quantity.Key, b.Quantity.Value, notation.Chance(b.Failure), notation.Length(b.Plan),
				notation.Percent(f.Confidence)),
			f.Basis(notation.Plural(b.Paths, "path")+" a value", b.Provenance.Scenario),
		}}, f.Format, f.Quiet), tooFew)
}

// holds says where the session length holds.
func holds(b *uncertainty.Breakpoint) string {
	key := b.Quantity.Key
	length := fmt.Sprintf("%s: a %s session", notation.Case(b.Case), notation.Length(b.Plan))
	within := fmt.Sprintf("at %s", notation.Percent(b.Tolerance))
	all := fmt.Sprintf("%s from %s to %s.", key, b.Text(b.From), b.Text(b.To))
	switch {
	case !b.Known:
		return fmt.Sprintf("%s: %s to say where a %s session holds %s, for %s", notation.Case(b.Case),
			sweep.CapUnknown.Name(), notation.Length(b.Plan), within, all)
	case len(b.Crossings) == 0 && b.Holds:
		return fmt.Sprintf("%s holds %s over all of %s", length, within, all)
	case len(b.Crossings) == 0:
		return fmt.Sprintf("%s does not hold %s anywhere in %s", length, within, all)
	}
	// Parts of the values in which it holds begin and end at crossings.
	var parts []string
	begin := -1 // crossing at which the part begins, −1 for the least value
	holding := b.Holds
	for i, c := range b.Crossings {
		switch {
		case holding && begin < 0:
			parts = append(parts, "below "+crossing(b, c))
		case holding:
			parts = append(parts, "between "+crossing(b, b.Crossings[begin])+" and "+crossing(b, c))
		}
		holding, begin = !holding, i
	}
	if holding {
		parts = append(parts, "above "+crossing(b, b.Crossings[begin]))
	}
	text := fmt.Sprintf("%s holds %s as long as %s stays %s.", length, within, key,
		strings.Join(parts, " or "))
	if b.Shown != nil {
		text += " " + shownLevel(b)
	}
	return text
}

// shownLevel says from which displayed level on the length holds, and when to warn.
func shownLevel(b *uncertainty.Breakpoint) string {
	s := b.Shown
	lower, upper := fmt.Sprintf("%d %%", s.Lower), fmt.Sprintf("%d %%", s.Upper)
	if s.LowerOpen {
		lower = "less than " + lower
	}
	if s.UpperOpen {
		upper = fmt.Sprintf("more than %d %%", s.To)
	}
	switch {
	case s.UpperOpen && s.Level > s.To:
		return fmt.Sprintf("As the watch shows it, no level up to %d %% is surely enough.", s.To)
	case s.Level <= s.From && s.From == 1:
		return "As the watch shows it, any level is enough."
	case s.UpperOpen:
		return fmt.Sprintf("As the watch shows it, from %d %% on (%s to %s).", s.Level, lower, upper)
	}
	return fmt.Sprintf("As the watch shows it, from %d %% on (%s to %s): warn below %d %%.", s.Level,
		lower, upper, s.Upper)
}

// crossing writes where failure crosses the tolerance.
func crossing(b *uncertainty.Breakpoint, c uncertainty.Crossing) string {
	low, high := b.Text(c.Lower), b.Text(c.Upper)
	if c.LowerOpen {
		low = "less than " + low
	}
	if c.UpperOpen {
		high = "more than " + high
	}
	at := b.Text(c.At)
	if low != high {
		at += fmt.Sprintf(" (%s to %s)", low, high)
	}
	if b.MeanLoad > 0 {
		at += fmt.Sprintf(", %.0f mW on average", 1000*b.MeanLoad*c.At)
	}
	return at
}
