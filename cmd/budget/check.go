package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
)

func checkCommand() cli.Command {
	return cli.Command{
		Name: "check", Args: "FILE...",
		Summary: "what scenario files set, or what is wrong with them",
		Help: `
Reads each scenario file and prints every problem with its place, or else what the file sets, beside
the catalog's default and the range that default is varied over. Values outside that range are
allowed; a warning names them. - reads standard input.`,
		Examples: []string{`budget check winter.toml`, `budget check *.toml && echo fine`},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &checkFlags{format: cli.FormatTable}
			cli.AddFormat(fs, &f.format)
			cli.AddQuiet(fs, &f.quiet, "no warnings")
			return f.run
		},
	}
}

// checkFlags are the flags of budget check.
type checkFlags struct {
	format cli.Format
	quiet  bool
}

// checked is a scenario file that has no problem.
type checked struct {
	file     string
	scenario *model.Scenario
}

func (f *checkFlags) run(_ context.Context, sys *cli.System, args []string) error {
	if len(args) == 0 {
		return cli.Usagef("expected a scenario file, such as: budget check winter.toml")
	}
	var good []checked
	bad := &cli.Failure{}
	for _, file := range args {
		s, err := inputs.ReadScenario(sys, file)
		if err != nil {
			bad.Code = max(bad.Code, cli.PrintError(sys.Stderr, err))
			continue
		}
		good = append(good, checked{file, s})
		if !f.quiet {
			sys.Warn(s.Warnings())
		}
	}
	if err := sys.Print(checkAnswer(good), f.format, f.quiet); err != nil || bad.Code == 0 {
		return err
	}
	if len(args) > 1 {
		bad.Message = fmt.Sprintf("%d of %s have problems", len(args)-len(good),
			notation.Plural(len(args), "scenario"))
	}
	return bad
}

// counted says how many quantities and words a scenario sets.
func counted(set []*model.Parameter) string {
	words := 0
	for _, p := range set {
		if p.IsWord() {
			words++
		}
	}
	text := notation.Plural(len(set)-words, "quantity", "quantities")
	switch {
	case words == 0:
		return text
	case words == len(set):
		return notation.Plural(words, "word")
	}
	return text + " and " + notation.Plural(words, "word")
}

// checkAnswer lists what each file sets.
func checkAnswer(good []checked) cli.Answer {
	r := &cli.Records{Fields: []string{"file", "name", "key", "value", "default", "range", "place"}}
	for _, c := range good {
		for _, p := range c.scenario.Overrides() {
			r.Add(c.file, c.scenario.Name, p.Key, inputs.WithUnit(p.Text(), p.Unit), inputs.DefaultText(p),
				inputs.RangeText(p), p.Place)
		}
	}
	answer := cli.Rows(r)
	answer.Page = func(page *cli.Page) {
		for i, c := range good {
			if i > 0 {
				page.Printf("\n")
			}
			set := c.scenario.Overrides()
			page.Printf("%s %q is fine and sets %s\n", page.Bold(c.file+":"), c.scenario.Name, counted(set))
			if len(set) == 0 {
				continue
			}
			page.Printf("\n")
			t := &texttab.Table{Columns: []texttab.Column{{Title: "Key"}, {Title: "Value", Wrap: 16},
				{Title: "Default", Wrap: 16}, {Title: "Range", Wrap: 16}}}
			for _, p := range set {
				value := texttab.Cell{Text: inputs.WithUnit(p.Text(), p.Unit), Style: texttab.Bold}
				t.Row(texttab.Cell{Text: p.Key}, value, texttab.Cell{Text: inputs.DefaultText(p)},
					texttab.Cell{Text: inputs.RangeText(p)})
			}
			page.Table(t)
		}
	}
	return answer
}
