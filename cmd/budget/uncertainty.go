package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/spf13/pflag"

	"budget/internal/notation"
	"budget/model"
	"budget/plots"
	"budget/solver"
	"budget/sweep"
)

// unknownFlags are the flags of the commands that vary what is not known.
type unknownFlags struct {
	*options
	sessions   []string
	tolerances []float64
	varying    sweep.Varying
}

// newUnknownFlags returns them with their defaults. The documented reading is what the
// cautious one comes to where pressure uses nothing up, which the ranges hold.
func newUnknownFlags() *unknownFlags {
	f := &unknownFlags{options: newOptions()}
	f.readings = []solver.Reading{solver.Cautious}
	return f
}

// addVarying adds the flags that say what is varied.
func (f *unknownFlags) addVarying(fs *pflag.FlagSet) {
	var keys []string
	for _, p := range model.Default().Parameters() {
		if p.Law != nil {
			keys = append(keys, p.Key)
		}
	}
	complete(addList(fs, &f.varying.Vary, "vary", "", word,
		"vary only quantities with this `key`, in which * stands for any text, such as 'policy.*' (default: all that matter)"), keys)
	complete(addList(fs, &f.varying.Fix, "fix", "", word,
		"take quantities with this `key` as known, as --vary has it"), keys)
}

// uncertaintyFlags are the flags of budget uncertainty.
type uncertaintyFlags struct {
	*unknownFlags
	sets, plants int
	design       sweep.RuleDesign
	share        float64
}

func uncertaintyCommand() command {
	return command{
		name: "uncertainty", args: "[scenario.toml]",
		summary: "what is not known, and what that does to the caps",
		help: `
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
		examples: []string{
			`budget uncertainty --session mindfulness`,
			`budget uncertainty --session mindfulness --vary 'policy.*' --tolerance "1 %"`,
			`budget uncertainty measured.toml --session workout --fix 'thermal.*' --plants 128 -o out`,
		},
		words: func(int) []string { return nil },
		define: func(fs *pflag.FlagSet) action {
			f := &uncertaintyFlags{unknownFlags: newUnknownFlags(), sets: 256, design: sweep.LatinRules, share: 0.95}
			f.sessions, f.tolerances, f.paths = []string{everyID}, []float64{0.005, 0.01, 0.05}, 32_768
			complete(addList(fs, &f.sessions, "session", everyID, word, "session type `id`"),
				append([]string{everyID}, model.IDs(model.Default().Sessions)...))
			f.addVarying(fs)
			addValue(fs, &f.sets, "sets", "256", parseSets, "`number` of sets of values")
			addValue(fs, &f.plants, "plants", "", parseSets,
				"`number` of independent draws of what touches the watch (default: 64, 24 with more than 131072 paths; as many as sets where rules alone are varied)")
			addChoice(fs, &f.design, "design", sweep.RuleDesigns(), "`way` to draw the sets of a plant")
			addValue(fs, &f.share, "share", "95 %", parseSharePart, "`part` of what is not known that the robust cap is to hold for")
			addList(fs, &f.tolerances, "tolerance", "0.5 %,1 %,5 %", parseTolerance,
				"`probability` of failing that is accepted at most, such as \"1 %\" or 0.01")
			addValue(fs, &f.confidence, "confidence", "95 %", parseConfidence, "`probability` that an interval or a robust cap holds, each by itself")
			addValue(fs, &f.paths, "paths", "32768", parsePaths, "`number` of simulated sessions for each set")
			f.addCases(fs)
			f.addMethod(fs)
			f.addOutput(fs, "uncertainty.json, uncertainty.csv, sets.csv and the charts")
			return f.run
		},
	}
}

// maxSets keeps what is kept of sets in memory.
const maxSets = 8192

func parseSets(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 2 || n > maxSets {
		return 0, fmt.Errorf("%q is out of range: expected a whole number from 2 to %d", text, maxSets)
	}
	return n, nil
}

func parseSharePart(text string) (float64, error) {
	return parseShare(text, func(x float64) bool { return x >= 0.5 && x < 1 }, "at least 0.5 and less than 1")
}

// prepare reads the scenario and makes the request.
func (f *unknownFlags) prepare(sys *system, args []string) (*model.Scenario, sweep.Request, error) {
	s, err := f.load(sys, args)
	if err != nil {
		return nil, sweep.Request{}, err
	}
	if f.estimator != solver.Weights {
		return nil, sweep.Request{}, usagef("--estimator: %s cannot be shared by many sets: expected weights", f.estimator)
	}
	sessions, err := pick("session", f.sessions, "", model.IDs(s.Sessions))
	if err != nil {
		return nil, sweep.Request{}, err
	}
	q := f.request(sessions)
	q.Tolerances = f.tolerances
	if _, err := f.cases(q, s); err != nil {
		return nil, sweep.Request{}, err
	}
	if !f.quiet {
		warn(sys, s.Warnings())
	}
	return s, q, nil
}

// unfinished says how a command ended that has nothing to tell before its end.
func unfinished(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return &failure{exitInterrupted, "interrupted: nothing is known yet"}
	}
	return usagef("%v", err)
}

func (f *uncertaintyFlags) run(ctx context.Context, sys *system, args []string) error {
	s, q, err := f.prepare(sys, args)
	if err != nil {
		return err
	}
	out, err := openOutput(sys, f.output, []string{sweep.UncertaintyFile, "uncertainty.csv", "sets.csv", "unknown.svg"})
	if err != nil {
		return err
	}
	p := startProgress(sys, f.quiet, false)
	u, err := sweep.Uncertain(ctx, s, sweep.UncertaintyRequest{Request: q, Varying: f.varying, Sets: f.sets, Plants: f.plants, Design: f.design, Share: f.share},
		p.control(f.options))
	p.finish()
	if err != nil {
		return unfinished(ctx, err)
	}
	u.Provenance = f.provenance(s, q, fmt.Sprintf("%d paths a set", f.paths), solver.Done)
	charts, err := drawnFiles(out, func() ([]plots.Named, error) { return plots.DrawUncertainty(u) })
	if err != nil {
		return err
	}
	fileErr := out.write(append([]file{
		{sweep.UncertaintyFile, func(w io.Writer) error { return sweep.WriteJSON(w, u) }},
		{"uncertainty.csv", uncertaintyRecords(u).writeCSV},
		{"sets.csv", setRecords(u).writeCSV},
	}, charts...))
	return cmp.Or(f.print(sys, u), fileErr)
}

// uncertaintyRecords lists the caps for programs.
func uncertaintyRecords(u *sweep.Uncertainty) *records {
	r := &records{fields: []string{"session", "device", "environment", "reading", "tolerance", "default_cap_s",
		"q05_cap_s", "q05_lower_s", "q05_upper_s", "q50_cap_s", "q50_lower_s", "q50_upper_s", "q95_cap_s", "q95_lower_s", "q95_upper_s",
		"predictive_cap_s", "predictive_cap_upper_s", "predictive_failure", "path_error", "set_error",
		"robust_cap_s", "robust_share", "robust_rank", "confidence", "plants", "sets"}}
	for _, c := range u.Cases {
		for _, cap := range c.Caps {
			row := []any{c.Session, c.Device, c.Environment, cap.Reading, cap.Tolerance, cap.Default}
			for _, q := range cap.Quantiles {
				row = append(row, q.Value, q.Lower, q.Upper)
			}
			r.add(append(row, cap.Predictive, cap.PredictiveUpper, cap.Failure, cap.PathError, cap.SetError,
				cap.Robust, cap.RobustShare, cap.RobustRank, u.Provenance.Confidence, int64(c.Plants), int64(len(c.Sets)))...)
		}
	}
	return r
}

// setRecords lists the sets for programs: the values of what is not known, empty where a
// case does not vary it, and the caps.
func setRecords(u *sweep.Uncertainty) *records {
	r := &records{fields: []string{"session", "device", "environment", "set", "plant", "reading", "tolerance", "cap_s", "lower_s", "upper_s"}}
	place := map[string]int{}
	for _, c := range u.Cases {
		for _, k := range c.Unknowns {
			if _, ok := place[k.Column]; !ok {
				place[k.Column] = len(r.fields)
				r.fields = append(r.fields, k.Column)
			}
		}
	}
	for _, c := range u.Cases {
		for i, set := range c.Sets {
			for j, found := range set.Caps {
				row := make([]any, len(r.fields))
				copy(row, []any{c.Session, c.Device, c.Environment, int64(i + 1), int64(set.Plant), c.Caps[j].Reading, c.Caps[j].Tolerance, found.Cap, found.Lower, found.Upper})
				for k, unknown := range c.Unknowns {
					row[place[unknown.Column]] = set.Values[k]
				}
				r.add(row...)
			}
		}
	}
	return r
}

func (f *uncertaintyFlags) print(sys *system, u *sweep.Uncertainty) error {
	switch f.format {
	case formatCSV:
		return uncertaintyRecords(u).writeCSV(sys.stdout)
	case formatJSON:
		return sweep.WriteJSON(sys.stdout, u)
	case formatMarkdown:
		if err := f.table(u).markdown(sys.stdout); err != nil {
			return err
		}
	default:
		if _, err := f.table(u).text().Write(sys.stdout, sys.tableWidth(), sys.colour()); err != nil {
			return err
		}
	}
	if f.quiet {
		return nil
	}
	return writeNotes(sys, f.format, f.notes(u), nil)
}

// table shows the caps for people.
func (f *uncertaintyFlags) table(u *sweep.Uncertainty) plainTable {
	t := plainTable{titles: []string{"Tolerance", ">As assumed", ">5 %", ">Median", ">95 %", ">Predictive", ">Robust"}}
	for i, c := range u.Cases {
		if i > 0 {
			t.rows = append(t.rows, make([]string, len(t.titles)))
		}
		capText := func(seconds float64) string {
			if seconds >= c.Horizon {
				return length(seconds) + " or more"
			}
			return capLength(seconds)
		}
		for j, cap := range c.Caps {
			if j == 0 || cap.Reading != c.Caps[j-1].Reading {
				t.rows = append(t.rows, []string{f.title(c, cap.Reading)})
			}
			row := []string{"  " + percent(cap.Tolerance), capText(cap.Default)}
			for _, q := range cap.Quantiles {
				row = append(row, capText(q.Value))
			}
			t.rows = append(t.rows, append(row, capText(cap.Predictive), capText(cap.Robust)))
			between := []string{"", ""}
			for _, q := range cap.Quantiles {
				text := "exact"
				if q.Lower < q.Upper {
					text = capLength(q.Lower) + " to " + capLength(q.Upper)
				}
				between = append(between, text)
			}
			predictive := "exact"
			if cap.Predictive < cap.PredictiveUpper {
				predictive = "to " + capText(cap.PredictiveUpper)
			}
			t.rows = append(t.rows, append(between, predictive, "for "+supported(cap.RobustShare)))
		}
	}
	return t
}

// supported writes the share that a robust cap holds for, of which none is made up.
func supported(share float64) string { return percent(math.Floor(1000*share+1e-6) / 1000) }

// title names a case in a table, with the reading.
func (f *uncertaintyFlags) title(c sweep.UncertainCase, reading string) string {
	name := c.SessionName
	for _, id := range []string{c.Device, c.Environment} {
		if id != solver.Fleet && id != solver.Mix {
			name += ", " + id
		}
	}
	if len(f.readings) > 1 || reading != string(solver.Cautious) {
		name += ", " + reading + " reading"
	}
	sets := notation.Plural(len(c.Sets), "independent set")
	if c.Plants < len(c.Sets) {
		sets = fmt.Sprintf("%s on %s", notation.Plural(len(c.Sets), "set"), notation.Plural(c.Plants, "plant"))
	}
	return fmt.Sprintf("%s: %s not known, %s", name, notation.Plural(len(c.Unknowns), "quantity", "quantities"), sets)
}

// notes tell how to read the table.
func (f *uncertaintyFlags) notes(u *sweep.Uncertainty) []string {
	notes := []string{
		fmt.Sprintf("5 %%, median and 95 %% are quantiles of the sets' caps (best estimates), with %s intervals below. The predictive cap is that of the mean failure of all sets, and below it how long it could be.",
			percent(f.confidence)),
		fmt.Sprintf("The robust cap holds for at least the share below it of all that is not known, with %s confidence (Wilks, one set of each plant; a tenth of the error is left to chance among the paths). Each row holds by itself.",
			percent(f.confidence)),
	}
	for _, c := range u.Cases {
		if c.Caps[0].RobustShare < f.share-1e-9 {
			notes = append(notes, fmt.Sprintf("%s: %s support %s; --plants %d would support %s.", c.SessionName, notation.Plural(c.Plants, "plant"),
				supported(c.Caps[0].RobustShare), sweep.PlantsFor(f.share, f.confidence), percent(f.share)))
		}
	}
	return append(notes, fmt.Sprintf("%s a set, seed %d, %s, scenario %q. --format json lists what is varied, and over which ranges.",
		notation.Plural(f.paths, "path"), f.seed, f.method(), u.Provenance.Scenario))
}
