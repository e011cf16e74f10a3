package incidence

import (
	"math/bits"
	"slices"

	"budget/solver/histories"
	"budget/solver/plant"
)

// timeline holds the changes of all paths in the order of time, by replicate, to evaluate many
// rules. The changes do not depend on rules; only the surviving weights do.
type timeline struct {
	conditions []uint8 // conditions of paths; a row is an index here
	rowOf      [conditions]uint8
	replicates [replicates]timedReplicate
	kinds      []kind
	paths      int64
	blocks     int64 // replicates with paths
}

// timedReplicate holds the histories of a replicate.
type timedReplicate struct {
	weight  int64   // total weight, in units of exposures
	scale   float64 // 1/weight; 0 without a path
	paths   []plant.History
	times   []float64 // number of paths of a history
	changes []change  // in the order of time
	emptied []emptied // likewise
	// The starts of paths: their kinds, and the number of paths by kind and
	// row.
	kinds  []uint16
	starts [][conditions]int64
	// Rows with paths in each stretch, as bits. The first stretch ends at the time
	// with index stretch, and each begins where the one before ends.
	occupied []uint32
}

// kind is what the refusal and the weight of a path at the start depend on.
type kind struct {
	weight float64
	plant.Start
}

// change is the change of a path from one row to another, or its end by the
// physics.
type change struct {
	time, since int32 // indices of times, of the change and of the one before it
	path        int32
	from, to    uint8 // rows
}

// emptied says that a row has no paths after a time.
type emptied struct {
	time int32
	row  uint8
}

// ends is the first of the rows for ended paths, by threshold.
const ends = conditions

// newTimeline makes the timeline of a segment that keeps histories. If it is the last one, it
// frees the histories.
func newTimeline(segment *segment, steps int, last bool, spread Spread) *timeline {
	t := &timeline{}
	var seen [replicates]uint32
	spread(replicates, func(_, n int) {
		record := &segment.groups[n%groups].book.(*weighing).records[n/groups]
		t.replicates[n].take(record, steps)
		if last {
			*record = histories.Record{}
		}
		for i := range t.replicates[n].paths {
			seen[n] |= t.replicates[n].paths[i].Seen
		}
	})
	all := uint32(0)
	for n := range replicates {
		all |= seen[n]
		if points := segment.groups[n%groups].points[n/groups]; points > 0 {
			t.paths += points
			t.blocks++
		}
	}
	for code := range conditions {
		if all>>code&1 == 1 {
			t.rowOf[code] = uint8(len(t.conditions))
			t.conditions = append(t.conditions, uint8(code))
		}
	}
	for n := range replicates {
		for _, h := range t.replicates[n].paths {
			if k := (kind{h.Weight, h.Start}); !slices.Contains(t.kinds, k) {
				t.kinds = append(t.kinds, k) // few kinds, in any order
			}
		}
	}
	spread(replicates, func(_, n int) {
		t.replicates[n].start(t)
		t.replicates[n].order(&t.rowOf, steps)
	})
	return t
}

// take takes the histories of a record.
func (t *timedReplicate) take(r *histories.Record, steps int) {
	t.paths = make([]plant.History, 0, r.Len())
	r.Replay(steps, func(h *plant.History, n int64) {
		t.paths, t.times = append(t.paths, *h), append(t.times, float64(n))
		t.weight += n * fixed(h.Weight)
	})
	if t.weight > 0 {
		t.scale = unit / float64(t.weight)
	}
}

// start finds the starts of the paths.
func (t *timedReplicate) start(all *timeline) {
	t.kinds = make([]uint16, len(t.paths))
	t.starts = make([][conditions]int64, len(all.kinds))
	for i := range t.paths {
		h := &t.paths[i]
		k := slices.Index(all.kinds, kind{h.Weight, h.Start})
		t.kinds[i] = uint16(k)
		t.starts[k][all.rowOf[h.Runs[0].Condition]] += int64(t.times[i])
	}
}

// order finds the changes of the paths and the rows with paths in each stretch.
func (t *timedReplicate) order(rowOf *[conditions]uint8, steps int) {
	// Collect them path by path, then order them by time.
	var changes []change
	at := make([]int, steps+2) // index of the next change, by time
	note := func(c change) {
		changes = append(changes, c)
		at[c.time+1]++
	}
	var inRow [conditions]int64
	for i := range t.paths {
		p := &t.paths[i]
		row, since := rowOf[p.Runs[0].Condition], int32(0)
		inRow[row]++
		for _, run := range p.Runs[1:] {
			if int(run.Step) >= p.End {
				break
			}
			next := rowOf[run.Condition]
			note(change{run.Step, since, int32(i), row, next})
			row, since = next, run.Step
		}
		if end := slices.Index(sudden[:numThresholds], p.Cause); p.End <= steps && end >= 0 {
			note(change{int32(p.End), since, int32(i), row, uint8(ends + end)})
		}
	}
	for time := range steps + 1 {
		at[time+1] += at[time]
	}
	t.changes = make([]change, len(changes))
	for _, c := range changes {
		t.changes[at[c.time]] = c
		at[c.time]++
	}

	t.occupied = make([]uint32, steps/stretch+1)
	first := 0
	for i := range t.occupied {
		occupied := &t.occupied[i]
		for row, n := range inRow {
			if n > 0 {
				*occupied |= 1 << row
			}
		}
		for first < len(t.changes) && int(t.changes[first].time) <= (i+1)*stretch {
			time, last := t.changes[first].time, first
			for ; last < len(t.changes) && t.changes[last].time == time; last++ {
				c := &t.changes[last]
				inRow[c.from]--
				*occupied |= 1 << c.from
				if c.to < ends {
					inRow[c.to]++
					*occupied |= 1 << c.to
				}
			}
			for ; first < last; first++ {
				if c := &t.changes[first]; inRow[c.from] == 0 {
					t.emptied = append(t.emptied, emptied{c.time, c.from})
				}
			}
		}
	}
}

// live appends the rows with paths in the stretch that starts at a time.
func (t *timedReplicate) live(rows []uint8, from int) []uint8 {
	for set := t.occupied[max(from, 0)/stretch]; set != 0; set &= set - 1 {
		rows = append(rows, uint8(bits.TrailingZeros32(set)))
	}
	return rows
}

// stretch is the largest number of steps of a stretch.
const stretch = 32
