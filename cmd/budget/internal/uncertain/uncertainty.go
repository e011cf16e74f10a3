package uncertain

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/model"
	"budget/plots"
	"budget/solver"
	"budget/sweep/table"
	"budget/sweep/uncertainty"
)

// uncertaintyFlags are the flags of budget uncertainty.
type uncertaintyFlags struct {
	*unknownFlags
	sets, plants int
	design       uncertainty.RuleDesign
	share        float64
}

func UncertaintyCommand() cli.Command {
	return cli.Command{
		Name: "uncertainty", Args: "[scenario.toml]",
		Summary: "what is not known, and what that does to the caps",
		Help: `
Prints how the caps move over what is the same for all sessions but not known: hazard rates,
thresholds, resistances. Sets of values are drawn by the ranges of the catalog or by the
distributions that a scenario file gives; each set has its caps:

  5 %, median, 95 %   quantiles of the sets' caps (best estimates)
  predictive          the cap of the mean failure over all sets
  robust              a cap that the asked share of what is not known carries, with the confidence

Quantities that touch the watch are drawn independently for every plant (--plants); the sets are
dealt to the plants and differ in rules there, by --design. So plants are independent, and the
robust cap is an order statistic over one set of each (Wilks): for 95 % of what is not known with
95 % confidence it takes 61 plants. With fewer the share that they support is told.

What is varied is told by 'budget show parameters' under Range, and by docs/uncertainty.md. With all
session types the command takes some minutes; with one, some seconds up to a minute.`,
		Examples: []string{
			`budget uncertainty --session mindfulness`,
			`budget uncertainty --session mindfulness --vary 'policy.*' --tolerance "1 %"`,
			`budget uncertainty measured.toml --session workout --fix 'thermal.*' --plants 128 -o out`,
		},
		Words: func(int) []string { return nil },
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &uncertaintyFlags{unknownFlags: newUnknownFlags(), sets: 256, design: uncertainty.LatinRules, share: 0.95}
			f.sessions, f.tolerances, f.Paths = []string{inputs.All}, slices.Clone(solver.DefaultTolerances), 32_768
			cli.Complete(cli.AddList(fs, &f.sessions, "session", inputs.All, cli.Word, "session type `id`"),
				append([]string{inputs.All}, model.IDs(model.Default().Sessions)...))
			f.addVarying(fs)
			cli.AddValue(fs, &f.sets, "sets", fmt.Sprint(f.sets), parseSets, "`number` of sets of values")
			cli.AddValue(fs, &f.plants, "plants", "", parseSets,
				"`number` of independent draws of what touches the watch (default: 64, 24 with more than 131072 paths; as many as sets where rules alone are varied)")
			cli.AddChoice(fs, &f.design, "design", uncertainty.RuleDesigns(), "`way` to draw the sets of a plant")
			cli.AddValue(fs, &f.share, "share", notation.Percent(f.share), parseSharePart, "`part` of what is not known that the robust cap is to hold for")
			inputs.AddTolerances(fs, &f.tolerances)
			f.AddConfidence(fs, "`probability` that an interval or a robust cap holds, each by itself")
			f.AddPaths(fs, "`number` of simulated sessions for each set")
			f.AddCases(fs)
			f.AddMethod(fs)
			f.AddOutput(fs, "uncertainty.json, uncertainty.csv, sets.csv and the charts")
			return f.run
		},
	}
}

func parseSharePart(text string) (float64, error) {
	return inputs.ParseShare(text, func(x float64) bool { return x >= 0.5 && x < 1 }, "at least 0.5 and less than 1")
}

func (f *uncertaintyFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	s, q, err := f.prepare(sys, args)
	if err != nil {
		return err
	}
	out, err := cli.OpenOutput(sys, f.Output, []string{uncertainty.SpreadFile, "uncertainty.csv", "sets.csv", "unknown.svg"})
	if err != nil {
		return err
	}
	p := inputs.StartProgress(sys, f.Quiet, false)
	u, err := uncertainty.FindSpread(ctx, s, uncertainty.SpreadRequest{Request: q, Varying: f.varying, Sets: f.sets, Plants: f.plants, Design: f.design, Share: f.share},
		p.Control(f.Options))
	p.Finish()
	if err != nil {
		return unfinished(ctx, err)
	}
	u.Provenance = f.Provenance(s, q, fmt.Sprintf("%d paths a set", f.Paths), solver.Done)
	charts, err := cli.DrawnFiles(out, func() ([]plots.Named, error) { return plots.DrawUncertainty(u) })
	if err != nil {
		return err
	}
	fileErr := out.Write(append([]cli.File{
		{Name: uncertainty.SpreadFile, Write: func(w io.Writer) error { return table.WriteJSON(w, u) }},
		{Name: "uncertainty.csv", Write: uncertaintyRecords(u).WriteCSV},
		{Name: "sets.csv", Write: setRecords(u).WriteCSV},
	}, charts...))
	return cmp.Or(f.print(sys, u), fileErr)
}

// uncertaintyRecords lists the caps for programs.
func uncertaintyRecords(u *uncertainty.Spread) *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "reading", "tolerance", "default_cap_s",
		"q05_cap_s", "q05_lower_s", "q05_upper_s", "q50_cap_s", "q50_lower_s", "q50_upper_s", "q95_cap_s", "q95_lower_s", "q95_upper_s",
		"predictive_cap_s", "predictive_cap_upper_s", "predictive_failure", "path_error", "set_error",
		"robust_cap_s", "robust_share", "robust_rank", "confidence", "plants", "sets"}}
	for _, c := range u.Cases {
		for _, cap := range c.Caps {
			row := []any{c.Session, c.Device, c.Environment, cap.Reading, cap.Tolerance, cap.Default}
			for _, q := range cap.Quantiles {
				row = append(row, q.Value, q.Lower, q.Upper)
			}
			r.Add(append(row, cap.Predictive, cap.PredictiveUpper, cap.Failure, cap.PathError, cap.SetError,
				cap.Robust, cap.RobustShare, cap.RobustRank, u.Provenance.Confidence, int64(c.Plants), int64(len(c.Sets)))...)
		}
	}
	return r
}

// setRecords lists the sets for programs: the values of what is not known, empty where a
// case does not vary it, and the caps.
func setRecords(u *uncertainty.Spread) *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "set", "plant", "reading", "tolerance", "cap_s", "lower_s", "upper_s"}}
	place := map[string]int{}
	for _, c := range u.Cases {
		for _, k := range c.Quantities {
			if _, ok := place[k.Column]; !ok {
				place[k.Column] = len(r.Fields)
				r.Fields = append(r.Fields, k.Column)
			}
		}
	}
	for _, c := range u.Cases {
		for i, set := range c.Sets {
			for j, found := range set.Caps {
				row := make([]any, len(r.Fields))
				copy(row, []any{c.Session, c.Device, c.Environment, int64(i + 1), int64(set.Plant), c.Caps[j].Reading, c.Caps[j].Tolerance, found.Value, found.Lower, found.Upper})
				for k, unknown := range c.Quantities {
					row[place[unknown.Column]] = set.Values[k]
				}
				r.Add(row...)
			}
		}
	}
	return r
}

func (f *uncertaintyFlags) print(sys *cli.System, u *uncertainty.Spread) error {
	switch f.Format {
	case cli.FormatCSV:
		return uncertaintyRecords(u).WriteCSV(sys.Stdout)
	case cli.FormatJSON:
		return table.WriteJSON(sys.Stdout, u)
	case cli.FormatMarkdown:
		if err := f.table(u).Markdown(sys.Stdout); err != nil {
			return err
		}
	default:
		if _, err := f.table(u).Text().Write(sys.Stdout, sys.TableWidth(), sys.Colour()); err != nil {
			return err
		}
	}
	if f.Quiet {
		return nil
	}
	return cli.WriteNotes(sys, f.Format, f.notes(u), nil)
}

// Commands shows the caps for people.
func (f *uncertaintyFlags) table(u *uncertainty.Spread) cli.PlainTable {
	t := cli.PlainTable{Titles: []string{"Tolerance", ">As assumed", ">5 %", ">Median", ">95 %", ">Predictive", ">Robust"}}
	for i, c := range u.Cases {
		if i > 0 {
			t.Rows = append(t.Rows, make([]string, len(t.Titles)))
		}
		capText := func(seconds float64) string {
			if seconds >= c.Horizon {
				return notation.Length(seconds) + " or more"
			}
			return notation.CapLength(seconds)
		}
		for j, cap := range c.Caps {
			if j == 0 || cap.Reading != c.Caps[j-1].Reading {
				t.Rows = append(t.Rows, []string{f.title(c, cap.Reading)})
			}
			row := []string{"  " + notation.Percent(cap.Tolerance), capText(cap.Default)}
			for _, q := range cap.Quantiles {
				row = append(row, capText(q.Value))
			}
			t.Rows = append(t.Rows, append(row, capText(cap.Predictive), capText(cap.Robust)))
			between := []string{"", ""}
			for _, q := range cap.Quantiles {
				text := "exact"
				if q.Lower < q.Upper {
					text = notation.CapLength(q.Lower) + " to " + notation.CapLength(q.Upper)
				}
				between = append(between, text)
			}
			predictive := "exact"
			if cap.Predictive < cap.PredictiveUpper {
				predictive = "to " + capText(cap.PredictiveUpper)
			}
			t.Rows = append(t.Rows, append(between, predictive, "for "+supported(cap.RobustShare)))
		}
	}
	return t
}

// supported writes the share that a robust cap holds for, of which none is made up.
func supported(share float64) string { return notation.Percent(math.Floor(1000*share+1e-6) / 1000) }

// title names a case in a table, with the reading.
func (f *uncertaintyFlags) title(c uncertainty.CaseSpread, reading string) string {
	name := c.SessionName
	for _, id := range []string{c.Device, c.Environment} {
		if id != solver.Fleet && id != solver.Mix {
			name += ", " + id
		}
	}
	if len(f.Readings) > 1 || reading != string(solver.Cautious) {
		name += ", " + reading + " reading"
	}
	sets := notation.Plural(len(c.Sets), "independent set")
	if c.Plants < len(c.Sets) {
		sets = fmt.Sprintf("%s on %s", notation.Plural(len(c.Sets), "set"), notation.Plural(c.Plants, "plant"))
	}
	return fmt.Sprintf("%s: %s not known, %s", name, notation.Plural(len(c.Quantities), "quantity", "quantities"), sets)
}

// notes tell how to read the table.
func (f *uncertaintyFlags) notes(u *uncertainty.Spread) []string {
	notes := []string{
		fmt.Sprintf("5 %%, median and 95 %% are quantiles of the sets' caps (best estimates), with %s intervals below. The predictive cap is that of the mean failure of all sets, and below it how long it could be.",
			notation.Percent(f.Confidence)),
		fmt.Sprintf("The robust cap holds for at least the share below it of all that is not known, with %s confidence (Wilks, one set of each plant; a tenth of the error is left to chance among the paths). Each row holds by itself.",
			notation.Percent(f.Confidence)),
	}
	for _, c := range u.Cases {
		if c.Caps[0].RobustShare < f.share-1e-9 {
			notes = append(notes, fmt.Sprintf("%s: %s support %s; --plants %d would support %s.", c.SessionName, notation.Plural(c.Plants, "plant"),
				supported(c.Caps[0].RobustShare), uncertainty.PlantsFor(f.share, f.Confidence), notation.Percent(f.share)))
		}
	}
	return append(notes, fmt.Sprintf("%s a set, seed %d, %s, scenario %q. --format json lists what is varied, and over which ranges.",
		notation.Plural(f.Paths, "path"), f.Seed, f.Method(), u.Provenance.Scenario))
}
