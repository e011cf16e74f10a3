package uncertain

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
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
		Summary: "at which value of a quantity a plan fails too often",
		Help: `
Prints in a line at which value of one quantity the cap falls below a planned duration, with all else
as the scenario has it: where the failure of the plan crosses the tolerance. The interval is for chance
in the simulation. A plan may hold below a value, above one, or between.

Values between the ends of the quantity's range are looked at; --from and --to look elsewhere. Of a
list such as policy.levels it is the offset to all its values.`,
		Examples: []string{
			`budget breakpoint policy.suppress_low "45 min"`,
			`budget breakpoint policy.levels "30 min" --session workout --tolerance "5 %"`,
			`budget breakpoint policy.error_base "45 min" --from "0 /h" --to "0.1 /h"`,
		},
		Words: cli.First(inputs.Keys),
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &breakpointFlags{flags: newFlags("", 65_536), session: "mindfulness", tolerance: 0.01}
			cli.AddValue(fs, &f.session, "session", cli.Word, "session type `id`", inputs.SessionIDs()...)
			inputs.AddTolerance(fs, &f.tolerance)
			text := func(text string) (*string, error) { return &text, nil }
			cli.AddValue(fs, &f.from, "from", text,
				"least `value` to look at (default: that of the quantity's range)")
			cli.AddValue(fs, &f.to, "to", text, "greatest `value` to look at")
			f.AddConfidence(fs, "the interval holds")
			f.AddPaths(fs, " for each value")
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
		return cli.Usagef("expected a quantity and a duration, such as: budget breakpoint " +
			"policy.suppress_low \"45 min\"")
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
	b.Provenance = f.Provenance(s, q, fmt.Sprintf("%d paths a value", f.Paths), solver.Done)
	var tooFew error
	if !b.Known {
		tooFew = cli.Failf(cli.ExitImprecise, "precision not reached: %s; %s", sweep.CapUnknown.Name(),
			inputs.MorePaths)
	}
	return cmp.Or(sys.Print(cli.Answer{
		JSON: cli.JSON(b),
		Page: func(p *cli.Page) { p.Wrap(holds(b)) },
		Notes: []string{
			fmt.Sprintf("The scenario has %s: %s; plans of %s fail %s there. In brackets %s intervals.",
				b.Quantity.Key, b.Quantity.Value, notation.Length(b.Plan), notation.Chance(b.Failure),
				notation.Percent(f.Confidence)),
			f.Basis(notation.Plural(f.Paths, "path")+" a value", b.Provenance.Scenario),
		}}, f.Format, f.Quiet), tooFew)
}

// holds says in one line where the plan holds.
func holds(b *uncertainty.Breakpoint) string {
	key := b.Quantity.Key
	plan := fmt.Sprintf("%s: a plan of %s", b.Name, notation.Length(b.Plan))
	within := fmt.Sprintf("at %s", notation.Percent(b.Tolerance))
	all := fmt.Sprintf("%s from %s to %s.", key, b.Text(b.From), b.Text(b.To))
	switch {
	case !b.Known:
		return fmt.Sprintf("%s: %s to say where a plan of %s holds %s, for %s", b.Name,
			sweep.CapUnknown.Name(), notation.Length(b.Plan), within, all)
	case len(b.Crossings) == 0 && b.Holds:
		return fmt.Sprintf("%s holds %s over all of %s", plan, within, all)
	case len(b.Crossings) == 0:
		return fmt.Sprintf("%s does not hold %s anywhere in %s", plan, within, all)
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
	return fmt.Sprintf("%s holds %s as long as %s stays %s.", plan, within, key,
		strings.Join(parts, " or "))
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
	if low == high {
		return b.Text(c.At)
	}
	return fmt.Sprintf("%s (%s to %s)", b.Text(c.At), low, high)
}
