package incidence

import (
	"cmp"
	"math/bits"
	"slices"

	"budget/model"
	"budget/solver/plant"
	"budget/solver/random"
)

// run evaluates the paths under up to eight rules of one plant and passes the
// causes, summed over all replicates, to causes at every duration.
func (b *batch) run(e []*Rules, k *batchKernel, causes func(i int, causes *causeSums)) {
	b.prepare(e)
	b.begin()
	next := 0 // index into b.at
	for b.from, b.to = -1, 0; ; {
		b.tabulate(k)
		for n := range replicates {
			if b.timeline.replicates[n].scale > 0 {
				b.live = b.timeline.replicates[n].live(b.live[:0], b.from)
				k.follow(b, n)
			}
		}
		for of := range b.total {
			k.total(b, of)
		}
		for time := max(b.from+1, b.first); time <= b.to; time++ {
			causes(time-b.first, &b.causes[time-b.from])
		}
		if next < len(b.at) && b.to == b.at[next]+b.first {
			k.used(b, next)
			next++
		}
		if b.to == b.last {
			break
		}
		b.from = b.to
		b.to = min(b.from/stretch*stretch+stretch, b.last)
		if next < len(b.at) {
			b.to = min(b.to, b.at[next]+b.first)
		}
	}
	for ; next < len(b.at); next++ { // nothing changes any more
		k.used(b, next)
	}
}

// prepare prepares the batch for rules.
func (b *batch) prepare(e []*Rules) {
	b.rules = e
	b.first, b.last = e[0].first, e[0].first
	b.grants = b.grants[:0]
	b.counted, b.prompts = [slotAll]bool{}, false
	for _, cause := range e[0].failures {
		b.counted[cause] = true
	}
	for lane := range lanes {
		e := b.lane(lane)
		b.takes[rowExpired-ends][lane], b.takes[rowPrompted-ends][lane] = 1, e.prompt
		b.prompts = b.prompts || e.prompt > 0
		b.last = max(b.last, e.alive())
		for cause, rate := range e.same {
			b.same[cause][lane] = rate
		}
		b.resigning[lane] = oneIf(b.counted[e.frail])
		for i, cause := range sudden {
			b.counts[i][lane] = oneIf(b.counted[cause])
		}
		g := slices.IndexFunc(b.grants, func(g grant) bool { return g.compareGrants(e) == 0 })
		if g < 0 {
			g = len(b.grants)
			b.grants = append(b.grants, grant{e, e.alive(), 0})
		}
		b.grants[g].lanes |= 1 << lane

		for v := range numViews {
			b.eta[v][lane] = e.eta(View(v))
		}
		b.alive[lane] = e.alive()
		b.fastest[lane] = 0
		for row, code := range b.timeline.conditions {
			class := e.classOf[code]
			for i, rate := range e.classes[class].own {
				b.own[i][row][lane] = rate
			}
			b.further[row][lane] = e.classes[class].total
			b.fastest[lane] = max(b.fastest[lane], b.further[row][lane])
			failing := 0.0
			for cause, rate := range e.rates(Meaning, class) {
				if b.counted[cause] {
					failing += rate
				}
			}
			b.failing[row][lane] = failing
			for v := range numViews {
				rate := b.eta[v][lane] + b.further[row][lane]
				for j, x := range gaussNodes {
					b.atNodes[v][row][j][lane] = gaussWeights[j] * e.step * random.Exp(-rate*x*e.step)
				}
			}
		}
		b.fastest[lane] += b.eta[AsUsed][lane] + e.rho
		b.frailties[lane] = b.frailty(e)
	}
	for row := range b.timeline.conditions {
		if len(b.coarseFactor[row]) <= b.last/coarse {
			b.coarseFactor[row] = make([]perLane, b.last/coarse+1)
		}
		for lane, rate := range b.further[row] {
			if lane == len(e) {
				break
			}
			for n := range b.fineFactor[row] {
				b.fineFactor[row][n][lane] = random.Exp(-rate * e[0].step * float64(n))
			}
			for n := range b.coarseFactor[row] {
				b.coarseFactor[row][n][lane] = random.Exp(-rate * e[0].step * float64(n*coarse))
			}
		}
		b.factor[row] = b.fineFactor[row][1]
	}

	if times := b.last - b.first + 1; cap(b.failed) < times {
		b.failed = make([]blockMeans, times)
	} else {
		b.failed = b.failed[:times]
		clear(b.failed)
	}
	clear(b.ended)
	clear(b.unfinished)
	b.refused, b.started = blockMeans{}, [lanes]int64{}
}

func oneIf(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// compareGrants orders rules by how grants are used up; 0 means in the same way.
func (r *Rules) compareGrants(o *Rules) int {
	return cmp.Or(cmp.Compare(r.Session.Limit, o.Session.Limit), slices.Compare(r.rate[:], o.rate[:]))
}

// begin puts all paths into their first rows and finds when grants are used up.
func (b *batch) begin() {
	for k, kind := range b.timeline.kinds {
		for lane := range lanes {
			b.left[k][lane] = kind.weight - kind.weight*b.lane(lane).refused(kind.Start)
		}
	}
	b.state = [replicates]replicateState{}
	b.total = [among]totalState{}
	for n := range replicates {
		b.enter(n)
	}
	same := func(a, b grant) bool { return a.lanes == b.lanes && a.compareGrants(b.Rules) == 0 }
	changed := b.promptedBy != b.prompts || !slices.EqualFunc(b.expiredBy, b.grants, same)
	if changed {
		b.expiredBy, b.promptedBy = append(b.expiredBy[:0], b.grants...), b.prompts
		for n := range replicates {
			b.expire(n)
		}
	}
	// What rules have in common is worth finding where the rules of the batch before had it, too.
	all := b.inCommon()
	changed = changed || !slices.Equal(all, b.alike)
	b.alike = all
	for n := range replicates {
		m := &b.moves[n]
		switch {
		case changed:
			b.followAll(n)
		case !m.split:
			b.split(n)
		}
		m.moved, m.changed, m.expired, m.emptied = 0, 0, 0, 0
		for i, path := range m.own {
			m.share[i] = b.left[b.timeline.replicates[n].kinds[path]]
		}
	}
}

// followAll follows every path of a replicate by itself.
func (b *batch) followAll(n int) {
	replicate := &b.timeline.replicates[n]
	for i := len(b.everyone); i < len(replicate.paths); i++ {
		b.everyone = append(b.everyone, int32(i))
	}
	b.moves[n] = moves{own: b.everyone[:len(replicate.paths)],
		share:   slices.Grow(b.moves[n].share[:0], len(replicate.paths))[:len(replicate.paths)],
		changes: replicate.changes, expiries: b.expiries[n]}
}

// inCommon lists what moves of paths depend on besides grants: the hazards of rows, the parts
// left at the start by kind, and what the prompt takes.
func (b *batch) inCommon() (all []alike) {
	note := func(x *perLane) {
		for lane := range b.rules {
			if x[lane] != x[0] {
				all = append(all, alike{})
				return
			}
		}
		all = append(all, alike{true, x[0]})
	}
	note(&b.takes[rowPrompted-ends])
	for row := range b.timeline.conditions {
		note(&b.further[row])
	}
	for k := range b.left {
		note(&b.left[k])
	}
	return all
}

// split finds the paths of a replicate that move alike under all rules and sums their moves.
// Policies that differ in one rate have most paths in common, and so do batches of them.
func (b *batch) split(n int) {
	replicate, m := &b.timeline.replicates[n], &b.moves[n]
	prompt, rows := b.alike[0], b.alike[1:]
	kinds := rows[len(b.timeline.conditions):]
	const alikeAll = -1
	places := make([]int32, len(replicate.paths)) // in own
	share := make([]float64, len(replicate.paths))
	for i := range replicate.paths {
		p, k := &replicate.paths[i], replicate.kinds[i]
		places[i], share[i] = 0, b.left[k][0]
		common := kinds[k].common
		for _, run := range p.Runs {
			common = common && rows[b.timeline.rowOf[run.Condition]].common
		}
		if common {
			places[i] = alikeAll
		}
	}
	for _, x := range b.expiries[n] {
		if x.lanes != 1<<lanes-1 || x.to == rowPrompted && !prompt.common {
			places[x.path] = 0
		}
	}
	*m = moves{share: m.share, split: true}
	for i, place := range places {
		if place != alikeAll {
			places[i], m.own = int32(len(m.own)), append(m.own, int32(i))
		}
	}
	m.share = m.share[:len(m.own)]

	var sums [ends + len(sudden)]float64
	time, moved := int32(0), uint32(0)
	move := func(at int32, from, to uint8, amount float64) {
		if at != time {
			m.sum(time, moved, &sums)
			time, moved = at, 0
		}
		sums[from] -= amount
		sums[to] += amount
		moved |= 1<<from | 1<<to
	}
	remain := func(path int32, row uint8, n int32) float64 {
		return share[path] * b.fineFactor[row][n%coarse][0] * b.coarseFactor[row][n/coarse][0]
	}
	all := moves{changes: replicate.changes, expiries: b.expiries[n]}
	for {
		x, c := all.next(b.last)
		switch {
		case x != nil && places[x.path] != alikeAll:
			own := *x
			own.path = places[x.path]
			m.expiries = append(m.expiries, own)
		case x != nil:
			takes := b.takes[x.to-ends][0]
			move(x.time, x.row, x.to,
				float64(rounded(float64(remain(x.path, x.row, x.time-x.since)*takes))*replicate.times[x.path]))
			share[x.path] -= float64(share[x.path] * takes)
		case c != nil && places[c.path] != alikeAll:
			own := *c
			own.path = places[c.path]
			m.changes = append(m.changes, own)
		case c != nil:
			share[c.path] = remain(c.path, c.from, c.time-c.since)
			move(c.time, c.from, c.to, rounded(share[c.path]))
		default:
			m.sum(time, moved, &sums)
			return
		}
	}
}

// sum appends the moves at a time and clears their sums. moved are their rows, as bits.
func (m *moves) sum(time int32, moved uint32, sums *[ends + len(sudden)]float64) {
	for ; moved != 0; moved &= moved - 1 {
		row := bits.TrailingZeros32(moved)
		m.alike = append(m.alike, move{time, uint8(row), sums[row]})
		sums[row] = 0
	}
}

// next returns the next expiry, or else the next change, of single paths up to a time. A path
// whose grant is used up when it changes changes after that.
func (m *moves) next(to int) (*expiry, *change) {
	var c *change
	if m.changed < len(m.changes) && int(m.changes[m.changed].time) <= to {
		c = &m.changes[m.changed]
	}
	if m.expired < len(m.expiries) {
		if x := &m.expiries[m.expired]; int(x.time) <= to && (c == nil || x.time <= c.time) {
			m.expired++
			return x, nil
		}
	}
	if c != nil {
		m.changed++
	}
	return nil, c
}

// enter puts the paths of a replicate into their first rows.
func (b *batch) enter(n int) {
	replicate, s := &b.timeline.replicates[n], &b.state[n]
	for lane := range lanes {
		refused := int64(0)
		var held [conditions]int64
		for k := range replicate.starts {
			counts, left := &replicate.starts[k], fixed(b.left[k][lane])
			gone := fixed(b.timeline.kinds[k].weight - b.left[k][lane])
			for row := range b.timeline.conditions {
				held[row] += counts[row] * left
				refused += counts[row] * gone
			}
		}
		started := replicate.weight - refused
		if b.counted[model.Refused] {
			started = replicate.weight
		}
		if started > 0 {
			s.given[lane], s.starts[lane] = float64(replicate.weight)/float64(started), 1
			b.started[lane]++
		}
		for row := range b.timeline.conditions {
			s.held[row][lane] = float64(held[row]) / unit * replicate.scale
			b.total[amongAll].held[row][lane] += s.held[row][lane]
			b.total[amongStarting].held[row][lane] += s.held[row][lane] * s.given[lane]
		}
		s.refused[lane] = float64(refused) / unit * replicate.scale
		for of := range b.total {
			b.total[of].causes[model.Refused][lane] += s.refused[lane]
		}
		if replicate.weight > 0 {
			b.refused.add(lane, s.refused[lane])
		}
	}
	if b.counted[model.Refused] {
		s.failed = s.refused
	}
}

// expire finds when the grants of a replicate's paths are used up and when the prompt
// comes.
func (b *batch) expire(n int) {
	paths := b.timeline.replicates[n].paths
	b.found = b.found[:0]
	clear(b.places)
	for i := range paths {
		p := &paths[i]
		first := len(b.found)
	grants:
		for _, g := range b.grants {
			if g.Session.Limit == 0 {
				continue
			}
			time := g.expiry(p)
			if time > g.alive || time > p.End || time == p.End && !p.AfterGrant {
				continue
			}
			for j := range b.found[first:] {
				if x := &b.found[first+j]; int(x.time) == time {
					x.lanes |= g.lanes
					continue grants
				}
			}
			b.find(p, i, time, rowExpired, g.lanes)
		}
		if !b.prompts {
			continue
		}
		if poll := promptOf(p, p.End+1); poll < p.End || poll == p.End && p.AfterGrant {
			b.find(p, i, poll, rowPrompted, 1<<lanes-1) // after a grant used up at that time
		}
	}
	for time := range len(b.places) - 1 {
		b.places[time+1] += b.places[time]
	}
	b.expiries[n] = slices.Grow(b.expiries[n][:0], len(b.found))[:len(b.found)]
	for _, x := range b.found {
		b.expiries[n][b.places[x.time]] = x
		b.places[x.time]++
	}
}

// find records that the i-th path of a replicate, or a part of it, goes into a row at a
// time.
func (b *batch) find(p *plant.History, i, time int, to, lanes uint8) {
	r := len(p.Runs) - 1
	for r > 0 && int(p.Runs[r].Step) >= time {
		r--
	}
	run := p.Runs[r]
	row := b.timeline.rowOf[run.Condition]
	b.found = append(b.found, expiry{int32(time), run.Step, int32(i), row, to, lanes})
	b.places[time+1]++
}
