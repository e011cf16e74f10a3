package sweep

import (
	"context"

	"budget/model"
	"budget/solver"
)

// Strategy is a way for an app to run a timer: the session type, and the phases.
type Strategy struct {
	Name    string
	Session string // id of the session type
	Phases  []model.Phase
}

// Strategies returns the ways to run a timer with sessions of a type, first as it is: with one
// session throughout, where it rests between sessions, and with a workout, which has no limit.
func Strategies(s *model.Scenario, session string, phases []model.Phase) []Strategy {
	given := Strategy{"as asked", session, phases}
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
		all = append(all, Strategy{"one session throughout", session, kept})
	}
	if session != workout && s.Session(workout) != nil {
		all = append(all, Strategy{"a workout throughout", workout, kept})
	}
	return all
}

// workout is the id of the session type of workouts.
const workout = "workout"

// Timer is the answer for a timer under a strategy.
type Timer struct {
	Strategy
	*solver.TimerEstimates
	Costs []solver.Cost // at the end of each stint, under the first reading
}

// Timers simulates the strategies of a timer on a device of a request in its environment, on
// the same random numbers. If ctx ends first, it returns ctx's error.
func Timers(ctx context.Context, s *model.Scenario, q Request, strategies []Strategy,
	control Control) ([]Timer, error) {
	q = q.filled(s)
	settings := solver.Settings{
		Seed: q.Seed, Estimator: q.Estimator, Sampling: q.Sampling, Readings: q.Readings,
		Failures: Failures(q.EndOnResign, q.CountRefused),
		Workers:  control.Workers, Kernel: control.Kernel, Progress: control.Progress,
	}
	var timers []Timer
	for i, strategy := range strategies {
		c := Case{Session: strategy.Session, SessionName: s.Session(strategy.Session).Name,
			Device: q.Devices[0], Environment: q.Environments[0], StartLevel: q.StartLevel}
		if control.Case != nil {
			control.Case(i, len(strategies), c)
		}
		p, err := solver.Compile(s, solver.Case{Session: c.Session, Device: c.Device,
			Environment: c.Environment, StartLevel: c.StartLevel, Phases: strategy.Phases})
		if err != nil {
			return nil, err
		}
		t := Timer{Strategy: strategy}
		if t.TimerEstimates, err = p.Timer(ctx, settings, q.Paths); err != nil {
			return nil, err
		}
		t.Confidence = q.Confidence
		if i == 0 {
			var ends []float64
			for _, stint := range t.Stints {
				ends = append(ends, stint.End)
			}
			if t.Costs, err = p.Cost(ctx, settings, ends, min(q.Paths, CostPaths)); err != nil {
				return nil, err
			}
		}
		timers = append(timers, t)
	}
	return timers, nil
}
