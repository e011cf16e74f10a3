package plant

import (
	"math"
	"math/bits"

	"budget/model"
)

// A Kernel steps the paths of a plant. On one architecture all kernels give the
// same histories to the bit. Each worker needs its own kernel.
type Kernel interface {
	// Run steps the paths returned by next, until ok is false, through at most the
	// given number of steps and passes their histories to book, in any order. A
	// history is valid until book returns.
	Run(steps int, next func() (path uint64, ok bool), book func(path uint64, h *History))
	// Stepped returns the number of path-steps computed so far.
	Stepped() int64
}

// A kernel steps several groups of eight paths (lanes). The groups go through a phase one
// after the other, which hides latency.
const (
	lanes  = 8
	groups = 4
)

// phases are the work of every step. They work on the columns of the groups and
// mark lanes in the groups for rare events.
type phases interface {
	turn()  // finds paths to skip, and paths for which the gauge's noise begins to matter
	renew() // draws the random numbers of the turn
	poll()  // finds paths whose displayed or thermal level changes, and updates the resistances
	move()  // advances cell and network, and finds the paths that the step ends
	drive() // advances the drivers

	// loads fills a block with the load words of a path from a step on.
	loads(path uint64, step int, b *loadBlock)
}

// kernel is a Kernel for phases of any width. A lane whose path has ended takes the next
// path when a turn begins. So lanes are at different steps but at the same place of a
// turn.
type kernel struct {
	phases
	plant  *Plant
	draws  sessionDraws
	groups [groups]group
	window busyWindow // of a path that is skipped
	watch  watcher    // nil if nothing is sampled
	*memory

	stepped int64
	clock   int // number of steps made by all lanes together

	// Of the run.
	steps int
	next  func() (uint64, bool)
	book  func(uint64, *History)
}

// A watcher observes paths: after the poll of every step, and when a path leaves its lane,
// before its history is booked.
type watcher interface {
	look(k *kernel)
	leave(group, lane int, path uint64)
}

// memory is the data of the phases. It is a separate struct without pointers,
// because the allocator then aligns it to a cache line.
type memory struct {
	columns [groups]columns

	// Counters of the random words: the turn numbers of all groups, then the lower
	// and the upper words of the path numbers.
	counters [3 * groups]uint32s
	// The words of a turn: those of its first step for all groups, then those of its
	// second, and so on. Air and gauge noise are normal numbers.
	airs, loadWords, noises, suns [turn * groups]uint32s
	block                         loadBlock // of a path that is skipped
}

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
	due    int       // the clock when the first of the paths ends its last step
	turns  int       // the clock when the first of the paths begins its next leg
	shares []uint32s // CPU shares of the last steps

	// Lanes as bits.
	active         uint8 // with a path
	fresh          uint8 // at step 0
	low, veryLow   uint8 // displayed level, at the last poll
	noisy          uint8 // the gauge's noise is followed
	sunny, shining uint8 // in an environment with sun; in the sun
	watched        uint8 // the CPU limit can be exceeded
	// Found at the start of a turn: can be skipped; the gauge's noise begins to
	// matter.
	skippable, audible uint8
	// Found by the poll: level changed; segment changed; resistances must be recomputed.
	reacts, below, far uint8
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
	noiseBelow, skipAt0, skipFall float64s
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
	step            float64s // at the start of the turn
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
	history History
	path    uint64
	first   int // the clock at step 0
	leg     int // index in Plant.Legs
	heard   int // the step that the gauge's noise is followed from, −1 if it is not

	lpm       bool
	asked     bool // Low Power Mode has been offered, or was on
	level     model.ThermalLevel
	condition int
	segment   int // of the open-circuit voltage
}

func newKernel(p *Plant, s Sampler, m *memory) *kernel {
	k := &kernel{plant: p, draws: sessionDraws{Sampler: s}, memory: m}
	for i := range k.groups {
		g := &k.groups[i]
		g.columns, g.number = &k.columns[i], i
		g.shares = make([]uint32s, max(p.cpuSteps, 1))
	}
	return k
}

func (k *kernel) Stepped() int64 { return k.stepped }

func (k *kernel) Run(steps int, next func() (uint64, bool), book func(uint64, *History)) {
	k.steps, k.next, k.book = steps, next, book
	for k.clock = 0; ; k.clock++ {
		if k.clock%turn == 0 && !k.beginTurn() {
			return
		}
		k.step()
	}
}

// beginTurn ends the paths that can be skipped, gives free lanes the next paths and draws
// the random numbers of the turn. It reports whether there are paths.
func (k *kernel) beginTurn() bool {
	k.turn()
	for i := range k.groups {
		k.review(&k.groups[i])
	}
	live, more := uint8(0), true
	for i := range k.groups {
		g := &k.groups[i]
		for idle := ^g.active; idle != 0 && more; idle &= idle - 1 {
			more = k.begin(i, bits.TrailingZeros8(idle))
		}
		live |= g.active
	}
	if live != 0 {
		k.renew()
	}
	return live != 0
}

// step advances all paths by a step.
func (k *kernel) step() {
	k.poll()
	for i := range k.groups {
		k.react(&k.groups[i])
	}
	if k.watch != nil {
		k.watch.look(k)
	}
	k.move()
	k.drive()
	k.cue()
	for i := range k.groups {
		k.end(&k.groups[i])
	}
	if len(k.plant.Legs) > 1 {
		k.pass()
	}
}

// begin puts the next path that needs stepping into lane i of the n-th group, and
// books the paths before it that need none. It reports whether there was one.
func (k *kernel) begin(n, i int) bool {
	g, p := &k.groups[n], k.plant
	l := &g.paths[i]
	in := &l.session
	for {
		path, ok := k.next()
		if !ok {
			return false
		}
		k.draws.move(path)
		p.draw(&k.draws, in)
		l.path, l.skipping = path, p.skipping(in, k.steps)
		l.history = History{Weight: in.weight, Runs: l.history.Runs[:0], End: p.Steps + 1}
		if !l.skippable(0, in.level) {
			break
		}
		l.history.Start = Start{LowPower: in.lpmStart,
			BelowGate: p.belowGate(k.draws.key, path, in, -1)}
		condition := 0
		if in.lpmStart {
			condition = conditionLPM
		}
		l.history.enter(0, condition)
		k.skip(l)
		k.book(path, &l.history)
	}
	if g.active == 0 {
		g.due, g.turns = math.MaxInt, math.MaxInt
	}
	l.first, l.heard, l.leg, g.due = k.clock, -1, 0, min(g.due, k.clock+k.steps)
	g.turns = min(g.turns, k.clock+p.Legs[0].To)
	bit := uint8(1) << i
	g.active |= bit
	g.fresh |= bit
	g.low, g.veryLow, g.noisy = g.low&^bit, g.veryLow&^bit, g.noisy&^bit
	g.watched = put(g.watched, bit, in.watchCPU)

	t, v1, v2 := p.start(in)
	g.bias[i], g.r0[i], g.drain[i] = in.bias, in.r0, in.drain
	g.r1[i], g.r2[i] = (1-p.cell.decay1)*in.r1, (1-p.cell.decay2)*in.r2
	g.noiseBelow[i], g.skipAt0[i], g.skipFall[i] = l.noiseBelow, l.skipAt0, l.skipFall
	g.surround(i, t)
	g.cpuLimit[i] = uint64(in.cpuLimit)
	g.emptyWindow(i)
	for j, word := range [3]uint32{0, uint32(l.path), uint32(l.path >> 32)} {
		k.counters[j*groups+n][i] = uint64(word)
	}

	g.z[i], g.v1[i], g.v2[i], g.fall[i] = in.level, v1, v2, 0
	g.cellT[i], g.skinT[i] = t[model.NodeB], t[model.NodeK]
	g.ou[i], g.noise[i], g.state[i], g.step[i] = in.ou, 0, 0, 0
	l.lpm, l.asked = in.lpmStart, in.lpmStart
	l.level, l.condition, l.segment = model.Nominal, -1, len(p.cell.knots)-1
	g.factor[i] = in.startFactor
	g.rise[i], g.leave[i] = p.levelBounds(l.level, in.threshold)
	k.findSegment(g, i)
	k.resist(g, i)
	g.shine(i)
	if in.level < l.noiseBelow {
		g.listen(i, k.clock)
	}
	return true
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

// skip finds when the CPU limit ends a skipped path, if it does.
func (k *kernel) skip(l *pathState) {
	if !l.watchCPU {
		return
	}
	words := func(step int) *loadBlock {
		k.loads(l.path, step, &k.block)
		return &k.block
	}
	if step := k.plant.tooBusy(l.cpuLimit, k.steps, &k.window, words); step < k.steps {
		l.history.End, l.history.Cause = step+1, model.Errored
	}
}

// review handles the lanes marked at the start of a turn.
func (k *kernel) review(g *group) {
	for set := g.skippable & g.active; set != 0; set &= set - 1 {
		i := bits.TrailingZeros8(set)
		k.skip(&g.paths[i])
		k.leave(g, i, k.clock-g.paths[i].first)
	}
	for set := g.audible & g.active &^ g.noisy; set != 0; set &= set - 1 {
		g.listen(bits.TrailingZeros8(set), k.clock)
	}
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

// findSegment moves to the segment of the open-circuit voltage at z. The level
// only falls.
func (k *kernel) findSegment(g *group, i int) {
	l, c := &g.paths[i], &k.plant.cell
	for g.z[i] < c.knots[l.segment] {
		l.segment--
	}
	s := l.segment
	g.knot[i], g.slope[i], g.intercept[i] = c.knots[s], c.slope[s], c.intercept[s]
}

// resist recomputes the factors of the resistances.
func (k *kernel) resist(g *group, i int) {
	c := &k.plant.cell
	g.x[i], g.alpha[i], g.boost[i] = c.factors(c.exponent(g.cellT[i]), g.z[i])
}

// react handles the lanes marked by the poll.
func (k *kernel) react(g *group) {
	for set := g.reacts; set != 0; set &= set - 1 {
		k.change(g, bits.TrailingZeros8(set))
	}
	g.fresh = 0
	for set := g.far & g.active; set != 0; set &= set - 1 {
		k.resist(g, bits.TrailingZeros8(set))
	}
	for set := g.below & g.active; set != 0; set &= set - 1 {
		k.findSegment(g, bits.TrailingZeros8(set))
	}
}

// change handles a changed displayed or thermal level: the Low Power prompt, the
// condition, and at the start the inputs of a refusal.
func (k *kernel) change(g *group, i int) {
	l, p := &g.paths[i], k.plant
	step, h := k.clock-l.first, &l.history
	now := 0
	if g.low>>i&1 == 1 {
		now += conditionLow
		if !l.asked {
			l.asked = true
			if l.lpmAccept {
				l.lpm = true
				g.factor[i] *= p.loads[p.loadOf[l.leg]].lowPower
			}
		}
	}
	if g.veryLow>>i&1 == 1 {
		now += conditionVeryLow
	}
	if skin := g.skinT[i]; skin >= g.rise[i] || skin < g.leave[i] {
		l.level = l.level.Next(&p.Scenario.Policy, skin, l.threshold)
		g.rise[i], g.leave[i] = p.levelBounds(l.level, l.threshold)
	}
	if l.level >= model.Serious {
		now += int(l.level) - 1
	}
	if l.lpm {
		now += conditionLPM
	}
	if now != l.condition {
		l.condition = now
		h.enter(step, now)
	}
	if step == 0 {
		h.Start = Start{LowPower: l.lpmStart, Critical: l.level == model.Critical,
			TooHot: g.cellT[i] >= p.cell.tOff}
		if h.Start.TooHot {
			h.End, h.Cause = 0, model.Refused
			k.leave(g, i, 0)
		}
	}
}

// levelBounds returns the temperatures at node K at or above which the thermal
// level rises and below which it is left.
func (p *Plant) levelBounds(l model.ThermalLevel, theta float64) (rise, leave float64) {
	rise, leave = math.Inf(1), math.Inf(-1)
	if l < model.Critical {
		rise = p.limits[l] + theta
	}
	if l > model.Nominal {
		leave = p.limits[l-1] + theta - float64(p.Scenario.Policy.Hysteresis)
	}
	return rise, leave
}

// end ends the paths that the step has ended.
func (k *kernel) end(g *group) {
	leaves := (g.off | g.out | g.busy) & g.active
	if k.clock >= g.due {
		g.due = math.MaxInt
		for set := g.active; set != 0; set &= set - 1 {
			i := bits.TrailingZeros8(set)
			if due := g.paths[i].first + k.steps; due <= k.clock {
				leaves |= 1 << i
			} else {
				g.due = min(g.due, due)
			}
		}
	}
	for set := leaves; set != 0; set &= set - 1 {
		i, bit := bits.TrailingZeros8(set), set&-set
		l := &g.paths[i]
		h, step := &l.history, k.clock-l.first
		stepped := step + 1
		switch {
		case g.off&bit != 0:
			h.End, h.Cause, h.AfterGrant = step, model.PowerOff, true
			stepped = step
		case step >= k.steps:
			stepped = step
		case g.out&bit != 0:
			h.End, h.Cause = step+1, model.PowerOff
		case g.busy&bit != 0:
			h.End, h.Cause = step+1, model.Errored
		}
		k.leave(g, i, stepped)
	}
	for set := g.sun & g.sunny & g.active; set != 0; set &= set - 1 {
		g.shining ^= set & -set
		g.shine(bits.TrailingZeros8(set))
	}
}

// cue sets the state of the paths for which a regular cue begins or ends.
func (k *kernel) cue() {
	p := k.plant
	if !p.cues {
		return
	}
	for n := range k.groups {
		g := &k.groups[n]
		for i := range g.paths {
			leg := g.paths[i].leg
			next := k.clock + 1 - g.paths[i].first - p.Legs[leg].From
			state := int(g.state[i])
			g.state[i] = uint64(p.loads[p.loadOf[leg]].cue(next, state&3) | state&^3)
		}
	}
}

// pass takes the paths whose leg ends with the step to the next leg.
func (k *kernel) pass() {
	p := k.plant
	for n := range k.groups {
		g := &k.groups[n]
		if k.clock+1 < g.turns {
			continue
		}
		g.turns = math.MaxInt
		for set := g.active; set != 0; set &= set - 1 {
			i := bits.TrailingZeros8(set)
			l := &g.paths[i]
			if k.clock+1-l.first == p.Legs[l.leg].To && l.leg+1 < len(p.Legs) {
				k.beginLeg(g, i)
			}
			if l.leg+1 < len(p.Legs) {
				g.turns = min(g.turns, l.first+p.Legs[l.leg].To)
			}
		}
	}
}

// beginLeg begins the next leg of a path: its load's chain is in state quiet, and the window
// of CPU shares is empty where a session starts. The watch may move to another environment.
func (k *kernel) beginLeg(g *group, i int) {
	p, l := k.plant, &g.paths[i]
	l.leg++
	leg, load := &p.Legs[l.leg], p.loadOf[l.leg]
	g.state[i] = uint64(4 * load)
	g.factor[i] = l.session.power
	if l.lpm {
		g.factor[i] *= p.loads[load].lowPower
	}
	if leg.Starts {
		g.emptyWindow(i)
	}
	g.watched = put(g.watched, 1<<i, leg.InSession() && l.watchCPU)
	if move := p.moves[l.leg]; move != nil {
		var amplitudes model.Vector
		for j := range g.modes {
			amplitudes[j] = g.modes[j].amplitude[i]
		}
		t := l.net.shapes.Times(amplitudes)
		p.move(k.draws.key, l.path, l.leg, move, &l.session)
		g.ou[i] = l.ou
		g.surround(i, t)
		g.shine(i)
		// The turn has words for the sun only where paths can be in it.
		for j, word := range driverWords(k.draws.key, purposeSun, l.path, k.clock-l.first) {
			k.suns[j*groups+g.number][i] = uint64(word)
		}
	}
}

// leave books the history of a path and frees its lane. stepped is the number of its
// steps.
func (k *kernel) leave(g *group, i, stepped int) {
	l := &g.paths[i]
	if k.watch != nil {
		k.watch.leave(g.number, i, l.path)
	}
	l.history.Start.BelowGate = k.plant.belowGate(k.draws.key, l.path, &l.session, l.heard)
	k.book(l.path, &l.history)
	k.stepped += int64(stepped)
	g.active &^= 1 << i

	// An idle lane keeps stepping at rest with harmless numbers.
	g.factor[i], g.z[i], g.v1[i], g.v2[i], g.cellT[i], g.fall[i] = 0, 1, 0, 0, 0, 0
	g.x[i], g.alpha[i], g.boost[i], g.slope[i], g.intercept[i] = 0, 1, 0, 0, 4
	g.sunHeat[i], g.sunBelow[i] = 0, 0
	for j := range g.modes {
		g.modes[j].amplitude[i], g.modes[j].held[i] = 0, 0
	}
}
