package uncertain

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/plots"
	"budget/solver"
	"budget/solver/estimate"
	"budget/sweep/table"
	"budget/sweep/uncertainty"
)

// sensitivityFlags are the flags of budget sensitivity.
type sensitivityFlags struct {
	*unknownFlags
	tolerance  float64
	plan       model.Duration
	base       int
	sets       int
	indexPaths int64
	design     uncertainty.RuleDesign
}

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
		Words: func(int) []string { return nil },
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &sensitivityFlags{unknownFlags: newUnknownFlags(), tolerance: 0.01, base: 64, sets: 4, indexPaths: 4096, design: uncertainty.LatinRules}
			f.sessions, f.Paths = []string{"mindfulness"}, 32_768
			cli.Complete(cli.AddList(fs, &f.sessions, "session", "mindfulness", cli.Word, "session type `id`"),
				append([]string{inputs.All}, model.IDs(model.Default().Sessions)...))
			f.addVarying(fs)
			inputs.AddTolerance(fs, &f.tolerance)
			cli.AddValue(fs, &f.plan, "plan", "", inputs.ParseLength, "`duration` whose failure is looked at too (default: the cap as assumed)")
			cli.AddValue(fs, &f.base, "base", fmt.Sprint(f.base), parseBase, "`number` of plants in each of the two samples of the indices; 0 leaves the indices out")
			cli.AddValue(fs, &f.sets, "sets", fmt.Sprint(f.sets), parseSets, "`number` of sets on each of these plants")
			cli.AddValue(fs, &f.indexPaths, "index-paths", fmt.Sprint(f.indexPaths), inputs.ParsePaths, "`number` of simulated sessions for each point of the samples")
			cli.AddChoice(fs, &f.design, "design", uncertainty.RuleDesigns(), "`way` to draw the sets of a plant")
			f.AddConfidence(fs, "`probability` that an interval holds, each by itself")
			f.AddPaths(fs, "`number` of simulated sessions for each end of a range")
			f.AddCases(fs)
			f.AddMethod(fs)
			f.AddOutput(fs, "sensitivity.json, sensitivity.csv and the charts")
			return f.run
		},
	}
}

// parseBase reads a number of plants, or none.
func parseBase(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n != 0 && n < 8 || n > maxSets {
		return 0, fmt.Errorf("%q is out of range: expected 0, or a whole number from 8 to %d", text, maxSets)
	}
	return n, nil
}

func (f *sensitivityFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	f.tolerances = []float64{f.tolerance}
	s, q, err := f.prepare(sys, args)
	if err != nil {
		return err
	}
	if len(q.Readings) > 1 {
		return cli.Usagef("--reading: expected one of %s and %s", solver.Cautious, solver.AsDocumented)
	}
	out, err := cli.OpenOutput(sys, f.Output, []string{uncertainty.SensitivityFile, "sensitivity.csv"})
	if err != nil {
		return err
	}
	p := inputs.StartProgress(sys, f.Quiet, false)
	found, err := uncertainty.FindSensitivity(ctx, s, uncertainty.SensitivityRequest{Request: q, Varying: f.varying, Plan: float64(f.plan), Base: f.base, Sets: f.sets,
		IndexPaths: f.indexPaths, Design: f.design}, p.Control(f.Options))
	p.Finish()
	if err != nil {
		return unfinished(ctx, err)
	}
	found.Provenance = f.Provenance(s, q, fmt.Sprintf("%d paths an end, %d a point of the samples", f.Paths, f.indexPaths), solver.Done)
	charts, err := cli.DrawnFiles(out, func() ([]plots.Named, error) { return plots.DrawSensitivity(found) })
	if err != nil {
		return err
	}
	fileErr := out.Write(append([]cli.File{
		{Name: uncertainty.SensitivityFile, Write: func(w io.Writer) error { return table.WriteJSON(w, found) }},
		{Name: "sensitivity.csv", Write: sensitivityRecords(found).WriteCSV},
	}, charts...))
	return cmp.Or(f.print(sys, found), fileErr)
}

// sensitivityRecords lists the quantities for programs.
func sensitivityRecords(s *uncertainty.Sensitivity) *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "rank", "key", "evidence", "law", "plant", "value", "low", "high"}}
	ranged := func(name string) { r.Fields = append(r.Fields, name, name+"_lower", name+"_upper") }
	r.Fields = append(r.Fields, "cap_s", "low_cap_s", "high_cap_s")
	for _, name := range []string{"low_cap_change_s", "high_cap_change_s", "low_failure_change", "high_failure_change",
		"cap_first", "cap_total", "failure_first", "failure_total", "narrowing_s"} {
		ranged(name)
	}
	for _, c := range s.Cases {
		for i, q := range c.Quantities {
			row := []any{c.Session, c.Device, c.Environment, int64(i + 1), q.Key, q.Evidence, q.Law, q.Plant, q.Value, q.Low.Value, q.High.Value,
				c.Cap, q.Low.Cap, q.High.Cap}
			for _, x := range []estimate.Estimate{q.Low.CapChange, q.High.CapChange, q.Low.FailureChange, q.High.FailureChange,
				q.OfCap.First, q.OfCap.Total, q.OfFailure.First, q.OfFailure.Total, q.Narrowing} {
				row = append(row, x.Value, x.Lower, x.Upper)
			}
			r.Add(row...)
		}
	}
	return r
}

func (f *sensitivityFlags) print(sys *cli.System, s *uncertainty.Sensitivity) error {
	switch f.Format {
	case cli.FormatCSV:
		return sensitivityRecords(s).WriteCSV(sys.Stdout)
	case cli.FormatJSON:
		return table.WriteJSON(sys.Stdout, s)
	}
	var err error
	if t := f.table(s); f.Format == cli.FormatMarkdown {
		err = t.Markdown(sys.Stdout)
	} else {
		text := t.Text()
		text.Columns[2].Drop = 1 // budget show parameters has it too, as a note says
		_, err = text.Write(sys.Stdout, sys.TableWidth(), sys.Colour())
	}
	if err != nil || f.Quiet {
		return err
	}
	return cli.WriteNotes(sys, f.Format, f.notes(s), nil)
}

// Commands ranks the quantities for people: those that do something.
func (f *sensitivityFlags) table(s *uncertainty.Sensitivity) cli.PlainTable {
	t := cli.PlainTable{Titles: []string{"Quantity", "Evidence", ">Range", ">Cap at low", ">Cap at high", ">First", ">Total", "", ">Measuring"}}
	if f.base == 0 {
		t.Titles = t.Titles[:5]
	}
	for i, c := range s.Cases {
		if i > 0 {
			t.Rows = append(t.Rows, make([]string, len(t.Titles)))
		}
		t.Rows = append(t.Rows, []string{fmt.Sprintf("%s: cap at %s as assumed %s", c.SessionName, notation.Percent(f.tolerance), notation.CapLength(c.Cap))})
		for j, q := range c.Quantities {
			if q.Together > 1 {
				all := q
				all.Key = notation.Plural(int64(len(c.Quantities)-j), "other", "others") + " together"
				all.Evidence, all.Low, all.High = "", uncertainty.Bar{}, uncertainty.Bar{}
				t.Rows = append(t.Rows, f.row(all))
				break
			}
			if f.base > 0 || q.Swing(c.Cap) > 0 {
				t.Rows = append(t.Rows, f.row(q))
			}
		}
	}
	return t
}

// row shows a quantity, or several together.
func (f *sensitivityFlags) row(q uncertainty.Effect) []string {
	row := []string{"  " + q.Key, q.Evidence, q.Low.Value + " to " + q.High.Value, notation.CapLength(q.Low.Cap), notation.CapLength(q.High.Cap)}
	if q.Together > 1 {
		row[2], row[3], row[4] = "", "", ""
	}
	if f.base > 0 {
		row = append(row, share(q.OfCap.First.Value), share(q.OfCap.Total.Value),
			fmt.Sprintf("±%.0f", 100*(q.OfCap.Total.Upper-q.OfCap.Total.Lower)/2), narrower(q.Narrowing.Value))
	}
	return row
}

// share writes a part of the variance.
func share(x float64) string { return fmt.Sprintf("%.0f %%", 100*min(max(x, 0), 1)) }

// narrower writes by how much a range narrows, in half minutes, of which none is made up.
func narrower(seconds float64) string {
	if seconds = 30 * math.Floor(seconds/30); seconds > 0 {
		return "−" + notation.Length(seconds)
	}
	return "none"
}

// notes tell how to read the table, and what decides.
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
			notes = append(notes, fmt.Sprintf("%s: %s more do not move the cap by themselves; --format csv lists them.", c.SessionName, notation.Plural(still, "quantity", "quantities")))
		}
	}
	notes = append(notes, "Low and high are the ends of the quantity's range (budget show parameters), all else as assumed, on the same sessions.")
	if f.base > 0 {
		notes = append(notes, fmt.Sprintf("First and Total are shares of the cap's variance over all that is not known, Total with the half width of its %s interval; Measuring is by how much the cap's 5–95 %% range would narrow, as expected.", notation.Percent(f.Confidence)))
	}
	text := notation.Plural(f.Paths, "path") + " an end"
	if f.base > 0 {
		text += fmt.Sprintf(", %s a point of two samples of %s with %s each", notation.Count(f.indexPaths), notation.Plural(f.base, "plant"), notation.Plural(f.sets, "set"))
	}
	return append(notes, fmt.Sprintf("%s, seed %d, %s, scenario %q.", text, f.Seed, f.Method(), s.Provenance.Scenario))
}

// verdict says in one line what decides a cap.
func (f *sensitivityFlags) verdict(c uncertainty.CaseSensitivity) string {
	q := c.Quantities[0]
	if q.Swing(c.Cap) == 0 && q.OfCap.Total.Value <= 0 {
		return c.SessionName + ": nothing that is varied moves the cap."
	}
	text := fmt.Sprintf("%s: %s (%s) decides the cap most", c.SessionName, q.Key, q.Evidence)
	if q.Evidence == string(model.Assumed) || q.Evidence == string(model.Reported) {
		text = fmt.Sprintf("%s: this assumption decides your cap; measure it first: %s (%s)", c.SessionName, q.Key, q.Law)
	}
	if f.base == 0 {
		return text + "."
	}
	return text + fmt.Sprintf(". Once known, the cap's 5–95 %% range, %s to %s, is expected to narrow by %s.",
		notation.CapLength(c.CapRange[0]), notation.CapLength(c.CapRange[1]), strings.TrimPrefix(narrower(q.Narrowing.Value), "−"))
}
