package uncertain

import (
	"context"
	"fmt"
	"math"
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
	length     model.Duration
	base       int
	sets       int
	indexPaths int64
	design     uncertainty.RuleDesign
}

// SensitivityCommand is budget sensitivity.
func SensitivityCommand() cli.Command {
	return cli.Command{
		Name: "sensitivity", Args: "[scenario.toml]",
		Summary: "which uncertain inputs move a cap most",
		Help: `
Ranks the uncertain inputs by what they do to the cap of a session type:

  Cap at low, high   at the ends of the input's range, with all others as assumed (a tornado)
  First              share of the cap's variance that vanishes, on average, once the input is known
  Total              share that remains, on average, once all other inputs are known
  Narrows by         how much the cap's 5-95 % range narrows, on average, once the input is known

First and total are Sobol' indices over all uncertain inputs. They are computed for the cap and for the
failure of one session length (--length), from two samples of sets (--base plants each). Intervals are
by the jackknife over plants. A total well above the first means that the input matters together with
others.

The column Range of 'budget show parameters' is what varies; see also docs/uncertainty.md. With one
session type the command takes half a minute up to some minutes on two processors.`,
		Examples: []string{
			`budget sensitivity --session mindfulness`,
			`budget sensitivity --session mindfulness --vary 'policy.*' --tolerance "5 %" --length "45 min"`,
			`budget sensitivity --session workout --base 0`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &sensitivityFlags{flags: newFlags("mindfulness", 32_768), tolerance: 0.01, base: 64,
				sets: 4, indexPaths: 4096, design: uncertainty.LatinRules}
			f.AddSessions(fs, "session type `id`")
			f.addVarying(fs)
			inputs.AddTolerance(fs, &f.tolerance)
			cli.AddValue(fs, &f.length, "length", inputs.ParseLength,
				"session `length` whose failure is examined too (default: the cap as assumed)")
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
			f.AddTimer(fs)
			f.AddMethod(fs)
			f.AddOutput(fs, "sensitivity.json, sensitivity.csv and the charts")
			return f.run
		},
	}
}

// parseBase reads a number of plants; 0 means no indices.
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
			Varying: f.varying, Plan: float64(f.length), Base: f.base, Sets: f.sets,
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
		Page:  func(p *cli.Page) { f.page(p, found) },
		Notes: f.notes(found), Explain: f.explain(found),
	})
}

// sensitivityFiles lists the files to write except the charts.
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

// page prints which input decides each cap, then ranks the inputs.
func (f *sensitivityFlags) page(p *cli.Page, s *uncertainty.Sensitivity) {
	for _, c := range s.Cases {
		p.Wrap(f.verdict(c))
	}
	p.Printf("\n")
	p.Table(f.table(s))
}

// table ranks those inputs that have an effect.
func (f *sensitivityFlags) table(s *uncertainty.Sensitivity) *texttab.Table {
	titles := []string{"Uncertain input", ">Cap at low, min", ">Cap at high, min"}
	if f.base > 0 {
		titles = append(titles, ">First, %", ">Total, %", "", ">Narrows by, min")
	}
	t := texttab.New(append(titles, "Evidence", "Range")...)
	for _, c := range s.Cases {
		t.Gap()
		t.Title(fmt.Sprintf("%s: cap at %s is %s as assumed", notation.Case(c.Case),
			notation.Percent(f.tolerance), notation.CapLength(c.Case, c.Cap)))
		for j, q := range c.Quantities {
			if q.Together > 1 {
				name := notation.Plural(len(c.Quantities)-j, "other", "others") + " together"
				t.Row(append([]texttab.Cell{{Text: name}, {}, {}}, f.indices(q)...)...)
				break
			}
			if f.base > 0 || q.Swing(c.Cap) > 0 {
				row := []texttab.Cell{{Text: q.Key}, capCell(q.Low.Cap), capCell(q.High.Cap)}
				evidence := texttab.Cell{Text: q.Evidence}
				if isAssumed(q) {
					evidence.Style = texttab.Doubtful
				}
				t.Row(append(append(row, f.indices(q)...), evidence,
					texttab.Cell{Text: rangeText(q.Low.Value, q.High.Value)})...)
			}
		}
	}
	return t
}

// rangeText writes a range with a single unit.
func rangeText(low, high string) string {
	if _, unit, ok := strings.Cut(high, " "); ok {
		low = strings.TrimSuffix(low, " "+unit)
	}
	return low + " to " + high
}

// capCell writes a cap [s] in minutes.
func capCell(seconds float64) texttab.Cell {
	c := texttab.Cell{Text: notation.CapMinutes(seconds)}
	if seconds == 0 {
		c.Style = texttab.Bad
	}
	return c
}

func isAssumed(q uncertainty.Effect) bool {
	return q.Evidence == string(model.Assumed) || q.Evidence == string(model.Reported)
}

// indices writes the shares of the variance and by how much the cap's range narrows. A total
// whose interval contains 0 is doubtful.
func (f *sensitivityFlags) indices(q uncertainty.Effect) []texttab.Cell {
	if f.base == 0 {
		return nil
	}
	share := func(x float64) texttab.Cell {
		return texttab.Cell{Text: strings.TrimSuffix(notation.Whole(x), " %")}
	}
	total := q.OfCap.Total
	half := texttab.Cell{Text: fmt.Sprintf("±%.0f", 100*(total.Upper-total.Lower)/2)}
	if total.Value > 0 && total.Lower <= 0 {
		half.Style = texttab.Doubtful
	}
	narrows := "0"
	if half := math.Floor(q.Narrowing.Value / 30); half > 0 {
		narrows = fmt.Sprintf("%.1f", half/2)
	}
	return []texttab.Cell{share(q.OfCap.First.Value), share(total.Value), half, {Text: narrows}}
}

// notes explain how to read the table.
func (f *sensitivityFlags) notes(s *uncertainty.Sensitivity) []string {
	notes := []string{"Low and high: the ends of the input's range, all others as assumed."}
	if f.base > 0 {
		notes = append(notes, fmt.Sprintf("First and total: shares of the cap's variance; ± half of "+
			"the %s interval.", notation.Percent(f.Confidence)))
	}
	return append(notes, fmt.Sprintf("%s an end, seed %d, scenario %q.",
		notation.Plural(f.Paths, "path"), f.Seed, s.Provenance.Scenario))
}

// explain explains the columns and how they were found.
func (f *sensitivityFlags) explain(s *uncertainty.Sensitivity) []string {
	notes := []string{"Caps are best estimates, in minutes, rounded down to a tenth. The ends of a range " +
		"are simulated on the same sessions."}
	paths := notation.Plural(f.Paths, "path") + " an end"
	if f.base > 0 {
		notes = append(notes, "First: share of the cap's variance, over all uncertain inputs, that "+
			"vanishes on average once the input is known. Total: share that remains once all others are "+
			"known. Narrows by: how much the cap's 5–95 % range narrows, on average, once it is known.")
		paths += fmt.Sprintf(", %s a point of two samples of %s with %s each",
			notation.Count(f.indexPaths), notation.Plural(f.base, "plant"), notation.Plural(f.sets, "set"))
	}
	for _, c := range s.Cases {
		still := 0
		for _, q := range c.Quantities {
			if q.Together == 0 && q.Swing(c.Cap) == 0 {
				still++
			}
		}
		if still > 0 {
			notes = append(notes, fmt.Sprintf("%s: %s more do not move the cap by themselves; --format csv "+
				"lists them.", notation.Case(c.Case), notation.Plural(still, "input")))
		}
	}
	return append(notes, f.Basis(paths, s.Provenance.Scenario))
}

// verdict names the input that decides a cap.
func (f *sensitivityFlags) verdict(c uncertainty.CaseSensitivity) string {
	q, name := c.Quantities[0], notation.Case(c.Case)
	if q.Swing(c.Cap) == 0 && q.OfCap.Total.Value <= 0 {
		return name + ": no input that varies moves the cap."
	}
	text := fmt.Sprintf("%s: %s (%s) decides the cap most.", name, q.Key, q.Evidence)
	if isAssumed(q) {
		text = fmt.Sprintf("%s: this assumption decides your cap; measure it first: %s (%s).", name,
			q.Key, q.Law)
	}
	if f.base == 0 {
		return text
	}
	lower := notation.CapLength(c.Case, c.CapRange[0])
	upper := notation.CapLength(c.Case, c.CapRange[1])
	if narrows := notation.Narrowing(q.Narrowing.Value); narrows != notation.Narrowing(0) {
		return text + fmt.Sprintf(" Once known, the cap's 5–95 %% range, %s to %s, is expected to narrow "+
			"by %s.", lower, upper, strings.TrimPrefix(narrows, "−"))
	}
	return text + fmt.Sprintf(" The cap's 5–95 %% range is %s to %s; knowing it is not expected to "+
		"narrow that.", lower, upper)
}
