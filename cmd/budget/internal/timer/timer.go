package timer

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"budget/cmd/budget/internal/cli"
	"budget/cmd/budget/internal/inputs"
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// defaultPaths is the default number of paths behind an answer: a tolerance of 1 % is then
// known to a thirtieth of it.
const defaultPaths = 65_536

// Command is budget timer.
func Command() cli.Command {
	return cli.Command{
		Name: "timer", Args: "[PHASES] [scenario.toml]",
		Summary: "how a timer of several cycles with rests ends, and which way to run it is best",
		Help: `
Simulates a timer: phases in sessions, and rests between them. The app ends its session at a rest and
starts a new one after it, with a fresh grant. For each cycle it prints how often the timer has failed
by its end, and what it has used of the battery. A start that is refused after the first is a failure.

Phases are durations with commas between them; n x repeats what is in brackets. A phase can be a rest,
a rest that is kept in the session (keep), have another workload, or take the watch to another
environment: "5 min, rest 1 min in sun, 5 min workout". A rest at the end is dropped.

With --resign pause a user who switches to another app comes back (timer.away), and the app starts a
new session for what is left. The timer then takes longer on the wall than its own clock says.

It finds the largest number of cycles that holds, and how long the phases may be at the number given.
--map shows the failure for several lengths and each number of cycles, --offer picks from a menu.

Then it compares ways to run the same timer on the same simulated watches: a session for each cycle,
one session throughout, a workout, and no session at all: the app is then suspended some time after
the wrist drops, until it is raised again. That is no failure, but the timer stands still meanwhile, or
its end cue comes late.

Failures are for users who mean to finish and come back after every rest. timer.csv has the causes as
people use the app, who may not come back (timer.return) or whose app may have lost its old session
(timer.orphan).`,
		Examples: []string{
			`budget timer "4 x (25 min, rest 5 min)"`,
			`budget timer "3 x (20 min, rest 2 min)" --keep --start-level "30 %"`,
			`budget timer "5 min, rest 1 min in sun, 10 min workout" --session mindfulness`,
			`budget timer "2 x (25 min, rest 5 min)" --resign pause,end`,
			`budget timer "8 h" --restart --resign pause`,
			`budget timer --offer "2 x 20 min; 4 x (15 min, rest 2 min)" --map 10,20,30`,
		},
		Define: func(fs *pflag.FlagSet) cli.Action {
			f := &timerFlags{Options: inputs.NewOptions(defaultPaths), tolerance: 0.01}
			f.Tolerances = nil
			f.Sessions = []string{"mindfulness"}
			f.AddSessions(fs, "session type `id`")
			fs.BoolVar(&f.keep, "keep", false, "run one session through the rests")
			fs.BoolVar(&f.restart, "restart", false,
				"start a new session at once when the granted time is used up")
			inputs.AddTolerance(fs, &f.tolerance)
			f.AddCase(fs)
			f.AddStartLevel(fs)
			cli.AddChoices(fs, &f.resign, "resign", model.Resigns,
				"`what` becomes of it when the user switches to another app: leave (it ends, no failure), end "+
					"(a failure) or pause (the user comes back); several to compare them (default: timer.resign)")
			f.addCaps(fs)
			f.AddConfidence(fs, "an interval holds")
			f.AddPaths(fs, " of each way to run the timer; other ways take a quarter where they differ much")
			f.AddSeed(fs)
			f.AddMachine(fs)
			f.AddOutput(fs,
				"timer.csv, no-session.csv, timer.json, provenance.json, and map.csv and menu.csv if asked for,")
			cli.AddForce(fs)
			return f.run
		},
	}
}

func (f *timerFlags) run(ctx context.Context, sys *cli.System, args []string) error {
	text := ""
	if len(args) > 0 && !inputs.IsScenario(args[0]) {
		text, args = args[0], args[1:]
	}
	s, err := f.Load(sys, args)
	if err != nil {
		return err
	}
	if text == "" && f.menu == "" {
		if text = s.Timer.Phases; text == "" {
			return cli.Usagef("expected the phases of a timer, such as: " +
				`budget timer "4 x (25 min, rest 5 min)"; or a scenario with timer.phases`)
		}
	}
	if err := f.SingleCase(); err != nil {
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
	a := &answer{held: held{timerFlags: f, scenario: s}, text: text}
	menu, err := f.offered(s, text)
	if err != nil {
		return err
	}
	if text != "" {
		if a.sequence, err = f.sequence(s, text); err != nil {
			return err
		}
		if err := f.checkMap(s, a.sequence); err != nil {
			return err
		}
	}
	if len(f.resign) == 0 {
		f.resign = []string{s.Timer.Resign}
	}
	f.OnResign = f.resign[0]
	q := f.Request(sessions)
	if s.Timer.Phases == "" {
		q.Duration = float64(s.Grid.Step)
	}
	if _, err := q.Cases(s); err != nil {
		return cli.Usagef("%v", err)
	}
	q.Duration, q.Tolerances, q.Restart = 0, []float64{f.tolerance}, f.restart
	files := []cli.File{
		{Name: "timer.csv", Write: func(w io.Writer) error { return a.records().WriteCSV(w) }},
		{Name: "no-session.csv", Write: func(w io.Writer) error {
			return a.without.records().WriteCSV(w)
		}},
		{Name: "timer.json", Write: a.writeJSON},
		{Name: "provenance.json", Write: func(w io.Writer) error { return cli.JSON(a.provenance)(w) }},
	}
	if len(f.lengths) > 0 {
		files = append(files, cli.File{Name: "map.csv",
			Write: func(w io.Writer) error { return a.mapRecords().WriteCSV(w) }})
	}
	if len(menu) > 0 {
		files = append(files, cli.File{Name: "menu.csv",
			Write: func(w io.Writer) error { return a.menuRecords().WriteCSV(w) }})
	}
	out, err := f.Open(sys, s, files)
	if err != nil {
		return err
	}
	out.Replace("map.csv", "menu.csv")
	if err := f.Simulate(sys, false, func(control sweep.Control) error {
		return a.simulate(ctx, q, menu, control)
	}); err != nil {
		return inputs.Unfinished(ctx, err)
	}
	a.without = noSession{solver.WithoutSession(s, a.timers[0].Session, a.timers[0].Phases),
		float64(s.Window.Front)}
	a.provenance = f.Provenance(s, q, fmt.Sprintf("%d paths a case", f.Paths), solver.Done)
	f.describe(&a.provenance)
	a.provenance.Timer = text
	for _, t := range a.timers {
		a.provenance.Paths = append(a.provenance.Paths, sweep.CasePaths{Session: t.Session,
			Device: f.Devices[0], Environment: f.Environments[0], Paths: t.Paths})
	}
	return cmp.Or(f.Deliver(sys, out, files, cli.Answer{
		CSV: a.records().WriteCSV, JSON: a.writeJSON, Page: a.page,
		Notes: []string{
			"Fails: by the end of the cycle, among timers that start; the user means to finish and comes back.",
			fmt.Sprintf("%s, seed %d, scenario %q.", a.paths(), f.Seed, s.Name),
			inputs.Assumptions(s, a.provenance),
		},
		Explain: []string{
			"Leaves: users who have switched to another app, which ends the timer and is no failure. Pauses: how " +
				"often they did where they come back, of timers that complete the cycle. Battery " +
				"and skin: of timers that complete the cycle. Minutes count if their session is completed.",
			"A new session has a fresh grant and an empty window of processor time. In a rest only the end of " +
				"the battery ends a timer. The watch, its temperatures and Low Power Mode go on throughout.",
			"Differences are between the same simulated watches; every interval holds by itself.",
		},
	}), a.imprecise())
}

// simulate finds the timer on the menu, if there is one, its caps and its map.
func (a *answer) simulate(ctx context.Context, q sweep.Request, menu []model.Sequence,
	control sweep.Control) (err error) {
	s := a.scenario
	if len(menu) > 0 {
		if a.menu, err = sweep.OfferTimers(ctx, s, q, menu, a.resign[0], control); err != nil {
			return err
		}
		if a.text == "" {
			a.sequence = best(a.menu).Sequence
			a.text = a.sequence.String()
			if err := a.checkMap(s, a.sequence); err != nil {
				return err
			}
		}
	}
	ways := sweep.Strategies(s, q.Sessions[0], a.sequence.Phases(), a.resign[0])
	if len(a.resign) > 1 {
		ways = sweep.Resigning(q.Sessions[0], a.sequence.Phases(), a.resign)
	}
	if a.timers, err = sweep.Timers(ctx, s, q, ways, control); err != nil {
		return err
	}
	if a.caps, err = sweep.CapTimer(ctx, s, q, a.sequence, &a.timers[0], a.inProportion,
		control); err != nil {
		return err
	}
	if len(a.lengths) > 0 {
		a.grid, err = sweep.MapTimer(ctx, s, q, a.sequence, a.resign[0], a.lengths, a.inProportion,
			control)
	}
	return err
}
