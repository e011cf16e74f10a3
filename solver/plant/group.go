package plant

import (
	"math"
	"math/bits"

	"budget/model"
	"budget/solver/random"
)

// A kernel steps several groups of eight paths (lanes). The groups go through a phase one
// after the other, which hides latency.
const (
	lanes  = 8
	groups = 4
)

// Eight numbers, or eight words, each in the lower half of its place: the upper half is
// arbitrary.
type (
	float64s = [lanes]float64
	uint32s  = [lanes]uint64
)

// group is eight lanes: their paths and their rarely changing state.
type group struct {
	*columns
	number int
	//lint:ignore U1000 builds with vectors use it
	halves [2]*columns // of the lanes 0 to 3 and 4 to 7
	paths  [lanes]pathState
	spans  [lanes]uint8 // lanes by the turn, of eight, in which spans of their paths begin
	due    int          // the clock when the first of the paths ends its last step
	turns  int          // the clock when the first of the paths begins its next leg
	comes  int          // the clock when the first absence of the paths begins or ends
	shares []uint32s    // CPU shares of the last steps

	// Lanes as bits.
	active         uint8 // with a path
	fresh          uint8 // at step 0
	low, veryLow   uint8 // displayed level, at the last poll
	noisy          uint8 // the gauge's noise is followed
	sunny, shining uint8 // in an environment with sun; in the sun
	watched        uint8 // the CPU limit can be exceeded
	absent         uint8 // the user has left
	starting       uint8 // a session starts after an absence, at the next poll
	audible        uint8 // the gauge's noise begins to matter, at the start of a turn
	// Found by the poll: level changed; segment changed; resistances must be recomputed.
	reacts, below, far uint8
	prompted           uint8 // the Low Power prompt comes, and the user is there
	// Found by the step: ended at its start, at its end, by the CPU limit; sun changed.
	off, out, busy, sun uint8
}

// columns are the constants and the state of a group's paths in a step, by lane; names and
// units are those of session and cell. Another order costs up to 4 %: loads and stores at
// the same offset of different pages wait for each other.
type columns struct {
	// Constants of the session, and rarely changing state.
	bias                          float64s
	rise, leave                   float64s // temperatures at which the thermal level changes next
	noiseBelow                    float64s
	r0, r1, r2, drain             float64s // r1, r2 times the part of v1, v2 that decays in a step
	knot, slope, intercept        float64s // of the segment of the open-circuit voltage
	factor                        float64s // on the state's power: m, and Low Power Mode
	ouDecay, ouInnovate, cellHeat float64s
	cpuLimit                      uint32s

	// State.
	z, v1, v2       float64s
	x, alpha, boost float64s // factors of the resistances (cell.factors)
	fall            float64s // of z in the last step
	cellT, skinT    float64s // temperatures at the nodes B and K
	ou, noise       float64s
	modes           [model.Nodes]modeColumns // thermal modes: constants and state
	state, cpuSum   uint32s
	sunHeat         float64s // 0 in the shade
	sunBelow        uint32s  // below this word the path is in the sun next
}

// modeColumns are the columns of a thermal mode. held is the constant part of its
// input.
type modeColumns struct {
	held, air, decay, logic, heat, front, skin, amplitude float64s
}

// pathState is one path's constants, its rarely changing state and its recorded
// history. The state that changes at every step is in the columns of its lane.
type pathState struct {
	session
	skipping
	pausing
	needs   []float64 // by span of steps, if it can be skipped later (look)
	sunk    bool      // it has displayed a low level
	again   bool      // and has been looked ahead on since
	roofs   []float64 // then the levels, by span, below which it can be skipped
	history History
	path    uint64
	first   int // the clock at the first step
	leg     int // index in Plant.Legs
	load    int // index in Plant.loads
	heard   int // the step that the gauge's noise is followed from, −1 if it is not

	lpm       bool
	asked     bool // Low Power Mode has been offered, or was on
	level     model.ThermalLevel
	condition int
	segment   int // of the open-circuit voltage
}

// surround sets the columns for the environment of a path with temperatures t.
func (g *group) surround(i int, t model.Vector) {
	in, bit := &g.paths[i].session, uint8(1)<<i
	g.sunny = put(g.sunny, bit, in.env.sunShare > 0)
	g.shining = put(g.shining, bit, in.sun)
	g.ouDecay[i], g.ouInnovate[i] = in.env.ouDecay, in.env.ouInnovate
	net, amplitudes := in.net, in.net.amplitudes.Times(t)
	g.cellHeat[i] = net.cellHeat
	for j := range g.modes {
		m := &g.modes[j]
		m.held[i] = float64(net.air[j]*in.ambient) + float64(net.wrist[j]*in.wrist)
		m.air[i], m.decay[i], m.amplitude[i] = net.air[j], net.decay[j], amplitudes[j]
		m.logic[i], m.heat[i], m.front[i] = net.logic[j], net.heat[j], net.front[j]
		m.skin[i] = net.skin[j]
	}
}

// emptyWindow empties the window of CPU shares.
func (g *group) emptyWindow(i int) {
	g.cpuSum[i] = 0
	for k := range g.shares {
		g.shares[k][i] = 0
	}
}

func put(set, bit uint8, on bool) uint8 {
	if on {
		return set | bit
	}
	return set &^ bit
}

// listen starts the gauge's noise.
func (g *group) listen(i, clock int) {
	g.noise[i] = g.paths[i].noise
	g.noisy |= 1 << i
	g.paths[i].heard = clock - g.paths[i].first
}

// shine updates the columns for sun or shade.
func (g *group) shine(i int) {
	in := &g.paths[i].session
	g.sunHeat[i], g.sunBelow[i] = 0, in.env.sunFromShade
	if g.shining>>i&1 == 1 {
		g.sunHeat[i], g.sunBelow[i] = in.sunHeat, in.env.sunFromSun
	}
}

// carry puts a load on a path, its chain in state quiet.
func (g *group) carry(p *Plant, i, load int) {
	l := &g.paths[i]
	l.load = load
	g.state[i] = uint64(4 * load)
	g.factor[i] = l.session.power
	if l.lpm {
		g.factor[i] *= p.loads[load].lowPower
	}
}

// position returns the number of steps in the session or timer so far.
func (l *pathState) position(clock int) int { return clock - l.first - l.away }

// polled handles absences after the poll of a step: starts that come with it are complete, and
// the prompt may begin absences.
func (g *group) polled(p *Plant, key random.Key, clock, steps int) {
	for set := g.starting & g.active; set != 0; set &= set - 1 {
		g.completeStart(bits.TrailingZeros8(set))
	}
	g.starting = 0
	for set := g.prompted & g.active; set != 0; set &= set - 1 {
		i := bits.TrailingZeros8(set)
		l := &g.paths[i]
		at := l.position(clock)
		if at >= steps || !l.takes || !p.Legs[l.leg].InSession() {
			continue
		}
		g.beginAbsence(p, key, i, at, clock)
		if l.back == clock {
			g.endAbsence(p, i)
			g.completeStart(i)
			g.starting &^= 1 << i
		}
	}
	g.prompted = 0
}

// completeStart notes what the poll of a start after an absence has found.
func (g *group) completeStart(i int) {
	l := &g.paths[i]
	h := &l.history
	h.Restarts[len(h.Restarts)-1].Critical = l.level == model.Critical
	if int(h.Runs[len(h.Runs)-1].Condition) != l.condition {
		h.enter(l.at, l.condition)
	}
}

// comeAndGo begins and ends the absences that do so at the end of the step.
func (g *group) comeAndGo(p *Plant, key random.Key, clock int) {
	next := clock + 1
	if next < g.comes {
		return
	}
	g.comes = math.MaxInt
	for set := g.active; set != 0; set &= set - 1 {
		i, bit := bits.TrailingZeros8(set), set&-set
		l := &g.paths[i]
		if g.absent&bit == 0 && l.position(next) == l.leaveAt {
			g.beginAbsence(p, key, i, l.leaveAt, next)
		}
		if g.absent&bit != 0 && l.back == next {
			g.endAbsence(p, i)
		}
		g.comes = min(g.comes, l.comes(g.absent&bit != 0))
	}
}

// comes returns the clock when an absence of the path begins or ends next.
func (l *pathState) comes(absent bool) int {
	if absent {
		return l.back
	}
	return l.first + l.away + l.leaveAt
}

// beginAbsence begins an absence at a position, from a clock on.
func (g *group) beginAbsence(p *Plant, key random.Key, i, at, clock int) {
	l := &g.paths[i]
	l.number++
	gap, steps := l.draw(p.pauses, key, l.path)
	l.leaveAt = leaves(p.Legs[l.leg:], at, gap)
	l.at, l.away, l.back = at, l.away+steps, clock+steps
	g.comes = min(g.comes, l.back)
	g.absent |= 1 << i
	g.watched &^= 1 << i
	g.carry(p, i, p.pauses.load)
}

// endAbsence starts a session after an absence.
func (g *group) endAbsence(p *Plant, i int) {
	l, bit := &g.paths[i], uint8(1)<<i
	leg, load := &p.Legs[l.leg], p.loadOf[l.leg]
	g.absent &^= bit
	g.starting |= bit
	l.history.Restarts = append(l.history.Restarts, Restart{Step: int32(l.at), LowPower: l.lpm})
	g.carry(p, i, load)
	g.state[i] += uint64(p.loads[load].cue(l.at-leg.From, model.StateQuiet, l.at-leg.From))
	g.emptyWindow(i)
	g.watched = put(g.watched, bit, l.watchCPU)
	g.comes = min(g.comes, l.comes(false))
}
