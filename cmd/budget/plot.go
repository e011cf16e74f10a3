package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"budget/model"
	"budget/plots"
	"budget/solver"
	"budget/sweep"
)

// plotFlags are the flags of budget plot.
type plotFlags struct {
	output   string
	kinds    []plots.Kind
	formats  []chartFormat
	choice   plots.Choice
	reading  solver.Reading
	duration model.Duration
	quiet    bool
}

// chartFormat is a form that charts are written in.
type chartFormat string

func chartFormats() []chartFormat { return []chartFormat{"svg", "png", "pdf"} }

// everyKind stands for every kind of chart that the results have the data for.
const everyKind plots.Kind = "all"

func plotCommand() command {
	help := `
Draws charts of what caps -o or sweep -o has left in a directory; nothing is simulated. The kinds:

`
	for _, kind := range plots.Kinds() {
		help += fmt.Sprintf("  %-12s %s\n", kind, kind.Meaning())
	}
	help += `
Without --kind, all that the results have the data for. What a chart has no room for is held at the
middle of its levels, or left out evenly, and the chart says so; --only chooses. --tolerance and
--confidence may be any: the failure curves are there.

Several directories are for --kind failure, which draws them over one another. Charts go to the
directory charts in the (first) one, unless -o says where.`
	return command{
		name: "plot", args: "DIR...",
		summary: "charts of the results in a directory",
		help:    help,
		examples: []string{
			`budget plot out`,
			`budget plot out --kind map --x ambient_degC --y start_level --tolerance "1 %" -o charts`,
			`budget plot out --kind states --only "start_level=30 %" --format png`,
			`budget plot before after --kind failure --session mindfulness`,
		},
		define: func(fs *pflag.FlagSet) action {
			f := &plotFlags{kinds: []plots.Kind{everyKind}, formats: []chartFormat{"svg"}}
			kinds := append([]plots.Kind{everyKind}, plots.Kinds()...)
			complete(addList(fs, &f.kinds, "kind", string(everyKind), oneOf(kinds), "`kind` of chart, or all that there is data for"), texts(kinds))
			complete(addList(fs, &f.formats, "format", "svg", oneOf(chartFormats()), "`form` of the charts: svg, png or pdf"), texts(chartFormats()))
			complete(addList(fs, &f.choice.Sessions, "session", "", word, "session type `id` (default: all)"), model.IDs(model.Default().Sessions))
			addList(fs, &f.choice.Tolerances, "tolerance", "", parseTolerance,
				"`probability` of failing that is accepted; charts of a single one take the first (default: those of the tables)")
			addValue(fs, &f.choice.Confidence, "confidence", "", parseConfidence, "`probability` that intervals hold (default: that of the results)")
			addChoice(fs, &f.reading, "reading", readings(), "`reading` of the granted time (default: the first of the results)")
			addValue(fs, &f.choice.X, "x", "", word, "`column` of the horizontal axis, or that panels, curves and bars go by (default: the first that varies)")
			addValue(fs, &f.choice.Y, "y", "", word, "`column` of a map's vertical axis (default: start_level, or the next that varies)")
			addValue(fs, &f.duration, "duration", "", parseLength, "`duration` of the plans of causes and convergence (default: the longest before the limit)")
			addValue(fs, &f.choice.Only, "only", "", func(text string) ([]plots.Level, error) {
				column, level, ok := strings.Cut(text, "=")
				if !ok || column == "" {
					return nil, fmt.Errorf("%q is no level of a column: expected one, such as \"start_level=30 %%\"", text)
				}
				return append(f.choice.Only, plots.Level{Column: column, Value: strings.TrimSpace(level)}), nil
			}, "`level` of a column, such as device=s9-45, that cells are to be at; may be given more than once")
			fs.VarP(&value[string]{&f.output, "", parseDirectory}, "output", "o", "write the charts to this `directory` (default: charts in the results)")
			fs.BoolVarP(&f.quiet, "quiet", "q", false, "no list of what was drawn")
			return f.run
		},
	}
}

func (f *plotFlags) run(_ context.Context, sys *system, args []string) error {
	if len(args) == 0 {
		return usagef("expected a directory that caps -o or sweep -o has left, such as: budget plot out")
	}
	if len(args) > 1 && !slices.Equal(f.kinds, []plots.Kind{plots.KindFailure}) {
		return usagef("several directories are for --kind failure")
	}
	if len(f.kinds) > 1 && slices.Contains(f.kinds, everyKind) {
		return usagef("--kind: all stands for every kind")
	}
	f.choice.Reading, f.choice.Duration = string(f.reading), float64(f.duration)
	var results []*sweep.Results
	for _, dir := range args {
		r, err := readResults(dir)
		if err != nil {
			return err
		}
		defer r.Close()
		results = append(results, r)
	}
	charts, lacking, err := f.draw(results)
	if err != nil {
		return err
	}
	dir := f.output
	if dir == "" {
		dir = filepath.Join(args[0], "charts")
	}
	var files []file
	var names []string
	for _, c := range charts {
		files = append(files, chartFiles(fileName(c.Name), f.formats, func() (*plots.Chart, error) { return c.Chart, nil })...)
	}
	for _, written := range files {
		names = append(names, written.name)
	}
	out, err := openOutput(sys, dir, names)
	if err != nil {
		return err
	}
	if err := out.write(files); err != nil || f.quiet {
		return err
	}
	for _, c := range charts {
		for _, form := range f.formats {
			fmt.Fprintf(sys.stdout, "%s  %s\n", filepath.Join(dir, fileName(c.Name)+"."+string(form)), c.Title)
		}
	}
	for _, m := range lacking {
		fmt.Fprintf(sys.stderr, "budget: %v\n", m)
	}
	return nil
}

// draw makes the charts that the flags ask for, and says which kinds there is no data for
// where all are asked for.
func (f *plotFlags) draw(results []*sweep.Results) (charts []plots.Named, lacking []error, err error) {
	kinds := f.kinds
	all := slices.Equal(kinds, []plots.Kind{everyKind})
	if all {
		kinds = plots.Kinds()
	}
	for _, kind := range kinds {
		var drawn []plots.Named
		if len(results) > 1 {
			drawn, err = plots.Overlay(results, f.choice)
		} else {
			drawn, err = plots.Draw(results[0], kind, f.choice)
		}
		_, missing := errors.AsType[*plots.Missing](err)
		_, unfit := errors.AsType[*plots.Unfit](err)
		switch {
		case missing && all:
			lacking = append(lacking, err)
		case missing || unfit:
			return nil, nil, usagef("%v", err)
		case err != nil:
			return nil, nil, resultsf(err, "cannot draw %s", kind)
		}
		charts = append(charts, drawn...)
	}
	return charts, lacking, nil
}

// chartFiles lists the files of a chart, one for each format. It is drawn when they are
// written.
func chartFiles(name string, forms []chartFormat, chart func() (*plots.Chart, error)) []file {
	var files []file
	for _, form := range forms {
		files = append(files, file{name + "." + string(form), func(w io.Writer) error {
			drawn, err := chart()
			if err != nil {
				return err
			}
			return drawn.Encode(w, string(form))
		}})
	}
	return files
}

// drawnFiles lists the files of charts, where there is a directory for them.
func drawnFiles(out *output, draw func() ([]plots.Named, error)) ([]file, error) {
	if out == nil {
		return nil, nil
	}
	drawn, err := draw()
	if err != nil {
		return nil, err
	}
	var files []file
	for _, c := range drawn {
		files = append(files, chartFiles(c.Name, chartFormats(), func() (*plots.Chart, error) { return c.Chart, nil })...)
	}
	return files, nil
}
