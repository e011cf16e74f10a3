package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
)

func checkCommand() command {
	return command{
		name: "check", args: "FILE...",
		summary: "what scenario files set, or what is wrong with them",
		help: `
Reads each scenario file and prints every problem with its place, or else what the file sets, beside
the catalog's default and the range that default is varied over. Values outside that range are
allowed; a warning names them. - reads standard input.`,
		examples: []string{`budget check winter.toml`, `budget check *.toml && echo fine`},
		define: func(fs *pflag.FlagSet) action {
			f := &checkFlags{format: formatTable}
			addChoice(fs, &f.format, "format", formats(), "`form` of the answer: table, csv, json or md")
			fs.BoolVarP(&f.quiet, "quiet", "q", false, "no warnings")
			return f.run
		},
	}
}

// checkFlags are the flags of budget check.
type checkFlags struct {
	format format
	quiet  bool
}

// checked is a scenario file that has no problem.
type checked struct {
	file     string
	scenario *model.Scenario
}

func (f *checkFlags) run(_ context.Context, sys *system, args []string) error {
	if len(args) == 0 {
		return usagef("expected a scenario file, such as: budget check winter.toml")
	}
	var good []checked
	bad := &failure{}
	for _, file := range args {
		s, err := readScenario(sys, file)
		if err != nil {
			bad.code = max(bad.code, report(sys.stderr, err))
			continue
		}
		good = append(good, checked{file, s})
		if !f.quiet {
			warn(sys, s.Warnings())
		}
	}
	if err := f.print(sys, good); err != nil || bad.code == 0 {
		return err
	}
	if len(args) > 1 {
		bad.message = fmt.Sprintf("%d of %s have problems", len(args)-len(good), notation.Plural(len(args), "scenario"))
	}
	return bad
}

func (f *checkFlags) print(sys *system, good []checked) error {
	if f.format != formatTable {
		r := &records{fields: []string{"file", "name", "key", "value", "default", "range", "place"}}
		for _, c := range good {
			for _, p := range c.scenario.Overrides() {
				r.add(c.file, c.scenario.Name, p.Key, withUnit(p.Text(), p.Unit), defaultText(p), rangeText(p), p.Place)
			}
		}
		return r.write(sys.stdout, f.format)
	}
	for i, c := range good {
		set := c.scenario.Overrides()
		table := &texttab.Table{Columns: []texttab.Column{{Title: "Key"}, {Title: "Value", Wrap: 16},
			{Title: "Default", Wrap: 16}, {Title: "Range", Drop: 1}}}
		if i > 0 {
			fmt.Fprintln(sys.stdout)
		}
		fmt.Fprintf(sys.stdout, "%s %q is fine and sets %s\n", sys.bold(c.file+":"), c.scenario.Name, notation.Plural(len(set), "quantity", "quantities"))
		if len(set) == 0 {
			continue
		}
		fmt.Fprintln(sys.stdout)
		for _, p := range set {
			table.Row(texttab.Cell{Text: p.Key}, texttab.Cell{Text: withUnit(p.Text(), p.Unit), Style: texttab.Bold},
				texttab.Cell{Text: defaultText(p)}, texttab.Cell{Text: rangeText(p)})
		}
		if _, err := table.Write(sys.stdout, sys.tableWidth(), sys.colour()); err != nil {
			return err
		}
	}
	return nil
}

// withUnit writes a value with its unit; plain numbers have none.
func withUnit(text, unit string) string {
	if unit == "1" || text == "" {
		return text
	}
	return text + " " + unit
}

// defaultText writes what the catalog says of a quantity that a scenario sets.
func defaultText(p *model.Parameter) string {
	if len(p.Default) == 0 {
		return "none"
	}
	return withUnit(p.DefaultText(), p.Unit)
}

// rangeText writes what to vary a quantity over.
func rangeText(p *model.Parameter) string { return withUnit(p.RangeText(), p.RangeUnit) }
