package report

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/notation"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/store"
	"budget/sweep/uncertainty"
)

// repeating returns the command that finds results anew.
func repeating(r *store.Results) string {
	if r.Plan != nil {
		parts := []string{"budget sweep", quoted(filepath.Join(r.Dir, "plan.toml"))}
		for _, setting := range r.Provenance.Set {
			parts = append(parts, "--set "+quoted(setting))
		}
		return strings.Join(append(parts, "-o out"), " ")
	}
	p := r.Provenance
	parts := append([]string{"budget caps"}, scenarioArguments(p)...)
	add := func(flag string, values []string, standard ...string) {
		parts = append(parts, argument(flag, values, standard...)...)
	}
	var sessions, devices, environments []string
	for _, c := range r.Cells {
		for _, x := range []struct {
			to *[]string
			id string
		}{{&sessions, c.Session}, {&devices, c.Device}, {&environments, c.Environment}} {
			if !slices.Contains(*x.to, x.id) {
				*x.to = append(*x.to, x.id)
			}
		}
	}
	add("session", sessions, inputs.SessionIDs()...)
	add("device", devices, solver.Fleet)
	add("environment", environments, solver.Mix)
	add("tolerance", percents(p.Tolerances...), percents(solver.DefaultTolerances...)...)
	add("confidence", percents(p.Confidence), percents(solver.DefaultConfidence)...)
	if p.StartLevel != nil {
		add("start-level", percents(*p.StartLevel))
	}
	var menu []float64
	for _, d := range inputs.DefaultMenu() {
		menu = append(menu, float64(d))
	}
	if !slices.Equal(p.Offered, menu) && len(p.Offered) > 0 {
		add("offer", lengths(p.Offered))
	}
	gate := float64(inputs.DefaultGate) / 100
	if p.StartLevel != nil {
		gate = 0
	}
	add("gate", percents(p.Gate), percents(gate)...)
	if !slices.ContainsFunc(r.Cells, ranged) && len(r.Cells) <= uncertainty.MostRanges {
		parts = append(parts, "--no-uncertainty")
	}
	parts = append(parts, methodArguments(p)...)
	if p.MaxPaths == 0 {
		paths := r.Cells[0].Caps[0].Paths // of an interrupted run less than was asked for
		fmt.Sscanf(p.Precision, "%d paths", &paths)
		add("paths", []string{fmt.Sprint(paths)})
	} else {
		add("max-paths", []string{fmt.Sprint(p.MaxPaths)}, fmt.Sprint(int64(solver.DefaultMaxPaths)))
		add("precision", []string{notation.Length(p.PrecisionSeconds)},
			notation.Length(solver.DefaultPrecision))
		add("relative-precision", percents(p.RelativePrecision),
			percents(solver.DefaultRelativePrecision)...)
	}
	return strings.Join(append(parts, "-o out"), " ")
}

// repeatingRun returns the command that finds the results of budget run anew.
func repeatingRun(r *store.Run) string {
	p := r.Provenance
	var sessions, devices, environments, durations []string
	add := func(to *[]string, text string) {
		if !slices.Contains(*to, text) {
			*to = append(*to, text)
		}
	}
	for _, o := range r.Outcomes {
		add(&sessions, o.Session)
		add(&devices, o.Device)
		add(&environments, o.Environment)
		add(&durations, notation.Length(o.Length))
	}
	parts := []string{"budget run", quoted(strings.Join(sessions, ",")),
		quoted(strings.Join(durations, ","))}
	parts = append(parts, scenarioArguments(p)...)
	parts = append(parts, argument("device", devices, solver.Fleet)...)
	parts = append(parts, argument("environment", environments, solver.Mix)...)
	parts = append(parts, argument("confidence", percents(p.Confidence),
		percents(solver.DefaultConfidence)...)...)
	if p.StartLevel != nil {
		parts = append(parts, argument("start-level", percents(*p.StartLevel))...)
	}
	parts = append(parts, methodArguments(p)...)
	var paths int64
	if n, _ := fmt.Sscanf(p.Precision, "%d paths", &paths); n == 1 {
		parts = append(parts, argument("paths", []string{fmt.Sprint(paths)},
			fmt.Sprint(int64(sweep.DefaultPaths)))...)
	}
	return strings.Join(append(parts, "-o out"), " ")
}

// repeatingChoice returns the command that finds the results of budget optimize anew.
func repeatingChoice(d *store.Designs) string {
	parts := []string{"budget optimize", quoted(d.Charts.File)}
	for _, setting := range d.Provenance.Set {
		parts = append(parts, "--set "+quoted(setting))
	}
	return strings.Join(append(parts, "-o out"), " ")
}

// scenarioArguments returns the scenario file and the flags over it.
func scenarioArguments(p sweep.Provenance) (parts []string) {
	for _, o := range p.Overrides {
		if file, _, ok := strings.Cut(o.Place, ":"); ok { // flags are no such places
			parts = append(parts, quoted(file))
			break
		}
	}
	for _, o := range p.Overrides {
		if o.Place == "--step" {
			parts = append(parts, "--step "+quoted(o.Value))
		}
	}
	for _, setting := range p.Set {
		parts = append(parts, "--set "+quoted(setting))
	}
	if p.Workload != "" {
		parts = append(parts, "--workload "+quoted(p.Workload))
	}
	return parts
}

// methodArguments returns the flags that say how to simulate.
func methodArguments(p sweep.Provenance) (parts []string) {
	add := func(flag string, values []string, standard ...string) {
		parts = append(parts, argument(flag, values, standard...)...)
	}
	add("reading", p.Readings, cli.Texts(solver.BothReadings())...)
	add("on-resign", []string{p.OnResign}, inputs.ResignLeaves)
	add("count-refused", []string{fmt.Sprint(p.CountRefused)}, "false")
	add("seed", []string{fmt.Sprint(p.Seed)}, fmt.Sprint(sweep.DefaultSeed))
	add("estimator", []string{p.Estimator}, string(solver.Weights))
	if p.Estimator == string(solver.Weights) {
		add("sampling", []string{p.Sampling}, string(solver.Tilted))
	}
	return parts
}

// argument returns a flag with values, unless they are the default.
func argument(flag string, values []string, standard ...string) []string {
	if slices.Equal(values, standard) {
		return nil
	}
	return []string{"--" + flag + " " + quoted(strings.Join(values, ","))}
}

// ranged reports whether the caps of a cell have a range over uncertain inputs.
func ranged(c *store.Cell) bool {
	return slices.ContainsFunc(c.Caps, func(c sweep.Cap) bool { return c.Spread != nil })
}

func lengths(seconds []float64) (texts []string) {
	for _, x := range seconds {
		texts = append(texts, notation.Length(x))
	}
	return texts
}

func percents(shares ...float64) (texts []string) {
	for _, x := range shares {
		texts = append(texts, notation.Percent(x))
	}
	return texts
}

// quoted puts an argument in quotes where a shell wants them: single ones if it would expand
// something within double ones.
func quoted(text string) string {
	switch {
	case strings.ContainsAny(text, "\"`$\\!"):
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	case strings.ContainsAny(text, " \t\n'&|;()<>*?[]{}#~") || text == "":
		return `"` + text + `"`
	}
	return text
}
