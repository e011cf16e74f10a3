package main

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"runtime"

	"github.com/spf13/pflag"

	page "budget/plots/report"
)

// reportFlags are the flags of budget report.
type reportFlags struct {
	format  format
	output  string
	workers int
}

// Forms of a report.
const (
	formatHTML format = "html"
	formatPDF  format = "pdf"
)

func reportFormats() []format { return []format{formatHTML, formatMarkdown, formatPDF} }

func reportCommand() command {
	return command{
		name: "report", args: "DIR",
		summary: "one page of a run or a sweep, to read, print and send",
		help: `
Makes one page of the directory that budget caps -o or budget sweep -o has left: the caps first, then
charts, what the caps would be at other tolerances and confidences, all that is assumed, the inputs,
where the numbers come from, the method, and what the app sees when a session ends. Nothing is
simulated.

The page is one file that opens from disk and asks no server for anything. Without scripts it lacks
only the sliders. The same directory gives the same bytes.

--format md is for pasting into a pull request. --format pdf prints the page with Chromium or Chrome,
which has to be installed.`,
		examples: []string{
			`budget caps -o out && budget report out -o report.html`,
			`budget report out --format md`,
			`budget report out --format pdf -o report.pdf`,
		},
		define: func(fs *pflag.FlagSet) action {
			f := &reportFlags{workers: runtime.GOMAXPROCS(0)}
			complete(addValue(fs, &f.format, "format", "", oneOf(reportFormats()),
				"`form` of the report: html, md or pdf (default: that of the file's name; md without -o)"), texts(reportFormats()))
			fs.VarP(&value[string]{&f.output, "", parseFile}, "output", "o", "`file` to write (default: standard output)")
			addValue(fs, &f.workers, "workers", "", parseWorkers, "`number` of processors to use; no result depends on it (default: all)")
			return f.run
		},
	}
}

// chosen returns the form that is asked for, or that the file's name says.
func (f *reportFlags) chosen() (format, error) {
	if f.format != "" {
		return f.format, nil
	}
	switch filepath.Ext(f.output) {
	case "", ".md":
		if f.output == "" || filepath.Ext(f.output) == ".md" {
			return formatMarkdown, nil
		}
	case ".html", ".htm":
		return formatHTML, nil
	case ".pdf":
		return formatPDF, nil
	}
	return "", usagef("-o: %s does not say what form it has: expected report.html, report.md or report.pdf, or --format", f.output)
}

func (f *reportFlags) run(ctx context.Context, sys *system, args []string) error {
	if len(args) != 1 {
		return usagef("expected one directory, such as: budget report out -o report.html")
	}
	form, err := f.chosen()
	if err != nil {
		return err
	}
	if form == formatPDF && f.output == "" {
		return usagef("--format pdf needs a file: -o report.pdf")
	}
	var out *output
	if f.output != "" {
		if out, err = openOutput(sys, filepath.Dir(f.output), []string{filepath.Base(f.output)}); err != nil {
			return err
		}
	}
	results, err := readResults(args[0])
	if err != nil {
		return err
	}
	defer results.Close()
	r, err := page.New(results, args[0], repeating(results), f.workers)
	if err != nil {
		return resultsf(err, "cannot make a report of %s", args[0])
	}
	var text bytes.Buffer
	switch form {
	case formatHTML:
		err = r.HTML(&text)
	case formatMarkdown:
		err = writeReportMarkdown(&text, r)
	case formatPDF:
		err = printPage(ctx, sys, &text, r)
	}
	if err != nil {
		return err
	}
	if out == nil {
		_, err = text.WriteTo(sys.stdout)
		return err
	}
	return out.write([]file{{filepath.Base(f.output), func(w io.Writer) error {
		_, err := w.Write(text.Bytes())
		return err
	}}})
}
