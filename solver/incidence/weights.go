package incidence

import (
	"math"
	"sync"

	"budget/model"
	"budget/solver/estimate"
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
	records   [lanes]plant.Record
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
	record.Add(h, b.rules[0].steps)
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
	b.exposures, b.records = exposures, [lanes]plant.Record{}
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
	rooms [sideBySide]exposure
}

func (w *weights) read(t *Tally, on []*segment, first, end int, spread Spread) {
	table := t.rules.table(t.view)
	last := max(min(end, t.rules.alive()), t.rules.first+first)
	var folders [groups / sideBySide]*folder // by worker
	spread(len(folders), func(worker, batch int) {
		f := folders[worker]
		if f == nil {
			f = w.folders.Get().(*folder)
			f.prepare(t.rules, table, t.view, t.times(), first, last)
			folders[worker] = f
		}
		f.groups = f.groups[:0]
		for i := range sideBySide {
			f.add(w.exposure(&f.rooms[i], on, batch*sideBySide+i, t.number, last))
		}
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
		f.groups = f.groups[:0]
		f.add(w.exposure(&f.rooms[0], on, group, number, r.steps))
		w.fold(&f.folding)
		for n, x := range f.groups[0].cum[slotFailed] {
			means[n*groups+group] = min(max(x, 0), 1)
			if f.groups[0].scale[n] == 0 || !r.countsRefused && f.groups[0].given[n] == 0 {
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
