package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/compare"
	"budget/sweep/plan"
	"budget/sweep/store"
)

// compareFlags are the flags of budget compare.
type compareFlags struct {
	*inputs.Options
	inputs.Reading
	given  *pflag.FlagSet
	failIf change
	// changed says which results were changed since they were written, with --unchecked
	changed []string
}

// change is a difference that a pipeline does not accept.
type change string

const (
	capShorter change = "shorter"
	anyChange  change = "changed"
	failIfFlag        = "fail-if"
)

func compareCommand() cli.Command {
	return cli.Command{
		Name: "compare", Args: "A B",
		Summary: "compare two scenarios or sweeps",
		Help: `
Compares failure and caps of A and B, with intervals, and lists the differences of their inputs. A
and B are directories of finished sweeps, whose cells are paired by their levels, or scenario
files, which are simulated. The word defaults stands for the catalog's defaults.

Both sides simulate the same sessions, so a difference is much more precise than either side. The
difference of caps is between the best estimates; the safe caps beside it are those of budget caps.
Each single interval holds with the stated confidence.

--fail-if is for pipelines: the exit code is 7, and one line says why, if a cap changed that way.

Flags that say what to simulate are for scenario files; with directories they are errors.`,
		Examples: []string{
			`budget compare defaults docs/winter.toml --session mindfulness`,
			`budget compare before after --format csv`,
			`budget compare before after --fail-if shorter`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &compareFlags{Options: inputs.NewOptions(sweep.DefaultPaths), given: fs}
			f.AddSessions(fs, "session type `id`")
			f.AddCases(fs)
			f.AddTimer(fs)
			f.AddTolerances(fs)
			f.AddConfidence(fs, "an interval holds")
			f.AddPaths(fs, " for each case")
			cli.AddChoice(fs, &f.failIf, failIfFlag, []change{capShorter, anyChange}, fmt.Sprintf(
				"`what` of B's caps makes the exit code %d: shorter (one surely is) or changed (one "+
					"surely is longer or shorter)", cli.ExitLimit))
			f.AddMethod(fs)
			f.AddUnchecked(fs)
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
		if err := inputs.CheckGiven(f.given, args[0], "compare two scenario files with it", "confidence",
			failIfFlag, inputs.UncheckedFlag); err != nil {
			return err
		}
		c, err = f.directories(sys, args)
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
		inputs.TooFew(unknown, all, more), f.check(c))
}

// check returns an error if caps changed as a pipeline does not accept. A change is one whose
// interval excludes zero.
func (f *compareFlags) check(c *compare.Result) error {
	var changed []string
	for _, cell := range c.Cells {
		for i, d := range cell.Caps {
			if f.failIf == "" || !d.Significant() || f.failIf == capShorter && d.Value >= 0 {
				continue
			}
			changed = append(changed, fmt.Sprintf("%s, at %s: cap %s min", cellName(c, cell),
				notation.Percent(cell.Tolerances[i]), minutes(d.Value)))
		}
	}
	return cli.Broken(changed, failIfFlag, "%s", f.failIf)
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

func (f *compareFlags) directories(sys *cli.System, dirs []string) (*compare.Result, error) {
	var sides []*store.Results
	for _, dir := range dirs {
		s, err := f.Results(sys, dir)
		if err != nil {
			return nil, err
		}
		if s.Changed != "" {
			f.changed = append(f.changed, notation.Sentence(inputs.UncheckedNote(s.Changed))+".")
		}
		defer s.Close()
		sides = append(sides, s)
	}
	c, err := compare.Results(sides[0], sides[1], f.Confidence)
	if errors.Is(err, compare.ErrNoSweep) {
		return nil, cli.Usagef("%v: budget caps stores no paths to compare; give two sweeps or two "+
			"scenario files", err)
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
		return nil, cli.Usagef("--estimator: %s cannot compare path by path: expected weights", f.Estimator)
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
	f.SayMachine(sys)
	defer sys.Stage("simulate")()
	c, err := compare.Plans(ctx, plans[0], plans[1], f.Confidence,
		store.Control{Workers: f.Processors(), Kernel: f.Kernel.Name()})
	if ctx.Err() != nil {
		return nil, cli.Interruptedf("no result yet")
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
			p.Wrap(findings(a, b, c, f.Confidence))
			if len(c.Changed) == 0 {
				p.Wrap("Their inputs are the same.")
			} else {
				p.Printf("Inputs that differ:\n")
			}
			for _, line := range c.Changed {
				p.Printf("  %s\n", line)
			}
			p.Printf("\n")
			if detailed {
				p.Table(details(a, b, c, f.Confidence))
			} else {
				p.Table(overview(c))
			}
		},
	}
	notes := compareNotes(a, b, c, f.Confidence, detailed)
	most := min(len(notes), 3)
	answer.Notes, answer.Explain = append(slices.Clone(f.changed), notes[:most]...), notes[most:]
	return answer
}

// findings says how many caps differ for certain, and by how much at most.
func findings(a, b string, c *compare.Result, confidence float64) string {
	var caps, shorter, longer int
	var largest float64
	var where string
	for _, cell := range c.Cells {
		for i, d := range cell.Caps {
			caps++
			if !d.Significant() {
				continue
			}
			if d.Value < 0 {
				shorter++
			} else {
				longer++
			}
			if math.Abs(d.Value) > math.Abs(largest) {
				largest, where = d.Value, cellName(c, cell)+", at "+notation.Percent(cell.Tolerances[i])
			}
		}
	}
	if shorter+longer == 0 {
		return fmt.Sprintf("%s and %s: none of %s differs within %s intervals.", a, b,
			notation.Plural(caps, "cap"), notation.Percent(confidence))
	}
	return fmt.Sprintf("From %s to %s: %d of %s shorter, %d longer; largest change %s min (%s).", a, b,
		shorter, notation.Plural(caps, "cap"), longer, minutes(largest), where)
}

// compareNotes say how to read a comparison, the most important ones first.
func compareNotes(a, b string, c *compare.Result, confidence float64,
	detailed bool) (notes []string) {
	note := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	if !c.Paired {
		note("The two sides simulate different sessions (seed, paths or sampling): less precise.")
	}
	if c.OnlyA+c.OnlyB > 0 {
		note("Without a counterpart: %s of %s and %s of %s.", notation.Plural(c.OnlyA, "cell"), a,
			notation.Plural(c.OnlyB, "cell"), b)
	}
	note("Changes are of best estimates; each %s interval holds by itself.",
		notation.Percent(confidence))
	if !detailed {
		note("Shorter and longer: cells whose interval excludes 0. All cells: --format csv.")
	}
	return notes
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
