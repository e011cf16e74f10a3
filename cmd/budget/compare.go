package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/compare"
	"budget/sweep/plan"
	"budget/sweep/store"
	"budget/sweep/table"
)

// compareFlags are the flags of budget compare.
type compareFlags struct {
	*inputs.Options
	sessions   []string
	tolerances []float64
}

func compareCommand() cli.Command {
	return cli.Command{
		Name: "compare", Args: "A B",
		Summary: "what is different between two scenarios or sweeps",
		Help: `
Prints how failure and caps differ between A and B, with intervals, and what differs in their inputs.
A and B are directories of finished sweeps, whose cells are paired by their levels, or scenario files,
which are simulated; the word defaults stands for the catalog's defaults.

Both sides simulate the same sessions, with common random numbers, so that a difference is known much
better than either side. A difference of caps is that of the best estimates; the safe caps beside it
are as budget caps has them. Every interval holds with the stated confidence by itself.

Flags that say what to simulate are for scenario files.`,
		Examples: []string{
			`budget compare defaults docs/winter.toml --session mindfulness`,
			`budget compare before after --format csv`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &compareFlags{Options: inputs.NewOptions(), sessions: []string{inputs.All}, tolerances: slices.Clone(solver.DefaultTolerances)}
			f.Paths = sweep.DefaultPaths
			cli.Complete(cli.AddList(fs, &f.sessions, "session", inputs.All, cli.Word, "session type `id`"),
				append([]string{inputs.All}, model.IDs(model.Default().Sessions)...))
			f.AddCases(fs)
			inputs.AddTolerances(fs, &f.tolerances)
			f.AddConfidence(fs, "`probability` that an interval holds")
			f.AddPaths(fs, "`number` of simulated sessions for each case")
			f.AddMethod(fs)
			cli.AddChoice(fs, &f.Format, "format", cli.Formats(), "`form` of the answer: table, csv, json or md")
			fs.BoolVarP(&f.Quiet, "quiet", "q", false, "no warnings or notes")
			return f.run
		},
	}
}

// defaultsWord stands for the catalog's defaults in place of a file.
const defaultsWord = "defaults"

func (f *compareFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if len(args) != 2 {
		return cli.Usagef("expected two scenario files or two directories of sweeps, such as: budget compare %s docs/winter.toml", defaultsWord)
	}
	var directories int
	for _, name := range args {
		if name == defaultsWord || name == "-" {
			continue
		}
		if _, err := os.Stat(name); err != nil {
			return cli.Filef(err, "cannot read %s", name)
		}
		if inputs.IsDirectory(name) {
			directories++
		}
	}
	var c *compare.Result
	var err error
	switch directories {
	case 0:
		c, err = f.simulate(ctx, sys, args)
	case 2:
		c, err = compareDirectories(args, f.Confidence)
	default:
		return cli.Usagef("%s is a directory and %s is not: expected two directories of sweeps or two scenario files", args[0], args[1])
	}
	if err != nil {
		return err
	}
	return f.print(sys, args, c)
}

func compareDirectories(dirs []string, confidence float64) (*compare.Result, error) {
	var sides []*store.Results
	for _, dir := range dirs {
		s, err := inputs.ReadResults(dir)
		if err != nil {
			return nil, err
		}
		defer s.Close()
		sides = append(sides, s)
	}
	c, err := compare.Results(sides[0], sides[1], confidence)
	if err != nil {
		return nil, cli.Usagef("%v", err)
	}
	return c, nil
}

// simulate compares two scenarios.
func (f *compareFlags) simulate(ctx context.Context, sys *cli.System, files []string) (*compare.Result, error) {
	if f.Estimator != "weights" {
		return nil, cli.Usagef("--estimator: %s keeps no pairs: expected weights", f.Estimator)
	}
	var plans []*plan.Plan
	for _, file := range files {
		var args []string
		if file != defaultsWord {
			args = []string{file}
		}
		o := *f.Options
		s, err := o.Load(sys, args)
		if err != nil {
			return nil, err
		}
		sessions, err := inputs.Pick("session", f.sessions, "", model.IDs(s.Sessions))
		if err != nil {
			return nil, err
		}
		q := o.Request(sessions)
		q.Tolerances = f.tolerances
		plan, err := plan.Of(s, q)
		if err != nil {
			return nil, cli.Usagef("%v", err)
		}
		plans = append(plans, plan)
	}
	c, err := compare.Plans(ctx, plans[0], plans[1], f.Confidence, store.Control{Workers: f.Workers, Kernel: f.Kernel.Name()})
	if ctx.Err() != nil {
		return nil, cli.Failf(cli.ExitInterrupted, "interrupted: nothing is known yet")
	}
	return c, err
}

// Records lists every difference for programs.
func (f *compareFlags) records(c *compare.Result) *cli.Records {
	r := &cli.Records{Fields: append(slices.Clone(c.Columns), "session", "reading", "quantity", "at", "a", "b", "difference", "lower", "upper")}
	for _, cell := range c.Cells {
		add := func(quantity string, at float64, d compare.Difference) {
			var row []any
			for _, v := range cell.Values {
				row = append(row, v)
			}
			r.Add(append(row, cell.Session, cell.Reading, quantity, at, d.A, d.B, d.Value, d.Lower, d.Upper)...)
		}
		for i, d := range cell.Caps {
			add("cap_s", cell.Tolerances[i], d)
		}
		for i, d := range cell.Failure {
			add("failure", cell.Durations[i], d)
		}
	}
	return r
}

func (f *compareFlags) print(sys *cli.System, names []string, c *compare.Result) error {
	switch f.Format {
	case cli.FormatCSV:
		return f.records(c).WriteCSV(sys.Stdout)
	case cli.FormatJSON:
		return table.WriteJSON(sys.Stdout, struct {
			Schema      int          `json:"schema"`
			A           string       `json:"a"`
			B           string       `json:"b"`
			Changed     []string     `json:"changed"`
			Paired      bool         `json:"paired"`
			OnlyA       int          `json:"only_a"`
			OnlyB       int          `json:"only_b"`
			Confidence  float64      `json:"confidence"`
			Differences *cli.Records `json:"differences"`
		}{1, names[0], names[1], append([]string{}, c.Changed...), c.Paired, c.OnlyA, c.OnlyB, f.Confidence, f.records(c)})
	}
	if len(c.Changed) == 0 {
		fmt.Fprintf(sys.Stdout, "Nothing differs between the inputs of %s and %s.\n\n", names[0], names[1])
	} else {
		fmt.Fprintf(sys.Stdout, "From %s to %s:\n", names[0], names[1])
		for _, line := range c.Changed {
			fmt.Fprintf(sys.Stdout, "  %s\n", line)
		}
		fmt.Fprintln(sys.Stdout)
	}
	table := f.details(c)
	if len(c.Cells) > maxDetails {
		table = f.overview(c)
	}
	dropped, err := f.write(sys, table)
	if err != nil || f.Quiet {
		return err
	}
	var notes []string
	if !c.Paired {
		notes = append(notes, "The two sides are of other seeds, paths or sampling: differences are of different sessions, and known less well.")
	}
	if c.OnlyA+c.OnlyB > 0 {
		notes = append(notes, fmt.Sprintf("Without a counterpart: %s of %s and %s of %s.", notation.Plural(int64(c.OnlyA), "cell"), names[0], notation.Plural(int64(c.OnlyB), "cell"), names[1]))
	}
	notes = append(notes, fmt.Sprintf("Every interval holds with %s confidence by itself. A difference of caps is that of the best estimates.", notation.Percent(f.Confidence)))
	if len(c.Cells) > maxDetails {
		notes = append(notes, "Shorter and longer count the cells whose interval leaves no difference out. --format csv lists all differences.")
	}
	return cli.WriteNotes(sys, f.Format, notes, dropped)
}

// maxDetails is the number of cells that are shown one by one.
const maxDetails = 16

// Write writes a table as text or Markdown.
func (f *compareFlags) write(sys *cli.System, t cli.PlainTable) ([]string, error) {
	if f.Format == cli.FormatMarkdown {
		return nil, t.Markdown(sys.Stdout)
	}
	return t.Text().Write(sys.Stdout, sys.TableWidth(), sys.Colour())
}

// details lists the differences of every cell.
func (f *compareFlags) details(c *compare.Result) cli.PlainTable {
	t := cli.PlainTable{Titles: []string{"", ">A", ">B", ">Difference", notation.Percent(f.Confidence) + " interval"}}
	several := map[string]bool{}
	for _, cell := range c.Cells {
		several[cell.Reading] = true
	}
	for i, cell := range c.Cells {
		if i > 0 {
			t.Rows = append(t.Rows, make([]string, len(t.Titles)))
		}
		name := cell.Session
		if len(several) > 1 {
			name += ", " + cell.Reading
		}
		if text := describeValues(c.Columns, cell.Values); text != "" {
			name += ", " + text
		}
		t.Rows = append(t.Rows, []string{name, "", "", "", ""})
		for j, d := range cell.Caps {
			t.Rows = append(t.Rows, []string{"  cap at " + notation.Percent(cell.Tolerances[j]), notation.CapLength(d.A), notation.CapLength(d.B), signed(d.Value, notation.Length), between(d, notation.Length)})
		}
		for j, d := range cell.Failure {
			row := []string{"  fails by " + notation.Length(cell.Durations[j]), notation.Chance(d.A), notation.Chance(d.B), signed(d.Value, notation.Chance), between(d, notation.Chance)}
			// Beyond a limit all durations say the same.
			if last := t.Rows[len(t.Rows)-1]; !slices.Equal(last[1:], row[1:]) {
				t.Rows = append(t.Rows, row)
			}
		}
	}
	return t
}

// describeValues names a cell by what is told of it.
func describeValues(columns, values []string) string {
	var parts []string
	for i, v := range values {
		if v != "" && v != "fleet" && v != "mix" {
			parts = append(parts, columns[i]+" "+v)
		}
	}
	return strings.Join(parts, ", ")
}

// overview sums the cells up by session type, reading and tolerance.
func (f *compareFlags) overview(c *compare.Result) cli.PlainTable {
	t := cli.PlainTable{Titles: []string{"Session, reading", ">Tolerance", ">Shorter", ">Longer", ">Of", ">Median", ">Largest difference", "in cell"}}
	type group struct {
		name               string
		tolerance          float64
		shorter, longer, n int
		values             []float64
		largest            float64
		where              string
	}
	var groups []*group
	for _, cell := range c.Cells {
		for i, d := range cell.Caps {
			name := cell.Session + ", " + cell.Reading
			k := slices.IndexFunc(groups, func(g *group) bool { return g.name == name && g.tolerance == cell.Tolerances[i] })
			if k < 0 {
				k = len(groups)
				groups = append(groups, &group{name: name, tolerance: cell.Tolerances[i]})
			}
			g := groups[k]
			g.n++
			g.values = append(g.values, d.Value)
			switch {
			case d.Upper < 0:
				g.shorter++
			case d.Lower > 0:
				g.longer++
			}
			if math.Abs(d.Value) > math.Abs(g.largest) {
				g.largest, g.where = d.Value, describeValues(c.Columns, cell.Values)
			}
		}
	}
	for _, g := range groups {
		slices.Sort(g.values)
		t.Rows = append(t.Rows, []string{g.name, notation.Percent(g.tolerance), notation.Count(int64(g.shorter)), notation.Count(int64(g.longer)), notation.Count(int64(g.n)),
			signed(g.values[(len(g.values)-1)/2], notation.Length), signed(g.largest, notation.Length), g.where})
	}
	return t
}

// signed writes a difference with its sign.
func signed(x float64, write func(float64) string) string {
	text := write(math.Abs(x))
	switch {
	case text == write(0):
		return text
	case x < 0:
		return "−" + text
	}
	return "+" + text
}

// between writes an interval.
func between(d compare.Difference, write func(float64) string) string {
	if math.IsInf(d.Lower, 0) || math.IsInf(d.Upper, 0) {
		return "unknown"
	}
	round := func(x float64) float64 { return x }
	if write(0) == notation.Length(0) {
		round = math.Round // seconds
	}
	low, high := signed(round(d.Lower), write), signed(round(d.Upper), write)
	if low == high {
		return "exact"
	}
	return low + " to " + high
}
