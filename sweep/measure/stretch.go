package measure

import (
	"math"
	"slices"
)

// Stretch is a part of a log in which the watch discharged: rows From to To.
type Stretch struct{ From, To int }

// Stretches are the parts of a log that count, and what was left out.
type Stretches struct {
	Kept []Stretch
	// Time [s] of what counts, of charging and of gaps, and how often they came.
	Time, ChargingTime, GapTime float64
	Charging, Gaps              int
	// Gap is the time between two rows from which on it is a gap [s].
	Gap float64
}

// The least gap [s], and how many times as long as usual between two rows it is.
const (
	leastGap = 1800
	longGap  = 20
)

// rise is by how much a level rises only while charging: beyond the gauge's noise.
const rise = 0.04

// what is the use of the time between a row and the next.
type use int

const (
	counts use = iota
	charges
	missing
)

// Stretches finds the parts of a log in which the watch discharged. gap is the time between
// two rows that is too long to know what happened [s]; 0 means 20 times as long as usual, at
// least half an hour. Without a column for it, or between two rows, the watch charged where the
// level rose by 4 % or more.
func (l *Log) Stretches(gap float64) Stretches {
	n := len(l.Rows) - 1
	if gap == 0 {
		times := make([]float64, n)
		for i := range times {
			times[i] = l.Rows[i+1].Time - l.Rows[i].Time
		}
		slices.Sort(times)
		gap = max(leastGap, longGap*times[n/2])
	}
	s := Stretches{Gap: gap}
	uses := l.uses(gap)
	for i := 0; i < n; {
		j := i + 1
		for j < n && uses[j] == uses[i] {
			j++
		}
		time := l.Rows[j].Time - l.Rows[i].Time
		switch uses[i] {
		case charges:
			s.Charging++
			s.ChargingTime += time
		case missing:
			s.Gaps++
			s.GapTime += time
		case counts:
			if time > 0 {
				s.Kept = append(s.Kept, Stretch{i, j})
				s.Time += time
			}
		}
		i = j
	}
	return s
}

// uses returns what becomes of the time after each row but the last.
func (l *Log) uses(gap float64) []use {
	n := len(l.Rows) - 1
	uses := make([]use, n)
	for i := range uses {
		a, b := l.Rows[i], l.Rows[i+1]
		switch {
		case a.Charging || b.Charging || b.Level-a.Level >= rise-1e-9:
			uses[i] = charges
		case b.Time-a.Time > gap:
			uses[i] = missing
		}
	}
	if l.HasCharging {
		return uses
	}
	// The level climbed by rise from its lowest since it last fell: it charged from there to
	// the top.
	for low, i := 0, 1; i <= n; i++ {
		if l.Rows[i].Level <= l.Rows[low].Level {
			low = i
		}
		if l.Rows[i].Level-l.Rows[low].Level < rise-1e-9 {
			continue
		}
		top := i
		for k := i; k <= n && l.Rows[k].Level > l.Rows[top].Level-rise/2; k++ {
			if l.Rows[k].Level > l.Rows[top].Level {
				top = k
			}
		}
		for k := low; k < top; k++ {
			uses[k] = charges
		}
		low, i = top, top
	}
	return uses
}

// anchor is a level that is known to have been shown within some time: the edge of a step that
// the gauge took between two rows, or a row's level, which was rounded.
type anchor struct {
	from, to float64 // [s]
	level    float64
	rounding float64 // half the step for a rounded level, 0 at an edge
}

// piece is a stretch as its two ends know it.
type piece struct{ start, end anchor }

// A long stretch goes from the edge of a step to that of another. Whether it is long goes by the
// expected number of steps: whether few come is chance, and choosing by it would lose the
// stretches with many. An edge that comes later than some usual steps, as after a rest at 100 %,
// says little of the level at the end, and would leave out the rest.
const (
	edgesFrom = 4
	edgesNear = 2
)

// pieces returns the ends of stretches.
func (l *Log) pieces(kept []Stretch) []piece {
	fall, time := 0.0, 0.0
	for _, s := range kept {
		fall += l.Rows[s.From].Level - l.Rows[s.To].Level
		time += l.Rows[s.To].Time - l.Rows[s.From].Time
	}
	usual := time / fall * l.Step // time of a step
	var out []piece
	for _, s := range kept {
		a, b := l.Rows[s.From], l.Rows[s.To]
		at := func(r Row) anchor { return anchor{r.Time, r.Time, r.Level, l.Step / 2} }
		p := piece{at(a), at(b)}
		if fall > 0 && b.Time-a.Time >= edgesFrom*usual {
			first, last := l.edges(s)
			if first != nil && first.to <= a.Time+edgesNear*usual {
				p.start = *first
			}
			if last != nil && last.from >= b.Time-edgesNear*usual {
				p.end = *last
			}
		}
		out = append(out, p)
	}
	return out
}

// edges returns the first and the last change of the level in a stretch, as far as each is by a
// single step.
func (l *Log) edges(s Stretch) (first, last *anchor) {
	at := func(i int) *anchor {
		a, b := l.Rows[i], l.Rows[i+1]
		if math.Abs(math.Abs(a.Level-b.Level)-l.Step) > l.Step/10 {
			return nil
		}
		return &anchor{a.Time, b.Time, (a.Level + b.Level) / 2, 0}
	}
	for i := s.From; i < s.To; i++ {
		if l.Rows[i].Level != l.Rows[i+1].Level {
			first = at(i)
			break
		}
	}
	for i := s.To - 1; i >= s.From; i-- {
		if l.Rows[i].Level != l.Rows[i+1].Level {
			last = at(i)
			break
		}
	}
	return first, last
}
