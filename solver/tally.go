package solver

import (
	"math"

	"budget/model"
	"budget/solver/estimate"
)

// Estimator is how a path counts.
type Estimator string

const (
	// Weights lets a path carry its survival and book expected ends.
	Weights Estimator = "weights"
	// Counts lets a path end once, by chance: 0/1 events.
	Counts Estimator = "counts"
)

// slots is the number of series: one for each cause that ends a session, and one
// for their sum: in the view AsUsed of all, in the view Meaning of the failure
// causes.
const slots = int(model.Completed) + 1

const slotSum = int(model.Completed)

// Tally is what paths say of sessions under some endings in a view: for every
// series and time a cumulative sum that is exact, so that tallies merge in any
// order with the same bytes. Its size does not depend on the number of paths.
//
// Paths may be followed to different ends (Answer stops following them where every
// cap is decided), so each time has its own number of paths.
type Tally struct {
	paths, blocks []int64               // followed to each time
	means         []estimate.BlockMeans // of the nets: cumulative weight up to each time, by series
	counts        []int64               // events up to each time, by series
	links         []link                // in the order of time
}

func newTally(times int, e Estimator) *Tally {
	t := &Tally{paths: make([]int64, times), blocks: make([]int64, times)}
	if e == Weights {
		t.means = make([]estimate.BlockMeans, slots*times)
	} else {
		t.counts = make([]int64, slots*times)
	}
	return t
}

func (t *Tally) times() int { return len(t.paths) }

// at returns the place of a series at a time.
func (t *Tally) at(slot, i int) int { return slot*len(t.paths) + i }

// mean returns the mean weight of the paths followed to the i-th duration.
func (t *Tally) mean(slot, i int) float64 {
	if t.counts != nil {
		return float64(t.counts[t.at(slot, i)]) / float64(t.paths[i])
	}
	return t.means[t.at(slot, i)].Sum / float64(t.blocks[i])
}

// tally reads a simulation's paths under its b-th endings in a view, with so many
// workers. Paths of segments that end early say nothing of later times: so the times
// between two ends are read off the segments that reach the later one, and where some
// paths stop being followed stands a link.
func (s *simulation) tally(b int, v View, workers int) *Tally {
	t := newTally(s.times(), s.settings.Estimator)
	ends := s.ends()
	for j, end := range ends {
		// The first segments alone go on beyond the end of the next ones. They are read
		// from that time on, which the link needs, and booked after it.
		part, first, linked := t, 0, j+1 < len(ends)
		if linked {
			part, first = newTally(s.times(), s.settings.Estimator), ends[j+1]-s.plant.First
		}
		if s.settings.Estimator == Weights {
			s.foldNets(part, b, v, end, first, workers)
		} else {
			s.addEvents(part, b*numViews+int(v), end)
		}
		if linked {
			t.links = append([]link{newLink(part, first)}, t.links...)
			t.take(part, first+1, end-s.plant.First)
		}
	}
	return t
}

// take takes the first-th to the last-th duration over from another tally.
func (t *Tally) take(o *Tally, first, last int) {
	copy(t.paths[first:last+1], o.paths[first:])
	copy(t.blocks[first:last+1], o.blocks[first:])
	for slot := range slots {
		from, to := t.at(slot, first), t.at(slot, last)+1
		if t.counts != nil {
			copy(t.counts[from:to], o.counts[from:])
		} else {
			copy(t.means[from:to], o.means[from:])
		}
	}
}

// addEvents adds the events of a book in the segments that end at the time with
// index end or later.
func (s *simulation) addEvents(t *Tally, book, end int) {
	times := end - s.plant.First + 1
	for _, g := range s.segments {
		if g.end < end {
			continue
		}
		for i := range times {
			t.paths[i] += g.paths()
		}
		for slot := range slots {
			sum := int64(0)
			for i := range times {
				sum += g.events[book][t.at(slot, i)]
				t.counts[t.at(slot, i)] += sum
			}
		}
	}
}

// foldNets adds the nets of the segments that end at the time with index end or
// later, from the first-th duration on.
func (s *simulation) foldNets(t *Tally, b int, v View, end, first, workers int) {
	paths, blocks := int64(0), int64(0)
	for net := range nets {
		points := int64(0)
		for _, g := range s.segments {
			if g.end >= end {
				points += g.sheets[net%sheets].points[net/sheets]
			}
		}
		paths += points
		if points > 0 {
			blocks++
		}
	}
	for i := first; i <= end-s.plant.First; i++ {
		t.paths[i], t.blocks[i] = paths, blocks
	}

	e := s.endings[b]
	table := e.table(v)
	last := max(min(end, e.alive()), s.plant.First+first)
	folders := make([]*folder, workers)
	parallel(workers, sheets/sideBySide, func(worker, batch int) {
		f := folders[worker]
		if f == nil {
			f = s.folders.Get().(*folder)
			f.prepare(e, table, v, t.times(), first, last)
			folders[worker] = f
		}
		f.sheets = f.sheets[:0]
		for i := range sideBySide {
			f.add(s.ledger(&f.rooms[i], batch*sideBySide+i, b, end, last))
		}
		s.fold(&f.folding)
	})
	for _, f := range folders {
		if f != nil {
			f.into(t, end)
			s.folders.Put(f)
		}
	}
}

// ledger returns the ledger of a sheet of the segments that end at the time with index
// end or later, under the b-th endings: that of a segment, where there is one alone;
// else one that is made of all up to the time with index last, in the room given.
func (s *simulation) ledger(room *ledger, sheet, b, end, last int) *ledger {
	var on []*segment
	for _, g := range s.segments {
		if g.end >= end {
			on = append(on, g)
		}
	}
	if len(on) == 1 && on[0].sheets[sheet].ledgers != nil {
		return on[0].sheets[sheet].ledgers[b]
	}
	room.clear(len(s.endings[b].classes), last)
	for _, g := range on {
		g.sheets[sheet].collect(room, b, s.endings[b], last)
	}
	return room
}

// folder is what a worker folds with.
type folder struct {
	folding
	rooms [sideBySide]ledger
}

// counted tells which causes the sum of a view counts.
func (e *endings) counted(v View) (counted [slotSum]bool) {
	if v == Meaning {
		for _, cause := range e.failures {
			counted[cause] = true
		}
		return counted
	}
	for cause := range counted {
		counted[cause] = true
	}
	return counted
}

// largest returns the largest weight that a path not yet seen could carry in a
// series at time s [s]: for causes that are hazards alone, what the hazard at its
// highest takes; for thresholds and refusals, all of a path. Where a hazard is
// off it still returns 1, so that no zero is printed as if it were certain.
func (e *endings) largest(v View, slot int, s float64) float64 {
	cause := model.Cause(slot)
	if slot == slotSum || !cause.Gradual() || v == Meaning && cause.Chosen() {
		return 1
	}
	rate := e.greatest[cause]
	if cause == e.frail {
		rate += e.frailty * math.Log1p(e.rho*s/e.frailty) / s
	}
	if rate <= 0 {
		return 1
	}
	return -math.Expm1(-rate * s)
}
