package sweep

import (
	"context"
	"math"

	"budget/model"
	"budget/solver"
	"budget/solver/estimate"
)

// Strategy is a way for an app to run a timer: the session type, the phases, and what becomes of
// it when the user leaves the app.
type Strategy struct {
	Name    string
	Session string // id of the session type
	Phases  []model.Phase
	Resign  string // one of model.Resigns
}

// Resigning returns the ways to run a timer that differ in what becomes of it when the user
// leaves the app.
func Resigning(session string, phases []model.Phase, resigns []string) (all []Strategy) {
	for _, resign := range resigns {
		name := map[string]string{model.ResignLeave: "leaving ends it, no failure",
			model.ResignEnd: "leaving ends it, a failure", model.ResignPause: "leaving pauses it"}[resign]
		all = append(all, Strategy{name, session, phases, resign})
	}
	return all
}

// Strategies returns the ways to run a timer with sessions of a type, first as it is: with one
// session throughout, where it rests between sessions, and with a workout, which has no limit.
func Strategies(s *model.Scenario, session string, phases []model.Phase, resign string) []Strategy {
	given := Strategy{"as asked", session, phases, resign}
	kept, rests := make([]model.Phase, len(phases)), false
	for i, p := range phases {
		rests = rests || p.Rest && !p.Keep
		p.Keep = p.Rest
		kept[i] = p
	}
	for len(kept) > 0 && kept[len(kept)-1].Rest {
		kept = kept[:len(kept)-1]
	}
	all := []Strategy{given}
	if rests {
		all[0].Name = "a session for each"
		all = append(all, Strategy{"one session throughout", session, kept, resign})
	}
	if session != workout && s.Session(workout) != nil {
		all = append(all, Strategy{"a workout throughout", workout, kept, resign})
	}
	return all
}

// timerCostPaths is the largest number of paths behind the costs of a timer, which is long: with
// it they take a tenth of the time of an answer.
const timerCostPaths = 2048

// Another way to run a timer takes a fourth of the paths of the first one if the difference of
// their failures is then known to a twentieth.
const (
	otherPart = 4
	// fewPaths is the least number of paths worth a look of their own.
	fewPaths  = 4096
	otherKnow = 20
)

// workout is the id of the session type of workouts.
const workout = "workout"

// Timer is the answer for a timer under a strategy.
type Timer struct {
	Strategy
	*solver.TimerEstimates
	// Costs are those at the end of each stint, under the first reading; only of the first
	// strategy, and of those that pause.
	Costs []solver.Cost
}

// Wall returns the time on the wall of timers that reach the end of their last session [s]: the
// mean and the quantiles.
func (t *Timer) Wall() (mean, p5, p95 float64) {
	n := len(t.Stints) - 1
	away := &t.Costs[n].Away
	end := t.Stints[n].End
	return end + away.Mean.Value, end + away.P5.Value, end + away.P95.Value
}

// Timers simulates the strategies of a timer on a device of a request in its environment, on
// the same random numbers. If ctx ends first, it returns ctx's error.
func Timers(ctx context.Context, s *model.Scenario, q Request, strategies []Strategy,
	control Control) ([]Timer, error) {
	q = q.filled(s)
	settings := q.settings(control)
	var timers []Timer
	for i, strategy := range strategies {
		c := Case{Session: strategy.Session, SessionName: s.Session(strategy.Session).Name,
			Device: q.Devices[0], Environment: q.Environments[0], StartLevel: q.StartLevel}
		if control.Case != nil {
			control.Case(i, len(strategies), c)
		}
		p, err := compileTimer(s, q, strategy)
		if err != nil {
			return nil, err
		}
		t := Timer{Strategy: strategy}
		settings.Failures = Failures(strategy.Resign == model.ResignEnd, q.CountRefused)
		if i == 0 || q.Paths < otherPart*fewPaths {
			t.TimerEstimates, err = p.Timer(ctx, settings, q.Paths)
		} else {
			t.TimerEstimates, err = besides(ctx, &timers[0], p, settings, q)
		}
		if err != nil {
			return nil, err
		}
		t.Confidence = q.Confidence
		if i == 0 || strategy.Resign == model.ResignPause {
			var ends []float64
			for _, stint := range t.Stints {
				ends = append(ends, stint.End)
			}
			if t.Costs, err = p.Cost(ctx, settings, ends, min(q.Paths, timerCostPaths)); err != nil {
				return nil, err
			}
		}
		timers = append(timers, t)
	}
	return timers, nil
}

// besides simulates another way to run a timer than the first: with a part of the paths, and if
// that leaves the difference of their failures open, with all. Each look may spend half of the
// error probability.
func besides(ctx context.Context, first *Timer, p *solver.Program, s solver.Settings,
	q Request) (*solver.TimerEstimates, error) {
	fails := func(t *solver.TimerEstimates) estimate.Estimate {
		return t.Failure(q.Readings[0], t.Stints[len(t.Stints)-1].End)
	}
	known := fails(first.TimerEstimates)
	for _, paths := range []int64{q.Paths / otherPart, q.Paths} {
		t, err := p.Timer(ctx, s, paths)
		if err != nil {
			return nil, err
		}
		t.Confidence, t.Share = q.Confidence, 0.5
		f := fails(t)
		width := (f.Upper - f.Lower + known.Upper - known.Lower) / 2
		if math.Abs(f.Value-known.Value) >= otherKnow*width || paths == q.Paths {
			return t, nil
		}
	}
	panic("sweep: no paths")
}

// compileTimer prepares a way to run a timer on the first device of a request in its first
// environment.
func compileTimer(s *model.Scenario, q Request, way Strategy) (*solver.Program, error) {
	return solver.Compile(s, solver.Case{Session: way.Session, Device: q.Devices[0],
		Environment: q.Environments[0], StartLevel: q.StartLevel, Phases: way.Phases,
		Pause: way.Resign == model.ResignPause, Restart: q.Restart})
}
