package uncertainty

import (
	"context"
	"math"

	"budget/solver"
)

// ShownLevel is the least displayed level at the start from which a session length holds:
// sessions that start while the watch displays it, or any higher level looked at, fail at most
// as often as the tolerance says. Levels are whole per cent.
type ShownLevel struct {
	Level int `json:"level"` // by the best estimate
	// Lower and Upper are the ends of its interval for chance among the paths.
	Lower int `json:"lower"`
	Upper int `json:"upper"`
	// Known reports whether the paths decide at any level; without, too few sessions were
	// simulated.
	Known bool `json:"known"`
	// From and To are the levels looked at, one by one; LowerOpen and UpperOpen report that the
	// interval reaches beyond them.
	From      int  `json:"from"`
	To        int  `json:"to"`
	LowerOpen bool `json:"lower_open"`
	UpperOpen bool `json:"upper_open"`
}

// The most paths of each displayed level, and the most sessions drawn to find them.
const (
	shownQuota      = 4096
	shownLeast      = 64 // what solver.Starts asks for
	shownCandidates = 1 << 21
)

// What is displayed differs from the true level by so many per cent at most, roughly: levels
// further from the crossings of the true level are not looked at.
const shownReach = 8

// shown finds the displayed level, once the crossings of the true level are known. It returns
// nil where the true level says that none holds.
//
// A session that starts at a displayed level may have any true level near it. So paths are
// drawn as sessions start, and those of a displayed level are followed together (solver.Starts):
// their failure is that given what the watch displays.
func (w *scan) shown(ctx context.Context, confidence float64) (*ShownLevel, error) {
	last := w.points[len(w.points)-1]
	if last.above[1] > 0 {
		return nil, nil
	}
	from, to := 1, 1+2*shownReach
	if found := w.crossings(); len(found) > 0 {
		c := found[len(found)-1]
		from = max(from, int(math.Floor(100*c.Lower))-shownReach)
		to = int(math.Ceil(100*c.Upper)) + shownReach
	}
	to = min(to, 100)
	edges := []int{0}
	for level := from; level <= min(to+1, 100); level++ {
		edges = append(edges, level)
	}
	program, err := solver.Compile(w.base, w.on)
	if err != nil {
		return nil, err
	}
	strata, err := solver.Starts(ctx, program, w.settings, solver.Strata{Edges: edges, ByLevel: true,
		Candidates: min(shownCandidates, 256*w.paths),
		Quota:      max(shownLeast, min(shownQuota, w.paths))})
	if err != nil {
		return nil, err
	}
	// By level, whether the lower bound, the best estimate and the upper bound of its failure
	// are within the tolerance. A level that hardly any session starts at counts for nothing: it
	// is within but for its upper bound.
	within := make([][3]bool, to+1)
	for level := range within {
		within[level] = [3]bool{true, true, false}
	}
	reading, known := w.settings.Readings[0], false
	for i := range strata {
		o := &strata[i]
		level := edges[o.Level]
		if o.Paths == 0 || level < from || level > to {
			continue
		}
		o.Confidence = confidence
		f := o.Failure(reading, w.durations[w.at])
		known = known || f.Lower > w.tolerance || f.Upper <= w.tolerance
		within[level] = [3]bool{f.Lower <= w.tolerance, f.Value <= w.tolerance, f.Upper <= w.tolerance}
	}
	least := func(k int) int {
		level := to + 1
		for level > from && within[level-1][k] {
			level--
		}
		return level
	}
	s := &ShownLevel{Lower: least(0), Level: least(1), From: from, To: to, Known: known}
	// Failure does not rise with the level, so the first level that is surely within the
	// tolerance is enough; that each one above is too would be chance among many.
	for s.Upper = s.Level; s.Upper <= to && !within[s.Upper][2]; {
		s.Upper++
	}
	s.LowerOpen, s.UpperOpen = s.Lower == from && from > 1, s.Upper > to
	return s, nil
}
