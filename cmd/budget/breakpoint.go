package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// breakpointFlags are the flags of budget breakpoint.
type breakpointFlags struct {
	*options
	session   string
	tolerance float64
	from, to  *string
}

func breakpointCommand() command {
	return command{
		name: "breakpoint", args: "KEY DURATION [scenario.toml]",
		summary: "at which value of a quantity a plan fails too often",
		help: `
Prints in a line at which value of one quantity the cap falls below a planned duration, with all else
as the scenario has it: where the failure of the plan crosses the tolerance. The interval is for chance
in the simulation. A plan may hold below a value, above one, or between.

Values between the ends of the quantity's range are looked at; --from and --to look elsewhere. Of a
list such as policy.levels it is the offset to all its values.`,
		examples: []string{
			`budget breakpoint policy.suppress_low "45 min"`,
			`budget breakpoint policy.levels "30 min" --session workout --tolerance "5 %"`,
			`budget breakpoint policy.error_base "45 min" --from "0 /h" --to "0.1 /h"`,
		},
		words: func(n int) []string {
			if n != 0 {
				return nil
			}
			var keys []string
			for _, p := range model.Default().Parameters() {
				keys = append(keys, p.Key)
			}
			return keys
		},
		define: func(fs *pflag.FlagSet) action {
			f := &breakpointFlags{options: newOptions(), session: "mindfulness", tolerance: 0.01}
			f.readings, f.paths = []solver.Reading{solver.Cautious}, 65_536
			complete(addValue(fs, &f.session, "session", "mindfulness", word, "session type `id`"), model.IDs(model.Default().Sessions))
			addValue(fs, &f.tolerance, "tolerance", "1 %", parseTolerance,
				"`probability` of failing that is accepted at most, such as \"1 %\" or 0.01")
			text := func(text string) (*string, error) { return &text, nil }
			addValue(fs, &f.from, "from", "", text, "least `value` to look at (default: that of the quantity's range)")
			addValue(fs, &f.to, "to", "", text, "greatest `value` to look at")
			addValue(fs, &f.confidence, "confidence", "95 %", parseConfidence, "`probability` that the interval holds")
			addValue(fs, &f.paths, "paths", "65536", parsePaths, "`number` of simulated sessions for each value")
			f.addCases(fs)
			f.addMethod(fs)
			addChoice(fs, &f.format, "format", []format{formatTable, formatJSON}, "`form` of the answer: table (a line) or json")
			fs.BoolVarP(&f.quiet, "quiet", "q", false, "no progress, warnings or notes")
			return f.run
		},
	}
}

func (f *breakpointFlags) run(ctx context.Context, sys *system, args []string) error {
	if len(args) < 2 {
		return usagef("expected a quantity and a duration, such as: budget breakpoint policy.suppress_low \"45 min\"")
	}
	plan, rest, err := leadingDuration(args[1:])
	if err != nil {
		return err
	}
	u := &unknownFlags{options: f.options, sessions: []string{f.session}, tolerances: []float64{f.tolerance}}
	s, q, err := u.prepare(sys, rest)
	if err != nil {
		return err
	}
	if err := checkPlan(plan, s.Grid.Step); err != nil {
		return err
	}
	if len(q.Readings)*len(q.Devices)*len(q.Environments)*len(q.Sessions) > 1 {
		return usagef("expected one session type, reading, device and environment")
	}
	q.Duration = float64(plan)
	p := startProgress(sys, f.quiet, false)
	b, err := sweep.FindBreakpoint(ctx, s, sweep.BreakpointRequest{Request: q, Key: args[0], From: f.from, To: f.to}, p.control(f.options))
	p.finish()
	if err != nil {
		return unfinished(ctx, err)
	}
	b.Provenance = f.provenance(s, q, fmt.Sprintf("%d paths a value", f.paths), solver.Done)
	if f.format == formatJSON {
		return sweep.WriteJSON(sys.stdout, b)
	}
	for _, line := range texttab.Wrap(f.line(b), sys.tableWidth()) {
		fmt.Fprintln(sys.stdout, line)
	}
	if f.quiet {
		return nil
	}
	return writeNotes(sys, f.format, []string{fmt.Sprintf("The scenario has %s: %s; plans of %s fail %s there. In brackets %s intervals.",
		b.Quantity.Key, b.Quantity.Value, length(b.Plan), chance(b.Failure), percent(f.confidence)),
		fmt.Sprintf("%s a value, seed %d, %s, scenario %q.", notation.Plural(f.paths, "path"), f.seed, f.method(), b.Provenance.Scenario)}, nil)
}

// line says in one line where the plan holds.
func (f *breakpointFlags) line(b *sweep.Breakpoint) string {
	key, plan := b.Quantity.Key, fmt.Sprintf("%s: a plan of %s", b.Name, length(b.Plan))
	within := fmt.Sprintf("at %s", percent(b.Tolerance))
	switch {
	case len(b.Crossings) == 0 && b.Holds:
		return fmt.Sprintf("%s holds %s over all of %s from %s to %s.", plan, within, key, b.Text(b.From), b.Text(b.To))
	case len(b.Crossings) == 0:
		return fmt.Sprintf("%s does not hold %s anywhere in %s from %s to %s.", plan, within, key, b.Text(b.From), b.Text(b.To))
	}
	// Parts of the values in which it holds begin and end at crossings.
	var parts []string
	begin := -1 // crossing at which the part begins, −1 for the least value
	holding := b.Holds
	for i, c := range b.Crossings {
		switch {
		case holding && begin < 0:
			parts = append(parts, "below "+f.crossing(b, c))
		case holding:
			parts = append(parts, "between "+f.crossing(b, b.Crossings[begin])+" and "+f.crossing(b, c))
		}
		holding, begin = !holding, i
	}
	if holding {
		parts = append(parts, "above "+f.crossing(b, b.Crossings[begin]))
	}
	return fmt.Sprintf("%s holds %s as long as %s stays %s.", plan, within, key, strings.Join(parts, " or "))
}

// crossing writes where failure crosses the tolerance.
func (f *breakpointFlags) crossing(b *sweep.Breakpoint, c sweep.Crossing) string {
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
