package uncertain

import (
	"context"
	"fmt"
	"math"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/plots"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/uncertainty"
)

// uncertaintyFlags are the flags of budget uncertainty.
type uncertaintyFlags struct {
	flags
	sets, plants int
	design       uncertainty.RuleDesign
	share        float64
}

// UncertaintyCommand is budget uncertainty.
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
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &uncertaintyFlags{flags: newFlags(inputs.All, 32_768), sets: 256,
				design: uncertainty.LatinRules, share: 0.95}
			f.AddSessions(fs, "session type `id`")
			f.addVarying(fs)
			cli.AddValue(fs, &f.sets, "sets", parseSets, "`number` of sets of values")
			cli.AddValue(fs, &f.plants, "plants", parseSets, "`number` of independent draws of what "+
				"touches the watch (default: 64, 24 with more than 131072 paths; as many as sets where rules "+
				"alone are varied)")
			cli.AddChoice(fs, &f.design, "design", uncertainty.RuleDesigns(),
				"`way` to draw the sets of a plant")
			cli.AddValue(fs, &f.share, "share", parseShare,
				"`part` of what is not known that the robust cap is to hold for")
			f.AddTolerances(fs)
			f.AddConfidence(fs, "an interval or a robust cap holds, each by itself")
			f.AddPaths(fs, " for each set")
			f.addCases(fs)
			f.AddMethod(fs)
			f.AddOutput(fs, "uncertainty.json, uncertainty.csv, sets.csv and the charts")
			return f.run
		},
	}
}

var parseShare = inputs.Share(func(x float64) bool { return x >= 0.5 && x < 1 },
	"at least 0.5 and less than 1")

func (f *uncertaintyFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	s, q, err := f.ask(sys, args)
	if err != nil {
		return err
	}
	u := &uncertainty.Spread{}
	out, err := cli.OpenOutput(sys, f.Output, append(spreadFiles(u), cli.File{Name: "unknown.svg"}))
	if err != nil {
		return err
	}
	err = f.Simulate(sys, false, func(control sweep.Control) (err error) {
		u, err = uncertainty.FindSpread(ctx, s, uncertainty.SpreadRequest{Request: q,
			Varying: f.varying, Sets: f.sets, Plants: f.plants, Design: f.design, Share: f.share}, control)
		return err
	})
	if err != nil {
		return unfinished(ctx, err)
	}
	u.Provenance = f.Provenance(s, q, fmt.Sprintf("%d paths a set", f.Paths), solver.Done)
	draw := func() ([]plots.Named, error) { return plots.DrawUncertainty(u) }
	return f.deliver(sys, out, spreadFiles(u), draw, cli.Answer{
		CSV: spreadRecords(u).WriteCSV, JSON: cli.JSON(u),
		Page:  func(p *cli.Page) { p.Table(f.table(u)) },
		Notes: f.notes(u),
	})
}

// spreadFiles lists what to write but the charts.
func spreadFiles(u *uncertainty.Spread) []cli.File {
	return []cli.File{
		{Name: uncertainty.SpreadFile, Write: cli.JSON(u)},
		{Name: "uncertainty.csv", Write: spreadRecords(u).WriteCSV},
		{Name: "sets.csv", Write: setRecords(u).WriteCSV},
	}
}

// spreadRecords lists the caps for programs.
func spreadRecords(u *uncertainty.Spread) *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "reading", "tolerance",
		"default_cap_s", "q05_cap_s", "q05_lower_s", "q05_upper_s", "q50_cap_s", "q50_lower_s",
		"q50_upper_s", "q95_cap_s", "q95_lower_s", "q95_upper_s",
		"predictive_cap_s", "predictive_cap_upper_s", "predictive_failure", "path_error", "set_error",
		"robust_cap_s", "robust_share", "robust_rank", "confidence", "plants", "sets"}}
	for _, c := range u.Cases {
		for _, cap := range c.Caps {
			row := []any{c.Session, c.Device, c.Environment, cap.Reading, cap.Tolerance, cap.Default}
			for _, q := range cap.Quantiles {
				row = append(row, q.Value, q.Lower, q.Upper)
			}
			r.Add(append(row, cap.Predictive, cap.PredictiveUpper, cap.Failure, cap.PathError, cap.SetError,
				cap.Robust, cap.RobustShare, cap.RobustRank, u.Provenance.Confidence, c.Plants, len(c.Sets))...)
		}
	}
	return r
}

// setRecords lists the sets for programs: the values of what is not known, empty where a
// case does not vary it, and the caps.
func setRecords(u *uncertainty.Spread) *cli.Records {
	r := &cli.Records{Fields: []string{"session", "device", "environment", "set", "plant", "reading",
		"tolerance", "cap_s", "lower_s", "upper_s"}}
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
				copy(row, []any{c.Session, c.Device, c.Environment, i + 1, set.Plant, c.Caps[j].Reading,
					c.Caps[j].Tolerance, found.Value, found.Lower, found.Upper})
				for k, varied := range c.Quantities {
					row[place[varied.Column]] = set.Values[k]
				}
				r.Add(row...)
			}
		}
	}
	return r
}

// table shows the caps for people.
func (f *uncertaintyFlags) table(u *uncertainty.Spread) *texttab.Table {
	t := texttab.New("Tolerance", ">As assumed", ">5 %", ">Median", ">95 %", ">Predictive", ">Robust")
	for _, c := range u.Cases {
		t.Gap()
		capText := func(seconds float64) string {
			if seconds >= c.Horizon {
				return notation.Length(seconds) + " or more"
			}
			return notation.CapLength(seconds)
		}
		for j, cap := range c.Caps {
			if j == 0 || cap.Reading != c.Caps[j-1].Reading {
				t.Title(f.title(c, cap.Reading))
			}
			row := []string{"  " + notation.Percent(cap.Tolerance), capText(cap.Default)}
			between := []string{"", ""}
			for _, q := range cap.Quantiles {
				row = append(row, capText(q.Value))
				text := "to the step"
				if q.Lower < q.Upper {
					text = notation.CapLength(q.Lower) + " to " + notation.CapLength(q.Upper)
				}
				between = append(between, text)
			}
			predictive := "to the step"
			if cap.Predictive < cap.PredictiveUpper {
				predictive = "to " + capText(cap.PredictiveUpper)
			}
			t.Texts(append(row, capText(cap.Predictive), capText(cap.Robust))...)
			t.Texts(append(between, predictive, "for "+supported(cap.RobustShare))...)
		}
	}
	return t
}

// supported writes the share that a robust cap holds for, rounded down.
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
		sets = notation.Plural(len(c.Sets), "set") + " on " + notation.Plural(c.Plants, "plant")
	}
	return fmt.Sprintf("%s: %s not known, %s", name,
		notation.Plural(len(c.Quantities), "quantity", "quantities"), sets)
}

// notes say how to read the table.
func (f *uncertaintyFlags) notes(u *uncertainty.Spread) []string {
	confidence := notation.Percent(f.Confidence)
	notes := []string{
		fmt.Sprintf("5 %%, median and 95 %% are quantiles of the sets' caps (best estimates), with %s "+
			"intervals below. The predictive cap is that of the mean failure of all sets, and below it "+
			"how long it could be.", confidence),
		fmt.Sprintf("The robust cap holds for at least the share below it of all that is not known, "+
			"with %s confidence (Wilks, one set of each plant; a tenth of the error is left to chance "+
			"among the paths). Each row holds by itself.", confidence),
	}
	for _, c := range u.Cases {
		if found := c.Caps[0].RobustShare; found < f.share-1e-9 {
			notes = append(notes, fmt.Sprintf("%s: %s support %s; --plants %d would support %s.",
				c.SessionName, notation.Plural(c.Plants, "plant"), supported(found),
				uncertainty.PlantsFor(f.share, f.Confidence), notation.Percent(f.share)))
		}
	}
	return append(notes, f.Basis(notation.Plural(f.Paths, "path")+" a set", u.Provenance.Scenario)+
		" --format json lists what is varied, and over which ranges.")
}
