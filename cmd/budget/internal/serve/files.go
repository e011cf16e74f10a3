package serve

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"

	"budget/cmd/budget/internal/cli"
	"budget/internal/disk"
	"budget/internal/escape"
	"budget/solver"
	"budget/sweep"
	"budget/sweep/table"
)

// file is what can be saved of an answer.
type file struct {
	content string
	write   func(p *page, ctx context.Context, w io.Writer, a *asked) error
}

// savedFiles are the files that can be saved, by their names.
var savedFiles = map[string]file{
	"scenario.toml": {"application/toml", (*page).writeScenario},
	"incidence.csv": {"text/csv", (*page).writeCurves},
	"report.html":   {"text/html; charset=utf-8", (*page).writeReport},
}

// save sends a file as a whole, or what is wrong.
func (p *page) save(w http.ResponseWriter, r *http.Request, name string) {
	var text bytes.Buffer
	a, err := p.ask(r.URL.Query())
	if err == nil {
		err = savedFiles[name].write(p, r.Context(), &text, a)
	}
	if err != nil {
		http.Error(w, problem(err), http.StatusUnprocessableEntity)
		return
	}
	w.Header().Set("Content-Type", savedFiles[name].content)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	_, _ = text.WriteTo(w)
}

// writeScenario writes the scenario with what was moved. What is no key of a scenario stands in the
// command at its head.
func (p *page) writeScenario(_ context.Context, w io.Writer, a *asked) error {
	still := *a
	still.flags = nil
	for _, f := range a.flags {
		if f[0] != "set" && f[0] != "timer" {
			still.flags = append(still.flags, f)
		}
	}
	fmt.Fprintf(w, "# The page showed what this prints:\n# %s\n",
		escape.Line(p.command("scenario.toml", &still)))
	return a.Scenario.Write(w)
}

// writeCurves writes the incidence of every cause, as budget caps -o does.
func (p *page) writeCurves(ctx context.Context, w io.Writer, a *asked) error {
	found, err := p.engine.Curves(ctx, a.question)
	if err != nil {
		return err
	}
	return table.WriteIncidences(w, []sweep.Incidence{sweep.NewIncidence(found.Cap.Case,
		found.Estimates, a.question.Request.Readings[0], string(solver.Weights))})
}

// writeReport makes the report of the answer: by the commands that a reader would type, in a
// directory of its own.
func (p *page) writeReport(ctx context.Context, w io.Writer, a *asked) error {
	budget, err := os.Executable()
	if err != nil {
		return err
	}
	dir, remove, err := disk.Scratch()
	if err != nil {
		return err
	}
	defer remove()
	file, out := p.file, filepath.Join(dir, "out")
	if p.file == cli.Stdin { // which is read
		file = filepath.Join(dir, "scenario.toml")
		if err := disk.Replace(file, p.base.Write); err != nil {
			return err
		}
	}
	run := func(args ...string) ([]byte, error) {
		var text, problems bytes.Buffer
		cmd := exec.CommandContext(ctx, budget, args...)
		cmd.Stdout, cmd.Stderr = &text, &problems
		if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != cli.ExitImprecise {
			return nil, fmt.Errorf("budget %s: %s", args[0], bytes.TrimSpace(problems.Bytes()))
		}
		return text.Bytes(), nil
	}
	return p.engine.RunLong(ctx, func(sweep.Control) error {
		if _, err := run(append(p.arguments(file, a), "-o", out, "--quiet")...); err != nil {
			return err
		}
		text, err := run("report", out, "--format", "html", "-o", "-")
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	})
}
