package live

import (
	"budget/model"
	"budget/solver"
	"budget/sweep"
)

// Question asks how long a session of one type may be.
type Question struct {
	Scenario *model.Scenario
	// Request has one session type, device, environment, reading and tolerance; its number of
	// paths is that of the engine.
	Request sweep.Request
	Plan    float64 // session length [s] that the asker has in mind; of a timer the end of its last
}

// on returns the case of a question.
func (q *Question) on() (sweep.Case, error) {
	cases, err := q.Request.Cases(q.Scenario)
	if err != nil {
		return sweep.Case{}, err
	}
	return cases[0], nil
}

// compile prepares the case of a question.
func (q *Question) compile(c sweep.Case) (*solver.Program, error) {
	return solver.Compile(q.Scenario, solver.Case{Session: c.Session, Device: c.Device,
		Environment: c.Environment, StartLevel: q.Request.StartLevel, Pause: q.Request.Pause})
}

// Answer is the answer to a question.
type Answer struct {
	Settled bool // it has all the paths that the engine gives to an answer
	Program *solver.Program
	// Estimates have every cause in the view solver.Meaning; Stints are those of a timer.
	Estimates *solver.Estimates
	Stints    []solver.Stint
	Cap       sweep.Cap
	Plan      sweep.Offer
}

// answer reads the answer to a question from kept paths, with every cause in some views.
func (q *Question) answer(c sweep.Case, p *solver.Program, kept *solver.Kept,
	s solver.Settings, views ...solver.View) (*Answer, error) {
	a := &Answer{Program: p}
	var err error
	if _, timer := q.Scenario.TimerSequence(); timer {
		var t *solver.TimerEstimates
		if t, err = kept.Timer(p, s, views...); err == nil {
			a.Estimates, a.Stints = t.Estimates, t.Stints
		}
	} else {
		a.Estimates, err = kept.Estimates(p, s, views...)
	}
	if err != nil {
		return nil, err
	}
	r := &q.Request
	a.Estimates.Confidence = r.Confidence
	found, err := solver.Caps(a.Estimates, solver.Question{Tolerances: r.Tolerances,
		Confidence: r.Confidence, Family: 1, Paths: kept.Paths()})
	if err != nil {
		return nil, err
	}
	a.Cap = sweep.NewCap(c, found[0], a.Estimates, r.Confidence)
	a.Plan = sweep.NewOffer(c, q.Plan, float64(q.Scenario.Grid.Margin), a.Estimates, r.Readings[0])
	return a, nil
}
