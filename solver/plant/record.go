package plant

// Record keeps the histories of paths, to be read again. Most paths never leave
// their first condition and are not ended by the physics: these are counted.
type Record struct {
	plain map[plainHistory]int64
	paths []History
	runs  []Run // room for the runs of further paths
}

// plainHistory is that of a path that stays as it starts.
type plainHistory struct {
	weight    float64
	start     Start
	condition uint8
}

// Add adds a history of so many steps.
func (r *Record) Add(h *History, steps int) {
	if len(h.Runs) == 1 && h.End > steps {
		if r.plain == nil {
			r.plain = map[plainHistory]int64{}
		}
		r.plain[plainHistory{h.Weight, h.Start, h.Runs[0].Condition}]++
		return
	}
	n := len(h.Runs)
	if len(r.runs) < n {
		r.runs = make([]Run, max(512, n))
	}
	kept := *h
	kept.Runs = r.runs[:n:n]
	copy(kept.Runs, h.Runs)
	r.runs = r.runs[n:]
	r.paths = append(r.paths, kept)
}

// Len returns the number of histories kept one by one.
func (r *Record) Len() int { return len(r.paths) }

// Replay hands over every history, with the number of paths it is of.
func (r *Record) Replay(steps int, book func(h *History, n int64)) {
	for plain, n := range r.plain {
		book(&History{Weight: plain.weight, Start: plain.start, Runs: []Run{{0, plain.condition}}, Seen: 1 << plain.condition, End: steps + 1}, n)
	}
	for i := range r.paths {
		book(&r.paths[i], 1)
	}
}
