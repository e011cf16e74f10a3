package solver

import "budget/model"

// record keeps the histories of paths, to be read again. Most paths never leave
// their first condition and are not ended by the physics: these are counted.
type record struct {
	plain map[plainHistory]int64
	paths []recorded
	runs  []Run // of one path after the other
}

// plainHistory is that of a path that stays as it starts.
type plainHistory struct {
	weight    float64
	start     Start
	condition uint8
}

type recorded struct {
	weight     float64
	start      Start
	afterGrant bool
	cause      uint8
	runs       int32 // how many
	end        int32
}

// keep adds a history.
func (r *record) keep(h *History, steps int) {
	if len(h.Runs) == 1 && h.End > steps {
		if r.plain == nil {
			r.plain = map[plainHistory]int64{}
		}
		r.plain[plainHistory{h.Weight, h.Start, h.Runs[0].Condition}]++
		return
	}
	r.paths = append(r.paths, recorded{h.Weight, h.Start, h.AfterGrant, uint8(h.Cause), int32(len(h.Runs)), int32(h.End)})
	r.runs = append(r.runs, h.Runs...)
}

// replay hands over every history, with the number of paths it is of. A history
// holds until book returns.
func (r *record) replay(steps int, book func(h *History, n int64)) {
	for plain, n := range r.plain {
		book(&History{Weight: plain.weight, Start: plain.start, Runs: []Run{{0, plain.condition}}, End: steps + 1}, n)
	}
	at := 0
	var h History
	for _, p := range r.paths {
		h = History{Weight: p.weight, Start: p.start, Runs: r.runs[at : at+int(p.runs)], End: int(p.end), Cause: model.Cause(p.cause), AfterGrant: p.afterGrant}
		at += int(p.runs)
		book(&h, 1)
	}
}
