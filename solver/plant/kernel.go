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

// phases are the work of every step. They work on the columns of the groups and
// mark lanes in the groups for rare events.
type phases interface {
	turn()  // finds paths for which the gauge's noise begins to matter
	renew() // draws the random numbers of the turn
	poll()  // finds paths whose displayed or thermal level changes, and updates the resistances
	move()  // advances cell and network, and finds the paths that the step ends
	drive() // advances the drivers

	driverDraws
}

// kernel is a Kernel for phases of any width. A lane whose path has ended takes the next
// path when a turn begins. So lanes are at different steps but at the same place of a
// turn.
type kernel struct {
	phases
	plant  *Plant
	draws  sessionDraws
	groups [groups]group
	ahead  looker
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
	block                         loadBlock // of a path that is looked ahead on
}

func newKernel(p *Plant, s Sampler, m *memory) *kernel {
	k := &kernel{plant: p, draws: sessionDraws{Sampler: s}, memory: m,
		ahead: looker{plant: p, block: &m.block}}
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
	k.ahead.draws, k.ahead.steps = k.phases, steps
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
	pauses := k.plant.pauses != nil
	for i := 0; pauses && i < groups; i++ {
		k.groups[i].polled(k.plant, k.draws.key, k.clock, k.steps)
	}
	if k.watch != nil {
		k.watch.look(k)
	}
	k.move()
	k.drive()
	k.cue()
	for i := range k.groups {
		k.end(&k.groups[i])
		if pauses {
			k.groups[i].comeAndGo(k.plant, k.draws.key, k.clock)
		}
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
		l.sunk, l.again = false, false
		if l.pausing.begin(p.pauses, p.Legs, &k.draws); l.leaveAt < k.steps {
			l.possible = false // the bounds are for steps without absences
		}
		l.history = History{Weight: in.weight, Runs: l.history.Runs[:0],
			Restarts: l.history.Restarts[:0], End: p.Steps + 1}
		if !k.ahead.look(l) {
			break
		}
		l.history.Start = Start{LowPower: in.lpmStart,
			BelowGate:  p.belowGate(p.Case.Gate, k.draws.key, path, in, -1),
			BelowGates: p.belowGates(k.draws.key, path, in, -1)}
		condition := 0
		if in.lpmStart {
			condition = conditionLPM
		}
		l.history.enter(0, condition)
		k.skip(l)
		k.book(path, &l.history)
	}
	if g.active == 0 {
		g.due, g.turns, g.comes = math.MaxInt, math.MaxInt, math.MaxInt
	}
	l.first, l.heard, l.leg, l.load, g.due = k.clock, -1, 0, 0, min(g.due, k.clock+k.steps)
	g.turns = min(g.turns, k.clock+p.Legs[0].To)
	g.comes = min(g.comes, l.comes(false))
	bit := uint8(1) << i
	for turn := range g.spans {
		g.spans[turn] &^= bit
	}
	g.spans[k.clock/turn%lanes] |= bit
	g.active |= bit
	g.fresh |= bit
	g.absent, g.starting = g.absent&^bit, g.starting&^bit
	g.low, g.veryLow, g.noisy = g.low&^bit, g.veryLow&^bit, g.noisy&^bit
	g.watched = put(g.watched, bit, in.watchCPU)

	t, v1, v2 := p.start(in)
	g.bias[i], g.r0[i], g.drain[i] = in.bias, in.r0, in.drain
	g.r1[i], g.r2[i] = (1-p.cell.decay1)*in.r1, (1-p.cell.decay2)*in.r2
	g.noiseBelow[i] = l.noiseBelow
	g.surround(i, t)
	g.cpuLimit[i] = uint64(in.cpuLimit)
	g.emptyWindow(i)
	for j, word := range [3]uint32{0, uint32(l.path), uint32(l.path >> 32)} {
		k.counters[j*groups+n][i] = uint64(word)
	}

	g.z[i], g.v1[i], g.v2[i], g.fall[i] = in.level, v1, v2, 0
	g.cellT[i], g.skinT[i] = t[model.NodeB], t[model.NodeK]
	g.ou[i], g.noise[i], g.state[i] = in.ou, 0, 0
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

// skip finds when the CPU limit ends a skipped path, if it does.
func (k *kernel) skip(l *pathState) {
	if !l.watchCPU {
		return
	}
	p, words := k.plant, k.ahead.loadsOf(l.path)
	if !p.mayBeBusy(l.cpuLimit, k.steps, words) {
		return
	}
	if step := p.tooBusy(l.cpuLimit, k.steps, &k.window, words); step < k.steps {
		l.history.End, l.history.Cause = step+1, model.Errored
	}
}

// review handles the lanes marked at the start of a turn.
func (k *kernel) review(g *group) {
	for set := g.spans[k.clock/turn%lanes] & g.active; set != 0; set &= set - 1 {
		i, bit := bits.TrailingZeros8(set), set&-set
		l := &g.paths[i]
		span := (k.clock - l.first) / lookSpan
		low := g.low&^g.veryLow&bit != 0
		if low && !l.again {
			k.ahead.lookAgain(l, span, present{int(g.state[i]), g.z[i], g.noise[i]})
		}
		if low == l.sunk && l.skippable(k.plant, span, g.z[i]) {
			k.skip(l)
			k.leave(g, i, k.clock-l.first)
		}
	}
	for set := g.audible & g.active &^ g.noisy; set != 0; set &= set - 1 {
		g.listen(bits.TrailingZeros8(set), k.clock)
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
	h, bit := &l.history, uint8(1)<<i
	now := 0
	if g.low&bit != 0 {
		now += conditionLow
		if !l.sunk {
			l.sunk, l.needs, l.roofs = true, l.needs[:0], l.roofs[:0]
		}
		if !l.asked {
			l.asked = true
			if l.lpmAccept {
				l.lpm = true
				g.factor[i] *= p.loads[l.load].lowPower
			}
			g.prompted |= bit &^ g.absent
		}
	}
	if g.veryLow&bit != 0 {
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
		if (g.absent|g.starting)&bit == 0 {
			h.enter(l.position(k.clock), now)
		}
	}
	if k.clock == l.first {
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
			if due := g.paths[i].first + g.paths[i].away + k.steps; due <= k.clock {
				leaves |= 1 << i
			} else {
				g.due = min(g.due, due)
			}
		}
	}
	for set := leaves; set != 0; set &= set - 1 {
		i, bit := bits.TrailingZeros8(set), set&-set
		l := &g.paths[i]
		h, step := &l.history, l.position(k.clock)
		stepped := k.clock - l.first + 1
		switch {
		case g.absent&bit != 0:
			h.End, h.Cause, h.AfterGrant, h.Late = l.at, model.PowerOff, true, true
		case g.off&bit != 0:
			h.End, h.Cause, h.AfterGrant, h.Late = step, model.PowerOff, true, step == l.at
			stepped--
		case step >= k.steps:
			stepped--
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
			if g.absent>>i&1 == 1 {
				continue
			}
			l, state := &g.paths[i], int(g.state[i])
			from := p.Legs[l.leg].From
			next := l.position(k.clock+1) - from
			g.state[i] = uint64(p.loads[l.load].cue(next, state&3, l.at-from) | state&^3)
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
			if l.position(k.clock+1) == p.Legs[l.leg].To && l.leg+1 < len(p.Legs) {
				k.beginLeg(g, i)
			}
			if l.leg+1 < len(p.Legs) {
				g.turns = min(g.turns, l.first+l.away+p.Legs[l.leg].To)
			}
		}
	}
}

// beginLeg begins the next leg of a path: its load's chain is in state quiet, and the window
// of CPU shares is empty where a session starts. The watch may move to another environment.
func (k *kernel) beginLeg(g *group, i int) {
	p, l := k.plant, &g.paths[i]
	l.leg++
	leg := &p.Legs[l.leg]
	g.carry(p, i, p.loadOf[l.leg])
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
	start := &l.history.Start
	start.BelowGate = k.plant.belowGate(k.plant.Case.Gate, k.draws.key, l.path, &l.session, l.heard)
	start.BelowGates = k.plant.belowGates(k.draws.key, l.path, &l.session, l.heard)
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
