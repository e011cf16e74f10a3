package report

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/internal/escape"
	"budget/model"
	"budget/plots"
	"budget/plots/choices"
	"budget/plots/figure"
	"budget/plots/planning"
	"budget/solver"
	"budget/sweep/store"
)

// plotFlags are the flags of budget plot.
type plotFlags struct {
	output   string
	kinds    []plots.Kind
	formats  []cli.ChartFormat
	choice   plots.Choice
	reading  solver.Reading
	duration model.Duration
	offers   []model.Duration
	format   figure.Format
	aspect   aspect
	theme    theme
	quiet    bool
	inputs.Reading
}

// everyKind stands for every kind of chart that the results have the data for.
const everyKind plots.Kind = "all"

// PlotCommand is budget plot.
func PlotCommand() cli.Command {
	help := `
Draws charts from a directory written by caps -o, sweep -o, run -o, timer -o or optimize -o. Nothing is
simulated. The title of a chart states its finding. The kinds:

`
	for _, kind := range plots.Kinds() {
		help += fmt.Sprintf("  %-12s %s\n", kind, kind.Meaning())
	}
	for _, kind := range append(planning.Kinds(), planning.KindChanges) {
		help += fmt.Sprintf("  %-12s %s\n", kind, planning.Meaning(kind))
	}
	help += `
From a directory written by timer -o:

`
	for _, kind := range plots.TimerKinds() {
		help += fmt.Sprintf("  %-12s %s\n", kind, kind.Meaning())
	}
	help += `
From a directory written by optimize -o:

`
	for _, kind := range choices.Kinds() {
		help += fmt.Sprintf("  %-12s %s\n", kind, choices.Meaning(kind))
	}
	help += `
Without --kind, it draws every kind for which the results have data. If a chart has no room for all
levels of a column, it shows the middle one or a few, evenly apart, and says so. Choose levels with
--only. --tolerance and --confidence take any value.

Give several directories to --kind failure to draw them over one another, two of sweeps to --kind
differences. Charts go to charts/ in the
first directory, or to the directory of -o.`
	return cli.Command{
		Name: "plot", Args: "DIR...",
		Summary: "charts of the results in a directory",
		Help:    help,
		Examples: []string{
			`budget plot out`,
			`budget plot out --kind map --x ambient_degC --y start_level --tolerance "1 %" -o charts`,
			`budget plot out --kind states --only "start_level=30 %" --format png`,
			`budget plot out --kind failure --offer 20,45 --aspect 16:9 --theme dark --format png`,
			`budget plot months --kind axis --session workout,mindfulness`,
			`budget plot before after --kind failure --session mindfulness`,
			`budget timer "4 x (25 min, rest 5 min)" -o out && budget plot out --kind strip`,
			`budget optimize design.toml -o out && budget plot out --kind prices`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &plotFlags{kinds: []plots.Kind{everyKind}, formats: []cli.ChartFormat{"svg"},
				theme: "light"}
			cli.AddChoices(fs, &f.kinds, "kind",
				slices.Concat([]plots.Kind{everyKind}, ofCaps, []plots.Kind{planning.KindChanges},
					plots.TimerKinds(), choices.Kinds()),
				"`kind` of chart; all: every kind that has data")
			cli.AddChoices(fs, &f.formats, "format", cli.ChartFormats(),
				"`form` of the charts: svg, png or pdf")
			cli.AddList(fs, &f.choice.Sessions, "session", cli.Word, "session type `id` (default: all)",
				inputs.SessionIDs()...)
			cli.AddList(fs, &f.choice.Tolerances, "tolerance", inputs.ParseTolerance,
				"accepted `probability` of failing; charts of a single one use the first "+
					"(default: those of the tables)")
			cli.AddValue(fs, &f.choice.Confidence, "confidence", inputs.ParseConfidence,
				"`probability` that intervals hold (default: that of the results)")
			inputs.AddReading(fs, &f.reading, " (default: the first of the results)")
			cli.AddValue(fs, &f.choice.X, "x", cli.Word, "`column` of the horizontal axis, or of "+
				"panels, curves and bars (default: the first that varies)")
			cli.AddValue(fs, &f.choice.Y, "y", cli.Word, "`column` of a map's vertical axis, or the knob (default: "+
				"start_level, or the next that varies)")
			cli.AddValue(fs, &f.duration, "duration", inputs.ParseLength, "session `length` for "+
				"causes and convergence (default: the longest within the limit)")
			cli.AddList(fs, &f.offers, "offer", inputs.ParseOffered, "session `length` to mark, in minutes "+
				"without a unit, such as 20,45")
			cli.AddChoice(fs, &f.aspect, "aspect", aspects, "width to height: `ratio` 16:9 or 4:3 for "+
				"slides, or square (default: as high as the chart needs)")
			cli.AddValue(fs, &f.format.Scale, "scale", parseScale, "enlarge charts by a `factor` from 0.25 "+
				"to 4 (default: 1, at which a png is 1200 pixels wide)")
			cli.AddChoice(fs, &f.theme, "theme", []theme{"light", "dark"},
				"`ground` of the charts: light or dark")
			cli.AddValue(fs, &f.choice.Only, "only", f.parseOnly, "use only cells at this `level` of a "+
				"column, such as device=s9-45; may be given more than once")
			cli.AddOutput(fs, &f.output, parsePlace, "write the charts to this `directory` (default: "+
				"charts in the results); - writes a single chart to standard output")
			f.AddUnchecked(fs)
			cli.AddQuiet(fs, &f.quiet, "no list of what was drawn")
			return f.run
		},
	}
}

// aspect is the width of charts to their height, and theme their ground.
type (
	aspect string
	theme  string
)

// aspects are those that charts may have, and ratios what they are.
var (
	aspects = []aspect{"16:9", "4:3", "square"}
	ratios  = map[aspect]float64{"16:9": 16.0 / 9, "4:3": 4.0 / 3, "square": 1}
)

// parseScale reads a factor by which charts are enlarged.
func parseScale(text string) (float64, error) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= 0.25 && x <= 4) {
		return 0, fmt.Errorf("%q: expected a number from 0.25 to 4, such as 2", text)
	}
	return x, nil
}

// ofCaps are the kinds of charts of caps and sweeps.
var ofCaps = slices.Concat(plots.Kinds(), planning.Kinds())

// offerKinds are the kinds of charts that have room for lengths to offer.
var offerKinds = []plots.Kind{plots.KindIncidence, plots.KindFailure, plots.KindCaps,
	plots.KindTolerance, plots.KindLoad, planning.KindAxis}

// parseOnly reads the level of a column, and returns it with those given before.
func (f *plotFlags) parseOnly(text string) ([]plots.Level, error) {
	column, level, ok := strings.Cut(text, "=")
	if !ok || column == "" {
		return nil, fmt.Errorf("%q is not COLUMN=LEVEL: expected for instance "+
			"\"start_level=30 %%\"", text)
	}
	return append(f.choice.Only, plots.Level{Column: column, Value: strings.TrimSpace(level)}), nil
}

func (f *plotFlags) run(_ context.Context, sys *cli.System, args []string) error {
	if len(args) == 0 {
		return cli.Usagef("expected a directory written by caps -o or sweep -o, such as: " +
			"budget plot out")
	}
	differences := slices.Contains(f.kinds, planning.KindChanges)
	switch {
	case differences && (len(f.kinds) > 1 || len(args) != 2):
		return cli.Usagef("--kind %s is for two directories of sweeps, and by itself: such as: "+
			"budget plot before after --kind %s", planning.KindChanges, planning.KindChanges)
	case len(args) > 1 && !differences && !slices.Equal(f.kinds, []plots.Kind{plots.KindFailure}):
		return cli.Usagef("several directories need --kind failure or differences: add it, or give one " +
			"directory")
	case differences && (f.choice.X != "" || len(f.choice.Only) > 0):
		return cli.Usagef("--x and --only are not for --kind %s: leave them out", planning.KindChanges)
	}
	if len(f.kinds) > 1 && slices.Contains(f.kinds, everyKind) {
		return cli.Usagef("--kind: give all, or a list of kinds, not both")
	}
	if f.choice.Y != "" && !f.draws(plots.KindMap, choices.KindKnobs) {
		return cli.Usagef("--y is for --kind map and knobs: leave it out")
	}
	if f.duration > 0 && !f.draws(plots.KindCauses, plots.KindConvergence) {
		return cli.Usagef("--duration is for --kind causes and convergence: leave it out")
	}
	if len(f.offers) > 0 && !f.draws(offerKinds...) {
		return cli.Usagef("--offer is for --kind %s: leave it out", joined(offerKinds))
	}
	for _, d := range f.offers {
		f.choice.Offers = append(f.choice.Offers, float64(d))
	}
	f.format.Aspect = ratios[f.aspect]
	if f.theme == "dark" {
		f.format.Theme = figure.Dark
	}
	if len(args) == 1 && store.IsRun(args[0]) {
		return f.drawRun(sys, args[0])
	}
	if len(args) == 1 && store.IsTimer(args[0]) {
		return f.drawTimer(sys, args[0])
	}
	if len(args) == 1 && store.IsDesigns(args[0]) {
		return f.drawDesigns(sys, args[0])
	}
	for _, kind := range choices.Kinds() {
		if slices.Contains(f.kinds, kind) {
			return cli.Usagef("--kind %s is for results of budget optimize: run budget optimize -o first",
				kind)
		}
	}
	for _, kind := range plots.TimerKinds() {
		if slices.Contains(f.kinds, kind) {
			return cli.Usagef("--kind %s is for results of budget timer: run budget timer -o first", kind)
		}
	}
	f.choice.Reading, f.choice.Duration = string(f.reading), float64(f.duration)
	var results []*store.Results
	for _, dir := range args {
		r, err := f.Results(sys, dir)
		if err != nil {
			return err
		}
		defer r.Close()
		reached, left := r.Simulated()
		if len(reached.Cells) == 0 {
			return inputs.Resultsf(store.ErrNothingSimulated, "cannot draw %s", dir)
		}
		if text := store.Unreached(left); text != "" && !f.quiet {
			sys.Remarkf("%s: %s", dir, text)
		}
		results = append(results, reached)
	}
	charts, lacking, err := f.draw(results)
	if err != nil {
		return err
	}
	return f.write(sys, args[0], charts, lacking)
}

// write writes charts of a directory, and says which kinds there is no data for.
func (f *plotFlags) write(sys *cli.System, results string, charts []plots.Named,
	lacking []error) error {
	charts = slices.Clone(charts)
	for i := range charts {
		charts[i].Chart = charts[i].In(f.format)
	}
	files := cli.NamedFiles(charts, f.formats)
	if f.output == cli.Stdin {
		return f.single(sys, files)
	}
	dir := cmp.Or(f.output, filepath.Join(results, "charts"))
	out, err := cli.OpenOutput(sys, dir, files)
	if err != nil {
		return err
	}
	out.Beside()
	if err := out.Write(files); err != nil || f.quiet {
		return err
	}
	for i, file := range files {
		title := charts[i/len(f.formats)].Title
		sys.Printf("%s  %s\n", escape.Visible(filepath.Join(dir, file.Name)), escape.Visible(title))
	}
	for _, m := range lacking {
		sys.Remarkf("%v", m)
	}
	return nil
}

// joined lists kinds in words.
func joined(kinds []plots.Kind) string {
	return strings.Join(cli.Texts(kinds[:len(kinds)-1]), ", ") + " and " + string(kinds[len(kinds)-1])
}

// drawRun draws the results of budget run.
func (f *plotFlags) drawRun(sys *cli.System, dir string) error {
	if len(f.offers) > 0 {
		return cli.Usagef("--offer: %s holds the results of budget run, which has no such chart: leave it out",
			dir)
	}
	if !f.draws(plots.KindCauses) {
		return cli.Usagef("--kind: %s holds the results of budget run, which have data for %s alone", dir,
			plots.KindCauses)
	}
	run, err := f.Run(sys, dir)
	if err != nil {
		return err
	}
	charts, err := plots.DrawRun(run)
	if missing, ok := errors.AsType[*plots.Missing](err); ok {
		missing.Kind = plots.KindCauses
		return cli.Usagef("%v", missing)
	}
	if err != nil {
		return inputs.Resultsf(err, "cannot draw %s", dir)
	}
	return f.write(sys, dir, charts, nil)
}

// drawTimer draws the results of budget timer.
func (f *plotFlags) drawTimer(sys *cli.System, dir string) error {
	c := f.choice
	switch {
	case c.Confidence != 0 || f.reading != "" || f.duration != 0 || len(c.Sessions)+len(c.Only) > 0 ||
		c.X != "" || c.Y != "" || len(c.Offers) > 0:
		return cli.Usagef("%s holds the results of budget timer: only --kind, --tolerance, --format, "+
			"--aspect, --scale, --theme and -o are for its charts", dir)
	case len(c.Tolerances) > 1:
		return cli.Usagef("--tolerance: expected one for the charts of a timer")
	}
	t, err := f.Timer(sys, dir)
	if err != nil {
		return err
	}
	if len(c.Tolerances) == 1 {
		t.Tolerance = c.Tolerances[0]
	}
	draw := func(kind plots.Kind) ([]plots.Named, error) { return plots.DrawTimer(t, kind) }
	charts, lacking, err := f.drawEach(plots.TimerKinds(), draw)
	if err != nil {
		return err
	}
	return f.write(sys, dir, charts, lacking)
}

// drawDesigns draws the results of budget optimize.
func (f *plotFlags) drawDesigns(sys *cli.System, dir string) error {
	c := f.choice
	if c.Confidence != 0 || f.reading != "" || f.duration != 0 ||
		len(c.Sessions)+len(c.Only)+len(c.Tolerances)+len(c.Offers) > 0 {
		return cli.Usagef("%s holds the results of budget optimize: only --kind, --x, --y, --format, "+
			"--aspect, --scale, --theme and -o are for its charts", dir)
	}
	if c.X+c.Y != "" && !f.draws(choices.KindKnobs) {
		return cli.Usagef("--x and --y are for --kind knobs: leave them out")
	}
	d, err := f.Designs(sys, dir)
	if err != nil {
		return err
	}
	charts, lacking, err := f.drawEach(choices.Kinds(), func(kind plots.Kind) ([]plots.Named, error) {
		return choices.Draw(d, kind, choices.Axes{X: c.X, Y: c.Y})
	})
	if err != nil {
		return err
	}
	return f.write(sys, dir, charts, lacking)
}

// parsePlace reads the name of a directory, or - for standard output.
func parsePlace(text string) (string, error) {
	if text == cli.Stdin {
		return text, nil
	}
	return cli.Directory(text)
}

// single writes a chart to standard output, if there is only one.
func (f *plotFlags) single(sys *cli.System, files []cli.File) error {
	if len(files) != 1 {
		var names []string
		for _, file := range files {
			names = append(names, file.Name)
		}
		return cli.Usagef("-o - writes a single chart, not %d (%s): choose it with --kind, --session "+
			"and --format", len(files), strings.Join(names, ", "))
	}
	return files[0].Write(sys.Stdout)
}

// draws reports whether one of some kinds may be drawn.
func (f *plotFlags) draws(some ...plots.Kind) bool {
	return slices.ContainsFunc(f.kinds, func(k plots.Kind) bool {
		return k == everyKind || slices.Contains(some, k)
	})
}

// draw makes the charts that the flags ask for, and says which kinds there is no data for
// where all are asked for.
func (f *plotFlags) draw(results []*store.Results) (charts []plots.Named, lacking []error,
	err error) {
	return f.drawEach(ofCaps, func(kind plots.Kind) ([]plots.Named, error) {
		switch {
		case kind == planning.KindChanges:
			return planning.DrawChanges(results[0], results[1], f.choice)
		case len(results) > 1:
			return plots.Overlay(results, f.choice)
		case slices.Contains(planning.Kinds(), kind):
			return planning.Draw(results[0], kind, f.choice)
		}
		return plots.Draw(results[0], kind, f.choice)
	})
}

// drawEach makes the charts of the kinds that the flags ask for, of every one if they ask for all.
func (f *plotFlags) drawEach(every []plots.Kind, draw func(plots.Kind) ([]plots.Named, error)) (
	charts []plots.Named, lacking []error, err error) {
	kinds := f.kinds
	all := slices.Equal(kinds, []plots.Kind{everyKind})
	if all {
		kinds = every
	}
	for _, kind := range kinds {
		drawn, err := draw(kind)
		missing, lacks := errors.AsType[*plots.Missing](err)
		if lacks {
			missing.Reason = cmp.Or(remedies[missing.Lack], missing.Reason)
		}
		_, unfit := errors.AsType[*plots.Unfit](err)
		switch {
		case lacks && all:
			lacking = append(lacking, err)
		case lacks || unfit:
			return nil, nil, cli.Usagef("%v", err)
		case err != nil:
			return nil, nil, inputs.Resultsf(err, "cannot draw %s", kind)
		}
		charts = append(charts, drawn...)
	}
	return charts, lacking, nil
}

// remedies say what gives the data that a chart lacks.
var remedies = map[plots.Lack]string{
	plots.LackLoads: "the mean power of the watch does not vary: expected a plan over a workload's " +
		"power, such as workload.seated.power, or another number by --x",
	plots.LackLooks:       "caps with --paths checks precision only once: run it without, or a sweep",
	plots.LackStates:      "the results have no states: add trajectories = 256 to the plan, sweep again",
	plots.LackUncertainty: "run budget uncertainty -o with the same directory first",
	plots.LackSensitivity: "run budget sensitivity -o with the same directory first",
	plots.LackMap:         "run budget timer with --map first, such as --map 10,20,30",
}
