package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/cmd/budget/internal/texttab"
	"budget/internal/notation"
	"budget/model"
	"budget/solver"
)

func windowCommand() cli.Command {
	return cli.Command{
		Name: "window", Args: "WORK [scenario.toml]",
		Summary: "whether work fits into the windows of an app that has no session",
		Help: `
Without a session, watchOS lets an app run for short windows only: a background refresh, a finished
download, a background notification, and the time in front after the wrist drops. Given seconds of
processor time, this command says how often the work is done within each of them. If it is not, the
system kills the app; in front, it suspends the app until the next raise of the wrist.

The work takes longer on some watches than on others (population.cpu_sigma). The windows and their
evidence are the parameters window.*. The workload says how often the wrist is raised. Nothing is
simulated: the probabilities have closed forms.`,
		Examples: []string{
			`budget window "4 s"`,
			`budget window "12 s" --workload workout`,
			`budget window "4 s" --set "window.refresh=5 s" --format csv`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &windowFlags{Options: inputs.NewOptions(0)}
			f.Sessions = []string{"mindfulness"}
			f.AddSessions(fs, "session type `id`, for its workload")
			f.AddWorkload(fs)
			f.AddSet(fs)
			f.AddOutput(fs, "window.csv and window.json")
			cli.AddForce(fs)
			return f.run
		},
	}
}

// windowFlags are the flags of budget window.
type windowFlags struct {
	*inputs.Options
}

func (f *windowFlags) run(_ context.Context, sys *cli.System, args []string) error {
	if len(args) == 0 {
		return cli.Usagef(`expected seconds of processor time, such as: budget window "4 s"`)
	}
	work, args, err := inputs.LeadingDuration(args)
	if err != nil {
		return err
	}
	if work <= 0 {
		return cli.Usagef("%v of work: expected more than 0 s", work)
	}
	s, err := f.Load(sys, args)
	if err != nil {
		return err
	}
	sessions, err := inputs.Pick("session", f.Sessions, "", model.IDs(s.Sessions))
	if err != nil {
		return err
	}
	if len(sessions) != 1 {
		return cli.Usagef("--session: expected one session type")
	}
	if s, err = f.With(s, sessions); err != nil {
		return err
	}
	workload := s.Session(sessions[0]).Workload
	a := &windows{scenario: s, work: float64(work), workload: workload,
		windows: solver.Windows(s, s.Workload.ByID[workload])}
	files := []cli.File{
		{Name: "window.csv", Write: a.records().WriteCSV},
		{Name: "window.json", Write: a.json()},
	}
	out, err := f.Open(sys, s, files)
	if err != nil {
		return err
	}
	return f.Deliver(sys, out, files, cli.Answer{
		CSV: a.records().WriteCSV, JSON: a.json(), Page: a.page,
		Notes: []string{
			"Fits: probability that the work is done in time. Most at 99 %: the most work that is, with this " +
				"probability.",
			fmt.Sprintf("An hour: refreshes at most; in front as often as the wrist is raised (workload %s). "+
				"Scenario %q.", workload, s.Name),
		},
		Explain: []string{
			"Work is seconds of processor time in the median case. Others take longer or shorter by a factor " +
				"that is lognormal (population.cpu_sigma).",
			"A refresh needs a complication on the face, or the app in front. How often a download ends or a " +
				"notification comes is up to the app.",
		},
	})
}

// windows is the answer: whether work fits into windows.
type windows struct {
	scenario *model.Scenario
	work     float64 // [s]
	workload string
	windows  []solver.Window
}

// surely is the probability with which work fits that the answer calls safe.
const surely = 0.99

// page says where the work fits, and lists the windows.
func (a *windows) page(p *cli.Page) {
	p.WrapStyled(texttab.Bold, a.headline())
	p.Printf("\n")
	t := texttab.New("Window", ">Lasts", "How we know", ">An hour", ">Fits", ">Most at 99 %",
		">Most at 95 %")
	for i := range a.windows {
		w := &a.windows[i]
		style, hourly := texttab.Plain, ""
		if w.Fits(a.work) < surely {
			style = texttab.Bad
		}
		if !math.IsNaN(w.PerHour) {
			hourly = fmt.Sprintf("%.3g", w.PerHour)
		}
		row := []texttab.Cell{{Text: w.Name}, {Text: notation.Length(w.Wall)}, {Text: a.evidence(w)},
			{Text: hourly}, {Text: fitsText(w.Fits(a.work)), Style: style},
			{Text: notation.Floor(w.Largest(surely)) + " s"}, {Text: notation.Floor(w.Largest(0.95)) + " s"}}
		t.Row(row...)
	}
	p.Table(t)
}

// fitsText writes how often work fits. It is never certain, only nearer to it than a number can be.
func fitsText(p float64) string { return notation.Chance(min(p, 1-1e-9)) }

// evidence says how well the length of a window is known.
func (a *windows) evidence(w *solver.Window) string {
	return string(a.scenario.Parameter(w.Key).Evidence)
}

// headline says in which windows the work is done nearly always, and what the others can take.
func (a *windows) headline() string {
	var fits, fails []string
	for i := range a.windows {
		w := &a.windows[i]
		if p := w.Fits(a.work); p >= surely {
			fits = append(fits, w.Name)
		} else {
			fails = append(fails, fmt.Sprintf("%s (%s, at most %s s)", w.Name, fitsText(p),
				notation.Floor(w.Largest(surely))))
		}
	}
	work := notation.Length(a.work) + " of work"
	switch {
	case len(fails) == 0:
		return work + " fit into every window of an app without a session, in 99 of 100 cases or more."
	case len(fits) == 0:
		return work + " fit surely into no window of an app without a session: " +
			strings.Join(fails, ", ") + "."
	}
	return fmt.Sprintf("Without a session, %s fit surely into: %s. Not into: %s.", work,
		strings.Join(fits, ", "), strings.Join(fails, ", "))
}

// records lists the windows for programs.
func (a *windows) records() *cli.Records {
	r := &cli.Records{Fields: []string{"work_s", "window", "wall_s", "evidence", "per_hour", "fits",
		"largest_99_s", "largest_95_s"}}
	for i := range a.windows {
		w := &a.windows[i]
		r.Add(a.work, w.Name, w.Wall, a.evidence(w), w.PerHour, w.Fits(a.work), w.Largest(surely),
			w.Largest(0.95))
	}
	return r
}

func (a *windows) json() func(w io.Writer) error {
	return cli.JSON(struct {
		Schema   int          `json:"schema"`
		Scenario string       `json:"scenario"`
		Workload string       `json:"workload"`
		Windows  *cli.Records `json:"windows"`
	}{1, a.scenario.Name, a.workload, a.records()})
}
