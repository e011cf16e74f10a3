package report

import (
	"bytes"
	"context"
	"io"
	"path/filepath"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	content "budget/plots/report"
	"budget/plots/report/page"
	"budget/sweep/store"
)

// Forms of a report.
const (
	formatHTML cli.Format = "html"
	formatPDF  cli.Format = "pdf"
)

// reportFlags are the flags of budget report.
type reportFlags struct {
	format cli.Format
	typed  func(flag string) bool // on the command line
	output string
	// summary is whether only the first screen is asked for.
	summary bool
	inputs.Machine
	inputs.Reading
}

// Command is budget report.
func Command() cli.Command {
	return cli.Command{
		Name: "report", Args: "DIR",
		Summary: "make one page of a run or a sweep, to read, print and send",
		Help: `
Makes one page from the directory of budget caps -o or budget sweep -o: the caps first, then
charts, the caps at other tolerances and confidences, all assumptions, the inputs, where the
numbers come from, the method, and what the app sees when a session ends. From that of budget run
-o it makes a page of how sessions end, from that of budget optimize -o one of the choice. Nothing is
simulated.

The page is one file that needs no server. Without scripts only its sliders are missing. The same
directory gives the same bytes.

--format md is for pasting into a pull request. --format pdf prints the page with Chromium or
Chrome, which must be installed.`,
		Examples: []string{
			`budget caps -o out && budget report out -o report.html`,
			`budget report out --format md`,
			`budget report out --format pdf -o report.pdf`,
			`budget report out --summary -o summary.pdf`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &reportFlags{typed: fs.Changed}
			cli.AddChoice(fs, &f.format, "format", []cli.Format{formatHTML, cli.FormatMarkdown, formatPDF},
				"`form` of the report: html, md or pdf (default: by the file's name; md without -o)")
			cli.AddOutput(fs, &f.output, cli.NewFile, "`file` to write; - is standard output, the default")
			fs.BoolVar(&f.summary, "summary", false, "the first screen alone, on one printed page")
			f.AddWorkers(fs)
			f.AddUnchecked(fs)
			return f.run
		},
	}
}

// chosen returns the form that is asked for, or that the file's name says.
func (f *reportFlags) chosen() (cli.Format, error) {
	extension := filepath.Ext(f.output)
	switch {
	case f.format != "" && (f.typed("format") || f.output == "" || f.output == cli.Stdin):
		return f.format, nil
	case f.output == "", f.output == cli.Stdin, extension == ".md":
		return cli.FormatMarkdown, nil
	case extension == ".html", extension == ".htm":
		return formatHTML, nil
	case extension == ".pdf":
		return formatPDF, nil
	case f.format != "":
		return f.format, nil
	}
	return "", cli.Usagef("-o: %s does not say what form it has: expected report.html, report.md or "+
		"report.pdf, or --format", f.output)
}

func (f *reportFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	if len(args) != 1 {
		return cli.Usagef("expected one directory, such as: budget report out -o report.html")
	}
	form, err := f.chosen()
	if err != nil {
		return err
	}
	if form == formatPDF && f.output == "" {
		return cli.Usagef("--format pdf needs a file: -o report.pdf, or -o - for standard output")
	}
	if f.output == cli.Stdin {
		f.output = ""
	}
	var text bytes.Buffer
	file := cli.File{Name: filepath.Base(f.output), Write: func(w io.Writer) error {
		_, err := text.WriteTo(w)
		return err
	}}
	var out *cli.Output
	if f.output != "" {
		if out, err = cli.OpenOutput(sys, filepath.Dir(f.output), []cli.File{file}); err != nil {
			return err
		}
	}
	r, err := f.page(sys, args[0])
	if err != nil {
		return err
	}
	if f.summary {
		if r.Ends != nil || r.Designs != nil {
			return cli.Usagef("--summary is for results of caps and sweep: leave it out")
		}
		r.Summary, r.Still, r.Panel = true, true, nil
	}
	switch form {
	case formatHTML:
		err = page.Write(&text, r)
	case cli.FormatMarkdown:
		writeMarkdown(&text, r)
	case formatPDF:
		err = sys.EndsItself(func() error { return printPage(ctx, &text, r) })
	}
	if err != nil {
		return err
	}
	if out == nil {
		return file.Write(sys.Stdout)
	}
	out.Beside()
	return out.Write([]cli.File{file})
}

// page makes the report of a directory.
func (f *reportFlags) page(sys *cli.System, dir string) (*content.Report, error) {
	fail := func(err error) (*content.Report, error) {
		return nil, inputs.Resultsf(err, "cannot make a report of %s", dir)
	}
	if store.IsRun(dir) {
		run, err := f.Run(sys, dir)
		if err != nil {
			return nil, err
		}
		r, err := content.NewRun(run, repeatingRun(run))
		if err != nil {
			return fail(err)
		}
		return r, nil
	}
	if store.IsDesigns(dir) {
		d, err := f.Designs(sys, dir)
		if err != nil {
			return nil, err
		}
		r, err := content.NewDesigns(d, repeatingChoice(d))
		if err != nil {
			return fail(err)
		}
		return r, nil
	}
	results, err := f.Results(sys, dir)
	if err != nil {
		return nil, err
	}
	defer results.Close()
	r, err := content.New(results, dir, repeating(results), f.Processors())
	if err != nil {
		return fail(err)
	}
	return r, nil
}
