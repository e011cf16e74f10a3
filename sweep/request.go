package sweep

import (
	"cmp"
	"fmt"

	"budget/model"
	"budget/solver"
)

// Defaults of commands and plans: the seed, and the fixed number of sessions for each
// case.
const (
	DefaultSeed  = 1
	DefaultPaths = 200_000
)

// Request says which cases of a scenario to answer, and how precisely. The zero value asks
// for the caps of all session types with the defaults of package solver.
type Request struct {
	Sessions     []string // session type ids; empty means all
	Devices      []string // device ids, or solver.Fleet; empty means Fleet
	Environments []string // environment ids, or solver.Mix; empty means Mix
	StartLevel   *float64 // fixes the true level at the start; nil draws it
	Duration     float64  // longest session considered [s]; 0 means each session type's horizon
	// Gate is the lowest displayed level at the start [per cent] that an app can require. Caps
	// for the starts at or above it are given besides those of all starts. 0 means no gate.
	Gate int
	// Offered are session lengths [s] whose failure is given besides the caps.
	Offered []float64

	// As in solver.Settings and solver.Question, with their defaults.
	Readings    []solver.Reading
	Tolerances  []float64
	Confidence  float64
	Estimator   solver.Estimator
	Sampling    solver.Sampling // of weights
	EndOnResign bool            // losing the front ends the session and counts as a failure
	// Pause means that a user who leaves comes back, and that a new session starts for what is
	// left (solver.Case).
	Pause bool
	// Restart means that the app starts a new session at once when the granted time is used up
	// (solver.Case). Only timers do.
	Restart bool
	// CountRefused counts refused starts as failures. Failure is then a share of all
	// sessions, else of those that start.
	CountRefused bool
	Seed         uint64

	Paths                        int64 // fixed number per case; 0 means until decided
	MaxPaths                     int64 // per case, of a run until decided
	Precision, RelativePrecision float64

	// Curves asks for the incidence curves beside the caps.
	Curves bool
	// CapsOnly skips everything that caps do not need.
	CapsOnly bool
}

// filled returns the request with the defaults filled in.
func (q Request) filled(s *model.Scenario) Request {
	for _, d := range []struct {
		words *[]string
		none  []string
	}{{&q.Sessions, model.IDs(s.Sessions)}, {&q.Devices, []string{solver.Fleet}},
		{&q.Environments, []string{solver.Mix}}} {
		if len(*d.words) == 0 {
			*d.words = d.none
		}
	}
	if len(q.Readings) == 0 {
		q.Readings = solver.BothReadings()
	}
	if len(q.Tolerances) == 0 {
		q.Tolerances = solver.DefaultTolerances
	}
	q.Confidence = cmp.Or(q.Confidence, solver.DefaultConfidence)
	q.Estimator = cmp.Or(q.Estimator, solver.Weights)
	return q
}

// Family returns the number of caps that hold together. Caps of readings that cannot
// differ count once.
func (q *Request) Family(s *model.Scenario) int {
	curves := 0
	for _, session := range q.Sessions {
		curves += solver.DifferingReadings(s.Session(session), len(q.Readings))
		if q.Gate > 0 {
			curves++
		}
	}
	return curves * len(q.Devices) * len(q.Environments) * len(q.Tolerances)
}

// Cases lists the cases of a request, in the order of its results. The error names
// the id that the scenario does not have, or the duration that its time grid
// cannot hold.
func (q *Request) Cases(s *model.Scenario) ([]Case, error) {
	var cases []Case
	for _, session := range q.Sessions {
		found := s.Session(session)
		if found == nil {
			return nil, fmt.Errorf("unknown session type %q: expected one of %v",
				session, model.IDs(s.Sessions))
		}
		_, timer := s.TimerSequence()
		if timer && q.Duration != 0 {
			return nil, fmt.Errorf("the scenario has a timer (timer.phases), so no session length can be " +
				"given: use budget timer, or --set timer.phases=\"\" for single sessions")
		}
		horizon, name := cmp.Or(q.Duration, float64(s.Longest(found))), found.Name
		cycles := NewCycles(s.CycleEnds())
		if cycles != "" {
			name += ", " + s.Timer.Phases
		}
		if err := s.Grid.Hold(model.Duration(horizon)); err != nil {
			return nil, fmt.Errorf("session type %s: %w", session, err)
		}
		for _, device := range q.Devices {
			for _, environment := range q.Environments {
				cases = append(cases, Case{
					Session: session, SessionName: name, Device: device, Environment: environment,
					Limit: float64(s.LimitOf(found)), Horizon: horizon, StartLevel: q.StartLevel,
					MeanLoad: s.Workload.ByID[found.Workload].MeanPower(s.Grid.Step),
					Cycles:   cycles,
				})
			}
		}
	}
	return cases, nil
}

// Failures lists the causes that count as failure.
func Failures(endOnResign, countRefused bool) []model.Cause {
	failures := model.Failures
	if countRefused {
		failures = append([]model.Cause{model.Refused}, failures...)
	}
	if endOnResign {
		failures = append(failures, model.Resigned) // append copies: the slice has no spare capacity
	}
	return failures
}
