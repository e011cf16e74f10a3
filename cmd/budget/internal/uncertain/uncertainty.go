package uncertain

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

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
		Summary: "how far the caps move over the uncertain inputs",
		Help: `
Prints how the caps move over the uncertain inputs, which are the same for all sessions: hazard rates,
thresholds, resistances. It draws sets of values from the ranges of the catalog, or from distributions
in a scenario file, and computes the caps of each set, in minutes:

  5 %, median, 95 %   quantiles of the sets' caps (best estimates)
  predictive          the cap of the mean failure over all sets
  robust              a cap that is safe for a share of all values of the inputs (--share)

A plant is one draw of the inputs that act on the watch (--plants). The sets of one plant differ only
in the system's rules (--design). Plants are independent, so the robust cap is an order statistic over
one set of each (Wilks): for 95 % of the values with 95 % confidence it takes 61 plants. With fewer it
holds for a smaller share, and a note says so.

The column Range of 'budget show parameters' is what varies; see also docs/uncertainty.md. On two
processors the command takes half a minute with all session types, some seconds with one.`,
		Examples: []string{
			`budget uncertainty --session mindfulness`,
			`budget uncertainty --session mindfulness --vary 'policy.*' --tolerance "1 %"`,
			`budget uncertainty measured.toml --session workout --fix 'thermal.*' --plants 128 -o out`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &uncertaintyFlags{flags: newFlags(inputs.All, 4096), sets: 256,
				design: uncertainty.LatinRules, share: 0.95}
			f.AddSessions(fs, "session type `id`")
			f.addVarying(fs)
			cli.AddValue(fs, &f.sets, "sets", parseSets, "`number` of sets of values")
			cli.AddValue(fs, &f.plants, "plants", parseSets, "`number` of independent draws of the "+
				"inputs that act on the watch (default: 64, 24 with more than 131072 paths; as many as sets "+
				"if only rules vary)")
			cli.AddChoice(fs, &f.design, "design", uncertainty.RuleDesigns(),
				"`way` to draw the sets of a plant")
			cli.AddValue(fs, &f.share, "share", parseShare,
				"`share` of the inputs' possible values that the robust cap is safe for")
			f.AddTolerances(fs)
			f.AddConfidence(fs, "an interval or a robust cap holds, each by itself")
			f.AddPaths(fs, " for each set; the sets that decide a robust cap, the inputs as assumed, and "+
				"all sets if only rules vary, have eight times as many, up to 262144")
			f.addCases(fs)
			f.AddTimer(fs)
			f.AddMethod(fs)
			f.AddOutput(fs, "uncertainty.json, uncertainty.csv, sets.csv and the charts")
			return f.run
		},
	}
}

// mostRobustPaths limits the paths of sets that decide a robust cap, unless every set has more.
const mostRobustPaths = 1 << 18

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
			RobustPaths: min(8*f.Paths, mostRobustPaths), Varying: f.varying, Sets: f.sets,
			Plants: f.plants, Design: f.design, Share: f.share}, control)
		return err
	})
	if err != nil {
		return unfinished(ctx, err)
	}
	u.Provenance = f.Provenance(s, q, fmt.Sprintf("%d paths a set", u.Design.Paths), solver.Done)
	draw := func() ([]plots.Named, error) { return plots.DrawUncertainty(u) }
	unknown, all := u.Unknown()
	return cmp.Or(f.deliver(sys, out, spreadFiles(u), draw, cli.Answer{
		CSV: spreadRecords(u).WriteCSV, JSON: cli.JSON(u),
		Page:  func(p *cli.Page) { p.Table(f.table(u)) },
		Notes: f.notes(u), Explain: f.explain(u),
	}), inputs.TooFew(unknown, all, inputs.MorePaths))
}

// spreadFiles lists the files to write except the charts.
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
		"robust_cap_s", "robust_share", "robust_rank", "confidence", "plants", "sets",
		"predictive_status", "robust_status"}}
	for _, c := range u.Cases {
		for _, cap := range c.Caps {
			row := []any{c.Session, c.Device, c.Environment, cap.Reading, cap.Tolerance, cap.Default}
			for _, q := range cap.Quantiles {
				row = append(row, q.Value, q.Lower, q.Upper)
			}
			r.Add(append(row, cap.Predictive, cap.PredictiveUpper, cap.Failure, cap.PathError, cap.SetError,
				cap.Robust, cap.RobustShare, cap.RobustRank, u.Provenance.Confidence, c.Plants, len(c.Sets),
				string(cap.PredictiveStatus), string(cap.RobustStatus))...)
		}
	}
	return r
}

// setRecords lists the sets for programs: the caps and the values of the uncertain inputs. A
// value is empty if the case does not vary the input.
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

// table returns the caps for printing.
func (f *uncertaintyFlags) table(u *uncertainty.Spread) *texttab.Table {
	t := texttab.New("Cap in min at", ">As assumed", ">5 %", ">Median", ">95 %", ">Predictive",
		">Robust")
	t.Columns[5].Wrap, t.Columns[6].Wrap = 9, 9 // for words instead of a cap
	for _, c := range u.Cases {
		t.Gap()
		for j, cap := range c.Caps {
			if j == 0 || cap.Reading != c.Caps[j-1].Reading {
				t.Heading(f.heading(c, cap.Reading)...)
			}
			f.rows(t, c.Horizon, cap)
		}
	}
	return t
}

// rows adds the caps at a tolerance and their intervals in the line below.
func (f *uncertaintyFlags) rows(t *texttab.Table, horizon float64, cap uncertainty.CapSpread) {
	minutes := func(seconds float64) texttab.Cell {
		switch {
		case seconds == 0:
			return texttab.Cell{Text: notation.CapMinutes(seconds), Style: texttab.Bad}
		case seconds >= horizon:
			return texttab.Cell{Text: "≥ " + notation.CapMinutes(seconds)}
		}
		return texttab.Cell{Text: notation.CapMinutes(seconds)}
	}
	row := []texttab.Cell{{Text: notation.Percent(cap.Tolerance)}, minutes(cap.Default)}
	below := []texttab.Cell{{}, {}}
	for _, q := range cap.Quantiles {
		row = append(row, minutes(q.Value))
		below = append(below, intervalCell(q.Lower, q.Upper))
	}
	if cap.PredictiveUpper > 0 {
		below = append(below, texttab.Cell{Text: "to " + minutes(cap.PredictiveUpper).Text})
	}
	mean, robust := minutes(cap.Predictive), minutes(cap.Robust)
	few := texttab.Cell{Text: sweep.CapUnknown.Name(), Style: texttab.Doubtful}
	if cap.PredictiveStatus == sweep.CapUnknown {
		mean = few
	}
	switch {
	case cap.RobustStatus == sweep.CapUnknown:
		robust = few
	case f.short(cap) && robust.Style == texttab.Plain:
		robust.Style = texttab.Doubtful
	}
	t.Row(append(row, mean, robust)...)
	t.Row(below...)
}

// intervalCell writes the interval of a cap [s]. An interval that includes 0 is doubtful.
func intervalCell(lower, upper float64) texttab.Cell {
	c := texttab.Cell{Text: notation.ToTheStep}
	switch {
	case lower == 0 && upper > 0:
		c.Text, c.Style = "0 to "+notation.CapMinutes(upper), texttab.Doubtful
	case lower < upper:
		c.Text = notation.CapMinutes(lower) + " to " + notation.CapMinutes(upper)
	}
	return c
}

// short reports whether a robust cap holds for a smaller share than requested.
func (f *uncertaintyFlags) short(cap uncertainty.CapSpread) bool {
	return cap.RobustShare < f.share-1e-9
}

// supported writes the share for which a robust cap holds, rounded down.
func supported(share float64) string { return notation.Percent(math.Floor(1000*share+1e-6) / 1000) }

// heading names a case and gives the range of its cap at the middle tolerance.
func (f *uncertaintyFlags) heading(c uncertainty.CaseSpread, reading string) []texttab.Cell {
	name := notation.Case(c.Case)
	if len(f.Readings) > 1 || reading != string(solver.Cautious) {
		name += ", if " + notation.Grants(reading)
	}
	var caps []uncertainty.CapSpread
	for _, cap := range c.Caps {
		if cap.Reading == reading {
			caps = append(caps, cap)
		}
	}
	middle := caps[len(caps)/2]
	return []texttab.Cell{{Text: name + ":", Style: texttab.Bold}, {Text: fmt.Sprintf(
		"cap at %s from %s to %s over %s", notation.Percent(middle.Tolerance),
		notation.Drawn(c.Case, middle.Quantiles[0].Value, c.Horizon),
		notation.Drawn(c.Case, middle.Quantiles[2].Value, c.Horizon),
		notation.Plural(len(c.Quantities), "uncertain input"))}}
}

// notes explain how to read the table.
func (f *uncertaintyFlags) notes(u *uncertainty.Spread) []string {
	least := slices.MinFunc(u.Cases, func(a, b uncertainty.CaseSpread) int {
		return cmp.Compare(a.Caps[0].RobustShare, b.Caps[0].RobustShare)
	}).Caps[0]
	robust := fmt.Sprintf("Robust: safe for at least %s of the inputs' possible values",
		supported(least.RobustShare))
	if f.short(least) {
		robust += fmt.Sprintf("; --plants %d: %s", uncertainty.PlantsFor(f.share, f.Confidence),
			notation.Percent(f.share))
	}
	basis := fmt.Sprintf("%s, seed %d, scenario %q.", pathsOf(u), f.Seed, u.Provenance.Scenario)
	return []string{
		fmt.Sprintf("5 %%, median, 95 %%: quantiles of the sets' caps; below, %s intervals.",
			notation.Percent(f.Confidence)),
		robust + ".",
		basis,
	}
}

// pathsOf writes the numbers of paths of the sets.
func pathsOf(u *uncertainty.Spread) string {
	paths := notation.Plural(u.Design.Paths, "path") + " a set"
	if more := u.Design.RobustPaths; more > u.Design.Paths {
		paths += ", " + notation.Count(more) + " for robust caps"
	}
	return paths
}

// explain explains how the caps were found.
func (f *uncertaintyFlags) explain(u *uncertainty.Spread) []string {
	confidence := notation.Percent(f.Confidence)
	notes := []string{
		"The quantiles are of best estimates. As assumed is the best estimate at the scenario's own " +
			"values. The predictive cap is that of the mean failure of all sets; below it is the upper " +
			"end of its interval.",
		fmt.Sprintf("The robust cap holds with %s confidence (Wilks, one set of each plant; a tenth of "+
			"the error probability goes to the chance of the paths). Each row holds by itself.", confidence),
	}
	for _, c := range u.Cases {
		sets := notation.Plural(len(c.Sets), "independent set")
		if c.Plants < len(c.Sets) {
			sets = notation.Plural(len(c.Sets), "set") + " on " + notation.Plural(c.Plants, "plant")
		}
		notes = append(notes, fmt.Sprintf("%s: %s of %s; its robust cap holds for %s.",
			notation.Case(c.Case), sets, notation.Plural(len(c.Quantities), "uncertain input"),
			supported(c.Caps[0].RobustShare)))
	}
	return append(notes, f.Basis(pathsOf(u), u.Provenance.Scenario)+
		" --format json lists the inputs that vary, with their ranges.")
}
