package plant

import (
	"math"
	"slices"
)

// A look ahead finds, from the random words of a path, the energy that its load will take and
// the lowest values of its gauge's noise. With e_j the energy of step j for a load factor of 1,
// c = perJoule and V(z) = U(z) − sag, a lower bound on the voltage at level z and rising with it,
//
//	z(j) − z(j+1) ≤ c e_j / V(z(j)),   so   G(z(k)) − G(z(n)) ≤ c Σ e_j,   G(z) = ∫ V dz.
//
// The path can be skipped from step k on if G(z(k)) is large enough for the levels that it needs
// at all later steps n: z(n) ≥ shown − (bias + noise(n)).
//
// The noise starts with N at the start of a turn that the look does not know. The lowest noise
// of all starts follows the same recursion, but for the lesser of it and N wherever noise may
// start.
//
// A path that displays a low level, but no very low one, is looked ahead on once more, as Low Power
// Mode may have come on and other levels matter. Its noise is known by then. It can be skipped from
// step k on if G(z(k)) is large enough for the levels above which no very low level is displayed,
// and if its displayed level stays low:
//
//	z(n) ≤ z(k) − c' Σ e_j / U(z)
//
// is below the level that the gauge shows as just low, for c' = leastPerJoule and the level z at
// the look.
const (
	lookSpan  = lanes * turn // steps for which a look has one number: those of a vector
	lookSlack = 1e-9         // allows for rounding
)

// driverDraws makes the words and the normal numbers of a path's drivers for a block of steps.
type driverDraws interface {
	loads(path uint64, step int, b *loadBlock)
	normals(purpose uint32, path uint64, step int, b *block)
}

// looker looks ahead on paths.
type looker struct {
	plant *Plant
	block *loadBlock // room
	draws driverDraws
	steps int // that paths are followed through
	// By span of steps, of the present path: the energy of its load for a factor of 1 [J], and
	// the level above which it can be skipped.
	energies, levels []float64
}

// energyAbove returns G(z), up to a constant, for a level.
func (s *skipping) energyAbove(p *Plant, level float64) float64 {
	return p.cell.integral(level) - s.sag*level
}

// skippable reports whether, as far as looks have found, a path at a level can be skipped from the
// start of a span on.
func (l *pathState) skippable(p *Plant, span int, level float64) bool {
	return span < len(l.needs) && l.energyAbove(p, level) >= l.needs[span] &&
		(!l.sunk || level < l.roofs[span])
}

// look looks ahead on a path and reports whether it can be skipped from the start. Else it
// leaves, for the start of every span, the least G(z) for which the path can be skipped.
func (k *looker) look(l *pathState) bool {
	l.needs = l.needs[:0]
	p, in := k.plant, &l.session
	if !l.possible || l.airMatters && !p.cool(in, &l.skipping, k.warmest(l)) {
		return false
	}
	has, most := l.energyAbove(p, in.level), p.bounds.energy
	if has >= l.energyAbove(p, l.quiet)+l.perJoule*(most.w0+most.w1*float64(k.steps)) {
		return true
	}
	n := k.steps/lookSpan + 1
	k.energies, k.levels = slices.Grow(k.energies[:0], n)[:n], slices.Grow(k.levels[:0], n)[:n]
	p.energiesOf(k.energies, 0, 0, k.steps, k.loadsOf(l.path))
	for i := range k.levels {
		k.levels[i] = l.quiet
	}
	if k.need(l, 0); has >= l.needs[0] {
		return true
	}
	if p.gated(in) {
		return false // the noise is needed back from where it starts
	}
	k.followNoise(l)
	k.need(l, 0)
	return has >= l.needs[0]
}

// present is what a look in the midst of a path begins with.
type present struct {
	state        int
	level, noise float64
}

// lookAgain looks ahead on a path that displays a low level, but no very low one, from the start of
// a span on. It leaves the least G(z) and the level below which the path can be skipped: its
// displayed level stays as low and comes to no threshold.
func (k *looker) lookAgain(l *pathState, span int, now present) {
	l.again, l.needs, l.roofs = true, l.needs[:0], l.roofs[:0]
	p, in := k.plant, &l.session
	n, from := k.steps/lookSpan+1, span*lookSpan
	// A look at paths that would come to a very low level with the present noise seldom pays.
	veryLow := p.cell.integral(max(leastLevel,
		p.gauge.levelAt(p.bounds.shownVeryLow, l.bias+now.noise)))
	usual := p.bounds.usual * float64(k.steps-from)
	if l.number > 0 || l.leaveAt < k.steps || !p.lasts(in, l.lpm, now.level, veryLow, usual) {
		return
	}
	k.energies, k.levels = slices.Grow(k.energies[:0], n)[:n], slices.Grow(k.levels[:0], n)[:n]
	p.energiesOf(k.energies, from, now.state, k.steps, k.loadsOf(l.path))
	energy := 0.0
	for _, e := range k.energies[span:] {
		energy += e
	}
	if !p.lasts(in, l.lpm, now.level, veryLow, energy) {
		return
	}
	if p.settle(in, &l.skipping, l.lpm, now.level, leastLevel, energy); !l.possible ||
		l.airMatters && !p.cool(in, &l.skipping, k.warmest(l)) {
		return
	}

	l.roofs = slices.Grow(l.roofs[:0], n)[:n]
	o, noise := newFollower(p.gauge.decay, p.gauge.innovate), now.noise
	for i := span; i < n; i++ {
		if i == span || i%blockVectors == 0 {
			k.draws.normals(purposeNoise, l.path, i/blockVectors*blockSteps, &k.block.words)
		}
		var lowest, highest float64
		lowest, highest, noise = o.follow(&k.block.words, i, noise, math.Inf(1))
		k.levels[i] = max(l.lowest, p.gauge.levelAt(p.bounds.shownVeryLow, l.bias+lowest)+lookSlack)
		l.roofs[i] = p.gauge.levelAt(p.bounds.shownLow, l.bias+highest) - lookSlack
	}
	least, roof := l.leastPerJoule/p.cell.voltage(now.level), math.Inf(1)
	for i := n - 1; i >= span; i-- {
		roof = min(l.roofs[i], roof+least*k.energies[i])
		l.roofs[i] = roof
	}
	k.need(l, span)
}

// leastLevel is a level above which the bounds hold for a path that displays a low one.
const leastLevel = 0.01

// warmest returns how much the air gets warmer than its mean, at least 0.
func (k *looker) warmest(l *pathState) float64 {
	env := l.session.env
	o := newFollower(env.ouDecay, env.ouInnovate)
	warmer, now := 0.0, l.session.ou
	for span := 0; span <= k.steps/lookSpan; span++ {
		if span%blockVectors == 0 {
			k.draws.normals(purposeAir, l.path, span*lookSpan, &k.block.words)
		}
		var highest float64
		_, highest, now = o.follow(&k.block.words, span, now, math.Inf(1))
		warmer = max(warmer, highest)
	}
	return warmer + lookSlack
}

// need computes the needs of a path from a span on from energies and levels.
func (k *looker) need(l *pathState, from int) {
	p, n := k.plant, len(k.energies)
	l.needs = slices.Grow(l.needs[:0], n)[:n]
	need, level := math.Inf(-1), 0.0
	for i := n - 1; i >= from; i-- {
		if k.levels[i] > level {
			level = k.levels[i]
			need = max(need, l.energyAbove(p, level)+lookSlack)
		}
		need += l.perJoule * k.energies[i]
		l.needs[i] = need
	}
}

// followNoise finds the levels above which the gauge's noise changes nothing.
func (k *looker) followNoise(l *pathState) {
	p, start := k.plant, l.session.noise
	from, heard := 0, 0
	if l.session.level >= l.noiseBelow {
		from, heard = k.falls(l)
	}
	o, now := newFollower(p.gauge.decay, p.gauge.innovate), start
	for span := range k.levels {
		k.levels[span] = p.bounds.level
		if span < from {
			continue
		}
		if span == from || span%blockVectors == 0 {
			k.draws.normals(purposeNoise, l.path, span/blockVectors*blockSteps, &k.block.words)
		}
		again := math.Inf(1)
		if span < heard {
			again = start
		}
		var lowest float64
		lowest, _, now = o.follow(&k.block.words, span, now, again)
		k.levels[span] = max(p.bounds.level, p.bounds.shown-min(0, l.bias+lowest)+lookSlack)
	}
}

// follower follows a process x(k+1) = d x(k) + b N(0,1), by turns.
type follower struct{ b, d1, d2, d3, d4 float64 }

func newFollower(d, b float64) follower {
	return follower{b, d, d * d, d * d * d, d * d * d * d}
}

// follow returns the lowest and the highest value in a span and the value after it, for the normal
// numbers of the span's block. At the start of a turn the process may start again at a value.
//
// The values are compared as integers in the same order, since branches would be foreseen badly.
func (o *follower) follow(words *block, span int, now, again float64) (
	lowest, highest, next float64) {
	in := span % blockVectors
	w0, w1 := &words[in], &words[blockVectors+in]
	w2, w3 := &words[2*blockVectors+in], &words[3*blockVectors+in]
	low, high := int64(math.MaxInt64), int64(math.MinInt64)
	for t := range lanes {
		a1 := o.b * math.Float64frombits(w0[t])
		a2 := o.d1*a1 + o.b*math.Float64frombits(w1[t])
		a3 := o.d1*a2 + o.b*math.Float64frombits(w2[t])
		a4 := o.d1*a3 + o.b*math.Float64frombits(w3[t])
		if now > again {
			now = again
		}
		x0, x1 := ordered(now), ordered(o.d1*now+a1)
		x2, x3 := ordered(o.d2*now+a2), ordered(o.d3*now+a3)
		low, high = min(low, x0, x1, x2, x3), max(high, x0, x1, x2, x3)
		now = o.d4*now + a4
	}
	return unordered(low), unordered(high), now
}

// ordered maps numbers to integers in the same order, unordered maps them back.
func ordered(x float64) int64 {
	b := int64(math.Float64bits(x))
	return b ^ int64(uint64(b>>63)>>1)
}

func unordered(b int64) float64 {
	return math.Float64frombits(uint64(b ^ int64(uint64(b>>63)>>1)))
}

// falls returns the first span in which the gauge's noise may start, and the first at whose start
// it surely has.
func (k *looker) falls(l *pathState) (from, heard int) {
	p, level, n := k.plant, l.session.level, len(k.energies)
	has, below := l.energyAbove(p, level), l.energyAbove(p, l.noiseBelow)+lookSlack
	// The voltage is at most the open-circuit voltage at the start.
	least := l.leastPerJoule / p.cell.voltage(level)
	sum := 0.0
	for from = 0; from < n && has-l.perJoule*(sum+k.energies[from]) >= below; from++ {
		sum += k.energies[from]
	}
	for heard = from; heard < n && level-least*sum >= l.noiseBelow-lookSlack; heard++ {
		sum += k.energies[heard]
	}
	return from, heard + 1
}

// loadsOf returns a function that returns the load words of a path from a step on.
func (k *looker) loadsOf(path uint64) func(step int) *loadBlock {
	return func(step int) *loadBlock {
		k.draws.loads(path, step, k.block)
		return k.block
	}
}

// energiesOf finds the energy of a path's load in spans of steps, for a factor of 1, from a step
// with a state of the load on.
func (p *Plant) energiesOf(into []float64, from, now, steps int, words func(step int) *loadBlock) {
	clear(into)
	var block *loadBlock
	for n := range p.Legs {
		leg := &p.Legs[n]
		load := p.loadOf[n]
		l, quiet := &p.loads[load], 4*load
		k, state := leg.From, quiet
		if k < from {
			k, state = from, now
		}
		for k < min(leg.To, steps) {
			if k%blockSteps == 0 || block == nil {
				block = words(k / blockSteps * blockSteps)
			}
			i := k % blockSteps
			if state == quiet && l.cueEvery == 0 {
				if n := min(block.stays(i), leg.To-k, steps-k); n > 0 {
					into[k/lookSpan] += float64(n) * p.chains.power[quiet] * p.Step
					k += n
					continue
				}
			}
			into[k/lookSpan] += p.chains.power[state] * p.Step
			state = p.chains.step(state, block.word(i))
			k++
			state = l.cue(k-leg.From, state&3, 0) | quiet
		}
	}
}
