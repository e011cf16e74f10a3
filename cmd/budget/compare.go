package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/compare"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// compareFlags are the flags of budget compare.
type compareFlags struct{ *inputs.Options }

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
			f := &compareFlags{inputs.NewOptions(sweep.DefaultPaths)}
			f.AddSessions(fs, "session type `id`")
			f.AddCases(fs)
			f.AddTolerances(fs)
			f.AddConfidence(fs, "an interval holds")
			f.AddPaths(fs, " for each case")
			f.AddMethod(fs)
			cli.AddFormat(fs, &f.Format)
			cli.AddQuiet(fs, &f.Quiet, "no warnings or notes")
			return f.run
		},
	}
}

// defaultsWord stands for the catalog's defaults in place of a file.
const defaultsWord = "defaults"

func (f *compareFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if len(args) != 2 {
		return cli.Usagef("expected two scenario files or two directories of sweeps, such as: "+
			"budget compare %s docs/winter.toml", defaultsWord)
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
		return cli.Usagef("%s is a directory and %s is not: expected two directories of sweeps or two "+
			"scenario files", args[0], args[1])
	}
	if err != nil {
		return err
	}
	more := inputs.MorePaths
	if directories > 0 {
		more = inputs.MorePlanPaths
	}
	unknown, all := unknownCaps(c)
	return cmp.Or(sys.Print(f.answer(args[0], args[1], c), f.Format, f.Quiet),
		inputs.TooFew(unknown, all, more))
}

// unknownCaps counts the caps of both sides that too few sessions were simulated for, among
// all.
func unknownCaps(c *compare.Result) (n, all int) {
	for _, cell := range c.Cells {
		for _, sides := range cell.Status {
			for _, s := range sides {
				all++
				if s == sweep.CapUnknown {
					n++
				}
			}
		}
	}
	return n, all
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
	if errors.Is(err, compare.ErrNoSweep) {
		return nil, cli.Usagef("%v: budget caps keeps nothing that could be compared path by path", err)
	}
	if err != nil {
		return nil, cli.Usagef("%v", err)
	}
	return c, nil
}

// simulate compares two scenarios.
func (f *compareFlags) simulate(ctx context.Context, sys *cli.System,
	files []string) (*compare.Result, error) {
	if f.Estimator != solver.Weights {
		return nil, cli.Usagef("--estimator: %s keeps no pairs: expected weights", f.Estimator)
	}
	var plans []*plan.Plan
	for _, file := range files {
		var args []string
		if file != defaultsWord {
			args = []string{file}
		}
		o := *f.Options
		s, q, err := o.Ask(sys, args)
		if err != nil {
			return nil, err
		}
		p, err := plan.Of(s, q)
		if err != nil {
			return nil, cli.Usagef("%v", err)
		}
		plans = append(plans, p)
	}
	c, err := compare.Plans(ctx, plans[0], plans[1], f.Confidence,
		store.Control{Workers: f.Processors(), Kernel: f.Kernel.Name()})
	if ctx.Err() != nil {
		return nil, cli.Interruptedf("nothing is known yet")
	}
	return c, err
}

// answer shows the differences between two sides.
func (f *compareFlags) answer(a, b string, c *compare.Result) cli.Answer {
	records := differences(c)
	detailed := len(c.Cells) <= maxDetails
	answer := cli.Answer{
		CSV: records.WriteCSV,
		JSON: cli.JSON(struct {
			Schema      int          `json:"schema"`
			A           string       `json:"a"`
			B           string       `json:"b"`
			Changed     []string     `json:"changed"`
			Paired      bool         `json:"paired"`
			OnlyA       int          `json:"only_a"`
			OnlyB       int          `json:"only_b"`
			Confidence  float64      `json:"confidence"`
			Differences *cli.Records `json:"differences"`
		}{1, a, b, append([]string{}, c.Changed...), c.Paired, c.OnlyA, c.OnlyB, f.Confidence, records}),
		Page: func(p *cli.Page) {
			if len(c.Changed) == 0 {
				p.Printf("Nothing differs between the inputs of %s and %s.\n", a, b)
			} else {
				p.Printf("From %s to %s:\n", a, b)
			}
			for _, line := range c.Changed {
				p.Printf("  %s\n", line)
			}
			p.Printf("\n")
			if detailed {
				p.Table(details(c, f.Confidence))
			} else {
				p.Table(overview(c))
			}
		},
	}
	note := func(format string, args ...any) {
		answer.Notes = append(answer.Notes, fmt.Sprintf(format, args...))
	}
	if !c.Paired {
		note("The two sides are of other seeds, paths or sampling: differences are of different " +
			"sessions, and known less well.")
	}
	if c.OnlyA+c.OnlyB > 0 {
		note("Without a counterpart: %s of %s and %s of %s.", notation.Plural(c.OnlyA, "cell"), a,
			notation.Plural(c.OnlyB, "cell"), b)
	}
	note("Every interval holds with %s confidence by itself. A difference of caps is that of the "+
		"best estimates.", notation.Percent(f.Confidence))
	if !detailed {
		note("Shorter and longer count the cells whose interval leaves no difference out. --format csv " +
			"lists all differences.")
	}
	return answer
}

// differences lists every difference for programs.
func differences(c *compare.Result) *cli.Records {
	r := &cli.Records{Fields: append(slices.Clone(c.Columns), "session", "reading", "quantity", "at",
		"a", "b", "difference", "lower", "upper", "a_status", "b_status")}
	for _, cell := range c.Cells {
		add := func(quantity string, at float64, d compare.Difference, status ...any) {
			var row []any
			for _, v := range cell.Values {
				row = append(row, v)
			}
			row = append(row, cell.Session, cell.Reading, quantity, at, d.A, d.B, d.Value, d.Lower,
				d.Upper)
			r.Add(append(row, status...)...)
		}
		for i, d := range cell.Caps {
			add("cap_s", cell.Tolerances[i], d, string(cell.Status[i][0]), string(cell.Status[i][1]))
		}
		for i, d := range cell.Failure {
			add("failure", cell.Durations[i], d, "", "")
		}
	}
	return r
}

// maxDetails is the number of cells that are shown one by one.
const maxDetails = 16

// details lists the differences of every cell.
func details(c *compare.Result, confidence float64) *texttab.Table {
	t := texttab.New("", ">A", ">B", ">Difference", notation.Percent(confidence)+" interval")
	several := slices.ContainsFunc(c.Cells, func(cell compare.Cell) bool {
		return cell.Reading != c.Cells[0].Reading
	})
	for _, cell := range c.Cells {
		t.Gap()
		name := cell.Session
		if several {
			name += ", " + cell.Reading
		}
		if text := describeValues(c.Columns, cell.Values); text != "" {
			name += ", " + text
		}
		last := make([]string, 4)
		add := func(name, a, b string, d compare.Difference, write func(float64) string) {
			row := []string{a, b, signed(d.Value, write), between(d, write)}
			// Beyond a limit all durations say the same.
			if !slices.Equal(row, last) {
				t.Texts(append([]string{name}, row...)...)
			}
			last = row
		}
		t.Texts(name, "", "", "", "")
		for j, d := range cell.Caps {
			last = nil
			add("  cap at "+notation.Percent(cell.Tolerances[j]), notation.CapState(cell.Status[j][0], d.A),
				notation.CapState(cell.Status[j][1], d.B), d, notation.Length)
		}
		for j, d := range cell.Failure {
			add("  fails by "+notation.Length(cell.Durations[j]), notation.Chance(d.A),
				notation.Chance(d.B), d, notation.Chance)
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
func overview(c *compare.Result) *texttab.Table {
	type group struct {
		name            string
		tolerance       float64
		shorter, longer int64
		values          []float64
		largest         float64
		where           string
	}
	var groups []*group
	for _, cell := range c.Cells {
		for i, d := range cell.Caps {
			name := cell.Session + ", " + cell.Reading
			k := slices.IndexFunc(groups, func(g *group) bool {
				return g.name == name && g.tolerance == cell.Tolerances[i]
			})
			if k < 0 {
				k = len(groups)
				groups = append(groups, &group{name: name, tolerance: cell.Tolerances[i]})
			}
			g := groups[k]
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
	t := texttab.New("Session, reading", ">Tolerance", ">Shorter", ">Longer", ">Of", ">Median",
		">Largest difference", "in cell")
	for _, g := range groups {
		slices.Sort(g.values)
		n := len(g.values)
		t.Texts(g.name, notation.Percent(g.tolerance), notation.Count(g.shorter),
			notation.Count(g.longer), notation.Count(int64(n)), signed(g.values[(n-1)/2], notation.Length),
			signed(g.largest, notation.Length), g.where)
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
		return sweep.CapUnknown.Name()
	}
	lengths := write(0) == notation.Length(0)
	round := func(x float64) float64 { return x }
	if lengths {
		round = math.Round // seconds
	}
	low, high := signed(round(d.Lower), write), signed(round(d.Upper), write)
	switch {
	case low != high:
		return low + " to " + high
	case lengths:
		return notation.ToTheStep
	}
	return low
}
