package uncertain

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/plots"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// sensitivityFlags are the flags of budget sensitivity.
type sensitivityFlags struct {
	flags
	tolerance  float64
	plan       model.Duration
	base       int
	sets       int
	indexPaths int64
	design     uncertainty.RuleDesign
}

// SensitivityCommand is budget sensitivity.
func SensitivityCommand() cli.Command {
	return cli.Command{
		Name: "sensitivity", Args: "[scenario.toml]",
		Summary: "which unknown quantities move a cap most",
		Help: `
Ranks the quantities that are not known by what they do to the cap of a session type:

  Cap at low, high   at the ends of the quantity's range, with all others as assumed (a tornado)
  First              the share of the cap's variance that goes on average where the quantity is known
  Total              the share that stays on average where all others are known
  Measuring          by how much the cap's 5-95 % range would narrow, as expected, if known

First and total are Sobol' indices over all that is not known, of the cap and of the failure of a plan
(--plan), estimated from two samples of sets (--base plants each); intervals are by the jackknife over
plants. A total well above the first means that the quantity matters together with others.

What is varied is told by 'budget show parameters' under Range, and by docs/uncertainty.md. With one
session type the command takes half a minute up to some minutes on two processors.`,
		Examples: []string{
			`budget sensitivity --session mindfulness`,
			`budget sensitivity --session mindfulness --vary 'policy.*' --tolerance "5 %" --plan "45 min"`,
			`budget sensitivity --session workout --base 0`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &sensitivityFlags{flags: newFlags("mindfulness", 32_768), tolerance: 0.01, base: 64,
				sets: 4, indexPaths: 4096, design: uncertainty.LatinRules}
			f.AddSessions(fs, "session type `id`")
			f.addVarying(fs)
			inputs.AddTolerance(fs, &f.tolerance)
			cli.AddValue(fs, &f.plan, "plan", inputs.ParseLength,
				"`duration` whose failure is looked at too (default: the cap as assumed)")
			cli.AddValue(fs, &f.base, "base", parseBase, "`number` of plants in each of the two samples of "+
				"the indices; 0 leaves the indices out")
			cli.AddValue(fs, &f.sets, "sets", parseSets, "`number` of sets on each of these plants")
			cli.AddValue(fs, &f.indexPaths, "index-paths", inputs.ParsePaths,
				"`number` of simulated sessions for each point of the samples")
			cli.AddChoice(fs, &f.design, "design", uncertainty.RuleDesigns(),
				"`way` to draw the sets of a plant")
			f.AddConfidence(fs, "an interval holds, each by itself")
			f.AddPaths(fs, " for each end of a range")
			f.addCases(fs)
			f.AddMethod(fs)
			f.AddOutput(fs, "sensitivity.json, sensitivity.csv and the charts")
			return f.run
		},
	}
}

// parseBase reads a number of plants, or none.
func parseBase(text string) (int, error) {
	n, err := cli.Whole(0, maxSets, "out of range", "0, or a whole number from 8 to 8192")(text)
	if err == nil && n != 0 && n < 8 {
		return 0, fmt.Errorf("%q is out of range: expected 0, or a whole number from 8 to 8192", text)
	}
	return n, err
}

func (f *sensitivityFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	f.Tolerances = []float64{f.tolerance}
	s, q, err := f.ask(sys, args)
	if err != nil {
		return err
	}
	if len(q.Readings) > 1 {
		return cli.Usagef("--reading: expected one of %s and %s", solver.Cautious, solver.AsDocumented)
	}
	found := &uncertainty.Sensitivity{}
	out, err := cli.OpenOutput(sys, f.Output, sensitivityFiles(found))
	if err != nil {
		return err
	}
	err = f.Simulate(sys, false, func(control sweep.Control) (err error) {
		found, err = uncertainty.FindSensitivity(ctx, s, uncertainty.SensitivityRequest{Request: q,
			Varying: f.varying, Plan: float64(f.plan), Base: f.base, Sets: f.sets,
			IndexPaths: f.indexPaths, Design: f.design}, control)
		return err
	})
	if err != nil {
		return unfinished(ctx, err)
	}
	found.Provenance = f.Provenance(s, q,
		fmt.Sprintf("%d paths an end, %d a point of the samples", f.Paths, f.indexPaths), solver.Done)
	draw := func() ([]plots.Named, error) { return plots.DrawSensitivity(found) }
	return f.deliver(sys, out, sensitivityFiles(found), draw, cli.Answer{
		CSV: sensitivityRecords(found).WriteCSV, JSON: cli.JSON(found),
		Page:  func(p *cli.Page) { p.Table(f.table(found)) },
		Notes: f.notes(found),
	})
}

// sensitivityFiles lists what to write but the charts.
func sensitivityFiles(s *uncertainty.Sensitivity) []cli.File {
	return []cli.File{
		{Name: uncertainty.SensitivityFile, Write: cli.JSON(s)},
		{Name: "sensitivity.csv", Write: sensitivityRecords(s).WriteCSV},
	}
}

// sensitivityRecords lists the quantities for programs.
func sensitivityRecords(s *uncertainty.Sensitivity) *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "rank", "key", "evidence",
		"law", "plant", "value", "low", "high", "cap_s", "low_cap_s", "high_cap_s"}}
	for _, name := range []string{"low_cap_change_s", "high_cap_change_s", "low_failure_change",
		"high_failure_change", "cap_first", "cap_total", "failure_first", "failure_total",
		"narrowing_s"} {
		r.Fields = append(r.Fields, name, name+"_lower", name+"_upper")
	}
	for _, c := range s.Cases {
		for i, q := range c.Quantities {
			row := []any{c.Session, c.Device, c.Environment, i + 1, q.Key, q.Evidence, q.Law, q.Plant,
				q.Value, q.Low.Value, q.High.Value, c.Cap, q.Low.Cap, q.High.Cap}
			for _, x := range []estimate.Estimate{q.Low.CapChange, q.High.CapChange, q.Low.FailureChange,
				q.High.FailureChange, q.OfCap.First, q.OfCap.Total, q.OfFailure.First, q.OfFailure.Total,
				q.Narrowing} {
				row = append(row, x.Value, x.Lower, x.Upper)
			}
			r.Add(row...)
		}
	}
	return r
}

// table ranks the quantities for people: those that do something.
func (f *sensitivityFlags) table(s *uncertainty.Sensitivity) *texttab.Table {
	t := texttab.New("Quantity", "Evidence", ">Range", ">Cap at low", ">Cap at high",
		">First", ">Total", "", ">Measuring")
	if f.base == 0 {
		t.Columns = t.Columns[:5]
	}
	for _, c := range s.Cases {
		t.Gap()
		t.Title(fmt.Sprintf("%s: cap at %s as assumed %s", c.SessionName, notation.Percent(f.tolerance),
			notation.CapLength(c.Cap)))
		for j, q := range c.Quantities {
			if q.Together > 1 {
				all := q
				all.Key = notation.Plural(len(c.Quantities)-j, "other", "others") + " together"
				all.Evidence, all.Low, all.High = "", uncertainty.Bar{}, uncertainty.Bar{}
				t.Texts(f.row(all)...)
				break
			}
			if f.base > 0 || q.Swing(c.Cap) > 0 {
				t.Texts(f.row(q)...)
			}
		}
	}
	return t
}

// row shows a quantity, or several together.
func (f *sensitivityFlags) row(q uncertainty.Effect) []string {
	row := []string{"  " + q.Key, q.Evidence, "", "", ""}
	if q.Together <= 1 {
		row[2] = q.Low.Value + " to " + q.High.Value
		row[3], row[4] = notation.CapLength(q.Low.Cap), notation.CapLength(q.High.Cap)
	}
	if f.base > 0 {
		total := q.OfCap.Total
		row = append(row, notation.Whole(q.OfCap.First.Value), notation.Whole(total.Value),
			fmt.Sprintf("±%.0f", 100*(total.Upper-total.Lower)/2), notation.Narrowing(q.Narrowing.Value))
	}
	return row
}

// notes say how to read the table, and what decides.
func (f *sensitivityFlags) notes(s *uncertainty.Sensitivity) []string {
	var notes []string
	for _, c := range s.Cases {
		notes = append(notes, f.verdict(c))
		still := 0
		for _, q := range c.Quantities {
			if q.Together == 0 && q.Swing(c.Cap) == 0 {
				still++
			}
		}
		if still > 0 {
			notes = append(notes, fmt.Sprintf("%s: %s more do not move the cap by themselves; --format csv "+
				"lists them.", c.SessionName, notation.Plural(still, "quantity", "quantities")))
		}
	}
	notes = append(notes, "Low and high are the ends of the quantity's range (budget show "+
		"parameters), all else as assumed, on the same sessions.")
	paths := notation.Plural(f.Paths, "path") + " an end"
	if f.base > 0 {
		notes = append(notes, fmt.Sprintf("First and Total are shares of the cap's variance over all "+
			"that is not known, Total with the half width of its %s interval; Measuring is by how much the "+
			"cap's 5–95 %% range would narrow, as expected.", notation.Percent(f.Confidence)))
		paths += fmt.Sprintf(", %s a point of two samples of %s with %s each",
			notation.Count(f.indexPaths), notation.Plural(f.base, "plant"), notation.Plural(f.sets, "set"))
	}
	return append(notes, f.Basis(paths, s.Provenance.Scenario))
}

// verdict says in one line what decides a cap.
func (f *sensitivityFlags) verdict(c uncertainty.CaseSensitivity) string {
	q := c.Quantities[0]
	if q.Swing(c.Cap) == 0 && q.OfCap.Total.Value <= 0 {
		return c.SessionName + ": nothing that is varied moves the cap."
	}
	text := fmt.Sprintf("%s: %s (%s) decides the cap most", c.SessionName, q.Key, q.Evidence)
	if q.Evidence == string(model.Assumed) || q.Evidence == string(model.Reported) {
		text = fmt.Sprintf("%s: this assumption decides your cap; measure it first: %s (%s)",
			c.SessionName, q.Key, q.Law)
	}
	if f.base == 0 {
		return text + "."
	}
	return text + fmt.Sprintf(". Once known, the cap's 5–95 %% range, %s to %s, is expected to "+
		"narrow by %s.", notation.CapLength(c.CapRange[0]), notation.CapLength(c.CapRange[1]),
		strings.TrimPrefix(notation.Narrowing(q.Narrowing.Value), "−"))
}
