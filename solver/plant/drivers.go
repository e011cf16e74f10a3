package plant

import (
	"math"

	"budget/model"
)

// two32 scales probabilities to 32-bit words, cpuUnits CPU shares to integers, whose sums
// over the window are exact.
const (
	two32    = 1 << 32
	cpuUnits = 1 << 40
)

// environment holds the constants of an environment's drivers: the air, an
// Ornstein–Uhlenbeck process about its mean, and the sun, which is in or out.
type environment struct {
	index                     int     // in the scenario
	from                      int     // index of the environment that watches come from, or −1
	sinceMax                  float64 // longest time since they arrived [s]
	ambientMean, ambientSD    float64
	ouSD, ouDecay, ouInnovate float64
	reach                     float64 // bound on the OU part about its decaying start [K]
	sunShare, irradianceMax   float64
	sunFromSun, sunFromShade  uint64 // transition probabilities in units of 2^−32
}

func newEnvironment(index, from int, e *model.Environment, step float64, steps int) environment {
	c := environment{
		index:         index,
		from:          from,
		sinceMax:      float64(e.SinceMax),
		ambientMean:   float64(e.AmbientMean),
		ambientSD:     float64(e.AmbientSD),
		ouSD:          float64(e.OUSD),
		sunShare:      float64(e.SunShare),
		irradianceMax: float64(e.IrradianceMax),
	}
	c.ouDecay, c.ouInnovate = model.OUStep(c.ouSD, float64(e.OUTau), step)
	c.reach = reach * c.ouSD * math.Sqrt(1-math.Pow(c.ouDecay, 2*float64(steps)))
	stay, enter := model.SunStep(c.sunShare, float64(e.SunSpell), step)
	c.sunFromSun = uint64(math.Round(stay * two32))
	c.sunFromShade = uint64(math.Round(enter * two32))
	return c
}

// reach is the bound on a Gaussian process in standard deviations (bounds.go).
const reach = 8.5

// load holds the workload's constants for the step. Probabilities are in units
// of 2^−32, cumulated over the next states.
type load struct {
	power [4]float64
	front [4]float64 // share dissipated in the display
	next  [4][3]uint64
	cpu   [4]int64 // CPU share in units of 2^−40

	lowPower float64 // factor on the power in Low Power Mode
	// Regular cues: every cueEvery steps, from step cueEvery on, the state is cue for
	// cueSteps steps and quiet at the next. cueEvery is 0 if there are none.
	cueEvery, cueSteps int
}

func newLoad(s *model.Scenario, w *model.Workload, step float64) (l load) {
	l.lowPower = w.LowPowerFactor(&s.Policy)
	l.cueEvery, l.cueSteps = w.RegularCues(s.Grid.Step)
	for i := range l.power {
		l.power[i] = float64(w.Power[i])
		l.front[i] = float64(s.Workload.States.Front[i])
		l.cpu[i] = int64(math.Round(float64(w.CPU[i]) * cpuUnits))
	}
	for s, row := range w.Transition(step) {
		sum := 0.0
		for j := range l.next[s] {
			sum += row[j]
			l.next[s][j] = uint64(math.Round(sum * two32))
		}
	}
	return l
}

// mostLoads is the largest number of loads of a plant.
const mostLoads = 4

// chains are the loads of a plant as one table by state: the state of load l in state s of
// its chain is 4 l + s.
type chains struct {
	power [4 * mostLoads]float64
	front [4 * mostLoads]float64
	cpu   [4 * mostLoads]int64
	next  [4 * mostLoads][3]uint64
}

func newChains(loads []load) (c chains) {
	for i := range loads {
		l := &loads[i]
		copy(c.power[4*i:], l.power[:])
		copy(c.front[4*i:], l.front[:])
		copy(c.cpu[4*i:], l.cpu[:])
		copy(c.next[4*i:], l.next[:])
	}
	return c
}

// step returns the next state for a random word.
func (c *chains) step(state int, word uint32) int {
	next, first := &c.next[state%len(c.next)], state&^3
	w := uint64(word)
	switch {
	case w < next[0]:
		return first
	case w < next[1]:
		return first + 1
	case w < next[2]:
		return first + 2
	}
	return first + 3
}

// cue returns the state of the chain at step k of a phase: that of a regular cue or its
// end, else the given one. Cues that began before step since have been interrupted.
func (l *load) cue(k, state, since int) int {
	if l.cueEvery == 0 || k < l.cueEvery {
		return state
	}
	switch at := k % l.cueEvery; {
	case k-at < since:
	case at < l.cueSteps:
		return model.StateCue
	case at == l.cueSteps:
		return model.StateQuiet
	}
	return state
}
