package solver

import "slices"

// timeline holds the paths of a simulation in the order in which things happen to them,
// net by net, for being followed under many rules: what happens to a path does not depend
// on rules, only what is left of it then.
type timeline struct {
	conditions []uint8 // that paths go through; a row is an index here
	rowOf      [conditions]uint8
	nets       [nets]timedNet
	paths      int64
	blocks     int64 // nets with paths
}

// timedNet holds the histories of a net.
type timedNet struct {
	scale   float64 // one over the weight of all paths; 0 without one
	paths   []History
	times   []float64 // number of paths of a history
	changes []change  // in the order of time
	rows    []timedRow
}

// timedRow says from which time on up to which there are paths in a row.
type timedRow struct {
	row      uint8
	from, to int
}

// change is a path's going from one row into another, or its end by the physics.
type change struct {
	time, since int32 // indices of times, of the change and of the one before it
	path        int32
	from, to    uint8 // rows
	empties     bool  // at that time no path is in from any more
}

// ends is the first of the rows that ended paths go into, by thresholds.
const ends = conditions

// newTimeline lays out the paths of a simulation that has one segment and keeps their
// histories, with so many workers. The simulation keeps no history then.
func newTimeline(s *simulation, workers int) *timeline {
	t := &timeline{}
	segment, steps := s.segments[0], s.plant.steps
	var seen [nets]uint32
	parallel(workers, nets, func(_, n int) {
		sheet, net := &segment.sheets[n%sheets], n/sheets
		t.nets[n].take(&sheet.records[net], steps)
		sheet.records[net] = record{}
		for i := range t.nets[n].paths {
			seen[n] |= t.nets[n].paths[i].Seen
		}
	})
	all := uint32(0)
	for n := range nets {
		all |= seen[n]
		if points := segment.sheets[n%sheets].points[n/sheets]; points > 0 {
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
	parallel(workers, nets, func(_, n int) { t.nets[n].order(&t.rowOf, steps) })
	return t
}

// take takes the histories of a record.
func (t *timedNet) take(r *record, steps int) {
	t.paths = make([]History, 0, len(r.plain)+len(r.paths))
	weight := int64(0)
	r.replay(steps, func(h *History, n int64) {
		t.paths, t.times = append(t.paths, *h), append(t.times, float64(n))
		weight += n * fixed(h.Weight)
	})
	if weight > 0 {
		t.scale = unit / float64(weight)
	}
}

// order finds the changes of the paths, and when there are paths in a row.
func (t *timedNet) order(rowOf *[conditions]uint8, steps int) {
	// Those of each path first, path by path, then by time.
	var changes []change
	at := make([]int, steps+2) // the place of the next change at a time
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
			note(change{run.Step, since, int32(i), row, next, false})
			row, since = next, run.Step
		}
		if end := slices.Index(thresholds[:], p.Cause); p.End <= steps && end >= 0 {
			note(change{int32(p.End), since, int32(i), row, uint8(ends + end), false})
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

	var rows [conditions]timedRow
	for row, n := range inRow {
		rows[row] = timedRow{uint8(row), 0, 0}
		if n > 0 {
			rows[row].to = steps + 1
		}
	}
	for first := 0; first < len(t.changes); {
		time, last := t.changes[first].time, first
		for ; last < len(t.changes) && t.changes[last].time == time; last++ {
			c := &t.changes[last]
			inRow[c.from]--
			if c.to < ends {
				if rows[c.to].to == 0 {
					rows[c.to].from = int(time)
				}
				rows[c.to].to = steps + 1
				inRow[c.to]++
			}
		}
		for ; first < last; first++ {
			if c := &t.changes[first]; inRow[c.from] == 0 {
				c.empties = true
				rows[c.from].to = int(time)
			}
		}
	}
	for _, row := range rows {
		if row.to > 0 {
			t.rows = append(t.rows, row)
		}
	}
}

// live appends the rows in which there are paths between two times.
func (t *timedNet) live(rows []uint8, from, to int) []uint8 {
	for _, row := range t.rows {
		if row.from <= to && row.to >= from {
			rows = append(rows, row.row)
		}
	}
	return rows
}
