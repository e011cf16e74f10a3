package model

import (
	"fmt"
	"math"
	"slices"
)

// Phase is a part of a timer (session model, section 9): a part of a session, or a rest
// between sessions.
type Phase struct {
	Length Duration // without the margin of a session that ends with it
	Rest   bool
	// Keep joins the sessions before and after a rest: the rest then runs in the session.
	Keep bool
	// Workload is the id of what the watch does, "" for that of the session type, or worn in
	// a rest. Environment is the id of the one to move to when the phase begins, "" to stay.
	Workload, Environment string
}

// Worn is the id of the workload without a session: of rests, unless they name another, and
// of absences.
const Worn = "worn"

// InSession reports whether a session runs in the phase.
func (p *Phase) InSession() bool { return !p.Rest || p.Keep }

// WorkloadOf returns the workload of a phase of a timer with sessions of a type.
func (s *Scenario) WorkloadOf(p *Phase, session string) *Workload {
	switch {
	case p.Workload != "":
		return s.Workload.ByID[p.Workload]
	case p.Rest:
		return s.Workload.ByID[Worn]
	}
	return s.Workload.ByID[s.Session(session).Workload]
}

// Leg is a phase of a timer on the time grid. The phases from Starts to Ends share a session,
// a stint.
type Leg struct {
	Phase
	From, To int  // steps; the last leg of a stint has the margin
	Starts   bool // a session starts with it
	Ends     bool // a session ends with it
	Stint    int  // number of the stint, from 0; in a rest of the one that follows
}

// Legs puts the phases of a timer on the time grid. A rest after the last phase in a session
// is dropped.
func (g *Grid) Legs(phases []Phase) []Leg {
	last := len(phases)
	for last > 0 && phases[last-1].Rest {
		last--
	}
	var legs []Leg
	at, stint := 0, 0
	for i, p := range phases[:last] {
		l := Leg{Phase: p, From: at, Stint: stint}
		if l.InSession() {
			l.Starts = i == 0 || !phases[i-1].InSession()
			l.Ends = i+1 == last || !phases[i+1].InSession()
		}
		at += int(math.Round(float64(p.Length / g.Step)))
		if l.Ends {
			at += int(math.Round(float64(g.Margin / g.Step)))
			stint++
		}
		l.To = at
		legs = append(legs, l)
	}
	return legs
}

// maxSteps limits the time grid, and so the memory.
const maxSteps = 100_000

// Hold returns an error unless the grid holds sessions of up to the given duration: at least one
// step, and not more than fit in memory.
func (g *Grid) Hold(longest Duration) error {
	if problem := g.misfit(longest); problem != "" {
		return fmt.Errorf("%v %s", longest, problem)
	}
	return nil
}

// misfit returns why the grid does not hold a duration, or "" if it does.
func (g *Grid) misfit(d Duration) string {
	switch steps := float64(d / g.Step); {
	case steps < 1:
		return fmt.Sprintf("is shorter than grid.step (%v): expected at least one step", g.Step)
	case steps > maxSteps:
		return fmt.Sprintf("has %.0f steps of %v: expected at most %d", steps, g.Step, maxSteps)
	}
	return ""
}

// maxPhases is the largest number of phases of a timer.
const maxPhases = 1000

// CheckPhases returns what is wrong with the phases of a timer.
func (s *Scenario) CheckPhases(phases []Phase) error {
	for i, p := range phases {
		steps := float64(p.Length / s.Grid.Step)
		if math.Abs(steps-math.Round(steps)) > 1e-6 || steps < 0.5 {
			return fmt.Errorf("phase %d lasts %v: expected a multiple of grid.step (%v)", i+1, p.Length,
				s.Grid.Step)
		}
	}
	first := slices.IndexFunc(phases, func(p Phase) bool { return !p.Rest })
	last := len(phases) - 1
	for last >= 0 && phases[last].Rest {
		last--
	}
	total := Duration(0) // without the last rest, which is dropped
	for _, p := range phases[:last+1] {
		total += p.Length
	}
	switch {
	case first < 0:
		return fmt.Errorf("all phases are rests: expected a phase in a session, such as 25 min")
	case first > 0:
		return fmt.Errorf("it begins with a rest: a session comes first, leave the rest out")
	case total > Duration(24*3600):
		return fmt.Errorf("it lasts %v: expected at most 24 h", total)
	}
	if err := s.Grid.Hold(total); err != nil {
		return err
	}
	if phases[0].Environment != "" {
		return fmt.Errorf("the first phase is in %s: give --environment %[1]s for where the timer begins",
			phases[0].Environment)
	}
	workloads := map[string]bool{Worn: true} // the user may leave and come back
	for i, p := range phases[:last+1] {
		if !p.Rest || p.Workload != "" {
			workloads[p.Workload] = true
		}
		if p.Keep && i > 0 && !(phases[i-1].InSession() && phases[i+1].InSession()) {
			return fmt.Errorf("phase %d, %v, has a rest beside it: a kept rest joins the sessions before "+
				"and after it: write rest in place of keep, or keep both", i+1, p)
		}
	}
	if len(workloads) > mostWorkloads {
		return fmt.Errorf("it has %d workloads besides worn, that of rests and absences: expected at most %d",
			len(workloads)-1, mostWorkloads-1)
	}
	return nil
}

// mostWorkloads is the largest number of workloads of a timer, with that of absences.
const mostWorkloads = 4
