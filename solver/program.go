package solver

import (
	"cmp"
	"fmt"
	"slices"

	"budget/model"
	"budget/solver/incidence"
	"budget/solver/plant"
)

// Fleet means a device drawn from the fleet, Mix an environment drawn from the
// mix.
const (
	Fleet = plant.Fleet
	Mix   = plant.Mix
)

// Case is what to simulate: a session type on a device or the fleet, in an
// environment or the mix.
type Case = plant.Case

// Program is a scenario compiled for a case: a plant and the rules that end sessions on
// it. It is immutable; goroutines may share it.
type Program struct {
	plant *plant.Plant
	terms incidence.Terms
	gate  int // 1 + the index of its gate in Case.Gates; 0 for that of the case
	// phases reports whether the case names the phases of a timer, and with them what leaving does.
	// Else that is what the scenario says.
	phases bool
	// resignFails counts losing the front as a failure whatever the settings say: the scenario does.
	resignFails bool
	completing  bool // see Completing
}

// Compile prepares a case of a scenario. An empty device means Fleet, an empty environment
// Mix. Without phases the sessions are those that the scenario says: single ones, or its timer,
// for which no duration can be given; and a user who leaves does what its timer.resign says, or
// comes back if the case says so. The error names the field of the case that is unknown or
// out of range.
func Compile(s *model.Scenario, c Case) (*Program, error) {
	c.Device, c.Environment = cmp.Or(c.Device, Fleet), cmp.Or(c.Environment, Mix)
	checks := []error{
		oneOf("Case.Session", c.Session, model.IDs(s.Sessions)...),
		oneOf("Case.Device", c.Device, append(model.IDs(s.Devices), Fleet)...),
		oneOf("Case.Environment", c.Environment, append(model.IDs(s.Environments), Mix)...),
	}
	if level := c.StartLevel; level != nil {
		checks = append(checks, inRange("Case.StartLevel", *level >= 0 && *level <= 1, *level, "0 to 1"))
	}
	checks = append(checks, inRange("Case.Gate", c.Gate >= 0 && c.Gate <= 100, c.Gate, "0 to 100"))
	checks = append(checks, inRange("Case.Gates", len(c.Gates) <= plant.MostGates &&
		!slices.ContainsFunc(c.Gates, func(g int) bool { return g < 1 || g > 100 }), c.Gates,
		fmt.Sprintf("at most %d from 1 to 100", plant.MostGates)))
	if c.Duration != 0 {
		if err := s.Grid.Hold(model.Duration(c.Duration)); err != nil {
			checks = append(checks, fmt.Errorf("solver: Case.Duration: %w", err))
		}
	}
	timer, ofScenario := s.TimerSequence()
	switch {
	case c.Phases != nil:
		checks = append(checks, s.CheckPhases(c.Phases))
	case ofScenario && c.Duration != 0:
		checks = append(checks, fmt.Errorf("solver: Case.Duration: %v s: the scenario has a timer",
			c.Duration))
	}
	phases := c.Phases != nil
	if !phases {
		c.Pause = c.Pause || s.Timer.Resign == model.ResignPause
		if ofScenario {
			c.Phases = timer.Phases()
		}
	}
	if err := cmp.Or(checks...); err != nil {
		return nil, err
	}
	p, err := plant.Compile(s, c)
	if err != nil {
		return nil, err
	}
	return newProgram(p, s, s.Session(c.Session), phases), nil
}

func newProgram(p *plant.Plant, s *model.Scenario, session *model.Session, phases bool) *Program {
	return &Program{plant: p, phases: phases,
		resignFails: !phases && s.Timer.Resign == model.ResignEnd,
		terms: incidence.Terms{Session: session, Policy: &s.Policy,
			Frailty: float64(s.Population.FrailtyShape), Timer: &s.Timer, Restart: p.Case.Restart}}
}

// failures returns the causes that count as failure.
func (p *Program) failures(s *Settings) []model.Cause {
	all := slices.Clone(s.Failures)
	count := func(c model.Cause) {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	if p.resignFails || p.completing {
		count(model.Resigned)
	}
	if p.completing {
		count(model.Refused)
	}
	return all
}

// Completing returns the program on the same plant that counts as failures whatever keeps a user
// who means to finish from it: ends of all kinds, refused starts, and those below the gate. Its
// failure is the share of all starts that do not complete.
func (p *Program) Completing() *Program {
	q := *p
	q.completing = true
	return &q
}

// BelowGate returns the share of sessions that start below the gate of the case.
// Estimates.Gated leaves them out.
func (p *Program) BelowGate() float64 { return p.plant.BelowGate(p.level()) }

// level returns the level of the program's gate [per cent], 0 without one.
func (p *Program) level() int {
	if p.gate > 0 {
		return p.plant.Case.Gates[p.gate-1]
	}
	return p.plant.Case.Gate
}

// At returns the program of p's scenario and plant at one of Case.Gates, or p itself at level 0.
// Estimates.Gated then are of the sessions at or above it, from Summaries alone. ok is false for
// another level.
func (p *Program) At(level int) (*Program, bool) {
	if level == 0 {
		return p, true
	}
	i := slices.Index(p.plant.Case.Gates, level)
	if i < 0 {
		return nil, false
	}
	q := *p
	q.gate = i + 1
	return &q, true
}

// ungated returns an error if the case has a gate.
func (p *Program) ungated() error {
	return inRange("Case.Gate", p.level() == 0, p.level(), "0: no gate")
}

// Under returns the program of another scenario for p's case on p's plant. ok is false
// if the scenarios cannot share a plant (model.SharePlant, plant.PausesAlike).
func (p *Program) Under(s *model.Scenario) (*Program, bool) {
	id := p.plant.Case.Session
	if !model.SharePlant(s, p.plant.Scenario, id, p.plant.OtherLoads()) || !p.plant.PausesAlike(s) {
		return nil, false
	}
	other := newProgram(p.plant, s, s.Session(id), p.phases)
	other.completing = p.completing
	return other, true
}

// Durations returns the session lengths [s] of the program's curves: every
// multiple of the step up to the longest session.
func (p *Program) Durations() []float64 {
	durations := make([]float64, p.plant.Steps-p.plant.First+1)
	for i := range durations {
		durations[i] = float64(i+1) * p.plant.Step
	}
	return durations
}

// TracePoint is the state of a traced path at one time and the hazards of the
// step that starts there.
type TracePoint = incidence.TracePoint

// Trace runs one path with the functions of package model and returns its state
// at every step.
func (p *Program) Trace(seed, path uint64) []TracePoint {
	return p.terms.Trace(p.plant, seed,
		path)
}
