package incidence

import (
	"math"
	"sort"
	"sync"

	"budget/model"
	"budget/solver/estimate"
	"budget/solver/histories"
	"budget/solver/plant"
)

// weights is the law of paths that carry their survival probability and book
// expected ends.
type weights struct {
	rules   []*Rules
	fold    func(*folding)
	keepAll bool // keep all histories
	folders sync.Pool
}

func newWeights(rules []*Rules, fold func(*folding), keepAll bool) *weights {
	return &weights{rules, fold, keepAll, sync.Pool{New: func() any { return new(folder) }}}
}

// weighing keeps the histories of paths until exposures, one for each of the rules, would
// take less memory. Then it books them and all later paths in exposures.
type weighing struct {
	rules     []*Rules
	segment   *segment
	most      int64 // most histories of a replicate to keep
	records   [lanes]histories.Record
	exposures []*exposure // nil while histories are kept
}

func (w *weights) book(g *segment) book {
	b := &weighing{rules: w.rules, segment: g, most: math.MaxInt64}
	if !w.keepAll {
		// A history takes about 100 bytes, a step or time of an exposure 8 for each
		// class.
		b.most = 0
		for _, r := range w.rules {
			b.most += int64(g.steps) * int64(len(r.classes)+r.endings()) * 8 / 100
		}
	}
	return b
}

func (b *weighing) add(_ uint64, h *plant.History, replicate int) {
	if b.exposures != nil {
		for i, r := range b.rules {
			r.weigh(h, 1, b.exposures[i], replicate, b.segment.end)
		}
		return
	}
	record := &b.records[replicate]
	record.Add(h, b.steps())
	if int64(record.Len()) <= b.most {
		return
	}
	var exposures []*exposure
	for i, r := range b.rules {
		r.ready()
		x := newExposure(len(r.classes), b.segment.steps)
		b.collect(x, i, b.segment.end)
		exposures = append(exposures, x)
	}
	b.exposures, b.records = exposures, [lanes]histories.Record{}
}

// steps returns the number of steps of the plant. Without rules all paths are followed to the end.
func (b *weighing) steps() int {
	if len(b.rules) == 0 {
		return b.segment.end
	}
	return b.rules[0].steps
}

// under returns a book of the same kept histories for other rules.
func (b *weighing) under(rules []*Rules, g *segment) *weighing {
	return &weighing{rules: rules, segment: g, most: b.most, records: b.records}
}

// collect adds the paths to an exposure under the i-th rules, up to the time with index
// end.
func (b *weighing) collect(x *exposure, i, end int) {
	if b.exposures != nil {
		x.add(b.exposures[i])
		return
	}
	r := b.rules[i]
	for n := range b.records {
		b.records[n].Replay(r.steps, func(h *plant.History, times int64) { r.weigh(h, times, x, n, end) })
	}
}

// exposure returns the exposure of a group of replicates in some segments, under the
// i-th rules: that of the segment if there is only one, else the sum of all up to the
// time with index last, in room.
func (w *weights) exposure(room *exposure, on []*segment, group, i, last int) *exposure {
	if b := on[0].groups[group].book.(*weighing); len(on) == 1 && b.exposures != nil {
		return b.exposures[i]
	}
	room.clear(len(w.rules[i].classes), last)
	for _, g := range on {
		g.groups[group].book.(*weighing).collect(room, i, last)
	}
	return room
}

// folder is the memory of a worker for folding.
type folder struct {
	folding
	room exposure
}

func (w *weights) read(t *Tally, on []*segment, first, end int, spread Spread) {
	table := t.rules.table(t.view)
	last := max(min(end, t.rules.alive()), t.rules.first+first)
	var folders [groups]*folder // by worker
	spread(len(folders), func(worker, group int) {
		f := folders[worker]
		if f == nil {
			f = w.folders.Get().(*folder)
			f.prepare(t.rules, table, t.view, t.times(), first, last)
			folders[worker] = f
		}
		f.begin(w.exposure(&f.room, on, group, t.number, last))
		w.fold(&f.folding)
	})
	paths, blocks, started := int64(0), int64(0), int64(0)
	for _, f := range folders {
		if f != nil {
			paths, blocks, started = paths+f.paths, blocks+f.blocks, started+f.started
			f.into(t.sums.(means), end)
			w.folders.Put(f)
		}
	}
	for i := first; i <= end-t.rules.first; i++ {
		t.paths[i], t.blocks[i], t.started[i] = paths, blocks, started
	}
}

// replicates returns the mean failure weight of every replicate up to the i-th duration, NaN
// if it has no paths.
func (w *weights) replicates(on []*segment, number, i int) []float64 {
	r := w.rules[number]
	var f folder
	f.prepare(r, r.table(Meaning), Meaning, r.times(), i, max(min(r.first+i, r.alive()), r.first))
	f.first = f.last - f.offset
	means := make([]float64, replicates)
	for group := range groups {
		f.begin(w.exposure(&f.room, on, group, number, r.steps))
		w.fold(&f.folding)
		for n, x := range f.group.cum[slotFailed] {
			means[n*groups+group] = min(max(x, 0), 1)
			if f.group.scale[n] == 0 || !r.countsRefused && f.group.given[n] == 0 {
				means[n*groups+group] = math.NaN()
			}
		}
	}
	return means
}

// means are the sums of replicates' means: the cumulative weight up to each duration,
// by series.
type means []estimate.BlockMeans

func (w *weights) sums(times int) sums { return make(means, slots*times) }

func (m means) mean(t *Tally, slot, i int) float64 {
	blocks := t.blocks[i]
	if t.given(slot) {
		blocks = t.started[i]
	}
	if blocks == 0 {
		return 0 // no path starts
	}
	return m[t.at(slot, i)].Sum / float64(blocks)
}

func (m means) moments(t *Tally, slot, i int) estimate.Moments {
	blocks, paths := t.blocks[i], effective(t.paths[i], t.blocks[i], t.tilted)
	if t.given(slot) {
		blocks = t.started[i]
		refused := m.mean(t, int(model.Refused), i) - m.mean(t, slotLate, i)
		paths = starting(paths, refused, blocks)
	}
	return momentsOf(m[t.at(slot, i)], blocks, paths, t.rules.largest(t.view, slot, i))
}

func (m means) counts() bool { return false }

func (m means) take(o sums, from, to int) { copy(m[from:to], o.(means)[from:]) }

// momentsOf returns the moments of block means. A mean of nearlyAll counts as
// 1.
func momentsOf(means estimate.BlockMeans, blocks, paths int64, largest float64) estimate.Moments {
	m := means.Moments(blocks, paths, largest)
	if m.Mean() > nearlyAll {
		m.Sum = float64(m.Paths)
	}
	return m
}

// starting returns the effective number of paths that start, given the number of paths,
// the mean refused and the number of blocks with paths that start.
func starting(paths int64, refused float64, blocks int64) int64 {
	if blocks == 0 {
		return 0
	}
	return max(int64(float64(paths)*(1-refused)), blocks)
}

// effective returns the effective number of paths. If paths have different weights, it is
// the number as if all had the largest weight, so that the largest weight of an unseen
// path is a part of that.
func effective(paths, blocks int64, tilted bool) int64 {
	if tilted {
		return max(int64(float64(paths)/plant.Heaviest), blocks)
	}
	return paths
}

// weigher adds paths of one history to a replicate of an exposure.
type weigher struct {
	rules     *Rules
	exposure  *exposure
	replicate int
	paths     int64   // with this history
	left      float64 // weight of a path that survives so far
	class     int     // of the path, −1 if it is in none
	entered   int     // step when it entered it
}

// amount returns the amount of a weight.
func (w *weigher) amount(weight float64) int64 { return w.paths * fixed(weight) }

// leave lets the paths leave their class at a step.
func (w *weigher) leave(k int) {
	if w.class >= 0 {
		w.left *= w.rules.factor[w.class][k-w.entered]
		w.exposure.enter(w.replicate, w.class, k, -w.amount(w.left))
		w.class = -1
	}
}

// enter lets the paths enter a class at a step, if they are not in it.
func (w *weigher) enter(class, k int) {
	if class != w.class {
		w.leave(k)
		w.exposure.enter(w.replicate, class, k, w.amount(w.left))
		w.class, w.entered = class, k
	}
}

// take lets a share of the paths end at a step.
func (w *weigher) take(slot, k int, share float64) {
	w.exposure.end(w.replicate, slot, k, w.amount(w.left*share))
}

// takeLate lets a share of the paths end at a step after their users have left.
func (w *weigher) takeLate(slot, k int, share float64) {
	w.exposure.endLate(w.replicate, slot, k, w.amount(w.left*share))
}

// start books a later start of a timer at a step.
func (w *weigher) start(k int, refused float64) {
	w.leave(k)
	w.take(slotNotReturned, k, 1)
	w.begin(w.take, k, refused)
}

// restart books starts after absences at a step.
func (w *weigher) restart(restarts []plant.Restart, k int) {
	for _, r := range restarts {
		w.leave(k)
		w.begin(w.takeLate, k, w.rules.refusedAgain(r))
	}
}

// begin books how a start can fail.
func (w *weigher) begin(take func(slot, k int, share float64), k int, refused float64) {
	orphan := float64(w.rules.Timer.Orphan)
	take(slotInProgress, k, orphan)
	w.left *= 1 - orphan
	for _, slot := range []int{int(model.Refused), slotLate} {
		take(slot, k, refused)
	}
	w.left *= 1 - refused
}

// weigh adds n paths of a history, followed up to the time with index end, to a replicate
// of an exposure as weights. At every step hazards take their share of a path's survival,
// the prompt takes its share, and a threshold takes the whole rest.
func (e *Rules) weigh(h *plant.History, n int64, l *exposure, replicate, end int) {
	if e.leavesOut(h) {
		return
	}
	h = e.restarted(h)
	l.paths[replicate] += n
	stop, cause := e.stop(h)
	cut := e.cut(h, stop, cause)
	last := min(cut, end)
	refused := h.Weight * e.refused(h.Start)
	l.weight[replicate] += n * fixed(h.Weight)
	l.refused[replicate] += n * fixed(refused)
	w := weigher{e, l, replicate, n, h.Weight - refused, -1, 0}
	prompt := e.prompted(h, stop, cause)
	for p := range e.parts(h, last) {
		if p.startsLate() {
			w.start(p.from, e.lateRefusal(h, p.run, p.from))
		}
		w.restart(p.restarts, p.from)
		if p.from == prompt {
			w.leave(p.from)
			w.take(int(model.Resigned), p.from, e.prompt)
			w.left *= 1 - e.prompt
		}
		w.enter(e.class(&p), p.from)
	}
	w.leave(last)
	if e.startsAt(last) != nil {
		w.start(last, e.lateRefusal(h, runAt(h, last), last))
	}
	if prompt == last {
		w.take(int(model.Resigned), last, e.prompt)
		w.left *= 1 - e.prompt
	}
	switch {
	case stop > end || cause == model.Refused:
	case !late(h, cause):
		w.take(int(cause), cut, 1)
	case stop < end:
		w.restart(lateRestarts(h), stop)
		w.takeLate(int(cause), stop, 1)
	}
}

// late reports whether a path that ends by a cause does so after its user has left. That is
// booked at the time after, and is no end of a session that ends where the user has left.
func late(h *plant.History, cause model.Cause) bool { return h.Late && cause == model.PowerOff }

// Left returns the weight of a path that survives refusal and all ends up to and
// including the time with index i, for a user who means to finish. Rules must be Ready
// for Meaning.
func (e *Rules) Left(h *plant.History, i int) float64 {
	h = e.restarted(h)
	stop, cause := e.stop(h)
	if stop < i || stop == i && !late(h, cause) {
		return 0
	}
	left := h.Weight - h.Weight*e.refused(h.Start)
	if e.prompted(h, stop, cause) <= i {
		left *= 1 - e.prompt
	}
	for p := range e.parts(h, i) {
		if p.startsLate() {
			left *= (1 - float64(e.Timer.Orphan)) * (1 - e.lateRefusal(h, p.run, p.from))
		}
		for _, r := range p.restarts {
			left *= (1 - float64(e.Timer.Orphan)) * (1 - e.refusedAgain(r))
		}
		left *= e.factor[e.class(&p)][p.to-p.from]
	}
	return left * e.table(Meaning).phi[i]
}

// event is a 0/1 event; Completed means that nothing ended the path.
type event struct {
	index int
	cause model.Cause
	late  bool // a refusal at a later start
}

// toss draws when and how a path, followed up to the time with index end, ends in a view,
// from two uniform numbers. The path ends when its survival falls below u: by refusal, by
// the prompt, by a hazard, or by the threshold that takes the rest.
func (e *Rules) toss(h *plant.History, t *survivalTable, u, v float64, end int) event {
	h = e.restarted(h)
	left := 1 - e.refused(h.Start)
	if u > left {
		return event{cause: model.Refused}
	}
	stop, cause := e.stop(h)
	cut := e.cut(h, stop, cause)
	last, prompt := min(cut, end), e.prompted(h, stop, cause)
	starts := func(k, run int) (event, bool) {
		before := t.phi[k-1] // as at k, but for the users who do not come back
		if u > left*before*e.returns(t.view) {
			return event{index: k, cause: model.NotReturned}, true
		}
		return e.tossStart(t, u, &left, k, e.lateRefusal(h, run, k))
	}
	restarts := func(of []plant.Restart, k int) (event, bool) {
		for _, r := range of {
			if at, ended := e.tossStart(t, u, &left, k, e.refusedAgain(r)); ended {
				at.index++
				return at, true
			}
		}
		return event{}, false
	}
	for p := range e.parts(h, last) {
		if p.startsLate() {
			if at, ended := starts(p.from, p.run); ended {
				return at
			}
		}
		if at, ended := restarts(p.restarts, p.from); ended {
			return at
		}
		if p.from == prompt {
			if left *= 1 - e.prompt; u > left*t.phi[p.from] {
				return event{index: p.from, cause: model.Resigned}
			}
		}
		class, steps := e.class(&p), p.to-p.from
		factor := e.factor[class]
		if p.leg.InSession() && u > left*factor[steps]*t.phi[p.to] {
			// Survival falls from step to step: find the one in which it falls below u.
			k := p.from + sort.Search(steps, func(n int) bool {
				return u > left*factor[n+1]*t.phi[p.from+n+1]
			})
			return event{index: k + 1, cause: e.hazardCause(t, uint8(class), k, v)}
		}
		left *= factor[steps] // the path survives most parts
	}
	if e.startsAt(last) != nil {
		if at, ended := starts(last, runAt(h, last)); ended {
			return at
		}
	}
	if prompt == last && u > left*(1-e.prompt)*t.phi[last] {
		return event{index: last, cause: model.Resigned}
	}
	switch {
	case stop <= end && !late(h, cause):
		return event{index: cut, cause: cause}
	case stop < end:
		if at, ended := restarts(lateRestarts(h), stop); ended {
			return at
		}
		return event{index: stop + 1, cause: cause}
	}
	return event{index: end + 1, cause: model.Completed}
}

// tossStart draws whether a start after the first fails at step k, and lowers what is left of
// the path.
func (e *Rules) tossStart(t *survivalTable, u float64, left *float64, k int,
	refused float64) (event, bool) {
	*left *= 1 - float64(e.Timer.Orphan)
	if u > *left*t.phi[k] {
		return event{index: k, cause: model.InProgress}, true
	}
	*left *= 1 - refused
	if u > *left*t.phi[k] {
		return event{index: k, cause: model.Refused, late: true}, true
	}
	return event{}, false
}

// hazardCause picks the cause whose hazard ends a path in step k, in proportion to
// their probabilities in the step.
func (e *Rules) hazardCause(t *survivalTable, class uint8, k int, v float64) model.Cause {
	rates := e.rates(t.view, class)
	exposed, resign := t.exposed[class][k], t.resign[class][k]
	total := resign
	for _, rate := range rates {
		total += rate * exposed
	}
	v = v*total - resign
	if v <= 0 {
		return e.frail
	}
	last := e.frail
	for cause, rate := range rates {
		if rate > 0 {
			last = model.Cause(cause)
			if v -= rate * exposed; v <= 0 {
				break
			}
		}
	}
	return last
}

// largest returns the largest possible weight of a path in a series up to the i-th duration:
// for causes that are only hazards, the part taken by the largest hazard and the prompt; for
// thresholds and refusals, the whole path. It is 1 even if a hazard is off, so that no zero is
// shown as certain.
func (e *Rules) largest(v View, slot, i int) float64 {
	s := float64(i+e.first) * e.step
	cause := model.Cause(slot)
	if slot == slotLeft {
		cause = model.Resigned
	}
	if slot >= slotAll && slot != slotLeft || !cause.Gradual() || v == Meaning && cause.Chosen() {
		return 1
	}
	rate := e.greatest[cause]
	if cause == e.frail {
		rate += e.Frailty * math.Log1p(e.rho*s/e.Frailty) / s
	}
	if rate <= 0 {
		return 1
	}
	taken := -math.Expm1(-rate * s)
	if cause == model.Resigned {
		taken += (1 - taken) * e.prompt // at one poll
	}
	return taken
}
