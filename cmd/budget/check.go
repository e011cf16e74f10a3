package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/escape"
	"budget/internal/notation"
	"budget/model"
	"budget/model/document"
	"budget/sweep/optimize"
	"budget/sweep/plan"
)

func checkCommand() cli.Command {
	return cli.Command{
		Name: "check", Args: "[FILE...]",
		Summary: "check scenarios, plans and designs, and show what they set",
		Help: `
Checks scenario files: prints every problem with its place, or the quantities and words that a file
sets and adds, with the catalog's defaults and the ranges to vary them over. Of a plan for budget sweep
or a design for budget optimize it checks every cell, and the scenario that the file is based on. Values outside a range
and settings without effect are allowed, with a warning. - reads standard input. --set is checked as
in every command, over each file or over the defaults.

Of several files, the exit code is that of the worst: 3 if any has problems, else 4 if any cannot be
read or was changed.

Given a directory that a command has written with -o, it says whether every file there is as budget
wrote it: provenance.json has their digests.`,
		Examples: []string{`budget check winter.toml`, `budget check *.toml && echo fine`,
			`budget check docs/plans/meditation.toml`, `budget check out`,
			`budget check --set "policy.suppress_low=0.1 /h"`},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &checkFlags{format: cli.FormatTable}
			f.AddSet(fs)
			cli.AddFormat(fs, &f.format)
			cli.AddQuiet(fs, &f.quiet, "no warnings")
			return f.run
		},
	}
}

// checkFlags are the flags of budget check.
type checkFlags struct {
	inputs.Settings
	format cli.Format
	quiet  bool
}

// checked is a file that has no problem.
type checked struct {
	file, name string
	kind       string // what the file is, with its size; empty for a scenario
	scenario   *model.Scenario
}

func (f *checkFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if len(args) == 0 && len(f.Set) > 0 {
		args = []string{defaultsWord}
	}
	if len(args) == 0 {
		return cli.Usagef("expected a scenario file, such as: budget check winter.toml")
	}
	var good []checked
	var whole []string // directories
	bad := &cli.Failure{}
	for _, file := range args {
		if inputs.IsDirectory(file) {
			if err := inputs.CheckDirectory(file); err != nil {
				bad.Code = worse(bad.Code, cli.PrintError(sys.Stderr, err))
				continue
			}
			whole = append(whole, file)
			continue
		}
		c, err := f.read(sys, file)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			bad.Code = worse(bad.Code, cli.PrintError(sys.Stderr, err))
			continue
		}
		good = append(good, c)
		if !f.quiet {
			sys.Warn(append(c.scenario.Warnings(), c.scenario.NoEffect()...))
		}
	}
	if err := sys.Print(checkAnswer(good, whole), f.format, f.quiet); err != nil || bad.Code == 0 {
		return err
	}
	if len(args) > 1 {
		bad.Message = fmt.Sprintf("%d of %s have problems", len(args)-len(good)-len(whole),
			notation.Plural(len(args), "scenario"))
	}
	return bad
}

// worse returns the exit code of two that says more: that a file has problems, then that one cannot
// be read or was changed, then that the command line is wrong.
func worse(a, b int) int {
	for _, code := range []int{cli.ExitInternal, cli.ExitScenario, cli.ExitFile} {
		if a == code || b == code {
			return code
		}
	}
	return max(a, b)
}

// read reads a scenario, plan or design, or the defaults, under what --set says.
func (f *checkFlags) read(sys *cli.System, file string) (checked, error) {
	if file == defaultsWord {
		s, err := f.Over(model.Default())
		if err != nil {
			return checked{}, err
		}
		return checked{file: file, name: s.Name, scenario: s}, nil
	}
	name, text, err := inputs.ReadText(sys, file)
	if err != nil {
		return checked{}, err
	}
	root, err := document.Parse(name, text)
	if err != nil {
		return checked{}, err
	}
	has := func(key string) bool { return root.Lookup(key) != nil }
	switch {
	case has("goal"):
		d, err := optimize.Parse(name, text, f.Over)
		if err != nil {
			return checked{}, err
		}
		return checked{file, d.Name, "a design with " +
			notation.Plural(len(d.Candidates), "candidate"), d.Base}, nil
	case has("axis"), has("sessions"), has("base"), has("scenario"):
		p, err := plan.ParseWith(name, text, f.Over)
		if err != nil {
			return checked{}, err
		}
		cells := notation.Plural(len(p.Cells()), "cell")
		return checked{file, p.Name, "a plan with " + cells, p.Base}, nil
	}
	s, err := model.Parse(name, text)
	if err == nil {
		s, err = f.Over(s)
	}
	if err != nil {
		return checked{}, err
	}
	return checked{file: file, name: s.Name, scenario: s}, nil
}

// title names what a file holds, and its kind unless it is a scenario.
func (c checked) title() string {
	if c.kind == "" {
		return strconv.Quote(c.name)
	}
	return strconv.Quote(c.name) + ", " + c.kind + ","
}

// counted says how many quantities and words a scenario sets, and what it adds.
func counted(s *model.Scenario) string {
	quantities, words := 0, 0
	for _, p := range s.Overrides() {
		switch {
		case p.As != "": // not set, but had from what it is like
		case p.IsWord():
			words++
		default:
			quantities++
		}
	}
	text := "sets "
	switch {
	case quantities+words == 0:
		text += "nothing"
	case words == 0:
		text += notation.Plural(quantities, "quantity", "quantities")
	case quantities == 0:
		text += notation.Plural(words, "word")
	default:
		text += notation.Plural(quantities, "quantity", "quantities") + " and " +
			notation.Plural(words, "word")
	}
	if added := s.Added(); len(added) > 0 {
		return "adds " + strings.Join(added, ", ") + " and " + text
	}
	return text
}

// checkAnswer lists what each file sets.
func checkAnswer(good []checked, whole []string) cli.Answer {
	r := &cli.Records{Fields: []string{"file", "name", "key", "value", "default", "range", "place"}}
	for _, c := range good {
		for _, p := range c.scenario.Overrides() {
			r.Add(c.file, c.name, p.Key, inputs.WithUnit(p.Text(), p.Unit), inputs.DefaultText(p),
				inputs.RangeText(p), p.Place)
		}
	}
	answer := cli.Rows(r)
	answer.Page = func(page *cli.Page) {
		for _, dir := range whole {
			page.Printf("%s every file is as budget wrote it\n", page.Bold(escape.Visible(dir)+":"))
		}
		for i, c := range good {
			if i > 0 || len(whole) > 0 {
				page.Printf("\n")
			}
			set := c.scenario.Overrides()
			page.Printf("%s %s is fine and %s\n", page.Bold(escape.Visible(c.file)+":"), c.title(),
				counted(c.scenario))
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
