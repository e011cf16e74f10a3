package histories

import (
	"slices"

	"budget/solver/plant"
)

// Record stores the histories of paths. Most paths stay in their first
// condition and are not ended by the physics; these are only counted.
type Record struct {
	plain map[plainHistory]int64
	paths []plant.History
	runs  []plant.Run // spare memory for runs
}

// plainHistory is the history of a path that stays in its first condition.
type plainHistory struct {
	weight    float64
	start     plant.Start
	condition uint8
}

// Add adds a history. steps is the number of steps it was followed through.
func (r *Record) Add(h *plant.History, steps int) {
	if len(h.Runs) == 1 && len(h.Restarts) == 0 && h.End > steps {
		if r.plain == nil {
			r.plain = map[plainHistory]int64{}
		}
		r.plain[plainHistory{h.Weight, h.Start, h.Runs[0].Condition}]++
		return
	}
	n := len(h.Runs)
	if len(r.runs) < n {
		r.runs = make([]plant.Run, max(512, n))
	}
	added := *h
	added.Runs = r.runs[:n:n]
	copy(added.Runs, h.Runs)
	r.runs = r.runs[n:]
	added.Restarts = slices.Clone(h.Restarts)
	r.paths = append(r.paths, added)
}

// Len returns the number of stored histories, without the plain ones.
func (r *Record) Len() int { return len(r.paths) }

// Paths returns the number of paths.
func (r *Record) Paths() int64 {
	paths := int64(len(r.paths))
	for _, n := range r.plain {
		paths += n
	}
	return paths
}

// Join adds the histories of another record, which must not be used any more.
func (r *Record) Join(o *Record) {
	if r.plain == nil {
		r.plain = o.plain
	} else {
		for plain, n := range o.plain {
			r.plain[plain] += n
		}
	}
	r.paths = append(r.paths, o.paths...)
}

// Replay passes every history to book, with the number of paths that have it.
func (r *Record) Replay(steps int, book func(h *plant.History, n int64)) {
	for plain, n := range r.plain {
		book(&plant.History{Weight: plain.weight, Start: plain.start,
			Runs: []plant.Run{{Condition: plain.condition}}, Seen: 1 << plain.condition, End: steps + 1}, n)
	}
	for i := range r.paths {
		book(&r.paths[i], 1)
	}
}
