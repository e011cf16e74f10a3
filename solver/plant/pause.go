package plant

import (
	"math"

	"budget/model"
	"budget/solver/random"
)

// A user who leaves the app pauses the session or timer (session model, section 9). At the end
// of a step in a session, except the last of a stint, the user leaves with probability
//
//	1 − exp(−resign f D),   f the frailty,
//
// so the number of steps up to the next time is geometric: with E exponential of mean 1 it is
// ⌈E / (resign f D)⌉, which needs one random number for each absence and none for the steps.
// The Low Power prompt, if it takes the front, makes the user leave as well, at its poll.
//
// An absence lasts ⌈A/D⌉ steps, A exponential with mean away, under the load worn. The watch
// goes on, but the session does not: its position, the number of its steps so far, stands
// still. Absences are followed until they end, or until the watch is off; the time on the
// wall has no other bound. Random numbers of the drivers go by steps on the wall.

// pauses holds what absences depend on.
type pauses struct {
	leave  float64 // resign D: a step's hazard of a user with frailty 1
	shape  float64 // of the frailty
	away   float64 // mean of an absence in steps
	prompt float64 // probability that the Low Power prompt takes the front
	load   int     // index of the load worn
}

func newPauses(s *model.Scenario, session *model.Session, step float64) *pauses {
	return &pauses{leave: float64(session.Resign) * step, shape: float64(s.Population.FrailtyShape),
		away: float64(s.Timer.Away) / step, prompt: session.PromptResigns(&s.Policy)}
}

// never is a position that no path reaches.
const never = math.MaxInt32

// pausing is the part of a path's state that concerns absences.
type pausing struct {
	leave   float64 // a step's hazard to leave
	takes   bool    // the Low Power prompt takes the front
	number  uint32  // of absences so far
	leaveAt int     // position at which the next absence begins, unless the prompt comes first
	away    int     // steps of absences so far, all of the present one included
	at      int     // position of the present or the last absence
	back    int     // the clock at the end of the present absence
}

// begin draws whether and when a path's user first leaves.
func (x *pausing) begin(p *pauses, legs []model.Leg, d *sessionDraws) {
	*x = pausing{leaveAt: never, at: -1}
	if p == nil {
		return
	}
	if p.prompt > 0 {
		x.takes = d.further(drawTakes) < p.prompt
	}
	if p.leave > 0 {
		x.leave = p.leave * random.Gamma(d.uniform(drawFrailty), p.shape)
	}
	gap, _ := x.draw(p, d.key, d.path)
	x.leaveAt = leaves(legs, 0, gap)
}

// draw draws the number of steps in sessions until the next absence, and the length of the
// present one.
func (x *pausing) draw(p *pauses, key random.Key, path uint64) (gap, absence int) {
	stream := random.Stream{Key: key, Path: path, Purpose: purposePause}
	next, length, _, _ := stream.Block(x.number)
	steps := func(word uint32, mean float64) int {
		return int(min(math.Ceil(-random.Log(random.Uniform32(word))*mean), never))
	}
	gap = never
	if x.leave > 0 {
		gap = steps(next, 1/x.leave)
	}
	return gap, steps(length, p.away)
}

// leaves returns the position after so many steps in sessions from a position in the first of
// some legs on, not counting the last step of each stint, or never.
func leaves(legs []model.Leg, from, steps int) int {
	for i := range legs {
		l := &legs[i]
		if !l.InSession() {
			continue
		}
		first, last := max(from, l.From), l.To
		if l.Ends {
			last--
		}
		if first+steps <= last {
			return first + steps
		}
		steps -= max(last-first, 0)
	}
	return never
}
