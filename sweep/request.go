package sweep

import (
	"cmp"
	"fmt"

	"budget/model"
	"budget/solver"
)

// What commands and plans mean that do not say: the seed, and the number of sessions for
// each case that they simulate, where it is fixed.
const (
	DefaultSeed  = 1
	DefaultPaths = 200_000
)

// Request says which cases of a scenario to answer, and how precisely. The zero value asks
// for the caps of all session types as package solver's defaults have it.
type Request struct {
	Sessions     []string // session type ids; none means all
	Devices      []string // device ids, or solver.Fleet, which none means
	Environments []string // environment ids, or solver.Mix, which none means
	StartLevel   *float64 // fixes the true level at the start; nil draws it
	Duration     float64  // longest session length looked at [s]; 0 means each type's horizon
	// Gate is the displayed level [per cent] that an app may ask for at the start: beside the
	// caps of all starts stand those of the starts at it or above. 0 means no gate.
	Gate int
	// Offered are session lengths [s] to tell the failure of, beside the caps.
	Offered []float64

	// See solver.Settings and solver.Question, and their defaults.
	Readings    []solver.Reading
	Tolerances  []float64
	Confidence  float64
	Estimator   solver.Estimator
	Sampling    solver.Sampling // of weights
	EndOnResign bool            // losing the front ends the session and counts as a failure
	// CountRefused counts refused starts as failures: they are then of all sessions, else of
	// those that start.
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

// filled returns the request with the defaults in place of what it does not say.
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

// Family is the number of caps of the request for a scenario, which hold together. Caps of
// readings that cannot differ are one.
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
// what the scenario lacks or its time grid cannot hold.
func (q *Request) Cases(s *model.Scenario) ([]Case, error) {
	var cases []Case
	for _, session := range q.Sessions {
		found := s.Session(session)
		if found == nil {
			return nil, fmt.Errorf("unknown session type %q: expected one of %v",
				session, model.IDs(s.Sessions))
		}
		horizon := cmp.Or(q.Duration, float64(found.Horizon))
		if err := s.Grid.Hold(model.Duration(horizon)); err != nil {
			return nil, fmt.Errorf("session type %s: %w", session, err)
		}
		for _, device := range q.Devices {
			for _, environment := range q.Environments {
				cases = append(cases, Case{
					Session: session, SessionName: found.Name, Device: device, Environment: environment,
					Limit: float64(found.Limit), Horizon: horizon, StartLevel: q.StartLevel,
					MeanLoad: s.Workload.ByID[found.Workload].MeanPower(),
				})
			}
		}
	}
	return cases, nil
}

// Failures lists the causes that a plan of the app fails by.
func Failures(endOnResign, countRefused bool) []model.Cause {
	failures := model.Failures
	if countRefused {
		failures = append([]model.Cause{model.Refused}, failures...)
	}
	if endOnResign {
		failures = append(failures, model.Resigned) // which has no room of its own
	}
	return failures
}
